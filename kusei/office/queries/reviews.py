"""評価: what is to be judged in a year, and the evidence that stands beside a judgement. Nothing here scores or recommends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kusei.japanese.folding import fold
from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import Figure, added_up, year_figures
from kusei.ledger.queries.metrics import usable_metrics
from kusei.ledger.rules import from_smallest
from kusei.office.queries.indicators import IndicatorLine, indicator_lines
from kusei.office.queries.spending import KEY as SPENDING
from kusei.office.queries.spending import share_spent
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import AmountBasis, ItemKind, LinkKind, LinkStatus
from kusei.plans.models import Item, Link, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.queries import in_force, latest_nodes, links_of, published_versions
from kusei.plans.queries.drafts import tree_of
from kusei.press import formats
from kusei.results.enums import Course, Outcome, Stage
from kusei.results.models import Review
from kusei.results.queries import Result, results_of
from kusei.results.queries.answers import responsible
from kusei.results.queries.indicators import indicators_of
from kusei.wards.models import Body, Ward

JUDGED = (ItemKind.FOCUS.value, ItemKind.MEASURE.value, ItemKind.PROJECT.value)
"""What is judged: measures and projects, and the headings of action plans that stand in their place."""

STATES = ("none", "division", "planner")


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """How the list was narrowed, as its address says it."""

    state: str = ""
    course: str = ""
    body: int = 0
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.course or self.body or self.words)


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One thing to judge, and what was judged so far. `state`: none, division, planner."""

    row: Row
    kind: str
    plan: str
    above: str
    depth: int
    bodies: tuple[int, ...]
    names: tuple[str, ...]
    division: Review | None
    planner: Review | None

    @property
    def state(self) -> str:
        return "planner" if self.planner else "division" if self.division else "none"

    @property
    def course(self) -> str:
        """What counts when the plan is carried on: the planner's word, else the division's."""
        for review in (self.planner, self.division):
            if review is not None and review.course:
                return review.course
        return ""

    @property
    def course_label(self) -> str:
        return str(Course(self.course).label) if self.course else ""


@dataclass(frozen=True, slots=True)
class ReviewList:
    """A year's things to judge as they were asked for; counts over all of them."""

    lines: tuple[ReviewLine, ...]
    total: int
    states: Mapping[str, int]
    courses: Mapping[str, int]
    bodies: tuple[tuple[int, str, int], ...]


def review_list(ward: Ward, fiscal_year: int, asked: ReviewAsked) -> ReviewList:
    """Everything to judge in the year's plans in force, in printed order; the queries grow with the plans alone."""
    names = {body.pk: body.name for body in Body.objects.filter(ward=ward)}
    published = in_force(published_versions(ward), fiscal_year=fiscal_year)
    versions = PlanVersion.objects.select_related("plan").in_bulk([each.version_id for each in published])
    trees = [(plan_label(version.plan), tree_of(version)) for version in versions.values()]
    items = [row.item for _label, tree in trees for row in tree.rows if row.kind in JUDGED]
    said = reviews_of(ward, items)
    lines = [
        _line(label, tree, row, said.get(row.item, {}), names)
        for label, tree in trees
        for row in tree.rows
        if row.kind in JUDGED
    ]
    bodies = Counter(body for line in lines for body in line.bodies)
    words = fold(asked.words).casefold().split()
    return ReviewList(
        tuple(line for line in lines if _fits(line, asked, words)),
        len(lines),
        Counter(line.state for line in lines),
        Counter(line.course for line in lines if line.course),
        tuple((pk, name, bodies[pk]) for pk, name in names.items() if bodies[pk]),
    )


def _line(
    label: str, tree: Tree, row: Row, said: Mapping[str, Review], names: Mapping[int, str]
) -> ReviewLine:
    bodies = tuple(dict.fromkeys(responsible(tree, row.item)))
    above = tree.above(row.item)
    return ReviewLine(
        row,
        str(ItemKind(row.kind).label),
        label,
        above[0].title if above else "",
        len(above),
        bodies,
        tuple(names[each] for each in bodies if each in names),
        said.get(Stage.DIVISION),
        said.get(Stage.PLANNER),
    )


def _fits(line: ReviewLine, asked: ReviewAsked, words: list[str]) -> bool:
    if asked.state and asked.state != line.state:
        return False
    if asked.course and asked.course != line.course:
        return False
    if asked.body and asked.body not in line.bodies:
        return False
    said = fold(" ".join((line.row.number, line.row.title, line.above, line.plan, *line.names))).casefold()
    return all(word in said for word in words)


def reviews_of(ward: Ward, items: Iterable[int]) -> dict[int, dict[str, Review]]:
    """By item and stage, what was judged: one query."""
    found: dict[int, dict[str, Review]] = {}
    for review in Review.objects.filter(ward=ward, item__in=list(items)).select_related("written_by"):
        found.setdefault(review.item_id, {})[review.stage] = review
    return found


@dataclass(frozen=True, slots=True)
class Did:
    """What was published of one action: its title, and the result."""

    item: int
    title: str
    result: Result


@dataclass(frozen=True, slots=True)
class UnitCost:
    """Money over a count: 1,250円/人. `over` and `under` say what is divided; `is_paid`: the ledger's 円, not the budget."""

    yen: Decimal
    over_yen: int
    is_paid: bool
    metric: Metric
    quantity: int

    @property
    def each_of(self) -> str:
        """1回, 延べ1人: for one of what is counted."""
        before, behind = formats.around(self.metric.unit)
        return f"{before}1{behind}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands beside a judgement. `figures` are what the ledger says of the item with all below it."""

    row: Row
    path: tuple[Row, ...]
    kind: str
    bodies: tuple[str, ...]
    did: tuple[Did, ...]
    outcomes: tuple[tuple[str, str, int], ...]
    indicators: tuple[IndicatorLine, ...]
    figures: tuple[tuple[Metric, Figure], ...]
    budget_yen: int | None
    previous_yen: int | None
    paid: tuple[tuple[Metric, Figure], ...]
    spent_share: str
    costs: tuple[UnitCost, ...]
    earlier: tuple[tuple[int, str, Mapping[str, Review]], ...]


def evidence_of(item: Item, version: PlanVersion, tree: Tree, *, today: date) -> Evidence:
    """The evidence about one item of a version in force; a constant number of queries."""
    ward, year = item.ward, version.plan.fiscal_year
    row = tree.row(item.pk)
    branch = [each.item for each in tree.branch(item.pk)]
    items = carried_out_by(ward, branch)
    did = done_in(ward, items)
    totals = Counter(each.result.outcome for each in did)
    figures = figures_of(ward, year, items)
    budget = money_of(tree, item.pk, AmountBasis.CURRENT)
    names = {body.pk: body.name for body in Body.objects.filter(ward=ward)}
    return Evidence(
        row=row,
        path=tuple(reversed(tree.above(item.pk))),
        kind=str(ItemKind(row.kind).label),
        bodies=tuple(names[each] for each in responsible(tree, item.pk) if each in names),
        did=tuple(did),
        outcomes=tuple((value, str(label), totals[value]) for value, label in Outcome.choices if totals[value]),
        indicators=tuple(indicator_lines(ward, year, indicators_of(ward, items=branch), today=today)),
        figures=tuple((metric, figure) for metric, figure in figures if metric.unit != "円"),
        budget_yen=budget,
        previous_yen=money_of(tree, item.pk, AmountBasis.PREVIOUS),
        paid=tuple((metric, figure) for metric, figure in figures if metric.unit == "円"),
        spent_share=share_spent(
            next((figure.quantity for metric, figure in figures if metric.key == SPENDING), None), budget
        ),
        costs=tuple(unit_costs(budget, figures)),
        earlier=tuple(_earlier(ward, item.pk)),
    )  # fmt: skip


def carried_out_by(ward: Ward, branch: Sequence[int]) -> list[int]:
    """The items of a branch with what carries them out in other plans, each once: one query."""
    links = links_of(ward, branch, kind=LinkKind.IMPLEMENTS)
    return list(dict.fromkeys([*branch, *(link.other_id for link in links if not link.is_outgoing)]))


def done_in(ward: Ward, items: Sequence[int]) -> list[Did]:
    """What the versions in force print as done, in the order of the items."""
    versions = [each.version_id for each in in_force(published_versions(ward))]
    results = results_of(versions, item_ids=items)
    nodes = latest_nodes(ward, results)
    return [
        Did(item, nodes[item].label if item in nodes else "", results[item])
        for item in items
        if item in results
    ]


def figures_of(ward: Ward, fiscal_year: int, items: Sequence[int]) -> list[tuple[Metric, Figure]]:
    """What the ledger says of several items together, in the metrics' order; figures that do not add up are left out."""
    known = year_figures(ward, fiscal_year, items=items)
    found = []
    for metric in usable_metrics(ward, ended=True):
        figure = added_up(known, items, metric)
        if figure is not None and figure.quantity is not None:
            found.append((metric, figure))
    return found


def money_of(tree: Tree, item: int, basis: str) -> int | None:
    """An item's money of the year or the year before: as printed beside it, else the sum of what stands under it."""
    row = tree.row(item)
    own = [money.yen for money in row.money if money.basis == basis and money.yen is not None]
    if own:
        return sum(own)
    below = [
        money_of(tree, each.item, basis) for each in tree.children(item) if each.kind != ItemKind.RELATED
    ]
    known = [each for each in below if each is not None]
    return sum(known) if known else None


_COUNTED_BY = (("人", "延べ人"), ("回",))
"""Units that money is divided by, those of one kind together: 円/人, 円/回."""


def unit_costs(budget_yen: int | None, figures: Sequence[tuple[Metric, Figure]]) -> list[UnitCost]:
    """円/人 and 円/回, only where it is plain what to divide: one sum of money (paid, or else the budget), one count of a kind."""
    paid = [
        (metric, figure) for metric, figure in figures if metric.unit == "円" and metric.adding == Adding.SUM
    ]
    paid = [each for each in paid if each[0].key == SPENDING] or paid
    if len(paid) > 1:
        return []
    yen = int(from_smallest(paid[0][1].quantity or 0, paid[0][0].decimals)) if paid else budget_yen
    if not yen or yen < 0:
        return []
    found = []
    for units in _COUNTED_BY:
        counts = [
            (metric, figure)
            for metric, figure in figures
            if metric.unit in units and metric.adding == Adding.SUM
        ]
        if len(counts) == 1 and (counts[0][1].quantity or 0) > 0:
            metric, figure = counts[0]
            number = from_smallest(figure.quantity or 0, metric.decimals)
            each = (Decimal(yen) / number).quantize(Decimal(1))
            found.append(UnitCost(each, yen, bool(paid), metric, figure.quantity or 0))
    return found


def _earlier(ward: Ward, item: int) -> list[tuple[int, str, Mapping[str, Review]]]:
    """Year, title and judgements of what the item continues."""
    older = list(
        Link.objects.filter(
            ward=ward, from_item=item, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED
        ).values_list("to_item", "to_item__plan__fiscal_year")
    )
    if not older:
        return []
    said = reviews_of(ward, [each for each, _year in older])
    nodes = latest_nodes(ward, [each for each, _year in older])
    return [
        (year, nodes[each].label if each in nodes else "", said[each])
        for each, year in sorted(older, key=lambda pair: -pair[1])
        if each in said
    ]
