"""Excel workbooks: one group of blocks for every visible sheet, values as they are shown."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from kusei.documents.reading.extract.grids import (
    cell_lines,
    drop_bare_columns,
    is_real_table,
    split_leading,
    split_trailing,
)
from kusei.documents.reading.extract.guards import MAX_TABLE_CELLS, damaged, empty_file, too_large
from kusei.documents.reading.extract.number_formats import displayed
from kusei.documents.reading.extract.sheet_names import names_are_parts
from kusei.documents.reading.model import Cell, Extract, Line, Page, Table, Warning

Rows = list[list[Cell | None]]
Merges = dict[tuple[int, int], tuple[int, int]]
"""(row, column) of the upper left cell → how many rows and columns it covers."""


def read(path: Path, progress: Any = None) -> Extract:
    """Every visible sheet as a Page without a number; hidden sheets are told in a warning."""
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")  # openpyxl's remarks on styles it does not know
            with path.open("rb") as file:  # openpyxl refuses names that do not end in .xlsx
                book = load_workbook(file, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises nearly anything on a mangled workbook
        raise damaged() from error
    sheets = list(book.worksheets)
    warnings = [
        Warning("hidden_sheet", f"シート「{sheet.title}」は非表示のため読みませんでした。")
        for sheet in sheets
        if sheet.sheet_state != "visible"
    ]
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not any(True for sheet in shown for cell in sheet._cells.values() if cell.value is not None):
        raise empty_file()
    pages = _pages(shown, warnings, progress)
    return Extract("xlsx", pages, len(shown), warnings)


def _pages(sheets: list[Any], warnings: list[Warning], progress: Any) -> Iterator[Page]:
    are_parts = names_are_parts(sheets)
    for index, sheet in enumerate(sheets, 1):
        if progress:
            progress(index, len(sheets))
        blocks = _blocks(sheet)
        table = next((at for at, block in enumerate(blocks) if isinstance(block, Table)), None)
        if are_parts and table is not None:
            blocks.insert(table, Line(sheet.title.strip(), blocks[table].line, heading=2))  # type: ignore[union-attr]
        if sheet.title and _has_hidden(sheet):
            message = f"シート「{sheet.title}」の非表示の行や列も読みました。"
            warnings.append(Warning("hidden_cells", message))
        if any(
            cell.data_type == "f" or (isinstance(cell.value, str) and cell.value.startswith("#REF"))
            for cell in sheet._cells.values()
        ):
            message = f"シート「{sheet.title}」に計算できていないセルがあります。"
            warnings.append(Warning("formula_error", message))
        yield Page(blocks)


def _has_hidden(sheet: Any) -> bool:
    return any(dimension.hidden for dimension in sheet.row_dimensions.values()) or any(
        dimension.hidden for dimension in sheet.column_dimensions.values()
    )


def _blocks(sheet: Any) -> list[Line | Table]:
    """Lines and tables from top to bottom. A blank row ends a table unless its cells are ruled."""
    merges, covered = _merges(sheet)
    by_row: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet._cells.items():
        if (row, column) not in covered:
            by_row.setdefault(row, {})[column] = cell
    filled = {row for row, cells in by_row.items() if any(_text(cell) for cell in cells.values())}
    filled |= {
        row + down
        for (row, column), (rows, _) in merges.items()
        if _text(by_row.get(row, {}).get(column))
        for down in range(rows)
    }
    blocks: list[Line | Table] = []
    group: list[int] = []
    for row in sorted(filled):
        if group and row - group[-1] > 1 and not _is_ruled(by_row, group[-1] + 1, row):
            blocks += _group(sheet, by_row, merges, group)
            group = []
        group.append(row)
    if group:
        blocks += _group(sheet, by_row, merges, group)
    return blocks


def _merges(sheet: Any) -> tuple[Merges, set[tuple[int, int]]]:
    merges: Merges = {}
    covered: set[tuple[int, int]] = set()
    last_row = max((row for row, _ in sheet._cells), default=0)
    last_column = max((column for _, column in sheet._cells), default=0)
    for area in sheet.merged_cells.ranges:
        rows = min(area.max_row, last_row) - area.min_row + 1
        columns = min(area.max_col, last_column) - area.min_col + 1
        if rows < 1 or columns < 1:
            continue
        if rows * columns + len(covered) > MAX_TABLE_CELLS:
            raise too_large("結合セルが大きすぎます")
        merges[area.min_row, area.min_col] = (rows, columns)
        covered |= {
            (area.min_row + down, area.min_col + right)
            for down in range(rows)
            for right in range(columns)
            if down or right
        }
    return merges, covered


def _is_ruled(by_row: dict[int, dict[int, Any]], start: int, end: int) -> bool:
    """Whether the blank rows from `start` to before `end` belong to a table: several of their cells have side borders."""
    if end - start > 20:
        return False
    return all(
        sum(1 for cell in by_row.get(row, {}).values() if cell.has_style and _has_side(cell)) >= 2
        for row in range(start, end)
    )


def _has_side(cell: Any) -> bool:
    border = cell.border
    return bool((border.left and border.left.style) or (border.right and border.right.style))


def _group(
    sheet: Any, by_row: dict[int, dict[int, Any]], merges: Merges, group: list[int]
) -> list[Line | Table]:
    """One run of rows: its leading title rows as lines, the rest as a table (or as lines if it is no grid)."""
    columns = [column for row in group for column, cell in by_row.get(row, {}).items() if _text(cell)]
    if not columns:
        return []
    first, last = min(columns), max(columns)
    if (last - first + 1) * len(group) > MAX_TABLE_CELLS:
        raise too_large("表のます目が多すぎます")
    index_of = {row: index for index, row in enumerate(group)}
    rows: Rows = []
    hidden: set[tuple[int, int]] = set()
    for index, row in enumerate(group):
        line: list[Cell | None] = []
        for column in range(first, last + 1):
            if (index, column) in hidden:
                line.append(None)
                continue
            down, right = merges.get((row, column), (1, 1))
            down = sum(1 for r in range(row, row + down) if r in index_of)
            right = min(right, last - column + 1)
            hidden |= {(index + d, column + r) for d in range(down) for r in range(right)}
            line.append(_cell(sheet.title, by_row.get(row, {}).get(column), row, column, down, right))
        rows.append(line)
    above, rows = split_leading(rows)
    rows, below = split_trailing(rows)
    blocks: list[Line | Table] = [*above]
    rows = drop_bare_columns(rows)
    if is_real_table(rows):
        first_line = next((cell.line for cell in rows[0] if cell), group[0])
        blocks.append(Table(rows, line=first_line, caption=sheet.title))
    else:
        for line in rows:
            blocks += cell_lines([cell for cell in line if cell and cell.text.strip()])
    return [*blocks, *below]


def _text(cell: Any) -> str:
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, str):
        return cell.value.strip()
    return displayed(cell.value, cell.number_format if cell.has_style else "General")


def _cell(title: str, cell: Any, row: int, column: int, row_span: int, col_span: int) -> Cell:
    text = _text(cell).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    ref = f"{title}!{get_column_letter(column)}{row}"
    return Cell(text, line=row, end_line=row, ref=ref, row_span=max(1, row_span), col_span=max(1, col_span))
