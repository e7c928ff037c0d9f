"""Many sessions at once, and one that was added by mistake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import LIVE, ActivityState, ActivityVerb, Occasion, SessionState
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Activity, Application, Session
from kusei.services.activities.operations import sending, telling
from kusei.services.activities.operations.calling_off import bound_offers, day_of, held_session, save_session
from kusei.services.activities.operations.holding import held
from kusei.services.activities.operations.publishing import held_activity
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def change_sessions(
    *,
    activity: Activity,
    sessions: Mapping[int, int],
    place: str | None = None,
    begins: time | None = None,
    ends: time | None = None,
    reason: str = "",
    actor: Person,
    now: datetime | None = None,
) -> telling.Told:
    """Another place or another time of the day for many sessions to come (None: as it is); whoever applied is told once, for all of them. A reason
    is needed only where somebody is told. `sessions` are ids with the revisions that were shown. Raises NotFitting, ChangedMeanwhile,
    NotAllowed."""
    activity = held_activity(activity, actor)
    moment = now or timezone.now()
    intakes = activity.sessions.filter(pk__in=sessions, intake__isnull=False).order_by("intake_id")
    numbers = intakes.values_list("intake_id", flat=True).distinct()
    lines = [held(pk) for pk in numbers]  # whoever is just applying is waited for, and told like all others
    chosen = list(
        Session.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            activity=activity, visit=None, pk__in=sessions, state=SessionState.PLANNED, starts_at__gt=moment
        )
        .order_by("pk")
    )
    if not chosen or len(chosen) != len(sessions):
        raise NotFitting(_("変える回を、これからの予定の回から選んでください。"))
    if any(each.revision != sessions[each.pk] for each in chosen):
        raise ChangedMeanwhile(
            _("開いているあいだに、ほかの人が回を変えました。いまの内容を確かめてください。")
        )
    people = (
        Application.objects.filter(
            intake__in={each.intake_id for each in chosen if each.intake_id}, seats__state__in=LIVE
        )
        .distinct()
        .order_by("pk")
    )
    why = reason.strip()[:200]
    if not why and people.exists():
        raise NotFitting(_("申し込んだ人がいます。変える理由を書いてください。そのまま伝わります。"))
    changed = [each for each in chosen if _change(each, place, begins, ends, why)]
    if not changed:
        raise NotFitting(_("変わったところがありません。場所か時刻を入れてください。"))
    audit.record(
        ward=activity.ward, actor=actor, verb=ActivityVerb.SESSIONS_CHANGED, target=activity, reason=why,
        changes={"sessions": (None, len(changed)), **({"place": (None, place)} if place is not None else {})},
    )  # fmt: skip
    sending.hold_people_of(changed)
    for each in changed:
        sending.when_moved(each, actor, why)
    for intake in lines:
        bound_offers(intake)
    told = people.filter(intake__in={each.intake_id for each in changed if each.intake_id})
    return telling.tell_all(
        told.select_related("intake__activity", "ward"), Occasion.MOVED, activity=activity, reason=why,
        about=f"moved:many:{changed[0].pk}:{changed[0].revision}",
    )  # fmt: skip


@transaction.atomic
def remove_session(*, session: Session, revision: int, actor: Person) -> None:
    """Take away a session that was added by mistake, as if it had never been. Raises NotFitting once anybody applied for it or anything was
    recorded of it (it is called off then); ChangedMeanwhile, NotAllowed."""
    if session.intake_id is not None:
        held(session.intake_id)  # whoever is just applying is waited for
    session = held_session(session, revision, actor)
    if session.visit_id is not None:
        raise NotFitting(
            _("団体への出前講座の回です。行わないときは、中止にするか、取下げを記録してください。")
        )
    if session.state != SessionState.PLANNED:
        raise NotFitting(_("行った回と中止した回は、記録なので消せません。"))
    if session.intake_id is not None and Application.objects.filter(intake=session.intake_id).exists():
        raise NotFitting(_("もう申込みがあるので消せません。この回を中止にして、理由を知らせてください。"))
    if has_records([session.pk]):
        raise NotFitting(_("この回について、もう記録かお知らせがあるので消せません。中止にしてください。"))
    activity = session.activity
    if activity.state == ActivityState.PUBLISHED and activity.sessions.count() == 1:
        raise NotFitting(_("公開中の、最後の一回です。先に準備中に戻すか、代わりの回を加えてください。"))
    audit.record(
        ward=session.ward, actor=actor, verb=ActivityVerb.SESSION_REMOVED, target=activity, label=day_of(session)
    )  # fmt: skip
    session.delete()


def has_records(sessions: Collection[int]) -> bool:
    """Whether any part of this room keeps anything of these sessions: somebody who is asked, minutes, papers, notices."""
    related = (each for each in Session._meta.related_objects if each.one_to_many or each.one_to_one)
    return any(
        each.related_model._base_manager.filter(**{f"{each.field.name}__in": sessions}).exists()
        for each in related
    )


def _change(session: Session, place: str | None, begins: time | None, ends: time | None, reason: str) -> bool:
    """Change one; whether anything is different. Raises NotFitting."""
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    new_begin = begin if begins is None else begin.replace(hour=begins.hour, minute=begins.minute)
    new_end = end if ends is None else end.replace(hour=ends.hour, minute=ends.minute)
    new_place = session.place if place is None else place.strip()[:120]
    if new_end <= new_begin:
        raise NotFitting(_("%(day)sの回の終わりが、始まりより前になります。") % {"day": f"{begin:%Y-%m-%d}"})
    if (new_begin, new_end, new_place) == (begin, end, session.place):
        return False
    session.starts_at, session.ends_at, session.place = new_begin, new_end, new_place
    session.reason = reason or session.reason
    save_session(session, ["starts_at", "ends_at", "place", "reason"])
    return True
