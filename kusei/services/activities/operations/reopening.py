"""Called off by mistake: an activity or a session comes back, everybody stands where they stood, and all are told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.allocation import Wanted, given
from kusei.services.activities.enums import (
    ActivityKind,
    ActivityState,
    ActivityVerb,
    Occasion,
    SeatState,
    SessionState,
)
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Activity, Application, Intake, Quota, Seat, Session
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.calling_off import (
    bound_offers,
    day_of,
    held_session,
    post_session,
    post_sessions,
    save_session,
    tell_those_of,
)
from kusei.services.activities.operations.holding import fill, held, take
from kusei.services.activities.operations.offering import offer_free_seats
from kusei.services.activities.operations.publishing import held_activity
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def reopen_activity(
    *, activity: Activity, reason: str, actor: Person, now: datetime | None = None
) -> telling.Told:
    """It is held after all: the sessions to come that were called off with it, and everybody's place.

    Whoever had a place has it again, as far as there still are that many (in the order of turns); whoever was offered one or
    waited waits as before, and what is free is offered. All are told, so that who has made other plans can cancel. Sessions that
    had been called off by themselves stay so. Raises NotFitting without a reason or a session to come; NotAllowed.
    """
    moment = now or timezone.now()
    activity = held_activity(activity, actor)
    if activity.state != ActivityState.CALLED_OFF:
        raise NotFitting(_("中止にしたものだけ、中止を取りやめられます。"))
    why = _reason(reason)
    intakes = [held(pk) for pk in activity.intakes.order_by("pk").values_list("pk", flat=True)]
    back = list(
        activity.sessions.select_for_update(no_key=True, of=("self",))
        .filter(visit=None, is_off_with_all=True, starts_at__gt=moment)
        .select_related("ward")
        .order_by("pk")
    )
    needs_sessions = activity.kind != ActivityKind.VISIT  # what groups asked for ended, and they were told
    if needs_sessions and not back and not activity.sessions.filter(state=SessionState.PLANNED).exists():
        raise NotFitting(_("これからの回が残っていません。「同じものを作る」で新しく作ってください。"))
    activity.state, activity.called_off_reason = ActivityState.PUBLISHED, ""
    activity.revision += 1
    activity.save(update_fields=["state", "called_off_reason", "revision"])
    for session in back:
        session.activity = activity
        session.state, session.reason, session.is_off_with_all = SessionState.PLANNED, "", False
        save_session(session, ["state", "reason", "is_off_with_all"])
    post_sessions(activity.ward, back, actor)
    told: dict[int, Application] = {}
    for intake in intakes:
        intake.is_called_off = False
        intake.save(update_fields=["is_called_off"])
        told |= _seats_back(intake, moment)
    audit.record(
        ward=activity.ward, actor=actor, verb=ActivityVerb.REOPENED, target=activity, reason=why,
        changes={"sessions": (None, len(back))},
    )  # fmt: skip
    return telling.tell_all(
        told.values(), Occasion.REOPENED, activity=activity, about=f"reopened:all:{activity.revision}", reason=why
    )  # fmt: skip


@transaction.atomic
def reopen_session(
    *, session: Session, reason: str, revision: int, actor: Person, now: datetime | None = None
) -> telling.Told:
    """One session is held after all; those who applied are told. Raises NotFitting where it was not called off or its time is over, or
    without a reason; ChangedMeanwhile, NotAllowed."""
    moment = now or timezone.now()
    intake = held(session.intake_id) if session.intake_id is not None else None
    session = held_session(session, revision, actor)
    if session.visit_id is not None:
        raise NotFitting(_("出前講座の回は、「出前講座の申込み」で日を決め直してください。"))
    if session.state != SessionState.CALLED_OFF or session.starts_at <= moment:
        raise NotFitting(_("中止にした、これからの回だけ、中止を取りやめられます。"))
    if session.activity.state == ActivityState.CALLED_OFF:
        raise NotFitting(_("全部が中止になっています。先に、全部の中止を取りやめてください。"))
    why = _reason(reason)
    session.state, session.reason, session.is_off_with_all = SessionState.PLANNED, "", False
    save_session(session, ["state", "reason", "is_off_with_all"])
    audit.record(
        ward=session.ward, actor=actor, verb=ActivityVerb.SESSION_REOPENED, target=session.activity,
        label=day_of(session), reason=why,
    )  # fmt: skip
    post_session(session, actor)
    if intake is not None:
        bound_offers(intake)
        offer_free_seats(intake, moment)
    return tell_those_of(session, Occasion.REOPENED, reason=why)


def _seats_back(intake: Intake, moment: datetime) -> dict[int, Application]:
    """Give the seats of a held intake back their states; the applications whose they are, by id."""
    seats = list(
        Seat.objects.filter(intake=intake, state=SeatState.CALLED_OFF)
        .exclude(before_off="")
        .select_related("application__intake__activity", "application__ward")
    )
    had = [seat for seat in seats if seat.before_off == SeatState.ACCEPTED]
    free = {
        pk: capacity - taken
        for pk, capacity, taken in Quota.objects.filter(intake=intake).values_list("pk", "capacity", "taken")
    }
    again = set(
        given(
            free,
            [
                Wanted(seat.pk, seat.application_id, seat.quota_id, seat.turn, seat.application.together)
                for seat in had
            ],
        )
    )
    take(seat.quota_id for seat in had if seat.pk in again)
    for seat in seats:
        if seat.pk in again:
            seat.state = SeatState.ACCEPTED
        elif seat.before_off == SeatState.APPLIED:
            seat.state = SeatState.APPLIED
        else:
            seat.state = SeatState.WAITING
        seat.before_off = ""
    Seat.objects.bulk_update(seats, ["state", "before_off"], batch_size=500)
    fill(intake, moment)
    return {seat.application_id: seat.application for seat in seats}


def _reason(reason: str) -> str:
    if not reason.strip():
        raise NotFitting(_("取りやめる理由を書いてください。申し込んだ人にそのまま伝わります。"))
    return reason.strip()[:200]
