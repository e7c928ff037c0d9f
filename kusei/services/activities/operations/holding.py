"""The lock of an intake, and giving free seats to whoever is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import F

from kusei.services.activities.allocation import Wanted, given
from kusei.services.activities.enums import HOLDING, SeatState, SessionState
from kusei.services.activities.models import Activity, Intake, Quota, Seat, Session
from kusei.services.activities.seating import MOVES, answer_by


def held(intake_id: int) -> Intake:
    """The intake, locked, with its activity and ward as they are now: whoever changes its seats comes one after the other. Call it
    in a transaction.

    The activity is read after the lock: PostgreSQL gives whoever waited the locked row as it became, but what was joined to it as it
    was before.
    """
    intake = Intake.objects.select_for_update(no_key=True).order_by().get(pk=intake_id)
    intake.activity = Activity.objects.select_related("ward").order_by().get(pk=intake.activity_id)
    intake.ward = intake.activity.ward
    return intake


def starts_at(intake: Intake) -> datetime | None:
    """When its first session begins; None while none is planned."""
    planned = Session.objects.filter(intake=intake).exclude(state=SessionState.CALLED_OFF)
    return planned.order_by("starts_at").values_list("starts_at", flat=True).first()


def is_idle(intake: Intake) -> bool:
    """Whether it had sessions, and all of them are called off: there is nothing to give out places for."""
    sessions = Session.objects.filter(intake=intake)
    return sessions.exists() and not sessions.exclude(state=SessionState.CALLED_OFF).exists()


def fill(
    intake: Intake, now: datetime, *, applications: Collection[int] = (), at_once: bool = False
) -> list[int]:
    """Give the free seats of a held intake to those who wait: those of `applications`, which are just being made, at once (all
    after a draw: `at_once`), the others as an offer for a time, unless the activity has begun. The seats that were offered."""
    first = starts_at(intake)
    if intake.is_called_off or (first is not None and first <= now) or (first is None and is_idle(intake)):
        return []
    waiting = Seat.objects.filter(intake=intake, state=SeatState.WAITING).values_list(
        "pk", "application", "quota", "turn", "application__together"
    )
    wanted = {row[0]: Wanted(*row) for row in waiting}
    free = {
        pk: capacity - taken
        for pk, capacity, taken in Quota.objects.filter(intake=intake).values_list("pk", "capacity", "taken")
    }
    seats = given(free, wanted.values())
    if not seats:
        return []
    accepted = [seat for seat in seats if at_once or wanted[seat].application in applications]
    offered = [seat for seat in seats if seat not in set(accepted)]
    take(wanted[seat].quota for seat in seats)
    if accepted:
        Seat.objects.filter(pk__in=accepted).update(state=SeatState.ACCEPTED)
    if offered:
        until = answer_by(now, intake.offer_hours, first)
        Seat.objects.filter(pk__in=offered).update(state=SeatState.OFFERED, answer_by=until)
    return offered


def take(quotas: Iterable[int], *, back: bool = False) -> None:
    """Count seats as taken, one for each mention of a quota; `back`: as free again."""
    for quota, count in Counter(quotas).items():
        Quota.objects.filter(pk=quota).update(taken=F("taken") - count if back else F("taken") + count)


def move(seats: Sequence[Seat], to: SeatState) -> list[Seat]:
    """Bring seats of a held intake into another state, as far as they may go there; those that did. What they held is free."""
    moving = [seat for seat in seats if seat.state in MOVES[to]]
    if to not in HOLDING:
        take((seat.quota_id for seat in moving if seat.state in HOLDING), back=True)
    else:
        take(seat.quota_id for seat in moving if seat.state not in HOLDING)
    before = {"before_off": F("state")} if to == SeatState.CALLED_OFF else {}
    Seat.objects.filter(pk__in=[seat.pk for seat in moving]).update(state=to, answer_by=None, **before)
    for seat in moving:
        seat.state, seat.answer_by = to, None
    return moving
