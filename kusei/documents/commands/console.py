"""What the commands share: progress on a terminal, questions, and numbers as people write them."""

from __future__ import annotations

import sys
from collections.abc import Callable

from kusei.japanese.fiscal_year import wareki_year

KIND_NAMES = {
    "goal": "基本目標", "stance": "基本姿勢", "measure": "施策", "focus": "行動計画", "project": "事業",
    "component": "事業の内訳", "subcomponent": "内訳の項目", "action": "取組", "related": "関連事業",
    "organisation": "組織運営", "division": "課の方針", "column": "コラム",
}  # fmt: skip
PLAN_NAMES = {
    "policy": "運営方針", "budget": "予算", "action_plan": "アクションプラン", "evaluation": "評価", "other": "その他の計画",
}  # fmt: skip


def complain(message: str) -> None:
    """Tell the user on stderr."""
    print(message, file=sys.stderr)


def progress_of(name: str) -> Callable[[int, int | None], None] | None:
    """A function that shows how far reading has come, on a terminal; None where stderr is none."""
    if not sys.stderr.isatty():
        return None

    def show(page: int, pages: int | None) -> None:
        if pages is not None and pages < 2:
            return
        of = f"/{pages}" if pages else ""
        end = "\n" if page == pages else ""
        print(f"\r{name}: {page}{of} ページ", end=end, file=sys.stderr, flush=True)

    return show


def is_interactive() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def agrees(question: str) -> bool:
    """Ask on the terminal; anything but yes is no."""
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes", "ｙ", "はい"}


def in_fiscal_year(year: int | None) -> str:
    """2021 → 令和3年度; None → 年度不明."""
    if year is None:
        return "年度不明"
    return wareki_year(year) if year >= 1868 else f"{year}年度"


def where(page: int | None, line: int | None) -> str:
    """A place as people say it: 3ページ12行目."""
    parts = [f"{page}ページ" if page else "", f"{line}行目" if line else ""]
    return "".join(parts)
