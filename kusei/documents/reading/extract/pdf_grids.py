"""Ruled tables: from the rules on a page to cells with their spans.

Rules that touch form a group; their positions form a grid of fields; fields with no rule between them are one cell. So
tables that are open at a side, as is common in print, come out whole. Cost grows with the number of fields only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from kusei.documents.reading.extract.pdf_glyphs import Glyph, Marks
from kusei.documents.reading.extract.pdf_lines import Row

Rule = tuple[float, float, float]
"""Position across, start, end."""

_SNAP = 2.0
_JOIN = 3.0
_TOUCH = 3.0
_SHORTEST = 4.0
_MAX_RULES = 20_000
_MAX_FIELDS = 60_000


class TooManyRules(Exception):
    """A page with so many rules that it is a map or a drawing, no table."""


@dataclass(slots=True)
class GridCell:
    """One cell on its page, with its printed rows."""

    row: int
    column: int
    row_span: int
    col_span: int
    x0: float
    top: float
    x1: float
    bottom: float
    open_top: bool = False
    """At the table's upper edge with no rule there, as when a cell goes on from the page before."""
    open_bottom: bool = False
    glyphs: list[Glyph] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A ruled table on one page; `owner[r][c]` is the cell that fills the field."""

    xs: list[float]
    ys: list[float]
    cells: list[GridCell]
    owner: list[list[GridCell | None]]

    @property
    def x0(self) -> float:
        return self.xs[0]

    @property
    def x1(self) -> float:
        return self.xs[-1]

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]

    def cell_at(self, x: float, y: float) -> GridCell | None:
        """The cell at a point; None outside."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.owner) and 0 <= column < len(self.owner[row]):
            return self.owner[row][column]
        return None


def find_grids(marks: Marks) -> list[Grid]:
    """The ruled grids of a page, those inside a cell of another left out. Raises TooManyRules."""
    if len(marks.horizontal) + len(marks.vertical) > _MAX_RULES:
        raise TooManyRules
    horizontal = merge_rules(marks.horizontal)
    vertical = merge_rules(marks.vertical)
    grids: list[Grid] = []
    for hs, vs in _groups(horizontal, vertical):
        grid = _grid(hs, vs)
        if grid:
            grids.append(grid)
    return grids


def merge_rules(rules: list[Rule]) -> list[Rule]:
    """Rules at nearly the same position brought into line, and their pieces joined where they meet."""
    result: list[Rule] = []
    for group in _close(sorted(rules), _SNAP):
        position = sum(rule[0] for rule in group) / len(group)
        pieces = sorted((start, end) for _, start, end in group)
        start, end = pieces[0]
        for next_start, next_end in pieces[1:]:
            if next_start <= end + _JOIN:
                end = max(end, next_end)
            else:
                result.append((position, start, end))
                start, end = next_start, next_end
        result.append((position, start, end))
    return [rule for rule in result if rule[2] - rule[1] >= _SHORTEST]


def _close(rules: list[Rule], reach: float) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in rules:
        if groups and rule[0] - groups[-1][0][0] <= reach:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _groups(horizontal: list[Rule], vertical: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that touch, directly or through others."""
    parent = list(range(len(horizontal) + len(vertical)))

    def find(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    ys = [rule[0] for rule in horizontal]
    for number, (x, top, bottom) in enumerate(vertical, len(horizontal)):
        for index in range(bisect_right(ys, top - _TOUCH), bisect_right(ys, bottom + _TOUCH)):
            _, start, end = horizontal[index]
            if start - _TOUCH <= x <= end + _TOUCH:
                parent[find(index)] = find(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for index, rule in enumerate(horizontal):
        groups[find(index)][0].append(rule)
    for index, rule in enumerate(vertical, len(horizontal)):
        groups[find(index)][1].append(rule)
    return [group for group in groups.values() if len(group[0]) >= 2 and group[1]]


def _grid(hs: list[Rule], vs: list[Rule]) -> Grid | None:
    xs = _positions([x for x, _, _ in vs], [(start, end) for _, start, end in hs])
    ys = _positions([y for y, _, _ in hs], [(start, end) for _, start, end in vs])
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows < 2:
        return None
    if columns * rows > _MAX_FIELDS:
        raise TooManyRules
    walls_v = _walls(vs, xs, ys)
    walls_h = _walls(hs, ys, xs)
    owner: list[list[GridCell | None]] = [[None] * columns for _ in range(rows)]
    cells: list[GridCell] = []
    for r in range(rows):
        for c in range(columns):
            if owner[r][c] is not None:
                continue
            width = 1
            while c + width < columns and owner[r][c + width] is None and (c + width, r) not in walls_v:
                width += 1
            height = 1
            while r + height < rows and _continues(owner, walls_h, walls_v, r + height, c, width):
                height += 1
            cell = GridCell(r, c, height, width, xs[c], ys[r], xs[c + width], ys[r + height])
            cell.open_top = r == 0 and not any((0, c + right) in walls_h for right in range(width))
            cell.open_bottom = r + height == rows and not any(
                (rows, c + right) in walls_h for right in range(width)
            )
            cells.append(cell)
            for down in range(height):
                owner[r + down][c : c + width] = [cell] * width
    return Grid(xs, ys, cells, owner)


def _positions(crossing: list[float], extents: list[tuple[float, float]]) -> list[float]:
    """Where the grid's lines run: the rules themselves, and the ends that at least two rules share beyond the outermost."""
    positions = sorted(set(crossing))
    starts, ends = sorted(start for start, _ in extents), sorted(end for _, end in extents)
    outer = [positions[0] - 2 * _TOUCH, positions[-1] + 2 * _TOUCH]
    if len(starts) > 1 and starts[1] < outer[0] and starts[1] - starts[0] < _SNAP:
        positions.insert(0, starts[0])
    if len(ends) > 1 and ends[-2] > outer[1] and ends[-1] - ends[-2] < _SNAP:
        positions.append(ends[-1])
    return positions


def _walls(rules: list[Rule], across: list[float], along: list[float]) -> set[tuple[int, int]]:
    """Which borders between fields are ruled: (index of the line in `across`, index of the field in `along`)."""
    index_of = {position: index for index, position in enumerate(across)}
    walls: set[tuple[int, int]] = set()
    for position, start, end in rules:
        line = index_of.get(position)
        if line is None:
            continue
        first = max(0, bisect_right(along, start) - 1)
        for number in range(first, len(along) - 1):
            if along[number] >= end:
                break
            covered = min(end, along[number + 1]) - max(start, along[number])
            if covered > 0.6 * (along[number + 1] - along[number]):
                walls.add((line, number))
    return walls


def _continues(
    owner: list[list[GridCell | None]],
    walls_h: set[tuple[int, int]],
    walls_v: set[tuple[int, int]],
    row: int,
    column: int,
    width: int,
) -> bool:
    """Whether a cell of `width` fields reaches down into `row`: nothing ruled above or inside, and the same width."""
    for c in range(column, column + width):
        if owner[row][c] is not None or (row, c) in walls_h:
            return False
        if c > column and (c, row) in walls_v:
            return False
    return True
