"""A table while it is read: cells with their printed lines, before pages are joined."""

from __future__ import annotations

from dataclasses import dataclass, field

from kusei.documents.reading.model import Box, Cell, Table


@dataclass(slots=True)
class CellLine:
    """One printed line of a cell."""

    text: str
    number: int
    is_full: bool
    """Whether it reaches the right edge of its cell, so that the text probably wraps on."""


@dataclass(slots=True)
class RawCell:
    """A cell that may still grow."""

    lines: list[CellLine]
    page: int
    box: Box | None
    row_span: int = 1
    col_span: int = 1
    first_line: int = 0

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def key(self) -> str:
        """The text without white space, to compare with."""
        return "".join(self.text.split())


@dataclass(slots=True)
class RawTable:
    """A table on one page, or joined from several."""

    rows: list[list[RawCell | None]]
    xs: list[float]
    page: int
    line: int
    top: float
    bottom: float
    caption: str | None = None
    is_ruled: bool = True
    last_page: int = 0
    header_rows: int = 0
    """Rows at the start that were found repeated on a later page."""
    pages: int = 1
    before: list[str] = field(default_factory=list)
    """Texts printed right above the table, to know them when they are repeated."""

    def finish(self) -> Table:
        """The table as the next steps get it."""
        rows: list[list[Cell | None]] = []
        for r, row in enumerate(self.rows, 1):
            rows.append([cell and _finish(cell, r, c) for c, cell in enumerate(row, 1)])
        return Table(rows, page=self.page, line=self.line, caption=self.caption)

    def owner(self, row: int, column: int) -> tuple[RawCell, int, int] | None:
        """The cell that fills a place, with its own row and column; None for a place that nothing fills."""
        for r in range(row, -1, -1):
            for c in range(column, -1, -1):
                cell = self.rows[r][c]
                if cell and r + cell.row_span > row and c + cell.col_span > column:
                    return cell, r, c
        return None


def _finish(cell: RawCell, row: int, column: int) -> Cell:
    on_first_page = [line.number for line in cell.lines if line.number >= cell.first_line]
    last = max(on_first_page, default=cell.first_line)
    return Cell(
        cell.text,
        cell.page,
        cell.first_line,
        last,
        cell.box,
        f"R{row}C{column}",
        cell.row_span,
        cell.col_span,
    )
