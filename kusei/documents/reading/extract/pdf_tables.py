"""A table while it is read: cells with their printed lines, before pages are joined."""

from __future__ import annotations

from dataclasses import dataclass, field

from kusei.documents.reading.model import Box, Cell, Table


@dataclass(slots=True)
class CellLine:
    """One printed line of a cell."""

    text: str
    page: int
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
    open_top: bool = False
    open_bottom: bool = False
    height: float = 0.0
    room: float = 0.0
    """How much is blank between its text and its lower edge beyond the padding, in sizes of its characters."""

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
    header_rows: int = 0
    """Rows at the start that were found repeated on a later page."""
    pages: int = 1
    before: list[str] = field(default_factory=list)
    """Texts printed right above the table, to know them when they are repeated."""

    def finish(self) -> Table:
        """The table as the next steps get it."""
        rows: list[list[Cell | None]] = []
        for r, row in enumerate(self.rows, 1):
            rows.append([_finish(cell, r, c) if cell else None for c, cell in enumerate(row, 1)])
        return Table(rows, page=self.page, line=self.line, caption=self.caption)

    def last_owners(self) -> list[RawCell | None]:
        """For each column the cell that fills it in the last row."""
        owners: list[RawCell | None] = [None] * len(self.rows[-1])
        left = len(owners)
        for r in range(len(self.rows) - 1, -1, -1):
            for c, cell in enumerate(self.rows[r]):
                if cell and r + cell.row_span >= len(self.rows):
                    for column in range(c, min(c + cell.col_span, len(owners))):
                        if owners[column] is None:
                            owners[column] = cell
                            left -= 1
            if not left:
                break
        return owners

    def set_columns(self, xs: list[float], indexes: list[int]) -> None:
        """Gives the table the finer columns `xs`; `indexes[i]` is where its old border i lies among them."""
        for r, row in enumerate(self.rows):
            new: list[RawCell | None] = [None] * (len(xs) - 1)
            for c, cell in enumerate(row):
                if cell:
                    cell.col_span = indexes[min(c + cell.col_span, len(indexes) - 1)] - indexes[c]
                    new[indexes[c]] = cell
            self.rows[r] = new
        self.xs = xs


def _finish(cell: RawCell, row: int, column: int) -> Cell:
    last = max((line.number for line in cell.lines if line.page == cell.page), default=cell.first_line)
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
