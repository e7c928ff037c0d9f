"""An activity that people can apply for, for the tests of this room and of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, SeatState, Way
from kusei.services.activities.models import Activity, Application, Intake, Quota, Seat
from kusei.services.activities.operations import Applied, Contact, Details, Someone, When
from kusei.services.activities.operations.holding import is_idle


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def activity_of(
    ground: Ground, *, title: str = "赤ちゃん教室", published: bool = True, **more: object
) -> Activity:
    """Run by 地域振興課 for the first action, with one session in 30 days that nobody needs to apply for."""
    activity = activities.add_activity(
        ward=ground.cast.ward,
        item=ground.items[0],
        host=ground.cast.promotion,
        details=Details(ActivityKind.COURSE, title, **more),  # type: ignore[arg-type]
        actor=ground.cast.clerk,
    )
    activities.add_sessions(
        activity=activity,
        whens=[When(in_days(30), in_days(30) + timedelta(hours=2), "区役所")],
        actor=ground.cast.clerk,
    )
    return activities.publish_activity(activity=activity, actor=ground.cast.clerk) if published else activity


def intake_of(
    ground: Ground,
    seats: int | Mapping[str, int] = 3,
    *,
    way: Way = Way.FIRST_COME,
    closes_in: float = 10,
    **more: object,
) -> Intake:
    """An intake that is open now, for three sessions from day 20 on."""
    activity = activity_of(ground, **more)
    intake = activities.add_intake(
        activity=activity,
        quotas={"": seats} if isinstance(seats, int) else seats,
        opens_at=in_days(-1),
        closes_at=in_days(closes_in),
        way=way,
        actor=ground.cast.clerk,
    )
    activities.add_sessions(
        activity=activity,
        whens=[When(in_days(day), in_days(day) + timedelta(hours=2), "地区センター") for day in (20, 27, 34)],
        intake=intake,
        actor=ground.cast.clerk,
    )
    return intake


def apply(
    intake: Intake,
    people: int = 1,
    *,
    together: bool = True,
    mail: str = "",
    ticket: UUID | None = None,
    **more,
) -> Applied:
    return activities.apply_for(
        intake=intake,
        ticket=ticket or uuid4(),
        people=[Someone(f"泉 花子{number}") for number in range(people)],
        contact=Contact(mail=mail),
        together=together,
        **more,
    )


def states(application: Application) -> list[str]:
    return list(application.seats.order_by("pk").values_list("state", flat=True))


def complaints(intake: Intake) -> list[str]:
    """What must never be: counted otherwise than held, more than there are, half a family, an empty seat while one waits."""
    found = []
    for quota in Quota.objects.filter(intake=intake):
        holding = Seat.objects.filter(quota=quota, state__in=[SeatState.ACCEPTED, SeatState.OFFERED]).count()
        if holding != quota.taken:
            found.append(f"{quota}: {holding} held")
        if holding > quota.capacity:
            found.append(f"{quota}: oversold")
    left = {quota.pk: quota.capacity - quota.taken for quota in Quota.objects.filter(intake=intake)}
    for application in Application.objects.filter(intake=intake):
        live = [
            seat
            for seat in application.seats.all()
            if seat.state in ("applied", "accepted", "offered", "waiting")
        ]
        kinds = {"held" if seat.state in ("accepted", "offered") else seat.state for seat in live}
        if application.together and len(kinds) > 1:
            found.append(f"{application}: half of it {kinds}")
        waiting = [seat for seat in live if seat.state == SeatState.WAITING]
        parties = [waiting] if application.together else [[seat] for seat in waiting]
        for party in parties:
            wanted: dict[int, int] = {}
            for seat in party:
                wanted[seat.quota_id] = wanted.get(seat.quota_id, 0) + 1
            if (
                party
                and all(left[quota] >= count for quota, count in wanted.items())
                and not intake.is_called_off
                and not is_idle(intake)
            ):
                found.append(f"{application}: waits although there is room")
    return found
