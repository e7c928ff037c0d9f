"""The order in which a page is read: down each column where text is set in columns, else from top to bottom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from kusei.documents.reading.extract.pdf_lines import Placed, Row, Segment, make_segment, rows_of

Element = Placed

_DEPTH = 5
_MIN_LINES = 4
_MOST_EDGES = 40
_GAP = 0.6
"""A gap this wide (in sizes of the characters) may be a strip between two columns."""
_NUMBER = re.compile(r"[\s△▲▼+-]*[\d０-９][\d０-９,，.．]*\s*(?:千円|百万円|万円|円|件|人|回|％|%|か所)?")
_BULLET = re.compile(r"\s*([・→⇒➡▶▷►▸•○●◎◇◆□■△▲☆★※➢✓]|[（(]?[0-9０-９]{1,2}[)）.．、 　]|[①-⑳])")


def arrange(elements: Sequence[Element], depth: int = 0) -> list[Row | Element]:
    """Segments (joined to rows again) and other elements in reading order."""
    if not elements:
        return []
    gutter = _find_gutter(elements) if depth < _DEPTH else None
    if gutter is None:
        return _by_height(elements)
    result: list[Row | Element] = []
    whole: list[Element] = []
    for left, right, across in _bands(elements, gutter):
        if across or not _are_columns(left, right, 2):
            whole += [*left, *right, *across]
            continue
        result += arrange(whole, depth + 1)
        whole = []
        first, left, right, last = _peel(left, right)
        result += _by_height(first)
        result += arrange(_set_anew(left), depth + 1)
        result += arrange(_set_anew(right), depth + 1)
        result += _by_height(last)
    return result + arrange(whole, depth + 1)


def _set_anew(side: list[Element]) -> list[Element]:
    """The elements of one column, their lines found again: beside the other column they were torn or joined by height."""
    glyphs = [glyph for element in side if isinstance(element, Segment) for glyph in element.glyphs]
    others = [element for element in side if not isinstance(element, Segment)]
    rows, _ = rows_of(glyphs)
    return [*others, *(segment for row in rows for segment in row)]


def _peel(
    left: list[Element], right: list[Element]
) -> tuple[list[Element], list[Element], list[Element], list[Element]]:
    """What stands over both columns, the columns, and what stands below both apart from them (a heading of the text that
    follows over the full width, a page number at one side)."""
    first: list[Element] = []
    last: list[Element] = []
    for side, other in ((left, right), (right, left)):
        top, bottom = min(e.top for e in other), max(e.bottom for e in other)
        first += [element for element in side if element.bottom <= top and side is right]
        side.sort(key=lambda element: element.top)
        usual = sorted(e.size for e in side if isinstance(e, Segment))
        while len(side) > 1 and isinstance(side[-1], Segment) and side[-1].top >= bottom:
            end = side[-1]
            above = side[-2]
            is_heading = end.size > 1.1 * usual[len(usual) // 2] or (
                end.bold and isinstance(above, Segment) and not above.bold
            )
            if not is_heading and end.top - above.bottom < 2 * end.size:
                break
            last.append(side.pop())
    over = {id(element) for element in first}
    right = [element for element in right if id(element) not in over]
    return first, left, right, last


def _by_height(elements: Sequence[Element]) -> list[Row | Element]:
    """From top to bottom; segments at one height are one row."""
    result: list[Row | Element] = []
    row: Row = []
    for element in sorted(
        elements, key=lambda e: (e.top + e.bottom) / 2 if isinstance(e, Segment) else e.top
    ):
        if not isinstance(element, Segment):
            if row:
                result.append(_left_to_right(row))
                row = []
            result.append(element)
            continue
        if row and _center(element) - _center(row[0]) > 0.5 * min(element.size, row[0].size):
            result.append(_left_to_right(row))
            row = []
        row.append(element)
    if row:
        result.append(_left_to_right(row))
    return result


def _left_to_right(row: Row) -> Row:
    return sorted(row, key=lambda segment: segment.x0)


def _center(element: Element) -> float:
    return (element.top + element.bottom) / 2


def _find_gutter(elements: Sequence[Element]) -> float | None:
    """Where the strip between two columns lies that most lines of the page stand beside; None where there is none.

    It need not run from the top of the page to its foot: what crosses it cuts the page into bands.
    """
    segments = [element for element in elements if isinstance(element, Segment)]
    if len(segments) < 2 * _MIN_LINES:
        return None
    x0, x1 = min(e.x0 for e in segments), max(e.x1 for e in segments)
    size = sorted(segment.size for segment in segments)[len(segments) // 2]
    reach = 6 * size
    if x1 - x0 < 2 * reach:
        return None
    edges: dict[int, int] = {}
    for segment in segments:
        if x0 + reach < segment.x0 < x1 - reach:
            edge = int(segment.x0 // 2)
            edges[edge] = edges.get(edge, 0) + 1
    best, gutter = 0, None
    for edge in sorted(sorted(edges, key=lambda edge: -edges[edge])[:_MOST_EDGES]):
        x = edge * 2 - 0.3 * size
        beside = 0
        for left, right, _ in _bands(elements, x):
            if left and right and _are_columns(left, right, _MIN_LINES):
                beside += len(left) + len(right)
        if beside > best:
            best, gutter = beside, x
    return gutter


Band = tuple[list[Element], list[Element], list[Element]]
"""What stands left and right of the strip; or, alone, what lies across it."""


def _bands(elements: Sequence[Element], gutter: float) -> list[Band]:
    """Runs of elements beside the strip, and between them those that cross it, from top to bottom."""
    bands: list[Band] = []
    for element in sorted(elements, key=_center):
        if element.x1 <= gutter:
            pieces: list[tuple[int, Element]] = [(0, element)]
        elif element.x0 >= gutter:
            pieces = [(1, element)]
        else:
            halves = _cut(element, gutter)
            pieces = [(0, halves[0]), (1, halves[1])] if halves else [(2, element)]
        crosses = pieces[0][0] == 2
        if not bands or crosses != bool(bands[-1][2]):
            bands.append(([], [], []))
        for side, piece in pieces:
            bands[-1][side].append(piece)
    return bands


def _cut(element: Element, x: float) -> tuple[Segment, Segment] | None:
    """A segment over `x` as two, if no character stands there."""
    if not isinstance(element, Segment):
        return None
    glyphs = element.glyphs
    index = bisect_left(glyphs, x, key=attrgetter("x0"))
    while 0 < index < len(glyphs) and glyphs[index].text.isspace():
        index += 1
    last = index - 1
    while last > 0 and glyphs[last].text.isspace():
        last -= 1
    if not 0 <= last < index < len(glyphs):
        return None
    if glyphs[last].x1 > x or glyphs[index].x0 - glyphs[last].x1 < _GAP * element.size:
        return None
    return make_segment(glyphs[: last + 1]), make_segment(glyphs[index:])


@dataclass(slots=True)
class _SideLine:
    """What stands at one height on one side of a strip."""

    center: float
    x0: float
    x1: float
    ink: float
    text: str


@dataclass(slots=True)
class _Side:
    """One side of a strip."""

    lines: list[_SideLine]
    x0: float
    x1: float

    def share(self, pattern: re.Pattern[str], *, whole: bool) -> float:
        match = pattern.fullmatch if whole else pattern.match
        return sum(1 for line in self.lines if match(line.text)) / len(self.lines)

    def is_filled(self) -> bool:
        """Whether most lines reach over their column, as those of running text do."""
        width = self.x1 - self.x0
        fills = sorted(line.ink / width for line in self.lines)
        return fills[len(fills) // 2] >= 0.62

    def begins_in_line(self, size: float) -> bool:
        """Whether its lines share a left edge, but for some indents."""
        near = sum(1 for line in self.lines if line.x0 - self.x0 < 2.6 * size)
        return near >= 0.7 * len(self.lines)


def _side(elements: Sequence[Element], size: float) -> _Side | None:
    segments = [element for element in elements if isinstance(element, Segment)]
    lines: list[_SideLine] = []
    for segment in sorted(segments, key=_center):
        center = _center(segment)
        if lines and center - lines[-1].center < 0.45 * size:
            line = lines[-1]
            if segment.x0 < line.x0:
                line.text = segment.text
            line.x0, line.x1 = min(line.x0, segment.x0), max(line.x1, segment.x1)
            line.ink += segment.x1 - segment.x0
        else:
            ink = segment.x1 - segment.x0
            lines.append(_SideLine(center, segment.x0, segment.x1, ink, segment.text))
    if not lines:
        return None
    return _Side(lines, min(line.x0 for line in lines), max(line.x1 for line in lines))


def _are_columns(left: Sequence[Element], right: Sequence[Element], least: int) -> bool:
    """Whether what stands on both sides of a strip are columns of text rather than cells of a table.

    Lines at differing heights are the surest sign; lines at the same heights must be running text or lists.
    """
    if len(left) < least or len(right) < least:
        return False
    sizes = sorted(e.size for e in [*left, *right] if isinstance(e, Segment))
    if not sizes:
        return False
    size = sizes[len(sizes) // 2]
    a, b = _side(left, size), _side(right, size)
    if a is None or b is None or len(a.lines) < least or len(b.lines) < least:
        return False
    is_narrow = min(a.x1 - a.x0, b.x1 - b.x0) < 8 * size
    if is_narrow and least == _MIN_LINES:
        return False
    top = max(a.lines[0].center, b.lines[0].center) - size
    bottom = min(a.lines[-1].center, b.lines[-1].center) + size
    beside = [[line for line in side.lines if top < line.center < bottom] for side in (a, b)]
    if min(len(lines) for lines in beside) < least - 1:
        return False
    if not a.begins_in_line(size) or not b.begins_in_line(size):
        return False
    if max(a.share(_NUMBER, whole=True), b.share(_NUMBER, whole=True)) > 0.3:
        return False
    fewer, more = sorted(beside, key=len)
    others = [line.center for line in more]
    level = sum(1 for line in fewer if _is_near(others, line.center, 0.15 * size)) / len(fewer)
    if _restarts(a, b, size) > 1 or _restarts(b, a, size) > 1:
        return False
    if level < 0.6:
        return True
    return (a.is_filled() and b.is_filled() and not is_narrow) or (
        a.share(_BULLET, whole=False) >= 0.4 and b.share(_BULLET, whole=False) >= 0.4
    )


def _is_near(values: list[float], value: float, reach: float) -> bool:
    index = bisect_left(values, value - reach)
    return index < len(values) and values[index] <= value + reach


def _restarts(side: _Side, other: _Side, size: float) -> int:
    """How often a side falls silent and goes on level with a line of the other: cells of a table do, columns do not."""
    others = [line.center for line in other.lines]
    return sum(
        1
        for above, line in pairwise(side.lines)
        if line.center - above.center > 5 * size and _is_near(others, line.center, 0.3 * size)
    )
