"""A plan to post against, for the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.plans import operations as plans
from kusei.plans.models import Item
from kusei.plans.rules import Entry as PlanEntry
from kusei.wards.models import Body
from tests.cast import Cast


@dataclass(frozen=True)
class Ground:
    """`items` are three actions; `lines` makes a line quickly."""

    cast: Cast
    items: list[Item]
    body: Body
    times: Metric
    members: Metric

    def line(self, slot: str, quantity: int, **other) -> Line:
        values = {"metric_id": self.times.pk, "item_id": self.items[0].pk, "on": date(2026, 6, 10)} | other
        return Line(slot=slot, quantity=quantity, **values)


@pytest.fixture
def ground(cast: Cast) -> Ground:
    plans.publish_version(
        ward=cast.ward,
        fiscal_year=2026,
        kind="action_plan",
        actor=cast.planner,
        title="取組",
        entries=[
            PlanEntry(key, None, key, "action", str(key + 1), title, owners=("地域振興課",))
            for key, title in enumerate(("健康教室", "防災訓練", "見守り訪問"))
        ],
    )
    return Ground(
        cast=cast,
        items=list(Item.objects.filter(ward=cast.ward).order_by("texts__position")),
        body=Body.objects.get(ward=cast.ward, name="地域振興課"),
        times=Metric.objects.get(ward=None, key="times"),
        members=Metric.objects.get(ward=None, key="members"),
    )
