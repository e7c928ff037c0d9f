"""The order in which a page is read: down each column where text is set in columns, else from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence

from kusei.documents.reading.extract.pdf_lines import Placed, Row, Segment

Element = Placed

_MIN_LINES = 4
_FILL = 0.62
_STEP = 2.0


def arrange(elements: Sequence[Element], depth: int = 0) -> list[Row | Element]:
    """Segments (joined to rows again) and other elements in reading order."""
    if not elements:
        return []
    gutter = _find_gutter(elements) if depth < 4 else None
    if gutter is None:
        return _by_height(elements)
    result: list[Row | Element] = []
    for band in _bands(elements, gutter):
        left = [element for element in band if element.x1 <= gutter]
        right = [element for element in band if element.x0 >= gutter]
        if left and right and len(left) + len(right) == len(band) and len(band) > 2:
            first, left, right, last = _peel(left, right)
            result += _by_height(first)
            result += arrange(left, depth + 1)
            result += arrange(right, depth + 1)
            result += _by_height(last)
        else:
            result += _by_height(band)
    return result


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
    """The middle of the strip between two columns of running text; None where the page has one column.

    The strip may be crossed by headings and tables over the full width. Columns of a table have a gutter too: text is
    told from a table by its lines, which fill their column.
    """
    segments = [element for element in elements if isinstance(element, Segment)]
    if len(segments) < 2 * _MIN_LINES:
        return None
    x0, x1 = min(e.x0 for e in elements), max(e.x1 for e in elements)
    width = x1 - x0
    if width < 100:
        return None
    count = int(width / _STEP) + 2
    crossing = [0] * (count + 1)
    for element in elements:
        crossing[max(0, int((element.x0 - x0) / _STEP))] += 1
        crossing[min(count, int((element.x1 - x0) / _STEP) + 1)] -= 1
    for index in range(1, count):
        crossing[index] += crossing[index - 1]
    low, high = int(count * 0.2), int(count * 0.8)
    least = min(crossing[low:high])
    best: tuple[int, int] | None = None
    start = None
    for index in range(low, high + 1):
        if index < high and crossing[index] == least:
            start = index if start is None else start
        elif start is not None:
            if best is None or index - start > best[1] - best[0]:
                best = (start, index)
            start = None
    if best is None:
        return None
    size = sorted(segment.size for segment in segments)[len(segments) // 2]
    if (best[1] - best[0]) * _STEP < 0.8 * size:
        return None
    gutter = x0 + (best[0] + best[1]) / 2 * _STEP
    return gutter if _are_columns(segments, gutter) else None


def _are_columns(segments: Sequence[Segment], gutter: float) -> bool:
    """Whether both sides hold lines of running text that fill their column."""
    left = [segment for segment in segments if segment.x1 <= gutter]
    right = [segment for segment in segments if segment.x0 >= gutter]
    crossing = len(segments) - len(left) - len(right)
    if crossing > len(left) + len(right):
        return False
    return _is_filled(left) and _is_filled(right)


def _is_filled(side: Sequence[Segment]) -> bool:
    if len(side) < _MIN_LINES:
        return False
    x0, x1 = min(s.x0 for s in side), max(s.x1 for s in side)
    ink: dict[int, float] = {}
    for segment in side:
        height = round(_center(segment) / max(4.0, segment.size * 0.7))
        ink[height] = ink.get(height, 0.0) + segment.x1 - segment.x0
    if len(ink) < _MIN_LINES or x1 - x0 < 8 * side[0].size:
        return False
    fills = sorted(value / (x1 - x0) for value in ink.values())
    return fills[len(fills) // 2] >= _FILL


def _bands(elements: Sequence[Element], gutter: float) -> list[list[Element]]:
    """Runs of elements beside the gutter, and between them those that cross it, from top to bottom."""
    bands: list[list[Element]] = []
    crossed = None
    for element in sorted(elements, key=_center):
        crosses = element.x0 < gutter < element.x1
        if crosses != crossed or not bands:
            bands.append([])
            crossed = crosses
        bands[-1].append(element)
    return bands
