"""One thing through the years: what was promised, paid, done and judged, along its confirmed links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import Figure
from kusei.office.queries.indicators import IndicatorLine, indicator_lines, same_through_years
from kusei.office.queries.reviews import JUDGED, figures_of, money_of, reviews_of
from kusei.plans.drafting import Row
from kusei.plans.enums import OPEN, AmountBasis, ItemKind
from kusei.plans.models import Item, ItemText, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import tree_of
from kusei.results.models import Review
from kusei.results.queries import Result, results_of
from kusei.results.queries.indicators import indicators_of


@dataclass(frozen=True, slots=True)
class ItemYear:
    """One item of the line in its year. `row` is what its plan in force says; `draft`: it stands in a draft only."""

    item: int
    fiscal_year: int
    plan: str
    kind: str
    row: Row | None
    is_this: bool
    draft: PlanVersion | None
    draft_title: str
    budget_yen: int | None
    paid: tuple[tuple[Metric, Figure], ...]
    figures: tuple[tuple[Metric, Figure], ...]
    result: Result | None
    below: Mapping[str, int]
    indicators: tuple[IndicatorLine, ...]
    reviews: Mapping[str, Review]

    @property
    def is_judged(self) -> bool:
        """Whether this is something that is judged and stands in a plan in force."""
        return self.row is not None and self.row.kind in JUDGED


def years_of(item: Item, *, today: date) -> list[ItemYear]:
    """The item with what it continues and what continues it, oldest first; the queries grow with the years alone."""
    ward = item.ward
    line = same_through_years(ward, [item.pk])
    items = list(
        Item.objects.filter(ward=ward, pk__in=line)
        .select_related("plan__ward", "ward")
        .order_by("plan__fiscal_year", "pk")
    )
    said = reviews_of(ward, line)
    drafts = {
        text.item_id: text
        for text in ItemText.objects.filter(item__in=line, version__status__in=OPEN).select_related(
            "version__plan", "version__ward"
        )
    }
    trees = {}
    found = []
    for each in items:
        if each.plan_id not in trees:
            version = version_in_force(each.plan)
            trees[each.plan_id] = (version, tree_of(version)) if version else (None, None)
        version, tree = trees[each.plan_id]
        text = drafts.get(each.pk)
        year = each.plan.fiscal_year
        if version is None or tree is None or each.pk not in tree:
            if text is not None:
                found.append(
                    ItemYear(
                        each.pk, year, plan_label(each.plan), "", None, each.pk == item.pk, text.version, text.title,
                        None, (), (), None, {}, (), said.get(each.pk, {}),
                    )
                )  # fmt: skip
            continue
        row = tree.row(each.pk)
        branch = [below.item for below in tree.branch(each.pk)]
        figures = figures_of(ward, year, branch)
        results = results_of([version.pk], item_ids=branch)
        counted: dict[str, int] = {}
        for below in branch[1:]:
            if below in results:
                label = results[below].outcome_label
                counted[label] = counted.get(label, 0) + 1
        found.append(
            ItemYear(
                item=each.pk,
                fiscal_year=year,
                plan=plan_label(each.plan),
                kind=str(ItemKind(row.kind).label),
                row=row,
                is_this=each.pk == item.pk,
                draft=text.version if text else None,
                draft_title="",
                budget_yen=money_of(tree, each.pk, AmountBasis.CURRENT),
                paid=tuple((metric, figure) for metric, figure in figures if metric.unit == "円"),
                figures=tuple((metric, figure) for metric, figure in figures if metric.unit != "円"),
                result=results.get(each.pk),
                below=counted,
                indicators=tuple(
                    indicator_lines(ward, year, indicators_of(ward, items=[each.pk], ended=True), today=today)
                ),
                reviews=said.get(each.pk, {}),
            )
        )
    return found
