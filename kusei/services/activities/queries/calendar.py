"""Sessions and intakes as residents see them, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from kusei.services.activities.enums import ActivityState, SeatState
from kusei.services.activities.models import Activity, Intake, Quota, Seat, Session
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class Listed:
    """One session to come; `intake` says how one applies, None where anybody may come."""

    session: Session
    intake: Intakes | None

    @property
    def day(self) -> date:
        """Under which day it stands: its first, or today where it goes on for days and has begun."""
        first = timezone.localdate(self.session.starts_at)
        if first == timezone.localdate(self.session.ends_at):
            return first
        return max(first, timezone.localdate())

    @property
    def has_begun_before(self) -> bool:
        """Whether it goes on from an earlier day than the one under which it stands: of its hours only the end is news."""
        return timezone.localdate(self.session.starts_at) < self.day


@dataclass(frozen=True, slots=True)
class Intakes:
    """How an intake stands: seats in all and free, how many people wait, and whether one can apply now."""

    intake: Intake
    quotas: tuple[Quota, ...]
    waiting: int
    first: datetime | None
    now: datetime

    @property
    def free(self) -> int:
        return sum(quota.free for quota in self.quotas)

    @property
    def capacity(self) -> int:
        return sum(quota.capacity for quota in self.quotas)

    @property
    def state(self) -> str:
        """soon, open, full (one can wait), lottery, over or called_off."""
        intake = self.intake
        if intake.is_called_off:
            return "called_off"
        if self.now < intake.opens_at:
            return "soon"
        if self.now >= intake.closes_at or (self.first is not None and self.first <= self.now):
            return "over"
        if intake.way == "lottery":
            return "lottery"
        return "open" if self.free > 0 and not self.waiting else "full"

    @property
    def takes_applications(self) -> bool:
        return self.state in {"open", "full", "lottery"}


def intakes_of(intakes: list[Intake], now: datetime) -> dict[int, Intakes]:
    """How intakes stand, by id. Three queries for any number."""
    by_id = {each.pk: each for each in intakes}
    quotas: dict[int, list[Quota]] = defaultdict(list)
    for quota in Quota.objects.filter(intake__in=by_id):
        quotas[quota.intake_id].append(quota)
    waits = Seat.objects.filter(intake__in=by_id, state=SeatState.WAITING).order_by().values_list("intake")
    waiting: dict[int, int] = dict(waits.annotate(Count("pk")))
    first: dict[int, datetime] = {}
    sessions = Session.objects.filter(intake__in=by_id).exclude(state="called_off")
    for pk, starts_at in sessions.order_by("-starts_at").values_list("intake", "starts_at"):
        first[pk] = starts_at
    return {
        pk: Intakes(intake, tuple(quotas[pk]), waiting.get(pk, 0), first.get(pk), now)
        for pk, intake in by_id.items()
    }


def activity_by_public_id(ward: Ward, public_id: UUID) -> Activity | None:
    """One that residents may see: published, or called off after it was."""
    shown = Activity.objects.filter(ward=ward, public_id=public_id, published_at__isnull=False)
    return shown.exclude(state=ActivityState.DRAFT).select_related("host", "item", "ward").first()


def activity_page(
    activity: Activity, *, now: datetime | None = None
) -> tuple[list[Session], list[tuple[Intakes, list[Session]]]]:
    """(sessions without an intake, each intake with its sessions): all of them, over or not. Visits to groups are nobody
    else's: they are not among them."""
    moment = now or timezone.now()
    sessions = list(activity.sessions.filter(visit=None).select_related("district", "intake"))
    intakes = intakes_of(list(activity.intakes.select_related("activity", "draw").all()), moment)
    grouped = [
        (stands, [each for each in sessions if each.intake_id == pk]) for pk, stands in intakes.items()
    ]
    return [each for each in sessions if each.intake_id is None], grouped
