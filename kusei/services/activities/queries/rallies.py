"""A rally as people see it: the stations on a card, and the numbers of each station as they stand now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kusei.services.activities.enums import Counted, CountWay
from kusei.services.activities.models import Activity, Card, DayCount, Rally, RallyDay, Stamp, Station


@dataclass(frozen=True, slots=True)
class OnCard:
    """A station, and whether the card has its stamp."""

    station: Station
    has_stamp: bool


def rally_of(activity: Activity) -> Rally | None:
    """The rules of a rally; None while nobody made them."""
    return Rally.objects.filter(activity=activity).select_related("activity", "ward").first()


def stations_on(rally: Rally, card: Card | None) -> list[OnCard]:
    """All stations in their order. Two queries."""
    has = (
        set(Stamp.objects.filter(card=card).values_list("station", flat=True)) if card is not None else set()
    )
    stations = rally.stations.select_related("district")
    return [OnCard(each, each.pk in has) for each in stations]


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station's stamps: by telephone today and in all, on paper in all."""

    station: Station
    today: int
    phone: int
    paper: int

    @property
    def total(self) -> int:
        return self.phone + self.paper


@dataclass(frozen=True, slots=True)
class Sums:
    """So many of one kind."""

    label: str
    phone: int
    paper: int

    @property
    def total(self) -> int:
        return self.phone + self.paper


@dataclass(frozen=True, slots=True)
class Board:
    """A rally's numbers as they stand; `days` are those with anything, newest first: (day, quantities by kind, is posted)."""

    lines: Sequence[StationLine]
    sums: Sequence[Sums]
    days: Sequence[tuple[RallyDay, dict[str, int]]]


def board_of(rally: Rally, today: date) -> Board:
    """Four queries for any number of stations and days."""
    days = list(RallyDay.objects.filter(rally=rally).order_by("-day"))
    by_station: dict[tuple[int, str], int] = defaultdict(int)
    by_what: dict[tuple[str, str], int] = defaultdict(int)
    by_day: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    of_today: dict[int, int] = defaultdict(int)
    now = next((each.pk for each in days if each.day == today), 0)
    rows = DayCount.objects.filter(day__rally=rally).values_list("day", "what", "way", "station", "quantity")
    for day, what, way, station, quantity in rows:
        by_what[what, way] += quantity
        by_day[day][what] += quantity
        if station is not None:
            by_station[station, way] += quantity
            if day == now and way == CountWay.PHONE:
                of_today[station] += quantity
    lines = [
        StationLine(
            each, of_today[each.pk], by_station[each.pk, CountWay.PHONE], by_station[each.pk, CountWay.PAPER]
        )
        for each in rally.stations.select_related("district")
    ]
    sums = [
        Sums(str(each.label), by_what[each, CountWay.PHONE], by_what[each, CountWay.PAPER])
        for each in Counted
    ]
    return Board(lines, sums, [(each, dict(by_day[each.pk])) for each in days])


def paper_of(rally: Rally, day: date) -> tuple[dict[str, int], dict[int, int]]:
    """What was typed for the cards of paper of a day: (by kind, stamps by station id)."""
    sums: dict[str, int] = {}
    stamps: dict[int, int] = {}
    rows = DayCount.objects.filter(day__rally=rally, day__day=day, way=CountWay.PAPER)
    for what, station, quantity in rows.values_list("what", "station", "quantity"):
        if station is None:
            sums[what] = quantity
        else:
            stamps[station] = quantity
    return sums, stamps
