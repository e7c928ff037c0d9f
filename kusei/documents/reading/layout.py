"""Tables that only lay a text out: their cells hold an outline, so they are read as lines, cell by cell."""

from __future__ import annotations

import re

from kusei.documents.reading.columns import Role, read_headings
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.normalise import clean

_ROW_ROLES = {
    Role.PLAN,
    Role.RESULT,
    Role.AMOUNT,
    Role.PREVIOUS,
    Role.OWNER,
    Role.TARGET,
    Role.ACTUAL,
    Role.FOCUS,
}


def as_lines(table: Table) -> list[Line] | None:
    """The lines of a layout table in reading order (row by row, cell by cell); None for a table of data.

    A layout table has two or three columns, none of which holds plans, results, money or bodies, and cells with several
    marked lines: (1) …, ア …, ・….
    """
    columns = len(table.rows[0]) if table.rows else 0
    if not 1 <= columns <= 3:
        return None
    body = table.rows
    headings = read_headings([clean(cell.text) if cell else "" for cell in table.rows[0]])
    has_header = any(heading.role is not Role.OTHER for heading in headings) and all(
        cell is None or len(cell.text) <= 16 for cell in table.rows[0]
    )
    if has_header:
        if any(heading.role in _ROW_ROLES for heading in headings):
            return None
        body = table.rows[1:]
    cells = [cell for row in body for cell in row if cell is not None and cell.text.strip()]
    outlined = [cell for cell in cells if _is_outline(cell)]
    if not outlined or len(outlined) < max(1, len(body) * 0.3):
        return None
    kept = table.rows if has_header else body
    return [line for row in kept for cell in row if cell is not None for line in _lines_of(cell, table)]


_MONTH = re.compile(r"(?:[^\d]{0,4}\d{1,2}\s*月|第?\s*\d\s*四半期|[上下]半期|[春夏秋冬]|年度[初末当]).{0,8}")


def is_calendar(table: Table) -> bool:
    """A narrow table whose rows are months: when what is done, year by year."""
    rows = [row for row in table.rows[1:] if row and row[0] is not None]
    return (
        len(rows) >= 2
        and len(table.rows[0]) <= 3
        and all(row[0] is not None and _MONTH.fullmatch(clean(row[0].text)) for row in rows)
    )


def _is_outline(cell: Cell) -> bool:
    marked = [marker for text in cell.text.split("\n") if (marker := find_marker(text)) is not None]
    numbered = [marker for marker in marked if not marker.is_bullet]
    return len(numbered) >= 1 and len(cell.text.split("\n")) >= 3


def _lines_of(cell: Cell, table: Table) -> list[Line]:
    return [
        Line(text, (cell.line or table.line) + at, cell.page, cell.box)
        for at, text in enumerate(cell.text.split("\n"))
        if text.strip()
    ]
