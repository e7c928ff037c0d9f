"""One PDF page → lines and tables in reading order."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from statistics import median

from kusei.documents.reading.extract.pdf_columns import Element, arrange
from kusei.documents.reading.extract.pdf_glyphs import Glyph, Marks
from kusei.documents.reading.extract.pdf_grids import Grid, GridCell, TooManyRules, find_grids
from kusei.documents.reading.extract.pdf_header_tables import HeaderTable, take_tables
from kusei.documents.reading.extract.pdf_lines import Row, box_of, join_segments, rows_of
from kusei.documents.reading.extract.pdf_tables import CellLine, RawCell, RawTable
from kusei.documents.reading.extract.pdf_unruled import Unruled, find_unruled
from kusei.documents.reading.model import Box, Line


@dataclass(slots=True)
class PageBlocks:
    """What a page holds, and what its reader should be told."""

    blocks: list[Line | RawTable] = field(default_factory=list)
    furigana: int = 0
    unruled: list[int] = field(default_factory=list)
    """Lines where tables without rules begin."""
    too_complex: bool = False
    height: float = 0.0
    places: dict[int, Box] = field(default_factory=dict)
    """The box of each line by its number, upright."""


@dataclass(slots=True)
class GridElement:
    """A ruled table among the lines of a page."""

    grid: Grid
    x0: float
    top: float
    x1: float
    bottom: float


def read_page(marks: Marks, number: int) -> PageBlocks:
    """The lines and tables of page `number` in reading order, numbered from 1."""
    result = PageBlocks(height=marks.height)
    try:
        grids = find_grids(marks)
    except TooManyRules:
        grids, result.too_complex = [], True
    grids, free = _fill_grids(grids, marks.glyphs, result)
    rows, dropped = rows_of(free)
    result.furigana += dropped
    elements: list[Element] = [GridElement(grid, grid.x0, grid.top, grid.x1, grid.bottom) for grid in grids]
    tables, rows = take_tables(rows, marks.height)
    elements += tables
    elements += [segment for row in rows for segment in row]
    _Numbering(marks, number, result).add_all(arrange(elements))
    return result


def _fill_grids(grids: list[Grid], glyphs: list[Glyph], result: PageBlocks) -> tuple[list[Grid], list[Glyph]]:
    """Grids that are tables, with the text of their cells; and the characters that stand in none of them.

    The smallest grid around a character gets it, so that a table in a frame is found; a grid inside a cell of a real
    table is then given up, and its text belongs to that cell.
    """
    by_size = sorted(grids, key=lambda grid: (grid.x1 - grid.x0) * (grid.bottom - grid.top))
    kept: list[Grid] = []
    free = glyphs
    for grid in reversed(by_size):  # from the largest
        if any(_is_inside(grid, other) for other in kept):
            continue
        outside = _take(grid, free)
        if _is_table(grid):
            kept.append(grid)
            free = outside
            _read_cells(grid, result)
        else:
            for cell in grid.cells:
                cell.glyphs = []
    return kept, free


def _is_inside(inner: Grid, outer: Grid) -> bool:
    return (
        outer.x0 - 1 <= inner.x0
        and inner.x1 <= outer.x1 + 1
        and outer.top - 1 <= inner.top
        and inner.bottom <= outer.bottom + 1
    )


def _take(grid: Grid, glyphs: list[Glyph]) -> list[Glyph]:
    """Gives the characters inside `grid` to its cells; returns those outside."""
    x0, x1, top, bottom = grid.x0, grid.x1, grid.top, grid.bottom
    xs, ys, owner = grid.xs, grid.ys, grid.owner
    outside: list[Glyph] = []
    for glyph in glyphs:
        x = (glyph.x0 + glyph.x1) / 2
        if not (x0 <= x < x1 and top <= glyph.center < bottom):
            outside.append(glyph)
            continue
        cell = owner[bisect_right(ys, glyph.center) - 1][bisect_right(xs, x) - 1]
        if cell:
            cell.glyphs.append(glyph)
    return _take_overflow(grid, outside)


def _take_overflow(grid: Grid, outside: list[Glyph]) -> list[Glyph]:
    """Gives text that runs out of the lower edge of an open cell, line by line, to that cell."""
    open_cells = [cell for cell in grid.owner[-1] if cell and cell.open_bottom and cell.glyphs]
    if not open_cells:
        return outside
    reached = {id(cell): max(glyph.bottom for glyph in cell.glyphs) for cell in open_cells}
    rest: list[Glyph] = []
    for glyph in sorted(outside, key=lambda glyph: glyph.center):
        for cell in open_cells:
            if (
                glyph.center >= grid.bottom
                and cell.x0 <= glyph.x0
                and glyph.x1 <= cell.x1 + 1
                and glyph.top - reached[id(cell)] < glyph.size
            ):
                cell.glyphs.append(glyph)
                reached[id(cell)] = max(reached[id(cell)], glyph.bottom)
                break
        else:
            rest.append(glyph)
    return rest


def _is_table(grid: Grid) -> bool:
    """Two filled columns and two filled rows at least: a frame, a heading in a box or a drawing is no table."""
    filled = [cell for cell in grid.cells if any(not glyph.text.isspace() for glyph in cell.glyphs)]
    columns = {cell.column for cell in filled}
    rows = {cell.row for cell in filled}
    return len(columns) > 1 and len(rows) > 1


def _read_cells(grid: Grid, result: PageBlocks) -> None:
    for cell in grid.cells:
        cell.rows, dropped = rows_of(cell.glyphs)
        result.furigana += dropped


@dataclass(slots=True)
class _Numbering:
    """Turns elements in reading order into numbered lines and tables."""

    marks: Marks
    page: int
    result: PageBlocks
    next_line: int = 1

    def add_all(self, ordered: list[Row | Element]) -> None:
        index = 0
        while index < len(ordered):
            item = ordered[index]
            index += 1
            if isinstance(item, GridElement):
                self._add_grid(item.grid)
            elif isinstance(item, HeaderTable):
                self._add_header_table(item)
            elif isinstance(item, list):
                run: list[Row] = [item]
                if len(item) > 1:
                    for other in ordered[index:]:
                        if not isinstance(other, list):
                            break
                        run.append(other)
                found = find_unruled(run, self.marks.horizontal) if len(run) > 2 else None
                if found:
                    self._add_unruled(found[0])
                    index += found[1] - 1
                else:
                    self._add_line(item)

    def _add_line(self, row: Row) -> None:
        text = join_segments(row)
        if not text.strip():
            return
        main = max(row, key=lambda segment: len(segment.glyphs))
        box = self.marks.page_box(box_of(row))
        self.result.blocks.append(Line(text, self.next_line, self.page, box, round(main.size, 1), main.bold))
        self.result.places[self.next_line] = box_of(row)
        self.next_line += 1

    def _add_grid(self, grid: Grid) -> None:
        first = self.next_line
        numbers = self._number_rows(grid.cells)
        made = {id(cell): self._cell(cell, numbers) for cell in grid.cells}
        rows: list[list[RawCell | None]] = [[None] * (len(grid.xs) - 1) for _ in range(len(grid.ys) - 1)]
        for cell in grid.cells:
            rows[cell.row][cell.column] = made[id(cell)]
        _set_empty_lines(rows, first)
        self._add_table(RawTable(rows, grid.xs, self.page, first, grid.top, grid.bottom))

    def _add_header_table(self, found: HeaderTable) -> None:
        first = self.next_line
        numbers = self._number_rows(found.cells)
        rows: list[list[RawCell | None]] = [[None] * (len(found.xs) - 1) for _ in range(found.row_count)]
        for cell in found.cells:
            rows[cell.row][cell.column] = self._cell(cell, numbers)
        _set_empty_lines(rows, first)
        self._add_table(RawTable(rows, found.xs, self.page, first, found.top, found.bottom, is_ruled=False))
        self.result.unruled.append(first)

    def _add_unruled(self, found: Unruled) -> None:
        first = self.next_line
        cells = [
            GridCell(r, c, 1, 1, found.xs[c], found.top, found.xs[c + 1], found.bottom, rows=cell)
            for r, row in enumerate(found.rows)
            for c, cell in enumerate(row)
        ]
        numbers = self._number_rows(cells)
        rows: list[list[RawCell | None]] = [[] for _ in found.rows]
        for cell in cells:
            raw = self._cell(cell, numbers)
            raw.box = (
                self.marks.page_box(box_of([s for row in cell.rows for s in row])) if cell.rows else None
            )
            rows[cell.row].append(raw)
        _set_empty_lines(rows, first)
        table = RawTable(rows, found.xs, self.page, first, found.top, found.bottom, is_ruled=False)
        self._add_table(table)
        self.result.unruled.append(first)

    def _add_table(self, table: RawTable) -> None:
        above = [block for block in self.result.blocks[-3:] if isinstance(block, Line)]
        table.before = [block.text for block in above]
        last = self.result.blocks[-1] if self.result.blocks else None
        table.caption = last.text if isinstance(last, Line) else None
        self.result.blocks.append(table)

    def _number_rows(self, cells: list[GridCell]) -> dict[int, int]:
        """The line number of each printed row of a table: rows of different cells at one height share it."""
        rows = [row for cell in cells for row in cell.rows]
        centers = sorted(
            (median([glyph.center for segment in row for glyph in segment.glyphs]), row[0].size, id(row))
            for row in rows
        )
        numbers: dict[int, int] = {}
        current = None
        for center, size, key in centers:
            if current is not None and center - current > 0.5 * size:
                self.next_line += 1
                current = center
            elif current is None:
                current = center
            numbers[key] = self.next_line
        self.next_line += bool(centers)
        return numbers

    def _cell(self, cell: GridCell, numbers: dict[int, int]) -> RawCell:
        lines = []
        for row in cell.rows:
            right = max(segment.x1 for segment in row)
            padding = min(max(2.0, row[0].x0 - cell.x0), row[0].size)
            is_full = cell.x1 - right < padding + 1.05 * row[-1].size
            lines.append(CellLine(join_segments(row, in_cell=True), self.page, numbers[id(row)], is_full))
        box = self.marks.page_box((cell.x0, cell.top, cell.x1, cell.bottom))
        first = lines[0].number if lines else 0
        raw = RawCell(lines, self.page, box, cell.row_span, cell.col_span, first)
        raw.open_top, raw.open_bottom, raw.height = cell.open_top, cell.open_bottom, cell.bottom - cell.top
        if cell.rows:
            padding = max(0.0, min(segment.top for segment in cell.rows[0]) - cell.top)
            rest = cell.bottom - max(segment.bottom for segment in cell.rows[-1])
            raw.room = (rest - padding) / cell.rows[-1][0].size
        return raw


def _set_empty_lines(rows: list[list[RawCell | None]], first: int) -> None:
    """Empty cells take the first line number of their row, so that they too have a place."""
    line = first
    for row in rows:
        line = min((cell.first_line for cell in row if cell and cell.lines), default=line)
        for cell in row:
            if cell and not cell.lines:
                cell.first_line = line
