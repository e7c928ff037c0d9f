"""What is on, as residents see it: sessions to come with what they need to know, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from kusei.services.activities.enums import ActivityKind, ActivityState, SeatState
from kusei.services.activities.models import Activity, Intake, Quota, Seat, Session
from kusei.wards.models import Ward

AHEAD = timedelta(days=400)
SHOWN_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What a resident looks for; "" and None ask for nothing. `age` in whole years."""

    words: str = ""
    kind: str = ""
    district: int | None = None
    age: int | None = None
    is_free: bool = False
    is_online: bool = False
    has_sign_language: bool = False
    has_childcare: bool = False
    is_step_free: bool = False
    is_open: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()


@dataclass(frozen=True, slots=True)
class Listed:
    """One session to come; `intake` says how one applies, None where anybody may come."""

    session: Session
    intake: Intakes | None

    @property
    def day(self) -> date:
        return timezone.localdate(self.session.starts_at)


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
        return sum(quota.capacity - quota.taken for quota in self.quotas)

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


def listed(ward: Ward, asked: Asked, *, now: datetime | None = None) -> list[Listed]:
    """Sessions of published activities that are not over yet, in the order of time. Three queries for any number."""
    moment = now or timezone.now()
    found = Session.objects.filter(
        ward=ward, activity__state=ActivityState.PUBLISHED, ends_at__gt=moment, starts_at__lt=moment + AHEAD
    )
    if asked.words:
        for word in asked.words.split()[:5]:
            found = found.filter(
                Q(activity__title__icontains=word) | Q(activity__text__icontains=word)
                | Q(activity__audience__icontains=word) | Q(place__icontains=word)
            )  # fmt: skip
    if asked.kind in ActivityKind.values:
        found = found.filter(activity__kind=asked.kind)
    if asked.district is not None:
        found = found.filter(district=asked.district)
    if asked.age is not None:
        found = found.filter(
            Q(activity__min_age=None) | Q(activity__min_age__lte=asked.age),
            Q(activity__max_age=None) | Q(activity__max_age__gte=asked.age),
        )
    if asked.is_free:
        found = found.filter(activity__fee_yen=0)
    if asked.is_online:
        found = found.exclude(online_url="")
    for name in ("has_sign_language", "has_childcare", "is_step_free"):
        if getattr(asked, name):
            found = found.filter(**{f"activity__{name}": True})
    sessions = list(
        found.select_related("activity__host", "district", "intake").order_by("starts_at", "pk")[
            :SHOWN_AT_ONCE
        ]
    )
    intakes = intakes_of([each.intake for each in sessions if each.intake is not None], moment)
    lines = [Listed(each, intakes.get(each.intake_id) if each.intake_id else None) for each in sessions]
    if asked.is_open:
        lines = [each for each in lines if each.intake is None or each.intake.takes_applications]
    return lines


def intakes_of(intakes: list[Intake], now: datetime) -> dict[int, Intakes]:
    """How intakes stand, by id. Three queries for any number."""
    by_id = {each.pk: each for each in intakes}
    quotas: dict[int, list[Quota]] = defaultdict(list)
    for quota in Quota.objects.filter(intake__in=by_id):
        quotas[quota.intake_id].append(quota)
    waiting: dict[int, int] = defaultdict(int)
    for pk in Seat.objects.filter(intake__in=by_id, state=SeatState.WAITING).values_list("intake", flat=True):
        waiting[pk] += 1
    first: dict[int, datetime] = {}
    sessions = Session.objects.filter(intake__in=by_id).exclude(state="called_off")
    for pk, starts_at in sessions.order_by("-starts_at").values_list("intake", "starts_at"):
        first[pk] = starts_at
    return {
        pk: Intakes(intake, tuple(quotas[pk]), waiting[pk], first.get(pk), now)
        for pk, intake in by_id.items()
    }


def places_in(ward: Ward) -> list[tuple[int, str]]:
    """The districts in which something is on: (id, name)."""
    rows = Session.objects.filter(
        ward=ward, activity__state=ActivityState.PUBLISHED, ends_at__gt=timezone.now(), district__isnull=False
    )
    return list(rows.order_by("district__pk").values_list("district", "district__name").distinct())


def activity_by_public_id(ward: Ward, public_id: UUID) -> Activity | None:
    """One that residents may see: published, or called off after it was."""
    shown = Activity.objects.filter(ward=ward, public_id=public_id, published_at__isnull=False)
    return shown.exclude(state=ActivityState.DRAFT).select_related("host", "item", "ward").first()


def activity_page(
    activity: Activity, *, now: datetime | None = None
) -> tuple[list[Session], list[tuple[Intakes, list[Session]]]]:
    """(sessions without an intake, each intake with its sessions): all of them, over or not."""
    moment = now or timezone.now()
    sessions = list(activity.sessions.select_related("district", "intake"))
    intakes = intakes_of(list(activity.intakes.select_related("activity", "draw").all()), moment)
    grouped = [
        (stands, [each for each in sessions if each.intake_id == pk]) for pk, stands in intakes.items()
    ]
    return [each for each in sessions if each.intake_id is None], grouped
