"""A draft to try the office's pages with: 施策 > 事業 (地域振興課) with two parts, 事業 (福祉保健課)."""

from __future__ import annotations

from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.plans.rules import Entry, Money
from tests.cast import Cast


def money(thousand: int, source: str = "") -> tuple[Money, ...]:
    return (Money(2026, "current", source, thousand * 1000, str(thousand), "千円"),)


def entries(actions: int = 0) -> list[Entry]:
    """The tree; the parts' money is 300千円 short of what the project says. `actions` more stand under the last project."""
    rows = [
        Entry(0, None, 0, "measure", "1", "つながり"),
        Entry(1, 0, 1, "project", "1", "見守り事業", text="訪ねる。", owners=("地域振興課",), money=money(3000), tags=("新規",)),
        Entry(2, 1, 2, "component", "(1)", "訪問", money=money(1700)),
        Entry(3, 1, 2, "component", "(2)", "集い", money=money(1000)),
        Entry(4, 0, 1, "project", "2", "健康事業", text="歩く。\n走る。", owners=("福祉保健課",)),
    ]  # fmt: skip
    return [
        *rows,
        *(Entry(5 + each, 4, 2, "action", "", f"取組その{each}", money=money(10)) for each in range(actions)),
    ]


def open_draft(cast: Cast, *, actions: int = 0, year: int = 2026) -> PlanVersion:
    """The tree as published and opened for editing."""
    plans.publish_version(
        ward=cast.ward,
        fiscal_year=year,
        kind="budget",
        entries=entries(actions),
        actor=cast.planner,
        title="予算",
    )
    return plans.open_draft(ward=cast.ward, fiscal_year=year, kind="budget", actor=cast.planner)


def item_of(version: PlanVersion, title: str) -> int:
    return version.texts.get(title=title).item_id


def titles(version: PlanVersion) -> list[tuple[int, str]]:
    return list(version.texts.order_by("position").values_list("depth", "title"))
