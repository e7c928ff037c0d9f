"""Where the rows of a table without rules begin: lines of one cell stand closer together than cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from kusei.documents.reading.extract.pdf_lines import Row

_MORE = 1.2
"""Lines this much (in points) farther apart than usual may belong to two cells."""
_TIGHT = 1.25
"""Lines of a cell seldom stand closer than this many sizes of their characters."""


_FARTHER = 1.15
"""A lone line this much farther below than rows stand apart heads the rows after it."""
MARKED = re.compile(
    r"\s*(?:[【〈《\[［■◆◇□●▼▶]|第?[0-9０-９]{1,2}[\s\u3000.．)）、]|[（(][0-9０-９]{1,2}[)）]|[Ⅰ-Ⅻ①-⑳]|基本|施策|政策)"
)


@dataclass(slots=True)
class ColumnLine:
    """One printed line of a column; `last_column` is the last column that its text reaches over."""

    row: Row
    center: float
    size: float
    last_column: int


Columns = Sequence[Sequence[ColumnLine]]


def row_starts(columns: Columns) -> tuple[list[float], list[dict[int, int]]] | None:
    """The heights at which rows begin, the header first; and for each column which of its lines begins which row.

    The first line of each column is its header word. None where nothing tells rows from lines.
    """
    gaps = [b.center - a.center for lines in columns for a, b in pairwise(lines[1:])]
    gaps += [lines[1].center - lines[0].center for lines in columns if len(lines) > 1]
    size = columns[0][0].size
    if _is_plain(columns, size):
        return _collect(columns, _level_starts(columns, size), size, 0.0)
    pitch, is_tight = _pitch(gaps, size)
    least = _least_gap(columns, pitch, size)
    marked = [
        {
            number
            for number, (above, line) in enumerate(pairwise(lines), 1)
            if line.center - above.center >= least
            or (is_tight and line.center - above.center < pitch - _MORE)
        }
        for lines in columns
    ]
    first = _first_height(columns, pitch, size)
    for lines, numbers in zip(columns, marked, strict=True):
        numbers |= {n for n, line in enumerate(lines) if n and abs(line.center - first) < 0.3 * size}
    return _collect(columns, marked, size, pitch)


def _first_height(columns: Columns, pitch: float, size: float) -> float:
    """Where the text below the header begins in most columns: there all do, though a row cut by a page break stands
    closer to the header than rows to each other."""
    begun = [
        next((b.center for a, b in pairwise(lines) if b.center - a.center > pitch + _MORE), None)
        for lines in columns
    ]
    heights = sorted(height for height in begun if height is not None)
    shared = [group[0] for group in _clusters(heights, 0.3 * size) if len(group) > 1]
    return shared[0] if shared else -1.0


def _is_plain(columns: Columns, size: float) -> bool:
    """Whether nearly every line of the first column has company in most others: a table of one-line rows."""
    heights = [line.center for lines in columns for line in lines[1:]]
    printed = len(_clusters(sorted(heights), 0.45 * size))
    full = len(_level(columns, size))
    return printed > 0 and full >= 0.75 * printed


def _level(columns: Columns, size: float) -> list[float]:
    """Heights at which the first column and at least half of all have a line, or, below a cell that spans rows, most of all."""
    reach = 0.45 * size
    heights = sorted((line.center, column) for column, lines in enumerate(columns) for line in lines[1:])
    result = []
    index = 0
    while index < len(heights):
        start = heights[index][0]
        end = index
        while end < len(heights) and heights[end][0] - start < reach:
            end += 1
        beside = {column for _, column in heights[index:end]}
        if len(beside) >= (
            max(2, (len(columns) + 1) // 2) if 0 in beside else max(3, -(-len(columns) * 7 // 10))
        ):
            result.append(start)
        index = end
    return result


def _level_starts(columns: Columns, size: float) -> list[set[int]]:
    heights = _level(columns, size)
    heights += _lone_heads(columns, heights)
    return [
        {
            number
            for number, line in enumerate(lines)
            if number == 1 or any(abs(line.center - height) < 0.45 * size for height in heights)
        }
        for lines in columns
    ]


def _lone_heads(columns: Columns, heights: Sequence[float]) -> list[float]:
    """Heights of lines in the first column that head the rows below: they stand as far from the line above as rows do,
    and are marked or stand still farther."""
    if len(heights) < 2:
        return []
    usual = median([b - a for a, b in pairwise(heights)])
    return [
        line.center
        for above, line in pairwise(columns[0])
        if line.center not in heights
        and (gap := line.center - above.center) >= 0.95 * usual
        and (gap >= _FARTHER * usual or MARKED.match(line.row[0].text))
    ]


def _clusters(values: Sequence[float], reach: float) -> list[list[float]]:
    groups: list[list[float]] = []
    for value in values:
        if groups and value - groups[-1][0] < reach:
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups


def _pitch(gaps: Sequence[float], size: float) -> tuple[float, bool]:
    """How far apart the lines of one cell stand: the smallest distance that is common; and whether rows stand closer.

    Rows set without blank space may stand closer than lines; so a distance too small for lines counts only if no larger
    one is as common.
    """
    likely = sorted(gap for gap in gaps if 0.8 * size < gap < 2.6 * size)
    if not likely:
        return 1.5 * size, False
    groups = _clusters(likely, 0.08 * size)
    common = [group for group in groups if len(group) >= max(2, 0.08 * len(likely))]
    group = (common or groups)[0]
    wider = [other for other in common if other[0] >= _TIGHT * size and len(other) > len(group)]
    is_tight = group[-1] < _TIGHT * size and bool(wider)
    if is_tight:
        group = wider[0]
    return sum(group) / len(group), is_tight


def _least_gap(columns: Columns, pitch: float, size: float) -> float:
    """How far apart two lines must stand to belong to two rows.

    Measured where several columns begin a cell at one height; nearer lines are paragraphs of a cell.
    """
    samples = _shared_gaps([lines[1:] for lines in columns], pitch, size) or _shared_gaps(
        columns, pitch, size
    )
    if not samples:
        return pitch + _MORE
    samples.sort()
    usual = samples[len(samples) // 10]
    return max(pitch + _MORE, pitch + 0.65 * min(usual - pitch, size))


def _shared_gaps(columns: Columns, pitch: float, size: float) -> list[float]:
    """The blank space over each height at which several columns begin a cell; the smallest of those columns counts."""
    begun: list[tuple[float, float]] = []
    for lines in columns:
        begun += [
            (line.center, line.center - above.center)
            for above, line in pairwise(lines)
            if line.center - above.center > pitch + _MORE
        ]
    begun.sort()
    samples: list[float] = []
    index = 0
    while index < len(begun):
        group = [b for b in begun[index : index + len(columns)] if b[0] - begun[index][0] < 0.45 * size]
        index += len(group)
        if len(group) > 1:
            samples.append(min(gap for _, gap in group))
    return samples


def _is_wide(columns: Columns, height: float, size: float) -> bool:
    """Whether more than half of the columns begin their text at `height`."""
    begun = sum(1 for lines in columns if len(lines) > 1 and abs(lines[1].center - height) < 0.6 * size)
    return begun * 2 > len(columns)


def _collect(
    columns: Columns, marked: Sequence[set[int]], size: float, pitch: float
) -> tuple[list[float], list[dict[int, int]]]:
    """Rows from the lines that begin a cell; those at nearly one height begin the same row."""
    header = min(lines[0].center for lines in columns)
    heights = sorted(columns[c][n].center for c, numbers in enumerate(marked) for n in numbers)
    first = min((lines[1].center for lines in columns if len(lines) > 1), default=header)
    wraps = heights and first < header + pitch + _MORE and heights[0] < first + 3.5 * size
    if wraps and first + 0.6 * size < heights[0] and not _is_wide(columns, first, size):
        first = heights[0]  # words of the header that wrap
    elif not heights or heights[0] > first + 0.6 * size:
        heights.insert(0, first)  # no gap parts the header from the text
    tops = [header, *(group[0] for group in _clusters(heights, 0.6 * size))]
    result: list[dict[int, int]] = []
    for lines, numbers in zip(columns, marked, strict=True):
        rows: dict[int, int] = {0: 0}
        for number, line in enumerate(lines):
            if number and (number in numbers or (number == 1 and abs(line.center - first) < 0.6 * size)):
                row = max(i for i, top in enumerate(tops) if top <= line.center + 0.01)
                if row not in rows.values():
                    rows[number] = row
        result.append(rows)
    return tops, result
