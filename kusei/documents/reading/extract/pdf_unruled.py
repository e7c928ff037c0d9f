"""Tables without rules: rows of short texts that stand in line under a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kusei.documents.reading.extract.pdf_lines import Row, box_of, join_segments

_LONGEST_HEADER = 16
_LEAST_ROWS = 3
LARGER = 1.25
"""Words so much larger than those below them head a page, no columns."""
_NUMBER = re.compile(r"[\s△▲▼+-]*[\d０-９][\d０-９,，.．]*\s*(?:千円|百万円|万円|円|件|人|回|％|%|か所)?")
_PROSE = re.compile(r"[。、：:]|^[・○●◎◆■(（]")
_MARKED = re.compile(r"^\s*([・○●◎◇◆□■▲△★☆※]|[（(]?[0-9０-９]{1,2}[)）.．]|[①-⑳])")


@dataclass(slots=True)
class Unruled:
    """A table found by alignment. `rows[r][c]` are the printed rows of a cell; `xs` the borders between columns."""

    rows: list[list[list[Row]]]
    xs: list[float]
    x0: float
    top: float
    x1: float
    bottom: float


def find_unruled(rows: Sequence[Row], rules: list[tuple[float, float, float]]) -> tuple[Unruled, int] | None:
    """The table whose header is the first of `rows`, and how many rows it takes; None where none begins there."""
    header = rows[0]
    if len(header) < 2 or not is_header(header):
        return None
    if len(rows) > 1 and header[0].size > LARGER * rows[1][0].size:
        return None  # a title
    columns = [(segment.x0, segment.x1) for segment in header]
    taken: list[list[Row]] = [[[segment] for segment in header]]
    used = 1
    for row in rows[1:]:
        above = rows[used - 1]
        if min(s.top for s in row) - max(s.bottom for s in above) > 2.2 * row[0].size:
            break
        placed = _place(row, columns)
        if placed is None:
            break
        columns, cells = placed
        taken.append(cells)
        used += 1
    while used > 1 and sum(1 for cell in taken[-1] if cell) < 2 and _ends_table(taken):
        taken.pop()
        used -= 1
    if not _is_table(taken, columns):
        return None
    part = rows[:used]
    x0, top, x1, bottom = box_of([segment for row in part for segment in row])
    xs = [x0, *((left[1] + right[0]) / 2 for left, right in pairwise(columns)), x1]
    return Unruled(_logical(taken, part, rules), xs, x0, top, x1, bottom), used


def is_header(row: Row) -> bool:
    """Whether the texts of `row` may head columns: short, neither sentences nor numbers."""
    texts = [segment.text for segment in row]
    return all(
        len(text) <= _LONGEST_HEADER and not _PROSE.search(text) and not _NUMBER.fullmatch(text)
        for text in texts
    ) and not _MARKED.match(texts[0])


def _place(
    row: Row, columns: list[tuple[float, float]]
) -> tuple[list[tuple[float, float]], list[Row]] | None:
    """`row` spread over the columns, which may grow; None if a text reaches over two columns or outside."""
    cells: list[Row] = [[] for _ in columns]
    grown = list(columns)
    for segment in row:
        touched = [index for index, (x0, x1) in enumerate(columns) if segment.x0 < x1 and segment.x1 > x0]
        if not touched:
            nearest = min(
                range(len(columns)), key=lambda i: max(columns[i][0] - segment.x1, segment.x0 - columns[i][1])
            )
            if max(columns[nearest][0] - segment.x1, segment.x0 - columns[nearest][1]) > 4 * segment.size:
                return None
            touched = [nearest]
        if len(touched) > 1:
            return None
        index = touched[0]
        cells[index].append(segment)
        grown[index] = (min(grown[index][0], segment.x0), max(grown[index][1], segment.x1))
    for left, right in pairwise(grown):
        if right[0] - left[1] < 0.5 * row[0].size:
            return None
    return grown, cells


def _ends_table(taken: list[list[Row]]) -> bool:
    """Whether the last row, with one filled cell only, is a line of text behind the table rather than a wrapped cell."""
    filled = [index for index, cell in enumerate(taken[-1]) if cell]
    return not filled or (filled[0] == 0 and len(taken[-1][0][0].text) > 6)


def _is_table(taken: list[list[Row]], columns: list[tuple[float, float]]) -> bool:
    full = [row for row in taken[1:] if sum(1 for cell in row if cell) >= max(2, (len(columns) + 1) // 2)]
    least = _LEAST_ROWS - 1 if len(columns) > 2 else _LEAST_ROWS
    if len(full) < least:
        return False
    aligned = 0
    for index in range(len(columns)):
        cells = [row[index] for row in full if row[index]]
        if len(cells) < least:
            continue
        size = cells[0][0].size
        aligned += any(
            _share_in_line([edge(cell) for cell in cells], size) >= 0.7 for edge in (_left, _right, _middle)
        )
    if aligned < max(2, len(columns) - 1):
        return False
    if len(columns) > 2:
        return True
    second = [row[1] for row in full if row[1]]
    return sum(1 for cell in second if _NUMBER.fullmatch(join_segments(cell))) >= 0.6 * len(second)


def _left(cell: Row) -> float:
    return cell[0].x0


def _right(cell: Row) -> float:
    return cell[-1].x1


def _middle(cell: Row) -> float:
    return (cell[0].x0 + cell[-1].x1) / 2


def _share_in_line(values: list[float], size: float) -> float:
    best = max(sum(1 for other in values if abs(other - value) < 0.6 * size) for value in values)
    return best / len(values)


def _logical(
    taken: list[list[Row]], part: Sequence[Row], rules: list[tuple[float, float, float]]
) -> list[list[list[Row]]]:
    """Printed rows put together to rows of the table: by the rules between them where there are any, else by the first
    column and the distance between lines."""
    x0, top, x1, bottom = box_of([segment for row in part for segment in row])
    inside = [
        y
        for y, start, end in rules
        if top - 3 < y < bottom + 3 and end - start > 0.5 * (x1 - x0) and start < x1
    ]
    by_rules = len([y for y in inside if top + 3 < y < bottom - 3]) >= 2
    result: list[list[list[Row]]] = []
    for index, (cells, row) in enumerate(zip(taken, part, strict=True)):
        begins = index == 0 or (
            _is_ruled_off(part[index - 1], row, inside)
            if by_rules
            else _begins_row(cells, row, part[index - 1])
        )
        if begins or (index == 1 and not by_rules):
            result.append([[] for _ in cells])
        for column, cell in enumerate(cells):
            if cell:
                result[-1][column].append(cell)
    return result


def _is_ruled_off(above: Row, row: Row, rules: list[float]) -> bool:
    low = (above[0].top + above[0].bottom) / 2
    high = (row[0].top + row[0].bottom) / 2
    return any(low < y < high for y in rules)


def _begins_row(cells: list[Row], row: Row, above: Row) -> bool:
    filled = [index for index, cell in enumerate(cells) if cell]
    gap = min(segment.top for segment in row) - max(segment.bottom for segment in above)
    if len(filled) == 1 and gap < 0.9 * row[0].size:
        return False
    if 0 in filled:
        return True
    return len(filled) >= (len(cells) + 1) // 2 or gap > 1.2 * row[0].size
