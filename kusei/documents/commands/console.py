"""What the commands share: progress on a terminal, questions, and numbers as people write them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from kusei.japanese.fiscal_year import wareki_year

KIND_NAMES = {
    "goal": "基本目標", "stance": "基本姿勢", "measure": "施策", "focus": "行動計画", "project": "事業",
    "component": "事業の内訳", "subcomponent": "内訳の項目", "action": "取組", "related": "関連事業",
    "organisation": "組織運営", "division": "課の方針", "column": "コラム",
}  # fmt: skip
PLAN_NAMES = {
    "policy": "運営方針", "budget": "予算", "action_plan": "アクションプラン", "evaluation": "評価", "other": "その他の計画",
}  # fmt: skip
# Why a text is no item, as the reader says it; documents/enums.py has the same words for pages.
REASON_NAMES = {
    "section": "見出し", "caption": "図や写真の説明", "page_number": "ページ番号", "running_head": "各ページの見出し",
    "contents": "目次", "contact": "問合せ先", "furigana": "ふりがな", "unit": "単位の断り書き", "remark": "注記",
    "total": "合計の行", "column_heading": "表の列見出し",
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


def beside_items(unplaced: list[dict[str, Any]]) -> list[str]:
    """One line that counts what is no item by nature: 見出し 3、図や写真の説明 2. Empty where there is nothing of the kind."""
    counts: dict[str, int] = {}
    for piece in unplaced:
        if piece.get("reason"):
            name = REASON_NAMES.get(piece["reason"], piece["reason"])
            counts[name] = counts.get(name, 0) + 1
    if not counts:
        return []
    told = "、".join(f"{name} {count}" for name, count in counts.items())
    return [f"  項目ではない文 {sum(counts.values())}件: {told}"]
