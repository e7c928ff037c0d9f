"""Text at the foot of a page that belongs to the table without rules above it, as the next page shows by going on.

A line over all columns, or a name whose text comes after the page break, looks like text below the table on its own page.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kusei.documents.reading.extract.pdf_page import PageBlocks
from kusei.documents.reading.extract.pdf_tables import CellLine, RawCell, RawTable
from kusei.documents.reading.model import Line

_MOST_LINES = 30
_APART = 1.25
"""Lines this much farther apart than the closest belong to two rows."""


def add_tail(table: RawTable, page: PageBlocks, tail: Sequence[Line]) -> None:
    """Makes rows of the lines below `table` and takes them off their page."""
    for group in _groups(table, page, tail):
        table.rows.append(_row(table, page, group))
    gone = {id(line) for line in tail}
    page.blocks = [block for block in page.blocks if id(block) not in gone]
    table.bottom = tail_bottom(page, tail)


def tail_bottom(page: PageBlocks, tail: Sequence[Line]) -> float:
    """Where the last of these lines ends."""
    return max(page.places[line.number][3] for line in tail)


def fits_table(table: RawTable, page: PageBlocks, tail: Sequence[Line]) -> bool:
    """Whether lines may be the last rows of `table`: none stands outside, and there are not many."""
    return 0 < len(tail) <= _MOST_LINES and all(
        page.places[line.number][0] >= table.xs[0] - 2 and page.places[line.number][1] >= table.bottom - 2
        for line in tail
    )


def _groups(table: RawTable, page: PageBlocks, tail: Sequence[Line]) -> list[list[Line]]:
    lines = sorted(tail, key=lambda line: page.places[line.number][1])
    tops = [page.places[line.number][1] for line in lines]
    gaps = [below - above for above, below in pairwise(tops)]
    least = min((gap for gap in gaps if gap > 1), default=0.0)
    groups = [[lines[0]]]
    for line, gap in zip(lines[1:], gaps, strict=True):
        widens = _reach(table, page, [line]) > _reach(table, page, groups[-1])
        if gap > _APART * least or widens:
            groups.append([])
        groups[-1].append(line)
    return groups


def _reach(table: RawTable, page: PageBlocks, lines: Sequence[Line]) -> int:
    """How many columns the lines reach over."""
    right = max(page.places[line.number][2] for line in lines)
    return 1 + sum(1 for x in table.xs[1:-1] if right > x + 1)


def _row(table: RawTable, page: PageBlocks, lines: list[Line]) -> list[RawCell | None]:
    span = _reach(table, page, lines)
    number = lines[0].page or table.page
    edge = table.xs[span]
    cell_lines = [
        CellLine(
            line.text,
            number,
            line.number,
            edge - page.places[line.number][2] < 1.6 * (line.size or 10),
        )
        for line in lines
    ]
    boxes = [line.box for line in lines if line.box]
    box = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    first = RawCell(cell_lines, number, box, 1, span, lines[0].number)
    row: list[RawCell | None] = [first] + [None] * (len(table.xs) - 2)
    for column in range(span, len(row)):
        row[column] = RawCell([], number, None, first_line=lines[0].number)
    return row
