"""The last look at a draft: what was printed and is accounted for nowhere is kept as unplaced. Nothing is dropped silently."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kusei.documents.reading.columns import heading_of
from kusei.documents.reading.model import Cell, Draft, Line, Table, Unplaced
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.totals import is_total

_MONEY = re.compile(r"\d\s*[十百千万億兆]*円|\d,\d")


def keep_remains(draft: Draft, blocks: Iterable[Line | Table]) -> None:
    """Add to `draft.unplaced` every line, and every row of a table, that neither an item nor the title nor an unplaced text
    accounts for. Rows of totals and of column headings are no items by nature and say so."""
    seen = {(piece.page, piece.line) for piece in draft.unplaced}
    cells: set[tuple[int | None, int, str]] = set()
    for item in draft.walk():
        for place in item.places:
            lines = range(place.line, place.end_line + 1)
            seen.update((place.page, line) for line in lines)
            if place.cell:
                cells.update((place.page, line, place.cell) for line in lines)
    title = _key(draft.title or "")
    found: list[Unplaced] = []
    for block in blocks:
        if isinstance(block, Line):
            if (block.page, block.number) not in seen:
                found += _remain(clean(block.text), block.page, block.number, title)
            continue
        for row in block.rows:
            own = [cell for cell in row if cell is not None and cell.text.strip()]
            if own and not any(_is_seen(cell, seen, cells) for cell in own):
                text = " ".join(clean(cell.text.replace("\n", " ")) for cell in own)
                remains = _remain(text, own[0].page, own[0].line, title)
                if all(heading_of(clean(cell.text.replace("\n", ""))) for cell in own):
                    for piece in remains:
                        piece.reason = "column_heading"  # also where print wraps or widens the words: 番 号
                found += remains
    if found:
        draft.unplaced = sorted([*draft.unplaced, *found], key=lambda piece: (piece.page or 0, piece.line))


def name_all(draft: Draft) -> None:
    """An item whose words were all taken for something else (owners, a number) has the first of these as its title."""
    for item in draft.walk():
        if not item.title.strip():
            amount = item.amount.printed if item.amount else None
            said = [
                item.number,
                *item.plan,
                item.result,
                *(item.body or "").split("\n"),
                "、".join(item.owners),
            ]
            said += ["・".join(item.tags), item.programme, item.budget_source, amount, "(無題)"]
            item.title = next(text for text in said if text and text.strip())


def _is_seen(cell: Cell, seen: set[tuple[int | None, int]], cells: set[tuple[int | None, int, str]]) -> bool:
    if cell.ref is not None and cells:
        return (cell.page, cell.line, cell.ref) in cells
    return any((cell.page, line) in seen for line in range(cell.line, max(cell.line, cell.end_line) + 1))


def _remain(text: str, page: int | None, line: int, title: str) -> list[Unplaced]:
    key = _key(text)
    if not key or (title and key in title):
        return []
    words = [word for word in re.split(r"[\s|]+", text) if _key(word)]
    if title and title in key:  # the title, and what stands beside it: 資料2
        words = [word for word in words if _key(word) not in title]
        text = " ".join(words)
    reason = None
    if any(is_total(word) for word in words[:2]):
        reason = "total"
    elif not _MONEY.search(text) and all(heading_of(word) for word in words):
        reason = "column_heading"
    return [Unplaced(text, page, line, reason)]


def _key(text: str) -> str:
    return "".join(re.findall(r"\w", text.casefold()))
