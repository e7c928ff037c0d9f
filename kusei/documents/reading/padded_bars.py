"""Columns that bars or tabs keep apart → tables; what all padded tables are built of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kusei.documents.reading.cells import is_amount
from kusei.documents.reading.columns import header_score
from kusei.documents.reading.markers import Marker
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_layout import Layout, cells_wide
from kusei.documents.reading.padded_rows import is_rule

_BAR = re.compile(r"[|│┃｜┆┊║]")
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")


@dataclass(slots=True)
class Found:
    """A table and the index of the first line below it; `layout` and `head` let rows go on further down."""

    table: Table
    end: int
    layout: Layout | None = None
    head: Line | None = None
    above: Marker | None = None
    """The marker of the heading above the table: its next one ends what may go on."""
    again: Callable[[Sequence[Line], int], Found | None] | None = None
    """Reads rows of the same columns further down, where the table goes on."""


def cell_of(text: str, line: Line) -> Cell:
    """A cell that stands on one line."""
    return Cell(text, line.page, line.number, line.number, line.box)


def table_of(rows: list[list[Cell | None]], first: Line) -> Table:
    """A table with rows of even length."""
    width = max(len(row) for row in rows)
    for row in rows:
        at = next((cell.line for cell in row if cell is not None), first.number)
        row += [Cell("", first.page, at, at) for _ in range(width - len(row))]
    return Table(rows, first.page, first.number)


def bars_at(lines: Sequence[Line], i: int) -> Found | None:
    """Rows of cells between bars. Where rules part the rows, the lines between two rules are one row."""
    framed = bool(re.match(r"^\s*[┌┏╔+][─━═┬┳╦+-]{3,}", lines[i].text)) and i + 1 < len(lines)
    if len(_BAR.findall(lines[i + framed].text)) < 2 or is_rule(lines[i + framed].text):
        return None
    blocks: list[list[list[Cell | None]]] = [[]]
    widths: set[int] = set()
    end = i
    while end < len(lines):
        line = lines[end]
        if len(_BAR.findall(line.text)) >= 2 and not is_rule(line.text) and not _PIPE_RULE.match(line.text):
            parts = re.split(r"(?<!\\)[|│┃｜┆┊║]", re.sub(r"^[|│┃｜║]|[|│┃｜║]$", "", line.text.strip()))
            cells: list[Cell | None] = [
                cell_of(re.sub(r"<br\s*/?>", "\n", part).replace("\\|", "|").strip(" \u3000\t"), line)
                for part in parts
            ]
            widths.add(len(cells))
            if len(widths) > 2:
                return None
            blocks[-1].append(cells)
        elif _is_bar_rule(line.text):
            if blocks[-1]:
                blocks.append([])
        elif line.text.strip():
            break
        end += 1
    blocks = [block for block in blocks if block]
    rows = [row for block in blocks for row in block]
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    if len(blocks) > 2:
        rows = [_stacked(block) for block in blocks]
    return Found(table_of(rows, lines[i]), end)


def _is_bar_rule(text: str) -> bool:
    return bool(text.strip()) and (is_rule(text) or bool(_PIPE_RULE.match(text)))


def _stacked(block: list[list[Cell | None]]) -> list[Cell | None]:
    """The lines of one row as one row."""
    row: list[Cell | None] = []
    for c in range(max(len(cells) for cells in block)):
        own = [cell for cells in block if c < len(cells) and (cell := cells[c]) is not None and cell.text]
        first = own[0] if own else next(cells[0] for cells in block if cells[0] is not None)
        text = "\n".join(cell.text for cell in own)
        row.append(Cell(text, first.page, first.line, own[-1].end_line if own else first.line, first.box))
    return row


def tabs_at(lines: Sequence[Line], i: int) -> Found | None:
    """Lines of cells between tabs below a heading line; a quoted cell may hold line breaks. A lone line between them heads a group."""
    heads = _cells_of(lines[i].text)
    filled = [head for head in heads if head]
    if (
        len(filled) < 2
        or header_score(filled) < 2
        or header_score(filled) * 2 < len(filled)
        or any(is_amount(head) for head in filled)
    ):
        return None
    rows: list[list[Cell | None]] = []
    pending: list[list[Cell | None]] = []
    end = at = i
    while at < len(lines):
        line = lines[at]
        text, last = line.text, at
        while "\t" in text and text.count('"') % 2 and last + 1 < len(lines) and last - at < 30:
            last += 1
            text += "\n" + lines[last].text
        cells = _cells_of(text)
        if len(cells) > len(heads) + 2 or len(text) > 4000:
            break
        if len(cells) < 2:
            if line.text.strip() and (
                clean(text).endswith("。") or cells_wide(text) > 60 or len(pending) >= 2
            ):
                break
            if line.text.strip() and not is_rule(line.text):
                pending.append([cell_of(text.strip(), line)])
            at += 1
            continue
        if pending and at > i and [clean(cell) for cell in cells] == [clean(head) for head in heads]:
            break
        rows += pending
        pending = []
        rows.append([Cell(cell, line.page, line.number, lines[last].number, line.box) for cell in cells])
        end = at = last + 1
    if len(rows) < 2:
        return None
    if _uneven(rows):
        rows = [[cell for k, cell in enumerate(row) if k == 0 or (cell and cell.text)] for row in rows]
        if _uneven(rows):
            return None
    return Found(table_of(rows, lines[i]), end)


def _uneven(rows: list[list[Cell | None]]) -> bool:
    """Tabs that only pad: the heading line itself has some in a row, and the lines have different numbers of them."""
    widths = [len(row) for row in rows if len(row) > 1]
    padded = any(cell is not None and not cell.text for cell in rows[0])
    return padded and any(width != widths[0] for width in widths)


def _cells_of(text: str) -> list[str]:
    parts = text.rstrip().split("\t") if text.count('"') < 2 else _quoted(text.rstrip())
    return [part.strip(" \u3000\r\n") for part in parts]


def _quoted(text: str) -> list[str]:
    parts = [match[1] for match in re.finditer(r'((?:"(?:[^"]|"")*"|[^\t"])*)(?:\t|$)', text)]
    if parts and not parts[-1]:
        parts.pop()
    return [
        part.strip()[1:-1].replace('""', '"') if re.fullmatch(r'\s*"(?:[^"]|"")*"\s*', part) else part
        for part in parts
    ]
