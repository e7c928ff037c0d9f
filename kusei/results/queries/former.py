"""The same actions in the year before, and what was counted of them then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kusei.japanese.folding import fold
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.rules import to_smallest
from kusei.plans.enums import LinkKind, LinkStatus, PlanStatus
from kusei.plans.models import ItemText, Link, Plan
from kusei.results.models import ReportedFigure


def former_items(plan: Plan, titles: Mapping[int, str]) -> tuple[dict[int, int], set[int]]:
    """By item, the one of the year before, and the items for which a person linked it (continues). Where nobody did, it is the
    one of the same title in the plan of the same kind and part, if exactly one bears it. Two queries."""
    links = Link.objects.filter(
        ward=plan.ward, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED, from_item__in=list(titles)
    )
    linked: dict[int, int] = dict(links.order_by("pk").values_list("from_item_id", "to_item_id"))
    alike = _alike(plan, {item: title for item, title in titles.items() if item not in linked})
    return {**alike, **linked}, set(linked)


def former_figures(plan: Plan, former: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """By (item of the plan, metric), the quantity of the year before: from the ledger, else as its results were published."""
    then: dict[tuple[int, int], int] = {}
    printed = ReportedFigure.objects.filter(
        ward=plan.ward, metric__isnull=False, result__item__in=list(former.values()),
        result__version__status=PlanStatus.PUBLISHED,
    )  # fmt: skip
    for item, metric, value, decimals in printed.order_by("result__version__number").values_list(
        "result__item", "metric", "value", "metric__decimals"
    ):
        then[item, metric] = to_smallest(value, decimals)
    for key, figure in year_figures(plan.ward, plan.fiscal_year - 1, items=list(former.values())).items():
        if figure.quantity is not None:
            then[key] = figure.quantity
    before: dict[int, list[int]] = defaultdict(list)
    for item, old in former.items():
        before[old].append(item)
    return {(item, metric): quantity for (old, metric), quantity in then.items() for item in before[old]}


def titles_of(plan: Plan, items: Iterable[int]) -> dict[int, str]:
    """What items are called in their newest published version; one query."""
    texts = ItemText.objects.filter(
        ward=plan.ward, item__in=list(items), version__status=PlanStatus.PUBLISHED
    )
    return dict(texts.order_by("version__number").values_list("item_id", "title"))


def _alike(plan: Plan, titles: Mapping[int, str]) -> dict[int, int]:
    """By item, the item of the year before that alone bears the same title."""
    texts = ItemText.objects.filter(
        ward=plan.ward,
        version__status=PlanStatus.PUBLISHED,
        version__plan__fiscal_year=plan.fiscal_year - 1,
        version__plan__kind=plan.kind,
        version__plan__part=plan.part,
    )
    newest: dict[int, str] = dict(texts.order_by("version__number").values_list("item_id", "title"))
    by_title: dict[str, list[int]] = defaultdict(list)
    for item, title in newest.items():
        by_title[fold(title)].append(item)
    alone = {title: items[0] for title, items in by_title.items() if title and len(items) == 1}
    return {item: alone[fold(title)] for item, title in titles.items() if fold(title) in alone}
