"""What indicators say in a year: their figure, their target, and how far that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import Figure, added_up, figures_from_entries, year_figures
from kusei.ledger.queries.figures import Key as FigureKey
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import Item, ItemOwner, ItemText, Link, PlanVersion
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import open_draft_of, tree_of
from kusei.results.enums import Direction
from kusei.results.judging import Judgement, Measured, judge
from kusei.results.models import Indicator
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class IndicatorYear:
    """One indicator in one year. `items` are the items whose entries it adds up; quantities in the metric's smallest unit."""

    indicator: Indicator
    metric: Metric
    items: tuple[int, ...]
    figure: Figure | None
    target: int | None
    last_year: Figure | None
    judgement: Judgement


def owners_of(item: Item) -> set[int]:
    """The bodies responsible for an item in the newest version that has it: its own, else those above it."""
    version = PlanVersion.objects.filter(texts__item=item).order_by("-number").first()
    if version is None:
        return set()
    own = set(ItemOwner.objects.filter(text__version=version, text__item=item).values_list("body", flat=True))
    return own or tree_of(version).owner_bodies(item.pk)


def months_over(fiscal_year: int, today: date) -> int:
    """How many whole months of a fiscal year are over on a day: 0 before it, 12 once it is."""
    if fiscal_year_of(today) > fiscal_year:
        return 12
    if fiscal_year_of(today) < fiscal_year:
        return 0
    return (today.month - 4) % 12


def indicator_years(
    ward: Ward, fiscal_year: int, indicators: Sequence[Indicator], *, today: date
) -> list[IndicatorYear]:
    """What indicators say in a year, judged as of `today`. The number of queries grows with the plans, not the indicators."""
    branches = _branches(indicators)
    this_year = year_figures(ward, fiscal_year)
    last_year = year_figures(ward, fiscal_year - 1)
    months = months_over(fiscal_year, today)
    then: Mapping[FigureKey, Figure] = {}
    if 0 < months < 12:
        then = figures_from_entries(ward, fiscal_year - 1, until=_day_before(fiscal_year, months))
    earlier = _earlier_items(branches)
    found = []
    for indicator in indicators:
        metric, items = indicator.metric, branches[indicator.pk]
        before = tuple(dict.fromkeys(each for item in items for each in earlier.get(item, ())))
        figure = added_up(this_year, items, metric)
        total = added_up(last_year, before, metric)
        at_that_time = added_up(then, before, metric)
        target = next(
            (each.quantity for each in indicator.targets.all() if each.fiscal_year == fiscal_year), None
        )
        found.append(
            IndicatorYear(
                indicator,
                metric,
                items,
                figure,
                target,
                total,
                judge(
                    Measured(
                        target=target,
                        actual=figure.quantity if figure else None,
                        months=months,
                        adds_up=metric.adding in (Adding.SUM, Adding.DISTINCT),
                        more_is_better=indicator.direction == Direction.MORE,
                        baseline=indicator.baseline,
                        last_year_then=(at_that_time.quantity if at_that_time else 0) if total else None,
                        last_year_total=total.quantity if total else None,
                    )
                ),
            )
        )
    return found


def indicators_of(
    ward: Ward, *, items: Collection[int] | None = None, ended: bool = False
) -> list[Indicator]:
    """The indicators of a ward, or of some of its items, with their metrics, bodies and targets: three queries. Those of items
    that were taken out of a draft are left out."""
    found = Indicator.objects.filter(Exists(ItemText.objects.filter(item=OuterRef("item"))), ward=ward)
    if items is not None:
        found = found.filter(item__in=items)
    if not ended:
        found = found.filter(ended_on__isnull=True)
    return list(
        found.select_related(
            "metric__numerator", "metric__denominator", "body", "item__plan", "continued_by"
        ).prefetch_related("targets", "items")
    )


def chain_of(indicator: Indicator) -> list[Indicator]:
    """An indicator with those of the years before that it continues and those that continue it, oldest first."""
    found = [indicator]
    others = Indicator.objects.select_related("item__plan").prefetch_related("targets")
    while found[0].continues_id is not None:
        found.insert(0, others.get(pk=found[0].continues_id))
    while newer := others.filter(continues=found[-1]).first():
        found.append(newer)
    return found


def _branches(indicators: Sequence[Indicator]) -> dict[int, tuple[int, ...]]:
    """By indicator, the items that it looks at: those named, else its own with all below it in the version in force, or in
    the draft where nothing was published yet."""
    trees = {}
    found = {}
    for indicator in indicators:
        named = tuple(item.pk for item in indicator.items.all())
        if named:
            found[indicator.pk] = named
            continue
        plan = indicator.item.plan
        if plan.pk not in trees:
            version = version_in_force(plan) or open_draft_of(plan)
            trees[plan.pk] = tree_of(version) if version else None
        tree = trees[plan.pk]
        in_tree = tree is not None and indicator.item_id in tree
        found[indicator.pk] = (
            tuple(row.item for row in tree.branch(indicator.item_id))
            if tree and in_tree
            else (indicator.item_id,)
        )
    return found


def _earlier_items(branches: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """By item, what it continues from the year before (confirmed links only): one query."""
    items = {item for branch in branches.values() for item in branch}
    found: dict[int, tuple[int, ...]] = {}
    for newer, older in Link.objects.filter(
        from_item__in=items, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED
    ).values_list("from_item", "to_item"):
        found[newer] = (*found.get(newer, ()), older)
    return found


def _day_before(fiscal_year: int, months: int) -> date:
    """The last day of the year before that lies as far into its year as `months` months do in this one."""
    month = 4 + months
    first = date(fiscal_year - 1 + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return date.fromordinal(first.toordinal() - 1)
