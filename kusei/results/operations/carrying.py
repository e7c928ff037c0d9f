"""Indicators go on with the items that they tell of."""

from __future__ import annotations

from collections.abc import Mapping

from kusei.plans.models import Plan
from kusei.results.models import Indicator, Target
from kusei.results.queries.carrying import indicators_to_carry


def carry_indicators(plan: Plan, home: Mapping[int, int], acting: Mapping[int, int]) -> int:
    """Give next year's items the indicators of this year's (`home`: older item → newer), each with its baseline, who is
    responsible (`acting`: for whom another body acts then) and the targets of the years to come; how many there were.

    What next year has already stays as somebody left it. ASSUMPTION: runs inside the transaction that carries the plan on.
    """
    coming = indicators_to_carry(plan, home)
    # Of a draft that was thrown away, on an item that somebody had remarked upon: it stands nowhere any more.
    Indicator.objects.filter(continues__in=coming).delete()
    for older in coming:
        newer = Indicator.objects.create(
            ward_id=older.ward_id,
            item_id=home[older.item_id],
            name=older.name,
            metric_id=older.metric_id,
            direction=older.direction,
            baseline=older.baseline,
            baseline_year=older.baseline_year,
            body_id=acting.get(older.body_id or 0, older.body_id),
            continues=older,
        )
        newer.items.set([home[item.pk] for item in older.items.all() if item.pk in home])
        Target.objects.bulk_create(
            Target(
                ward_id=older.ward_id,
                indicator=newer,
                fiscal_year=target.fiscal_year,
                quantity=target.quantity,
            )
            for target in older.targets.all()
            if target.fiscal_year > plan.fiscal_year
        )
    return len(coming)
