"""A session was recorded as held by mistake: it is planned again, and the ledger says nothing of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of, wareki_year
from kusei.ledger.queries.books import books_states
from kusei.services.activities.dispatch_enums import AssignmentState
from kusei.services.activities.enums import SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.meeting_enums import MinutesState
from kusei.services.activities.models import Assignment, Minutes, SealedCount, Session
from kusei.services.activities.operations.calling_off import day_of, held_session, post_session
from kusei.services.activities.operations.meetings.attending import take_back_attendance
from kusei.services.activities.operations.recounting import hold_item, post_persons
from kusei.services.activities.visit_enums import VisitVerb
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def take_back_session(
    *, session: Session, revision: int, actor: Person, now: datetime | None = None
) -> Session:
    """Take back that a session was held, with its heads; who was ticked at the door stays ticked, who came to a meeting does not: there
    nothing else than attending says that it was held. Raises NotFitting (`stays_because`), ChangedMeanwhile, NotAllowed."""
    moment = now or timezone.now()
    minutes = Minutes.objects.select_for_update(no_key=True).filter(session=session).first()
    session = held_session(session, revision, actor)
    if session.state != SessionState.HELD:
        raise NotFitting(_("行ったと記録した回だけを、元に戻せます。"))
    hold_item(session)  # counts are sealed under this lock
    if why := stays_because(session, moment):
        raise NotFitting(why)
    before = session.heads
    session.state, session.heads, session.follows_door = SessionState.PLANNED, None, False
    session.men = session.women = session.children = None
    session.counted_at, session.counted_by = moment, actor
    session.revision += 1
    session.save(
        update_fields=[
            *("state", "heads", "men", "women", "children", "follows_door"),
            *("counted_at", "counted_by", "revision"),
        ]
    )
    audit.record(
        ward=session.ward, actor=actor, verb=VisitVerb.TAKEN_BACK, target=session.activity,
        label=day_of(session), changes={"heads": (before, None)},
    )  # fmt: skip
    post_session(session, actor)
    post_persons(session, actor)
    if minutes is not None:
        take_back_attendance(minutes, session, actor)
    return session


def stays_because(session: Session, now: datetime) -> str:
    """Why a session that was held cannot be taken back, and what to do first; "" where it can."""
    year = fiscal_year_of(timezone.localdate(session.starts_at))
    if not books_states(session.ward, [year])[year].is_open(timezone.localdate(now)):
        return _(
            "%(year)sの実績は締めてあるので、元に戻せません。先に、企画担当に「実績の締め」で締めを解いてもらってください。人数だけなら、回の記録で直せます。"
        ) % {"year": wareki_year(year)}
    if session.visit is not None and session.visit.counted_first is not None:
        return _("訪問した団体の数を確定した回なので、元に戻せません。人数は回の記録で直せます。")
    if SealedCount.objects.filter(session=session).exists():
        return _("実人数を確定した回なので、元に戻せません。人数は回の記録で直せます。")
    if Minutes.objects.filter(session=session, state=MinutesState.FINAL).exists():
        return _(
            "会議の記録が確定しています。先に「会議の記録」の「確定を解いて直す」で確定を解いてください。"
        )
    if Assignment.objects.filter(need__session=session, state=AssignmentState.WENT).exists():
        return _("派遣した人の「行った」記録があります。先に「来る人」で「行かなかった」に直してください。")
    return ""
