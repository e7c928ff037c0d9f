"""A published plan and a draft of it in みらい区."""

from __future__ import annotations

import pytest

from kusei.plans import operations as plans
from kusei.plans.models import Item, PlanVersion
from kusei.plans.rules import Entry
from tests.cast import Cast


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    """施策 > 見守り事業 (地域振興課) > 訪問; 健康事業 (みらい区社会福祉協議会), published and opened again as a draft."""
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, title="予算",
        entries=[
            Entry(0, None, 0, "measure", "1", "つながり"),
            Entry(1, 0, 1, "project", "1", "見守り事業", text="月に1回訪ねる。", owners=("地域振興課",)),
            Entry(2, 1, 2, "component", "(1)", "訪問"),
            Entry(3, 0, 1, "project", "2", "健康事業", owners=("みらい区社会福祉協議会",)),
        ],
    )  # fmt: skip
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def item_called(version: PlanVersion, title: str) -> Item:
    return version.texts.get(title=title).item
