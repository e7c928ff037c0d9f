"""執行額: what was spent of a year's money, beside what the plans in force give each project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kusei.ledger.models import Metric, Report
from kusei.ledger.permissions import may_report
from kusei.ledger.queries.figures import Figure, added_up, year_figures
from kusei.ledger.rules import from_smallest, rate_in_tenths
from kusei.ledger.sheets import Place
from kusei.office.queries.ledger import Place as PlanPlace
from kusei.office.queries.ledger import places_of
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import ItemKind
from kusei.plans.models import PlanVersion
from kusei.plans.queries import in_force, published_versions
from kusei.plans.queries.drafts import tree_of
from kusei.wards.models import Body, Ward
from kusei.wards.permissions import Rights

KEY = "spending"


def share_spent(spent: int | None, budget_yen: int | None) -> str:
    """62.3 for money spent of a budget; empty without either."""
    share = rate_in_tenths(spent, budget_yen) if spent is not None and budget_yen else None
    return "" if share is None else f"{from_smallest(share, 1)}"


def spending_metric() -> Metric:
    """What money spent is counted by."""
    return Metric.objects.get(ward=None, key=KEY)


@dataclass(frozen=True, slots=True)
class SpendingLine:
    """One thing that has money. `typed` is what this page wrote, in yen (it stands in the year's last month); `others`: numbers
    of the same kind were typed elsewhere, by month or for what stands below, and `total` has all of them.

    `refusal` says why this person cannot type here; `is_running`: the year has not come to its last month.
    """

    place: PlanPlace
    body: Body | None
    budget_yen: int | None
    typed: int | None
    revision: int
    others: bool
    total: Figure | None
    refusal: str
    is_running: bool

    @property
    def rate(self) -> str:
        """How much of the budget was spent, in per cent with one decimal; empty where that says nothing."""
        return share_spent(self.total.quantity if self.total else None, self.budget_yen)

    @property
    def may_type(self) -> bool:
        return not self.refusal and not self.is_running and not (self.others and self.typed is None)


@dataclass(frozen=True, slots=True)
class Spending:
    """A year's lines as they were asked for, with the bodies they can be narrowed by."""

    lines: tuple[SpendingLine, ...]
    bodies: tuple[Body, ...]
    metric: Metric


def place_in_report(metric: Metric, fiscal_year: int) -> Place:
    """Where the page's number stands in a report: the year's last month, not divided by districts."""
    return (metric.pk, date(fiscal_year + 1, 3, 1), 0, None)


def spending_of(rights: Rights, ward: Ward, fiscal_year: int, *, today: date, body: int = 0) -> Spending:
    """Every project with money of the year's plans in force; what has money and no project stands for itself. The queries grow
    with the plans alone."""
    metric = spending_metric()
    places = places_of(ward, fiscal_year)
    budgets = _budgets(ward, fiscal_year)
    figures = year_figures(ward, fiscal_year)
    bodies = {each.pk: each for each in Body.objects.filter(ward=ward)}
    cells = _cells(ward, fiscal_year, metric)
    at = place_in_report(metric, fiscal_year)
    lines = []
    for item, budget in budgets.items():
        place = places[item]
        lead = next((bodies[each] for each in place.bodies if each in bodies), None)
        own, revision = cells.get((item, lead.pk if lead else 0), ({}, 0))
        total = added_up(figures, [item, *place.below], metric)
        lines.append(
            SpendingLine(
                place,
                lead,
                budget,
                own.get(at),
                revision,
                bool(total and total.quantity != own.get(at, 0)),
                total,
                _refusal(rights, ward, lead, place),
                today < at[1],
            )
        )
    named = [bodies[each] for each in dict.fromkeys(line.body.pk for line in lines if line.body)]
    return Spending(
        tuple(line for line in lines if not body or body in line.place.bodies),
        tuple(sorted(named, key=lambda each: each.name)),
        metric,
    )


def _refusal(rights: Rights, ward: Ward, lead: Body | None, place: PlanPlace) -> str:
    if lead is None:
        return _("計画に担当がありません。")
    decision = may_report(rights, ward, lead.pk, place.bodies)
    return "" if decision else decision.reason


def _budgets(ward: Ward, fiscal_year: int) -> dict[int, int | None]:
    """By item that has a line, its money of the year in yen (None: the year before had some)."""
    published = in_force(published_versions(ward), fiscal_year=fiscal_year)
    versions = PlanVersion.objects.in_bulk([each.version_id for each in published])
    found: dict[int, int | None] = {}
    for each in published:
        tree = tree_of(versions[each.version_id])
        found.update((row.item, row.current_yen) for row in tree.rows if _has_line(tree, row))
    return found


def _has_line(tree: Tree, row: Row) -> bool:
    """A project with money that stands under no other; else the highest thing with money of a branch without projects."""
    if not row.money or row.kind == ItemKind.RELATED:
        return False
    above = tree.above(row.item)
    if row.kind == ItemKind.PROJECT:
        return not any(each.kind == ItemKind.PROJECT and each.money for each in above)
    if any(each.money for each in above):
        return False
    return not any(each.kind == ItemKind.PROJECT and each.money for each in tree.branch(row.item))


def _cells(
    ward: Ward, fiscal_year: int, metric: Metric
) -> Mapping[tuple[int, int], tuple[dict[Place, int], int]]:
    """By item and body, what their report says of money spent, and its revision."""
    reports = Report.objects.filter(ward=ward, fiscal_year=fiscal_year).prefetch_related("cells")
    return {
        (report.item_id, report.body_id): (
            {
                (each.metric_id, each.on, each.session, each.district_id): each.quantity
                for each in report.cells.all()
                if each.metric_id == metric.pk
            },
            report.revision,
        )
        for report in reports.filter(cells__metric=metric).distinct()
    }
