"""Columns that only blanks, tabs or bars keep apart, in plain text → tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kusei.documents.reading.attributes import is_body
from kusei.documents.reading.card_words import is_tag
from kusei.documents.reading.cells import is_amount
from kusei.documents.reading.columns import Role, header_score, header_words, heading_of, stated_unit
from kusei.documents.reading.markers import Marker, find_marker
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_bars import Found, bars_at, cell_of, table_of, tabs_at
from kusei.documents.reading.padded_layout import (
    MONEY,
    Layout,
    Piece,
    cells_wide,
    heading_pieces,
    pieces_of,
    whole_pieces,
)
from kusei.documents.reading.padded_rows import (
    CONTENTS,
    TAG,
    UNIT_ALONE,
    Region,
    RegionReader,
    Row,
    is_heading_line,
    is_rule,
)
from kusei.documents.reading.spaced import spaced_at
from kusei.documents.reading.totals import is_total

_LONGEST = 400
"""Longer lines are prose or whole documents on one line."""
_DESCRIPTION = "説明"
_VERDICT = re.compile(r"(?:方向性?|評価|判定|区分)$")
# The title of a document, with blanks between its words: 令和６年度　花川市緑の計画　取組状況報告書.
_DOCUMENT_TITLE = re.compile(
    r"^(?:令和|平成|R)\s*(?:元|\d{1,2})\s*年度.*(?:報告書?|調書|評価書|計画書?|方針|概要|一覧表?|結果|状況)(?:\(.{1,8}\))?$"
)
_TAGS = "新規・拡充"
_REACH = 8
"""How many lines may stand between two parts of one table (page numbers, running heads, a heading)."""


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
            if last is not None and last.above is not None:
                marker = find_marker(lines[i].text)
                last = last if marker is None or marker.signature != last.above.signature else None
            since += bool(lines[i].text.strip())
            i += 1
            continue
        unit = _caption(found, read.table) or unit
        read.table.caption = read.table.caption or unit
        found.append(read.table)
        i, since = read.end, 0
        last = read if read.layout is not None or read.again is not None else None
    below = _unit_below(found)
    for block in found:
        if isinstance(block, Table) and below is not None and not _states_unit(block):
            block.caption = below
    return found


def _unit_below(found: Sequence[Line | Table]) -> str | None:
    """A unit stated below a table (※金額の単位は千円) counts for those that state none, where the document knows no other."""
    units = {
        match["unit"]
        for before, block in pairwise(found)
        if isinstance(block, Line)
        and (match := UNIT_ALONE.match(clean(block.text)))
        and (isinstance(before, Table) or "単位" in block.text)
    }
    return f"(単位:{units.pop()})" if len(units) == 1 else None


def _states_unit(table: Table) -> bool:
    heads = table.rows[0] if table.rows else []
    return table.caption is not None or any(stated_unit(cell.text) for cell in heads if cell is not None)


def _read_at(lines: Sequence[Line], i: int) -> Found | None:
    text = lines[i].text
    if len(text) > _LONGEST or not text.strip() or CONTENTS.search(text):
        return None
    return (
        bars_at(lines, i)
        or tabs_at(lines, i)
        or spaced_at(lines, i)
        or _columns(lines, i)
        or _without_head(lines, i)
        or _name_money_body(lines, i)
    )


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
        if "単位" in folded and stated_unit(folded) and len(folded) <= 60:
            table.caption = folded
            return table.caption
        if alone := UNIT_ALONE.match(folded):
            table.caption = f"(単位:{alone['unit']})"
            return table.caption
        seen += 1
        if seen == 2:
            return None
    return None


def _columns(lines: Sequence[Line], i: int) -> Found | None:
    """A heading line and the rows below it."""
    head, begin = _two_lined(lines, i)
    layout = _heading_layout(head)
    if layout is None:
        return None
    above = _marker_above(lines, i)
    first = RegionReader(lines, layout, head.text, above).read(begin)
    if not first.solid:
        return None
    layout.learn([_pieces(row, lines) for row in first.rows if row.group is None])
    region = RegionReader(lines, layout, head.text, above).read(begin)
    enough = 1 if len(layout.columns) >= 3 else 2
    if region.solid < enough:
        return None
    table = _built(region, layout, head)
    if begin > i + 1:  # headings that were put together stand on both lines
        below = lines[begin - 1].number
        table.rows[0] = [cell and replace(cell, end_line=below) for cell in table.rows[0]]
    return Found(table, region.end, layout, head, above)


def _two_lined(lines: Sequence[Line], i: int) -> tuple[Line, int]:
    """The heading line, with the second halves of headings that go on below (事業 / 番号) put to them, and the first line of rows."""
    head = lines[i]
    below = lines[i + 1] if i + 1 < len(lines) else None
    if (
        below is None
        or below.page != head.page
        or not 0 <= below.number - head.number <= 1
        or len(below.text) > _LONGEST
    ):
        return head, i + 1
    over, under = heading_pieces(head.text), heading_pieces(below.text)
    if len(over) < 3 or not 0 < len(under) < len(over) or not is_heading_line(over):
        return head, i + 1
    joined: dict[int, str] = {}
    for piece in under:
        at = [c for c, one in enumerate(over) if one.begin - 1 <= piece.end and piece.begin <= one.end + 1]
        if len(at) != 1 or at[0] in joined or heading_of(piece.text) is None:
            return head, i + 1
        joined[at[0]] = piece.text
    text = ""
    for c, piece in enumerate(over):
        gap = max(piece.begin - cells_wide(text), 2 if text else 0)
        text += " " * gap + re.sub(r"\s", "", piece.text) + joined.get(c, "")
    return replace(head, text=text), i + 2


def _heading_layout(line: Line) -> Layout | None:
    marker = find_marker(line.text)
    if marker is not None and (marker.ordinal is not None or marker.number):
        return None
    pieces = heading_pieces(line.text)
    if any(re.match(r"\d{1,2}月", clean(piece.text)) for piece in pieces):
        return None  # a line of a calendar: 令和６年　４月　会議の開催
    if is_heading_line(pieces):
        weak = all(piece.gap <= 2 for piece in pieces[1:])
        if len(pieces) > 1 and is_tag(clean(pieces[-1].text)) and _VERDICT.search(clean(pieces[-2].text)):
            return None  # labels with their values: 評価　Ｂ　　今後の方向　継続
        if weak and _DOCUMENT_TITLE.search(clean(line.text)):
            return None
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
    rows: list[list[Cell | None]] = [[cell_of(piece.text, head) for piece in heads]]
    if extra:
        rows[0].append(cell_of(_DESCRIPTION, head))
        body = width
    if tags is not None:
        rows[0].append(cell_of(_TAGS, head))
    edge = min((row.begins[layout.name] for row in region.rows if layout.name in row.begins), default=0)
    for row in region.rows:
        first = row.group or next((parts[0][1] for parts in row.cells.values()), head)
        cells: list[Cell | None] = [cell_of("", first) for _ in rows[0]]
        if row.group is not None:
            at = layout.group if layout.group is not None and _in_group(row.group, layout) else layout.name
            cells[at] = cell_of(_without_brackets(row.group.text.strip()), row.group)
        for c, parts in row.cells.items():
            text = "\n".join(text for text, _ in parts)
            if c == layout.name and c in row.begins and not layout.is_loose:
                text = " " * min((row.begins[c] - edge) // 2, 4) + text
            cells[c] = Cell(text, first.page, parts[0][1].number, parts[-1][1].number, parts[0][1].box)
        if row.tag is not None and tags is not None:
            cells[tags] = cell_of(*row.tag)
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
    _tell_tags(rows, layout, heads=head)
    _share_owners(rows, region, layout)
    return table_of(rows, head)


def _tell_tags(rows: list[list[Cell | None]], layout: Layout, *, heads: Line) -> None:
    """A column 区分 before the names that holds 新 or 拡 tags its rows; what else stands there heads the rows below it."""
    at = layout.group
    if at is None or not re.search("区分|種別", layout.columns[at].heading.text):
        return
    filled = [(row, cell) for row in rows[1:] if (cell := row[at]) is not None and cell.text]
    tags = [cell for _, cell in filled if is_tag(cell.text)]
    if not tags or any(not is_tag(c.text) and (n := row[layout.name]) and n.text for row, c in filled):
        return
    rows[0][at] = cell_of(_TAGS, heads)
    for row, cell in filled:
        if not is_tag(cell.text):
            row[at], row[layout.name] = replace(cell, text=""), cell


def _without_brackets(text: str) -> str:
    """【施策１　防災】 as 施策１　防災; brackets around anything else stay."""
    match = re.match(r"^[【〔《〈\[［](?P<inner>.+)[】〕》〉\]］]$", text)
    return match["inner"] if match and find_marker(match["inner"]) else text


def _share_owners(rows: list[list[Cell | None]], region: Region, layout: Layout) -> None:
    """A body to the left of the names is printed once for all its rows: its cell reaches down over the blank ones."""
    at = next((c for c, column in enumerate(layout.columns) if column.heading.role is Role.OWNER), None)
    if at is None or at >= layout.name:
        return
    above: int | None = None
    for r, row in enumerate(region.rows, 1):
        cell, name = rows[r][at], rows[r][layout.name]
        if row.group is not None or name is None or not name.text or is_total(clean(name.text)):
            above = None
        elif cell is not None and cell.text:
            above = r
        elif above is not None and (owner := rows[above][at]) is not None:
            rows[r][at] = None
            rows[above][at] = replace(owner, row_span=r - above + 1)


def _in_group(line: Line, layout: Layout) -> bool:
    """Whether a lone line stands in the column that groups the rows."""
    begin = pieces_of(line.text, gap=1)[0].begin
    return layout.group is not None and begin < max(
        layout.columns[layout.name].left, layout.columns[layout.group].end
    )


def _goes_on(lines: Sequence[Line], i: int, last: Found) -> Found | None:
    """Rows of the table above, after a page number, a running head or a heading: the headings count for them too."""
    layout, head = last.layout, last.head
    if last.again is not None:
        return last.again(lines, i)
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
    return Found(_built(region, layout, head), region.end, layout, head, last.above)


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
        [cell_of(piece.text, line) for piece in pieces]
        for pieces, line in zip(rows, lines[i:end], strict=True)
    ]
    return Found(table_of(cells, lines[i]), end)


def _name_money_body(lines: Sequence[Line], i: int) -> Found | None:
    """Two or more lines in a row that are a name without a marker, a bare figure and a body: `新　空き家の除却　　30　（住宅課）`."""
    rows: list[list[Cell | None]] = []
    ends: list[int] = []
    end = i
    while end < len(lines) and len(lines[end].text) <= _LONGEST:
        line = lines[end]
        pieces = whole_pieces(line.text)
        text = "\u3000".join(piece.text for piece in pieces[:-2])
        tag = TAG.match(text)
        name = text[tag.end() :] if tag else text
        if (
            len(pieces) not in {3, 4}
            or (len(pieces) == 4 and not tag)
            or find_marker(name) is not None
            or not pieces[-2].is_figure
            or pieces[-2].gap < 3
            or not is_body(body := clean(pieces[-1].text).strip("()[]【】"))
            or is_total(clean(name))
        ):
            break
        ends.append(pieces[-2].end)
        rows.append([cell_of(tag["tag"] if tag else "", line), cell_of(name, line)])
        rows[-1] += [cell_of(pieces[-2].text, line), cell_of(body, line)]
        end += 1
    if len(rows) < 2 or max(ends) - min(ends) > 4:
        return None
    heads: list[Cell | None] = [cell_of(text, lines[i]) for text in (_TAGS, "事業名", "金額", "担当課")]
    return Found(table_of([heads, *rows], lines[i]), end)


def _aligned(rows: list[list[Piece]]) -> bool:
    """Whether every column keeps an edge, or at least its cells overlap."""
    for c in range(1, len(rows[0])):
        own = [row[c] for row in rows]
        if max(piece.begin for piece in own) > min(piece.end for piece in own) + 2:
            return False
    return True
