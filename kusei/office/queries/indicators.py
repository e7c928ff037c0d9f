"""指標と目標: a year's indicators beside what they are judged by, and one indicator by month, year, district and body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.japanese.folding import fold
from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import (
    Figure,
    by_body,
    by_district,
    by_month,
    by_year,
    parts_of,
    quotient_of,
)
from kusei.ledger.queries.recipes import months_of
from kusei.ledger.rules import Dimension, adds_up
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import ItemText, Link
from kusei.plans.queries import latest_nodes
from kusei.results.enums import Course as ReviewedCourse
from kusei.results.enums import Stage
from kusei.results.judging import State
from kusei.results.models import Indicator, Review
from kusei.results.queries.indicators import IndicatorYear, indicator_years, indicators_of, months_over
from kusei.results.telling import STATE_LOOKS, STATE_WORDS, reason_said
from kusei.wards.models import Body, District, Ward


@dataclass(frozen=True, slots=True)
class IndicatorAsked:
    """How the list was narrowed, as its address says it."""

    state: str = ""
    body: int = 0
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.body or self.words)


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the year. `item` is its item's title; `figure_item` the one item whose figure it is (0: several)."""

    said: IndicatorYear
    item: str
    body: str
    look: str
    word: str
    reason: str

    @property
    def figure_item(self) -> int:
        return self.said.items[0] if len(self.said.items) == 1 else 0

    @property
    def is_branch(self) -> bool:
        """Whether it counts its own item with all below it: the figure's page can show just that."""
        return len(self.said.items) > 1 and self.said.items[0] == self.said.indicator.item_id


@dataclass(frozen=True, slots=True)
class IndicatorList:
    """A year's indicators as they were asked for, and what they can be narrowed by, with counts."""

    lines: tuple[IndicatorLine, ...]
    total: int
    states: tuple[tuple[str, str, int], ...]
    bodies: tuple[tuple[int, str, int], ...]


def indicator_list(ward: Ward, fiscal_year: int, asked: IndicatorAsked, *, today: date) -> IndicatorList:
    """The indicators of a year's plans, and older ones with a target in the year; a constant number of queries for each plan."""
    over = set(
        Review.objects.filter(
            ward=ward,
            stage=Stage.PLANNER,
            course=ReviewedCourse.ENDED,
            item__plan__fiscal_year__lt=fiscal_year,
        ).values_list("item", flat=True)
    )
    shown = [
        each
        for each in indicators_of(ward, ended=True)
        if each.item_id not in over and _belongs(each, fiscal_year)
    ]
    lines = indicator_lines(ward, fiscal_year, shown, today=today)
    states = Counter(line.said.judgement.state for line in lines)
    bodies = Counter(line.said.indicator.body_id for line in lines if line.said.indicator.body_id)
    names = {line.said.indicator.body_id: line.body for line in lines}
    words = fold(asked.words).casefold().split()
    return IndicatorList(
        tuple(line for line in lines if _fits(line, asked, words)),
        len(lines),
        tuple((state.value, str(STATE_WORDS[state]), states[state]) for state in State if states[state]),
        tuple(
            (pk, names[pk], count) for pk, count in sorted(bodies.items(), key=lambda pair: names[pair[0]])
        ),
    )


def indicator_lines(
    ward: Ward, fiscal_year: int, indicators: Sequence[Indicator], *, today: date
) -> list[IndicatorLine]:
    """What indicators say in a year, in words."""
    if not indicators:
        return []
    titles = _titles(ward, {each.item_id for each in indicators})
    months = months_over(fiscal_year, today)
    found = []
    for year in indicator_years(ward, fiscal_year, indicators, today=today):
        state = year.judgement.state
        found.append(
            IndicatorLine(
                year,
                titles.get(year.indicator.item_id, ""),
                year.indicator.body.name if year.indicator.body else "",
                STATE_LOOKS[state],
                str(STATE_WORDS[state]),
                reason_said(year, months=months),
            )
        )
    return found


def _titles(ward: Ward, items: set[int]) -> dict[int, str]:
    """What items are called in their newest published version, or in the draft that alone has them."""
    found = {item: node.label for item, node in latest_nodes(ward, items).items()}
    if rest := items - found.keys():
        texts = ItemText.objects.filter(ward=ward, item__in=rest).order_by("version__number")
        found.update(
            (item, _("%(title)s（下書き）") % {"title": f"{number} {title}".strip()})
            for item, number, title in texts.values_list("item", "number", "title")
        )
    return found


def _belongs(indicator: Indicator, fiscal_year: int) -> bool:
    """Whether a year's list has the indicator; once next year's took over, it speaks of its own year only."""
    if hasattr(indicator, "continued_by") and fiscal_year > indicator.item.plan.fiscal_year:
        return False
    if indicator.ended_on is not None and fiscal_year > fiscal_year_of(indicator.ended_on):
        return False
    return indicator.item.plan.fiscal_year == fiscal_year or any(
        target.fiscal_year == fiscal_year for target in indicator.targets.all()
    )


def _fits(line: IndicatorLine, asked: IndicatorAsked, words: list[str]) -> bool:
    if asked.state and asked.state != line.said.judgement.state:
        return False
    if asked.body and asked.body != line.said.indicator.body_id:
        return False
    said = fold(" ".join((line.said.indicator.name, line.item, line.body, line.said.metric.name))).casefold()
    return all(word in said for word in words)


@dataclass(frozen=True, slots=True)
class Course:
    """The months of a year: what each counted, and how far the year had come by then (None: not yet, or not known).

    A level (a rate, members) does not add up over months: it goes on until a month says something else.
    """

    fiscal_year: int
    months: tuple[int | None, ...]
    reached: tuple[int | None, ...]

    @property
    def has_any(self) -> bool:
        return any(each is not None for each in self.months)


@dataclass(frozen=True, slots=True)
class Shares:
    """One dimension of a figure: (name, quantity, share of the largest from 0 to 1)."""

    rows: tuple[tuple[str, int | None, float], ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """One indicator broken down. `can_add`: its figures add up over its items; else months, districts and bodies say nothing."""

    can_add: bool
    now: Course
    before: Course
    years: tuple[tuple[int, Figure], ...]
    districts: Shares
    bodies: Shares


def broken_down(ward: Ward, fiscal_year: int, year: IndicatorYear, *, today: date) -> Broken:
    """An indicator's year by month beside the year before, its years, its districts and its bodies."""
    metric, items = year.metric, year.items
    can_add = len(items) == 1 or all(
        adds_up(part.adding, Dimension.ITEMS, scope=part.scope) for part in parts_of(metric) or [metric]
    )
    can_add = can_add and (year.figure is None or year.figure.quantity is not None)
    line = same_through_years(ward, items)
    nothing = Course(fiscal_year, (None,) * 12, (None,) * 12)
    years = (
        tuple(by_year(ward, metric, items=line).items()) if can_add or metric.adding == Adding.RATE else ()
    )
    if not can_add:
        return Broken(False, nothing, nothing, years, Shares(()), Shares(()))
    months = months_over(fiscal_year, today)
    is_running = fiscal_year_of(today) == fiscal_year
    names = {body.pk: body.name for body in Body.objects.filter(ward=ward)}
    places = {district.pk: district.name for district in District.objects.filter(ward=ward)}
    return Broken(
        True,
        _course(ward, fiscal_year, metric, items, until=months + 1 if is_running else 12),
        _course(ward, fiscal_year - 1, metric, line, until=12),
        years,
        _shares(by_district(ward, fiscal_year, metric, items=items), places),
        _shares(by_body(ward, fiscal_year, metric, items=items), names),
    )


def _course(ward: Ward, fiscal_year: int, metric: Metric, items: Sequence[int], *, until: int) -> Course:
    """`until`: how many months have begun; later ones are left open."""
    counted = {month: figure.quantity for month, figure in by_month(ward, fiscal_year, metric, items=items)}
    months = tuple(counted.get(month) for month in months_of(fiscal_year))
    if not counted:
        return Course(fiscal_year, months, (None,) * 12)
    last = max(until, max(place for place, each in enumerate(months, start=1) if each is not None))
    if parts := parts_of(metric):
        over, under = (_reached(part, _months(ward, fiscal_year, part, items), empty=None) for part in parts)
        quotient = quotient_of(metric)
        reached = [
            None if one is None or other is None else quotient.of(one, other)
            for one, other in zip(over, under, strict=True)
        ]
    else:
        reached = _reached(metric, months)
    return Course(
        fiscal_year, months, tuple(each if place < last else None for place, each in enumerate(reached))
    )


def _months(ward: Ward, fiscal_year: int, metric: Metric, items: Sequence[int]) -> tuple[int | None, ...]:
    counted = {month: figure.quantity for month, figure in by_month(ward, fiscal_year, metric, items=items)}
    return tuple(counted.get(month) for month in months_of(fiscal_year))


def _reached(metric: Metric, months: Sequence[int | None], *, empty: int | None = 0) -> list[int | None]:
    """How far a year has come by each month; `empty` before its first number."""
    if metric.adding == Adding.LAST:
        found: list[int | None] = []
        for now in months:
            found.append(now if now is not None or not found else found[-1])
        return found
    sums = list(accumulate(each or 0 for each in months))
    first = next((place for place, each in enumerate(months) if each is not None), 12)
    return [empty if place < first else each for place, each in enumerate(sums)]


def _shares(figures: dict[int | None, Figure], names: dict[int, str]) -> Shares:
    largest = max((figure.quantity or 0 for figure in figures.values()), default=0) or 1
    rows = [
        (names.get(key or 0, ""), figure.quantity, max((figure.quantity or 0) / largest, 0))
        for key, figure in figures.items()
    ]
    return Shares(tuple(sorted(rows, key=lambda row: (not row[0], -(row[1] or 0)))))


def same_through_years(ward: Ward, items: Sequence[int]) -> tuple[int, ...]:
    """These items and all that they continue or that continues them, by confirmed links: one query."""
    pairs = list(
        Link.objects.filter(ward=ward, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED).values_list(
            "from_item", "to_item"
        )
    )
    beside: dict[int, list[int]] = {}
    for newer, older in pairs:
        beside.setdefault(newer, []).append(older)
        beside.setdefault(older, []).append(newer)
    found = dict.fromkeys(items)
    waiting = list(items)
    while waiting:
        for each in beside.get(waiting.pop(), ()):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return tuple(found)
