"""A year in two minutes: what was done and what was not, where, the largest numbers, and how that compares to the year before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kusei.plans.queries import Node
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.results import YearResults, results_of_year
from kusei.results.enums import Outcome
from kusei.results.queries import OUTCOME_GROUPS, Figure, ResultRow, Trend, result_rows, trends_of

_DID_NOT_WORK = OUTCOME_GROUPS["not_as_planned"]
_UNITS = 6
_OF_A_UNIT = 2
_FAILURES = 8
_COURSES = 4


@dataclass(frozen=True, slots=True)
class FocusLine:
    """One heading with how its actions turned out, by outcome."""

    node: Node | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts.get(Outcome.DONE.value, 0)

    @property
    def failed(self) -> int:
        """Actions that did not go as planned."""
        return sum(self.counts.get(outcome, 0) for outcome in _DID_NOT_WORK)

    @property
    def unknown(self) -> int:
        return self.counts.get(Outcome.UNKNOWN.value, 0)

    @property
    def other(self) -> int:
        return self.total - self.done - self.failed - self.unknown


@dataclass(frozen=True, slots=True)
class Large:
    """A number of one unit, and the action that it belongs to."""

    row: ResultRow
    figure: Figure

    @property
    def is_not_as_planned(self) -> bool:
        """Whether the action did not go as planned, which stands beside its number."""
        return self.row.outcome in _DID_NOT_WORK


@dataclass(frozen=True, slots=True)
class LargeOfUnit:
    """The largest numbers of one unit; numbers of different units are never held against each other."""

    unit: str
    largest: tuple[Large, ...]
    counted: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One outcome in both years."""

    outcome: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Course:
    """A figure that both years print, and the action."""

    row: ResultRow
    trend: Trend


@dataclass(frozen=True, slots=True)
class Summary:
    """All of it. `before` is the newest earlier year that reports results, with its counts; None where there is none."""

    year: YearResults
    counts: Mapping[str, int]
    focuses: tuple[FocusLine, ...]
    largest: tuple[LargeOfUnit, ...]
    failures: tuple[ResultRow, ...]
    failure_count: int
    before: int | None
    before_total: int
    compared: tuple[Compared, ...]
    courses: tuple[Course, ...]
    up: int
    down: int
    same: int

    @property
    def total(self) -> int:
        return len(self.year.rows)

    @property
    def told(self) -> int:
        """Actions of which something is said."""
        return self.total - self.counts.get(Outcome.UNKNOWN.value, 0)


def summary_of(frame: Frame) -> Summary:
    """The summary of the frame's year; a constant number of queries."""
    year = results_of_year(frame)
    counts = Counter(row.outcome for row in year.rows)
    before, before_rows = _year_before(frame)
    then = Counter(row.outcome for row in before_rows)
    failures = [row for outcome in _DID_NOT_WORK for row in year.rows if row.outcome == outcome]
    courses = _courses(frame, year.rows, before)
    return Summary(
        year=year,
        counts={value: counts[value] for value in Outcome.values if counts[value]},
        focuses=_by_focus(year.rows),
        largest=_largest(year.rows),
        failures=_spread(failures),
        failure_count=len(failures),
        before=before,
        before_total=len(before_rows),
        compared=tuple(
            Compared(value, counts[value], then[value])
            for value in Outcome.values
            if before is not None and (counts[value] or then[value])
        ),
        courses=_most_moved(courses),
        up=sum(1 for each in courses if each.trend.difference > 0),
        down=sum(1 for each in courses if each.trend.difference < 0),
        same=sum(1 for each in courses if not each.trend.difference),
    )


def _year_before(frame: Frame) -> tuple[int | None, list[ResultRow]]:
    for year in frame.years:
        if frame.fiscal_year is not None and year < frame.fiscal_year:
            earlier = frame.in_year(year)
            if earlier.has_results:
                rows = result_rows(earlier.plans)
                if any(row.outcome != Outcome.UNKNOWN.value for row in rows):
                    return year, rows
    return None, []


def _by_focus(rows: list[ResultRow]) -> tuple[FocusLine, ...]:
    nodes: dict[int, Node | None] = {}
    counts: dict[int, Counter[str]] = {}
    for row in rows:
        key = row.focus.item_id if row.focus else 0
        nodes.setdefault(key, row.focus)
        counts.setdefault(key, Counter())[row.outcome] += 1
    return tuple(FocusLine(node, counts[key]) for key, node in nodes.items())


def _largest(rows: list[ResultRow]) -> tuple[LargeOfUnit, ...]:
    """The units that most actions report in, each with its largest numbers; an action once for each unit, and equal numbers
    of one metric once: they may be one thing that several actions tell."""
    by_unit: dict[str, list[Large]] = {}
    for row in rows:
        best: dict[str, Figure] = {}
        for figure in row.result.figures if row.result else ():
            if figure.unit not in ("%", "％") and (
                figure.unit not in best or figure.value > best[figure.unit].value
            ):
                best[figure.unit] = figure
        for unit, figure in best.items():
            if figure.value > 1:
                by_unit.setdefault(unit, []).append(Large(row, figure))
    units = sorted(by_unit, key=lambda unit: -len(by_unit[unit]))[:_UNITS]
    return tuple(
        LargeOfUnit(
            unit,
            _each_once(sorted(by_unit[unit], key=lambda each: -each.figure.value))[:_OF_A_UNIT],
            len(by_unit[unit]),
        )
        for unit in units
    )


def _each_once(numbers: list[Large]) -> tuple[Large, ...]:
    found: dict[object, Large] = {}
    for each in numbers:
        figure = each.figure
        key = (figure.metric_id, figure.value) if figure.metric_id is not None else id(each)
        found.setdefault(key, each)
    return tuple(found.values())


def _spread(failures: list[ResultRow]) -> tuple[ResultRow, ...]:
    """Some of what did not go as planned: of each outcome in turn, so that none hides behind another."""
    waiting = [[row for row in failures if row.outcome == outcome] for outcome in _DID_NOT_WORK]
    found: list[ResultRow] = []
    while len(found) < _FAILURES and any(waiting):
        for rows in waiting:
            if rows and len(found) < _FAILURES:
                found.append(rows.pop(0))
    return tuple(sorted(found, key=lambda row: _DID_NOT_WORK.index(row.outcome)))


def _courses(frame: Frame, rows: list[ResultRow], before: int | None) -> list[Course]:
    """Every figure that the year before prints, too."""
    if before is None:
        return []
    trends = trends_of(
        frame.ward, frame.versions, {row.node.item_id: row.result for row in rows if row.result}
    )
    return [
        Course(row, trend)
        for row in rows
        for position, trend in (
            (figure.position, trends.get((row.node.item_id, figure.position)))
            for figure in (row.result.figures if row.result else ())
        )
        if trend is not None and trend.before.fiscal_year == before
    ]


def _most_moved(courses: list[Course]) -> tuple[Course, ...]:
    """Those that moved most, measured against the year before."""

    def moved(course: Course) -> float:
        before = float(course.trend.before.value)
        return abs(float(course.trend.difference)) / before if before else float("inf")

    return tuple(
        sorted((each for each in courses if each.trend.difference), key=moved, reverse=True)[:_COURSES]
    )
