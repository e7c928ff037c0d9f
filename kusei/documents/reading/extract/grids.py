"""What the grids of all formats share: title rows above, notes below, spans into rows of cells and None."""

from __future__ import annotations

import re

from kusei.documents.reading.extract.guards import MAX_TABLE_CELLS, too_large
from kusei.documents.reading.model import Cell, Line, Table

Rows = list[list[Cell | None]]

_UNIT = re.compile(r"単\s*位")
_NOTE = re.compile(r"\s*(※|＊|\*|[（(]?注|備\s*考|出\s*典)")


def split_leading(rows: Rows) -> tuple[list[Line], Rows]:
    """Rows that are titles (one filled cell, or a title beside its unit) as lines, and the rows from the header on."""
    lines: list[Line] = []
    while rows:
        filled = [cell for cell in rows[0] if cell and cell.text.strip()]
        is_title = len(filled) == 1 or (
            len(filled) == 2 and len(rows[0]) > 3 and any(_UNIT.search(cell.text) for cell in filled)
        )
        if not (is_title or not filled) or (len(filled) == 1 and filled[0].row_span > 1 and len(rows[0]) > 1):
            break
        lines += cell_lines(filled)
        rows = rows[1:]
    return lines, rows


def split_trailing(rows: Rows) -> tuple[Rows, list[Line]]:
    """The rows of the table, and the notes (※ …) that stand alone in the rows behind it, as lines."""
    cut = len(rows)
    while cut > 1:
        filled = [cell for cell in rows[cut - 1] if cell and cell.text.strip()]
        if len(filled) != 1 or filled[0].row_span > 1 or not _NOTE.match(filled[0].text):
            break
        cut -= 1
    below = [line for row in rows[cut:] for line in cell_lines([c for c in row if c and c.text.strip()])]
    return rows[:cut], below


def cell_lines(cells: list[Cell]) -> list[Line]:
    """The cells of one row as printed lines: those of a single cell each apart, several cells side by side."""
    if not cells:
        return []
    if len(cells) > 1:
        text = "  ".join(" ".join(cell.text.split("\n")) for cell in cells)
        return [Line(text, cells[0].line, page=cells[0].page, box=cells[0].box)]
    cell = cells[0]
    return [
        Line(text, min(cell.line + offset, max(cell.end_line, cell.line)), page=cell.page, box=cell.box)
        for offset, text in enumerate(cell.text.split("\n"))
        if text.strip()
    ]


def place_cells(rows: list[list[Cell]]) -> Rows:
    """Cells in their reading order, each with its spans, as a full grid: None where another cell reaches.

    As HTML does it: a cell goes to the first free place of its row; spans beyond the last row are cut.
    """
    grid: dict[tuple[int, int], Cell | None] = {}
    width = 0
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in grid:
                c += 1
            row_span = min(cell.row_span, len(rows) - r)
            if len(grid) + row_span * cell.col_span > MAX_TABLE_CELLS:
                raise too_large("表のます目が多すぎます")
            for down in range(row_span):
                for right in range(cell.col_span):
                    grid.setdefault((r + down, c + right), None)
            grid[r, c] = _with_row_span(cell, row_span)
            c += cell.col_span
            width = max(width, c)
    if width * len(rows) > MAX_TABLE_CELLS:
        raise too_large("表のます目が多すぎます")
    return [[grid.get((r, c), Cell("")) for c in range(width)] for r in range(len(rows))]


def _with_row_span(cell: Cell, row_span: int) -> Cell:
    if cell.row_span == row_span:
        return cell
    return Cell(cell.text, cell.page, cell.line, cell.end_line, cell.box, cell.ref, row_span, cell.col_span)


def drop_bare_columns(rows: Rows) -> Rows:
    """`rows` without the columns in which no filled cell begins (Excel's squared paper); spans shrink with them."""
    width = max((len(row) for row in rows), default=0)
    kept = sorted({c for row in rows for c, cell in enumerate(row) if cell and cell.text.strip()})
    if len(kept) == width:
        return rows
    result: Rows = []
    for row in rows:
        new: list[Cell | None] = []
        for c in kept:
            cell = row[c] if c < len(row) else Cell("")
            if cell and cell.col_span > 1:
                span = sum(1 for k in kept if c <= k < c + cell.col_span)
                cell = Cell(
                    cell.text, cell.page, cell.line, cell.end_line, cell.box, cell.ref, cell.row_span, span
                )
            new.append(cell)
        result.append(new)
    return _fill_orphans(result)


def _fill_orphans(rows: Rows) -> Rows:
    """None must lie under a span: where the spanning cell's own column was dropped, an empty cell takes its place."""
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell:
                covered |= {(r + d, c + e) for d in range(cell.row_span) for e in range(cell.col_span)}
            elif (r, c) not in covered:
                row[c] = Cell("")
    return rows


def is_real_table(rows: Rows) -> bool:
    """Whether a grid is a table: a single cell or a single column is a box around text."""
    columns = {c for row in rows for c, cell in enumerate(row) if cell and cell.text.strip()}
    return len(columns) > 1 and len(rows) > 1


def blocks_of(table: Table) -> list[Line | Table]:
    """The table itself, or its lines where it is only a box around text."""
    if is_real_table(table.rows):
        return [table]
    return [line for row in table.rows for line in cell_lines([c for c in row if c and c.text.strip()])]
