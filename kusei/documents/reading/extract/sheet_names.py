"""Whether the sheets of a workbook are the parts of one table, each named by its tab: 子育て, 防災, 環境."""

from __future__ import annotations

import re
from typing import Any

from kusei.japanese.folding import fold_name

_NO_PART = re.compile(
    r"sheet|シート|一覧|表紙|目次|総括|集計|概要|凡例|記入|資料|様式|別紙|別表|別添|リスト|データ|参考|年度|全体|調書|個票|カード|課題|元表|"
    r"[表票案]$|^(?:[RHS]|令和|平成)?\d|\d(?:年|月|期)?$|^[a-z]{1,3}\d*$|[\d一二三四五六七八九十ivx]+[)）]?$",
    re.IGNORECASE,
)
_ROWS_ASKED = 12


def names_are_parts(sheets: list[Any]) -> bool:
    """Whether two or more sheets have the same column headings and names that say what stands on them, and no sheet prints
    its name itself."""
    if len(sheets) < 2:
        return False
    heads: set[tuple[str, ...]] = set()
    for sheet in sheets:
        name = fold_name(sheet.title)
        rows = [
            [fold_name(str(value)) for value in row if value is not None]
            for row in sheet.iter_rows(max_row=_ROWS_ASKED, values_only=True)
        ]
        head = next((row for row in rows if len(row) >= 3), None)
        if head is None or len(name) < 2 or _NO_PART.search(name):
            return False
        printed = re.compile(rf"[^一-龥ぁ-んァ-ヴー]{{0,8}}{re.escape(name)}[^一-龥ぁ-んァ-ヴー]{{0,2}}")
        if any(printed.fullmatch(text) for row in rows for text in row):
            return False
        heads.add(tuple(head))
    return len(heads) == 1
