"""Columns that only blanks, tabs or bars keep apart, in plain text → tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kusei.documents.reading.cells import is_amount
from kusei.documents.reading.columns import UNIT, Role, header_score, header_words, stated_unit
from kusei.documents.reading.markers import Marker, find_marker
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_layout import (
    MONEY,
    Layout,
    Piece,
    cells_wide,
    heading_pieces,
    pieces_of,
    whole_pieces,
)
from kusei.documents.reading.padded_rows import CONTENTS, Region, RegionReader, Row, is_heading_line, is_rule

_LONGEST = 400
"""Longer lines are prose or whole documents on one line."""
_BAR = re.compile(r"[|│┃｜┆┊║]")
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")
_DESCRIPTION = "説明"
_TAGS = "新規・拡充"
_BARE_UNIT = re.compile(rf"^[(\[【]\s*(?:金額|金額の単位)?[::]?\s*{UNIT}\s*[)\]】]$")
_REACH = 8
"""How many lines may stand between two parts of one table (page numbers, running heads, a heading)."""


@dataclass(slots=True)
class Found:
    """A table and the index of the first line below it; `layout` and `head` let rows go on further down."""

    table: Table
    end: int
    layout: Layout | None = None
    head: Line | None = None


def find_padded(lines: list[Line]) -> list[Line | Table]:
    """The same lines, with every padded table among them replaced by a Table; other lines stay as they are.

    A line right above that states the unit, （単位：千円）, is the table's caption too, and that of the tables below it that
    have none of their own.
    """
    found: list[Line | Table] = []
    unit: str | None = None
    last: Found | None = None
    since = 0
    i = 0
    while i < len(lines):
        read = _read_at(lines, i)
        if read is None and last is not None and since <= _REACH:
            read = _goes_on(lines, i, last)
        if read is None:
            found.append(lines[i])
            since += bool(lines[i].text.strip())
            i += 1
            continue
        unit = _caption(found, read.table) or unit
        read.table.caption = read.table.caption or unit
        found.append(read.table)
        i, since = read.end, 0
        last = read if read.layout is not None else None
    return found


def _read_at(lines: Sequence[Line], i: int) -> Found | None:
    text = lines[i].text
    if len(text) > _LONGEST or not text.strip() or CONTENTS.search(text):
        return None
    return _bars(lines, i) or _tabs(lines, i) or _columns(lines, i) or _without_head(lines, i)


def _caption(above: list[Line | Table], table: Table) -> str | None:
    """The unit stated on one of the two lines above: the table's caption. The line itself stays, since it may count for the whole document."""
    seen = 0
    for k in range(len(above) - 1, max(-1, len(above) - 7), -1):
        line = above[k]
        if isinstance(line, Table):
            return None
        if not line.text.strip() or is_rule(line.text):
            continue
        folded = clean(line.text)
        if ("単位" in folded and stated_unit(folded) and len(folded) <= 60) or _BARE_UNIT.match(folded):
            table.caption = folded
            return table.caption
        seen += 1
        if seen == 2:
            return None
    return None


def _cell(text: str, line: Line) -> Cell:
    return Cell(text, line.page, line.number, line.number, line.box)


def _table(rows: list[list[Cell | None]], first: Line) -> Table:
    """A table with rows of even length."""
    width = max(len(row) for row in rows)
    for row in rows:
        at = next((cell.line for cell in row if cell is not None), first.number)
        row += [Cell("", first.page, at, at) for _ in range(width - len(row))]
    return Table(rows, first.page, first.number)


# --- bars and tabs -----------------------------------------------------------------------------------------------------


def _bars(lines: Sequence[Line], i: int) -> Found | None:
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
                _cell(re.sub(r"<br\s*/?>", "\n", part).replace("\\|", "|").strip(" \u3000\t"), line)
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
    return Found(_table(rows, lines[i]), end)


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


def _tabs(lines: Sequence[Line], i: int) -> Found | None:
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
                pending.append([_cell(text.strip(), line)])
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
    return Found(_table(rows, lines[i]), end)


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


# --- blanks -----------------------------------------------------------------------------------------------------------


def _columns(lines: Sequence[Line], i: int) -> Found | None:
    """A heading line and the rows below it."""
    layout = _heading_layout(lines[i])
    if layout is None:
        return None
    head = lines[i]
    above = _marker_above(lines, i)
    first = RegionReader(lines, layout, head.text, above).read(i + 1)
    if not first.solid:
        return None
    layout.learn([_pieces(row, lines) for row in first.rows if row.group is None])
    region = RegionReader(lines, layout, head.text, above).read(i + 1)
    enough = 1 if len(layout.columns) >= 3 else 2
    if region.solid < enough:
        return None
    return Found(_built(region, layout, head), region.end, layout, head)


def _heading_layout(line: Line) -> Layout | None:
    marker = find_marker(line.text)
    if marker is not None and (marker.ordinal is not None or marker.number):
        return None
    pieces = heading_pieces(line.text)
    if is_heading_line(pieces):
        weak = all(piece.gap <= 2 for piece in pieces[1:])
        if not weak or (len(pieces) >= 3 and header_score([piece.text for piece in pieces]) == len(pieces)):
            return Layout.of(pieces)
    loose = heading_pieces(line.text, gap=1)
    if len(loose) >= 3 and header_words(line.text) and is_heading_line(loose):
        layout = Layout.of(loose, is_loose=True)
        if layout.has(MONEY):
            return layout
    return None


def _marker_above(lines: Sequence[Line], i: int) -> Marker | None:
    """The marker of the nearest heading above the table."""
    for line in reversed(lines[max(0, i - 5) : i]):
        if line.text.strip() and not is_rule(line.text) and (marker := find_marker(line.text)):
            return marker
    return None


def _pieces(row: Row, lines: Sequence[Line]) -> dict[int, Piece]:
    return {
        c: Piece(parts[0][0], row.begins[c], row.begins[c] + cells_wide(parts[0][0]), 9)
        for c, parts in row.cells.items()
        if c in row.begins
    }


def _built(region: Region, layout: Layout, head: Line) -> Table:
    """The table's cells. Prose below rows goes into the column of descriptions: a last one of ours where none is printed."""
    width = len(layout.columns)
    body = next((c for c, column in enumerate(layout.columns) if column.heading.role is Role.BODY), None)
    extra = body is None and any(row.body for row in region.rows)
    tags = width + extra if any(row.tag for row in region.rows) else None
    heads = heading_pieces(head.text, gap=1 if layout.is_loose else 2)
    rows: list[list[Cell | None]] = [[_cell(piece.text, head) for piece in heads]]
    if extra:
        rows[0].append(_cell(_DESCRIPTION, head))
        body = width
    if tags is not None:
        rows[0].append(_cell(_TAGS, head))
    edge = min((row.begins[layout.name] for row in region.rows if layout.name in row.begins), default=0)
    for row in region.rows:
        first = row.group or next((parts[0][1] for parts in row.cells.values()), head)
        cells: list[Cell | None] = [_cell("", first) for _ in rows[0]]
        if row.group is not None:
            at = layout.group if layout.group is not None and _in_group(row.group, layout) else layout.name
            cells[at] = _cell(row.group.text.strip(), row.group)
        for c, parts in row.cells.items():
            text = "\n".join(text for text, _ in parts)
            if c == layout.name and c in row.begins and not layout.is_loose:
                text = " " * min((row.begins[c] - edge) // 2, 4) + text
            cells[c] = Cell(text, first.page, parts[0][1].number, parts[-1][1].number, parts[0][1].box)
        if row.tag is not None and tags is not None:
            cells[tags] = _cell(*row.tag)
        if row.body and body is not None:
            before = cells[body]
            text = "\n".join(
                [
                    *([before.text] if before and before.text else []),
                    *(line.text.strip() for line in row.body),
                ]
            )
            start = before.line if before and before.text else row.body[0].number
            cells[body] = Cell(text, first.page, start, row.body[-1].number)
        rows.append(cells)
    return _table(rows, head)


def _in_group(line: Line, layout: Layout) -> bool:
    """Whether a lone line stands in the column that groups the rows."""
    begin = pieces_of(line.text, gap=1)[0].begin
    return layout.group is not None and begin < max(
        layout.columns[layout.name].left, layout.columns[layout.group].end
    )


def _goes_on(lines: Sequence[Line], i: int, last: Found) -> Found | None:
    """Rows of the table above, after a page number, a running head or a heading: the headings count for them too."""
    layout, head = last.layout, last.head
    if layout is None or head is None or len(lines[i].text) > _LONGEST or len(layout.columns) < 3:
        return None
    row = layout.row(lines[i].text)
    if row is None or len(row) < 3 or layout.name not in row or CONTENTS.search(lines[i].text):
        return None
    sure = any(
        (layout.columns[c].heading.role in MONEY and piece.is_figure)
        or layout.columns[c].heading.role is Role.OWNER
        for c, piece in row.items()
    )
    if not sure:
        return None
    region = RegionReader(lines, layout, head.text, _marker_above(lines, i)).read(i)
    if not region.solid:
        return None
    return Found(_built(region, layout, head), region.end, layout, head)


def _without_head(lines: Sequence[Line], i: int) -> Found | None:
    """Three or more lines in a row of three or more columns, with money or bodies in one of them: a table without headings."""
    rows: list[list[Piece]] = []
    end = i
    while end < len(lines) and len(lines[end].text) <= _LONGEST and not CONTENTS.search(lines[end].text):
        pieces = whole_pieces(lines[end].text)
        money = [
            k
            for k, piece in enumerate(pieces)
            if is_amount(piece.text) and re.search("[,円]", clean(piece.text))
        ]
        if (
            len(pieces) < 3
            or not money
            or money[0] == 0
            or (rows and (len(pieces) != len(rows[0]) or not _aligned([*rows[-2:], pieces])))
        ):
            break
        rows.append(pieces)
        end += 1
    if len(rows) < 3:
        return None
    cells: list[list[Cell | None]] = [
        [_cell(piece.text, line) for piece in pieces] for pieces, line in zip(rows, lines[i:end], strict=True)
    ]
    return Found(_table(cells, lines[i]), end)


def _aligned(rows: list[list[Piece]]) -> bool:
    """Whether every column keeps an edge, or at least its cells overlap."""
    for c in range(1, len(rows[0])):
        own = [row[c] for row in rows]
        if max(piece.begin for piece in own) > min(piece.end for piece in own) + 2:
            return False
    return True
