"""One thing through the years: what was promised, paid, done and judged, along its confirmed links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import Figure
from kusei.office.queries.indicators import IndicatorLine, indicator_lines, same_through_years
from kusei.office.queries.reviews import JUDGED, Did, carried_out_by, done_in, figures_of, reviews_of
from kusei.plans.enums import OPEN
from kusei.plans.models import Item, ItemText, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.queries import Node, walk
from kusei.results.models import Review
from kusei.results.queries import Result, published_years
from kusei.results.queries.answers import remarks_of
from kusei.results.queries.indicators import indicators_of


@dataclass(frozen=True, slots=True)
class ItemYear:
    """One item of the line in its year. `row` is what its plan in force says; `draft`: it stands in a draft only. `did`: what was
    published of what is under it and of what carries it out; `remark`: what its answer left for the next year."""

    item: int
    fiscal_year: int
    plan: str
    kind: str
    row: Node | None
    is_this: bool
    draft: PlanVersion | None
    draft_title: str
    budget_yen: int | None
    paid: tuple[tuple[Metric, Figure], ...]
    figures: tuple[tuple[Metric, Figure], ...]
    result: Result | None
    did: tuple[Did, ...]
    outcomes: Mapping[str, int]
    remark: str
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
    published = published_years(ward, line)
    remarks = remarks_of(line)
    found = []
    for each in items:
        text = drafts.get(each.pk)
        year = each.plan.fiscal_year
        told = published.get(each.pk)
        if told is None:
            if text is not None:
                found.append(
                    ItemYear(
                        each.pk, year, plan_label(each.plan), "", None, each.pk == item.pk, text.version, text.title,
                        None, (), (), None, (), {}, "", (), said.get(each.pk, {}),
                    )
                )  # fmt: skip
            continue
        branch = carried_out_by(ward, [below.item_id for below in walk([told.node])])
        figures = figures_of(ward, year, branch)
        did = done_in(ward, [below for below in branch if below != each.pk])
        found.append(
            ItemYear(
                item=each.pk,
                fiscal_year=year,
                plan=plan_label(each.plan),
                kind=told.node.kind_label,
                row=told.node,
                is_this=each.pk == item.pk,
                draft=text.version if text else None,
                draft_title="",
                budget_yen=told.node.own_yen,
                paid=tuple((metric, figure) for metric, figure in figures if metric.unit == "円"),
                figures=tuple((metric, figure) for metric, figure in figures if metric.unit != "円"),
                result=told.result,
                did=tuple(did),
                outcomes=dict(Counter(below.result.outcome_label for below in did)),
                remark=remarks.get(each.pk, ""),
                indicators=tuple(
                    indicator_lines(ward, year, indicators_of(ward, items=[each.pk], ended=True), today=today)
                ),
                reviews=said.get(each.pk, {}),
            )
        )
    return found
