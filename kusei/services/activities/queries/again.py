"""Who comes again, as numbers without names; and applications that look alike, for staff to ask."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kusei.services.activities.enums import LIVE, SessionState
from kusei.services.activities.models import Activity, Intake, Presence, Seat
from kusei.services.activities.persons import year_bounds
from kusei.wards.models import Body, Ward

FEW = 5
"""Fewer people than so many are not told apart."""


@dataclass(frozen=True, slots=True)
class Again:
    """People by how often they came: once, twice, three times, four and more. None: too few to be told, or told by the others."""

    counts: tuple[int | None, int | None, int | None, int | None]
    total: int

    @property
    def hides(self) -> bool:
        return None in self.counts


def again(times: Iterable[int]) -> Again:
    """From how often each person came."""
    classes = Counter(min(each, 4) for each in times)
    counts = [classes[number] for number in (1, 2, 3, 4)]
    shown = guarded(counts)
    return Again((shown[0], shown[1], shown[2], shown[3]), sum(counts))


def guarded(counts: Sequence[int]) -> list[int | None]:
    """Numbers of people of which few are hidden; where one alone would be hidden it could be worked out from the total, so the next
    smallest is hidden with it."""
    hidden = {place for place, count in enumerate(counts) if 0 < count < FEW}
    if len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if count and place not in hidden]
        hidden |= set(sorted(others, key=lambda place: counts[place])[:1])
    return [None if place in hidden else count for place, count in enumerate(counts)]


def again_in_intakes(activity: Activity) -> list[tuple[Intake, Again]]:
    """Of each intake of an activity: exact, a seat is a person. Those of whom it is no longer kept that they came are not among them."""
    times: dict[int, Counter[int]] = defaultdict(Counter)
    rows = Presence.objects.filter(
        session__activity=activity, session__state=SessionState.HELD, is_present=True
    )
    for intake, seat in rows.values_list("seat__intake", "seat"):
        times[intake][seat] += 1
    return [
        (each, again(times[each.pk].values()))
        for each in activity.intakes.select_related("activity").order_by("pk")
    ]


def again_at_host(ward: Ward, host: Body, fiscal_year: int) -> Again:
    """Over everything that a body held in a year: by blind keys, an estimate."""
    begin, end = year_bounds(fiscal_year)
    rows = Presence.objects.filter(
        ward=ward, session__activity__host=host, session__state=SessionState.HELD, is_present=True,
        session__starts_at__gte=begin, session__starts_at__lt=end,
    )  # fmt: skip
    times = Counter(blind or str(seat) for blind, seat in rows.values_list("seat__blind", "seat"))
    return again(times.values())


def alike(intake: Intake) -> dict[int, list[int]]:
    """By application, the numbers of others of the intake with a person of the same name and contact. Only what is live counts."""
    numbers: dict[str, dict[int, int]] = defaultdict(dict)
    seats = Seat.objects.filter(
        intake=intake, state__in=LIVE, application__forgotten_at__isnull=True
    ).exclude(blind="")  # what is kept of the others is for counting alone
    for blind, application, number in seats.values_list("blind", "application", "application__number"):
        numbers[blind][application] = number
    found: dict[int, set[int]] = defaultdict(set)
    for same in numbers.values():
        for application in same:
            found[application] |= {number for other, number in same.items() if other != application}
    return {application: sorted(others) for application, others in found.items() if others}
