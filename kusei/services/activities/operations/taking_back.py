"""A session was recorded as held by mistake: it is planned again, and the ledger says nothing of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.services.activities.dispatch_enums import AssignmentState
from kusei.services.activities.enums import SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Assignment, SealedCount, Session
from kusei.services.activities.operations.calling_off import day_of, held_session, post_session
from kusei.services.activities.operations.recounting import post_persons
from kusei.services.activities.visit_enums import VisitVerb
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def take_back_session(*, session: Session, revision: int, actor: Person) -> Session:
    """Take back that a session was held, with its heads; who was ticked at the door stays ticked. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    session = held_session(session, revision, actor)
    if session.state != SessionState.HELD:
        raise NotFitting(_("行ったと記録した回だけを、元に戻せます。"))
    if session.visit is not None and session.visit.forgotten_at is not None:
        raise NotFitting(_("終わってから1年たち、連絡先を消した申込みなので、変えられません。"))
    if SealedCount.objects.filter(session=session).exists():
        raise NotFitting(_("名前を消した回なので、元に戻せません。人数は回の記録で直せます。"))
    if Assignment.objects.filter(need__session=session, state=AssignmentState.WENT).exists():
        raise NotFitting(
            _("派遣した人の「行った」記録があります。先に「来る人」で「行かなかった」に直してください。")
        )
    before = session.heads
    session.state, session.heads, session.follows_door = SessionState.PLANNED, None, False
    session.men = session.women = session.children = None
    session.counted_at = session.counted_by = None
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
    return session
