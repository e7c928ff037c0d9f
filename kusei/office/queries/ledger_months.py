"""The form of a body's numbers: which bodies somebody may type for, and the rows of a year or of one action's sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count

from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric, Report, ReportCell
from kusei.ledger.permissions import may_report
from kusei.ledger.queries.metrics import usable_metrics
from kusei.ledger.queries.recipes import months_of
from kusei.ledger.rules import Dimension, adds_up
from kusei.ledger.sheets import MOST_SESSIONS, Place
from kusei.office.queries.ledger import Place as PlanPlace
from kusei.office.queries.ledger import places_of
from kusei.wards.models import Body, District, Ward
from kusei.wards.permissions import Rights
from kusei.wards.queries import districts_of

ROWS_AT_ONCE = 50
"""Rows of one page: a browser stays quick, and DATA_UPLOAD_MAX_NUMBER_FIELDS is far."""
SESSIONS_AT_FIRST = 12


@dataclass(frozen=True, slots=True)
class BodyChoice:
    """A body to type for, and how many of its actions this person may write; `numbers` stand there already."""

    body: Body
    actions: int
    numbers: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class BodyChoices:
    """Those that are responsible for something, the person's own first, and the other bodies of the ward."""

    named: tuple[BodyChoice, ...]
    others: tuple[Body, ...]


def body_choices(rights: Rights, ward: Ward, fiscal_year: int) -> BodyChoices:
    """Whom this person may type for in a year; a constant number of queries."""
    places = [place for place in places_of(ward, fiscal_year).values() if place.is_counted]
    mine = rights.bodies_in(ward)
    cells = ReportCell.objects.filter(ward=ward, report__fiscal_year=fiscal_year).order_by()
    numbers = dict(cells.values_list("report__body").annotate(n=Count("pk")).values_list("report__body", "n"))
    named, others = [], []
    for body in Body.objects.filter(ward=ward):
        writable = [place for place in places if may_report(rights, ward, body.pk, place.bodies)]
        own = sum(body.pk in place.bodies for place in writable)
        if own or (body.pk in numbers and writable):
            named.append(BodyChoice(body, own, numbers.get(body.pk, 0), body.pk in mine))
        elif writable and not body.is_joined and (body.last_year is None or body.last_year >= fiscal_year):
            others.append(body)
    return BodyChoices(tuple(sorted(named, key=lambda each: not each.is_mine)), tuple(others))


class RowOf(NamedTuple):
    """What a row of the form is about: a metric of an action (None: the action has no number yet), of one district where it is
    counted by districts."""

    item: int
    metric: int | None
    district: int | None = None

    @property
    def key(self) -> str:
        return ".".join(str(each) for each in self if each is not None)


@dataclass(frozen=True, slots=True)
class Writable:
    """What somebody may write for a body in a year: by item the action and what is reported of it, in the plans' order.
    `districts` are all of the ward's, in their order; `this_year` those that there are in the year."""

    places: Mapping[int, PlanPlace]
    reports: Mapping[int, Report]
    metrics: Mapping[int, Metric]
    districts: Mapping[int, District]
    this_year: frozenset[int]

    def cells(self, item: int) -> dict[Place, int]:
        """What stands in a body's report of an action."""
        report = self.reports.get(item)
        if report is None:
            return {}
        return {(c.metric_id, c.on, c.session, c.district_id): c.quantity for c in report.cells.all()}

    def revision(self, item: int) -> int:
        report = self.reports.get(item)
        return report.revision if report else 0

    def units(self) -> dict[int, tuple[int, str]]:
        return {pk: (metric.decimals, metric.unit) for pk, metric in self.metrics.items()}


def writable_of(rights: Rights, ward: Ward, fiscal_year: int, body: Body, places: Mapping[int, PlanPlace]) -> Writable:  # fmt: skip
    """The actions of `places` that this person may write for a body."""
    allowed = {
        item: place
        for item, place in places.items()
        if place.is_counted and may_report(rights, ward, body.pk, place.bodies)
    }
    found = Report.objects.filter(ward=ward, fiscal_year=fiscal_year, body=body, item__in=allowed)
    districts = districts_of(ward)
    return Writable(
        places=allowed,
        reports={report.item_id: report for report in found.prefetch_related("cells")},
        metrics={metric.pk: metric for metric in usable_metrics(ward, ended=True)},
        districts={district.pk: district for district in districts},
        this_year=frozenset(
            each.pk for each in districts if each.last_year is None or each.last_year >= fiscal_year
        ),
    )


def countable(writable: Writable, fiscal_year: int) -> list[Metric]:
    """What can be typed: no rate, and nothing that had ended before the year began."""
    begins = date(fiscal_year, 4, 1)
    return [
        metric
        for metric in writable.metrics.values()
        if metric.adding != Adding.RATE and (metric.ended_on is None or metric.ended_on > begins)
    ]


def lines_of(writable: Writable, body: Body) -> list[RowOf]:
    """Every row of a body's year; below a metric those of the districts that have numbers."""
    order = {pk: place for place, pk in enumerate(writable.metrics)}
    lines: list[RowOf] = []
    for item, place in writable.places.items():
        cells = writable.cells(item)
        for metric in sorted({place[0] for place in cells}, key=lambda pk: order.get(pk, 0)):
            lines.append(RowOf(item, metric))
            found = {place[3] for place in cells if place[0] == metric}
            lines += [RowOf(item, metric, each) for each in writable.districts if each in found]
        if not cells and body.pk in place.bodies:
            lines.append(RowOf(item, None))
    return lines


@dataclass(frozen=True, slots=True)
class Column:
    """A month, or a session with its number and day (None where none is written yet)."""

    on: date | None
    session: int = 0


def month_columns(fiscal_year: int) -> list[Column]:
    return [Column(month) for month in months_of(fiscal_year)]


def session_columns(cells: Iterable[Place], wanted: int) -> list[Column]:
    """The sessions that are written down, by number and day, and empty ones behind them."""
    known = sorted({(session, on) for _metric, on, session, _district in cells if session})
    columns = [Column(on, session) for session, on in known]
    following = max((session for session, _on in known), default=0) + 1
    least = max(SESSIONS_AT_FIRST, len(columns) + 4)
    total = max(len(columns) + 1, min(max(least, wanted), MOST_SESSIONS))
    return columns + [Column(None, following + place) for place in range(total - len(columns))]


def adding_mode(metric: Metric) -> str:
    """How a row's numbers become its sum on the page: sum, last, or none where they do not add up."""
    if metric.adding == Adding.LAST:
        return "last"
    return "sum" if adds_up(metric.adding, Dimension.MONTHS, scope=metric.scope) else "none"
