"""The squarified tree map: rectangles for numbers, as square as they can be, in order of size.

Method: Bruls, Huizing, van Wijk, "Squarified Treemaps" (2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on the drawing, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


def squarify(values: Sequence[float], area: Rectangle) -> list[Rectangle]:
    """One rectangle for each value, in the order given, filling `area` in proportion.

    ASSUMPTION: the values are sorted, largest first. Zero and negative values get an empty rectangle.
    """
    total = sum(value for value in values if value > 0)
    if total <= 0:
        return [Rectangle(area.x, area.y, 0, 0) for _ in values]
    scale = area.width * area.height / total
    sizes = [max(value, 0) * scale for value in values]
    placed: list[Rectangle] = []
    rest = area
    start = 0
    while start < len(sizes):
        side = min(rest.width, rest.height)
        end = start + 1
        while end < len(sizes) and _worst(sizes[start : end + 1], side) <= _worst(sizes[start:end], side):
            end += 1
        row, rest = _lay(sizes[start:end], rest)
        placed.extend(row)
        start = end
    return placed


def _worst(sizes: Sequence[float], side: float) -> float:
    """The worst ratio of sides among rectangles laid in one row along `side`."""
    total, largest, smallest = sum(sizes), max(sizes), min(sizes)
    if smallest <= 0 or side <= 0:
        return float("inf")
    return max(side * side * largest / total**2, total**2 / (side * side * smallest))


def _lay(sizes: Sequence[float], rest: Rectangle) -> tuple[list[Rectangle], Rectangle]:
    """One row along the shorter side, and what is left of the area."""
    total = sum(sizes)
    placed = []
    if rest.width >= rest.height:
        depth = total / rest.height if rest.height else 0
        y = rest.y
        for size in sizes:
            length = size / depth if depth else 0
            placed.append(Rectangle(rest.x, y, depth, length))
            y += length
        return placed, Rectangle(rest.x + depth, rest.y, max(rest.width - depth, 0), rest.height)
    depth = total / rest.width if rest.width else 0
    x = rest.x
    for size in sizes:
        length = size / depth if depth else 0
        placed.append(Rectangle(x, rest.y, length, depth))
        x += length
    return placed, Rectangle(rest.x, rest.y + depth, rest.width, max(rest.height - depth, 0))
