"""Tables that kept nothing but order: cells parted by single blanks, or each on a line of its own, under one heading line.

Blanks that part columns wider are the matter of padded.py; bullets in print order that of flattened.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kusei.documents.reading.columns import (
    GROUPS,
    Heading,
    Role,
    header_score,
    header_words,
    heading_of,
    read_headings,
)
from kusei.documents.reading.flat_lines import is_bullet
from kusei.documents.reading.markers import find_marker, is_note
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_bars import Found, cell_of, table_of
from kusei.documents.reading.padded_layout import cells_wide
from kusei.documents.reading.padded_rows import CONTENTS, UNIT_ALONE, is_rule
from kusei.documents.reading.spaced_cells import ANCHORS, MONEY, Dealer, Piece, fit, is_figure
from kusei.documents.reading.totals import is_total

_LONGEST = 400
_WIDE = re.compile(r"[ \u00a0]{2,}|\u3000{2,}|\t")
_PAGE_NUMBER = re.compile(r"^[-ー~ ]*\d{1,3}[-ー~ ]*$|^[Pp]\.? ?\d{1,3}$|^\d{1,3} ?/ ?\d{1,3}$")
_LONE_NUMBER = re.compile(r"^(?:\(?\d{1,3}[.)]?|[IVX]{1,4}\.?|第\d+|[①-⑳]|[ア-ンa-zA-Z][.)]?)$")
_HEADING_MARKS = re.compile(r"^[【〔《≪<\[〈].{1,30}[】〕》≫>\]〉]$")
_BREAKS_OFF = re.compile(r"(?:[、・とのにをがはでへ(「]|延べ|及び|または)$")
_BAD_IN_A_ROW = 3
_ASKED = 36
"""So many lines below the headings are asked first."""
_MARGIN = 20
"""A table that ends so many lines before the last one asked has ended."""
_Row = dict[int, list[Piece]]
"""The pieces of a row by their column; of a line that heads rows under _HEAD, of one that is none under _PROSE."""
_HEAD, _PROSE = -1, -2
_NAMES = {Role.PROJECT, Role.MATTER, Role.PLAN}
_TELLING = ANCHORS | {Role.RESULT, Role.PLAN}


def spaced_at(lines: Sequence[Line], i: int) -> Found | None:
    """The table whose headings stand on line `i`, between single blanks, or one on each line from line `i` on."""
    heads, begin = _heads(lines, i)
    if not heads:
        return None
    return _read(lines, [head for head, _ in heads], [line for _, line in heads], begin)


def _heads(lines: Sequence[Line], i: int) -> tuple[list[tuple[str, Line]], int]:
    """The words of the columns, each with its line, and the first line below them."""
    text = lines[i].text.strip()
    pieces = clean(text).split(" ")
    if len(pieces) >= 3:
        if _WIDE.search(text) or not header_words(text) or not _are_heads(pieces):
            return [], i
        return [(piece, lines[i]) for piece in pieces], i + 1
    if len(pieces) > 1 or (i and _is_head(lines[i - 1])):
        return [], i
    end = i
    while end < len(lines) and end - i < 12 and _is_head(lines[end]):
        end += 1
    words = [clean(line.text) for line in lines[i:end]]
    if len(set(words)) != len(words) or not _are_heads(words):
        return [], i
    return list(zip(words, lines[i:end], strict=True)), end


def _is_head(line: Line) -> bool:
    text = clean(line.text)
    if not text or " " in text or len(text) > 16 or "。" in text or is_figure(text):
        return False
    if UNIT_ALONE.match(text) or find_marker(line.text):
        return False
    return heading_of(text) is not None


def _are_heads(words: Sequence[str]) -> bool:
    """Whether words head the columns of a table of works: nearly all are known, one of a name and one that can be told."""
    known = [heading for word in words if (heading := heading_of(word)) is not None]
    if len(known) < 3 or len(words) - len(known) > 1 or len(words) > 12:
        return False
    roles = {heading.role for heading in read_headings(words)}
    return bool(roles & {*_NAMES, *GROUPS}) and bool(roles & _TELLING - {Role.NUMBER})


def _read(lines: Sequence[Line], words: list[str], heads: list[Line], begin: int) -> Found | None:
    """The table whose first row stands on line `begin`. It is read as far as it reaches, further and further down, so that
    what stands below it costs little."""
    asked = _ASKED
    while True:
        found = _try(lines, words, heads, begin, begin + asked)
        if found is None or begin + asked >= len(lines) or found.end < begin + asked - _MARGIN:
            return found
        asked *= 4


def _try(lines: Sequence[Line], words: list[str], heads: list[Line], begin: int, stop: int) -> Found | None:
    headings = read_headings(words)
    rows, by_line = _dealt(lines, range(begin, min(stop, len(lines))), words, heads, headings)
    rows = rows[: _end(rows, headings)]
    if sum(_is_sound(row, headings) for row in rows) < 2:
        return None
    end = max(piece.at for row in rows for parts in row.values() for piece in parts) + 1
    table = _table(rows, words, heads)

    def again(all_lines: Sequence[Line], at: int) -> Found | None:
        if by_line and (clean(all_lines[at].text).count(" ") + 1) * 2 <= len(words):
            return None
        return _read(all_lines, words, heads, at)

    return Found(table, end, again=again)


def reads_in_order(lines: Sequence[Line], i: int) -> bool:
    """Whether the whole text below the headings on line `i` is rows whose cells stand in the order of the columns."""
    words, begin = _heads(lines, i)
    if not words:
        return False
    texts, heads = [word for word, _ in words], [head for _, head in words]
    headings = read_headings(texts)
    rows, _ = _dealt(lines, range(begin, len(lines)), texts, heads, headings)
    if len(rows) < 3 or any(c not in rows[0] for c, heading in enumerate(headings) if heading.role in GROUPS):
        return False
    fits = [
        fit(piece.text, headings[c].role) >= -1
        for row in rows
        for c, parts in row.items()
        for piece in parts[:1]
    ]
    used = {piece.at for row in rows for parts in row.values() for piece in parts}
    listed = {c for row in rows for c, parts in row.items() if any(is_bullet(p.text) for p in parts)}
    return (
        len(listed) <= 1
        and all(_is_sound(row, headings) for row in rows)
        and sum(fits) * 20 >= len(fits) * 19
        and len(used) * 10 >= (len(lines) - begin) * 9
    )


def _dealt(
    lines: Sequence[Line],
    reach: range,
    words: list[str],
    heads: Sequence[Line],
    headings: Sequence[Heading],
) -> tuple[list[_Row], bool]:
    """The rows of the lines `reach`, and whether each line is one."""
    pieces, gaps = _pieces(lines, reach, words, heads, headings)
    if len(pieces) < 4:
        return [], False
    by_line = _rows_are_lines(pieces, len(words))
    if not by_line and gaps > 0.95:
        pieces, gaps = [replace(piece, gap=False) for piece in pieces], 0.0
    dealer = Dealer(headings, by_line=by_line, apart=gaps > 0.5)
    return [row for row in _rows(pieces, dealer) if row], by_line


def _pieces(
    lines: Sequence[Line],
    reach: range,
    words: list[str],
    heads: Sequence[Line],
    headings: Sequence[Heading],
) -> tuple[list[Piece], float]:
    """All that may belong to the table, and the share of its lines that a blank line parts from the one above."""
    found: list[Piece] = []
    numbered = any(heading.role is Role.NUMBER for heading in headings)
    repeated = {"".join(words)} if len(words) > 1 and heads[0] is heads[-1] else set(words)
    before: Line | None = None
    widest = 0
    gaps = taken = 0
    for k in reach:
        line = lines[k]
        folded = clean(line.text)
        if not folded:
            continue
        if (
            len(line.text) > _LONGEST
            or is_note(folded)
            or CONTENTS.search(line.text)
            or UNIT_ALONE.match(folded)
            or (_WIDE.search(line.text.strip()) and folded.count(" ") > 1)
        ):
            break
        if is_rule(line.text) or folded.replace(" ", "") in repeated:
            continue
        texts = _parts(folded, numbered=numbered)
        if len(texts) > 2 and header_score(texts) * 3 >= len(texts) * 2:
            break
        if found and _heads_part(line, texts, words):
            break
        if _PAGE_NUMBER.match(folded) and not numbered and not {h.role for h in headings} & MONEY:
            continue
        gap = before is not None and (line.number - before.number > 1 or line.page != before.page)
        gaps += gap
        taken += 1
        full = before is not None and cells_wide(clean(before.text)) >= 0.85 * max(widest, 40)
        breaks_off = before is not None and bool(_BREAKS_OFF.search(clean(before.text)))
        for at, text in enumerate(texts):
            found.append(Piece(text, line, k, not at, gap and not at, len(texts) == 1, full, breaks_off))
        widest = max(widest, cells_wide(folded))
        before = line
    return found, gaps / max(taken - 1, 1)


def _heads_part(line: Line, texts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a line heads a further part of the document (基本目標２ …), and no column of the table is for such words."""
    marker = find_marker(line.text)
    if marker is None or not marker.word or marker.ordinal is None or len(texts) * 2 > len(words):
        return False
    return not clean(line.text).endswith("。") and not any(marker.word in word for word in words)


def _parts(folded: str, *, numbered: bool) -> list[str]:
    """The texts of a line between blanks; a number goes with the name behind it where no column is for numbers."""
    parts = _between_blanks(folded)
    if numbered:
        return parts
    joined: list[str] = []
    for part in parts:
        if len(joined) == 1 and _LONE_NUMBER.match(joined[0]) and not is_figure(part):
            joined[-1] += " " + part
        else:
            joined.append(part)
    return joined


def _between_blanks(folded: str) -> list[str]:
    """The parts of a line; a blank in brackets or between Latin words (DX promotion) divides nothing."""
    found: list[str] = []
    for word in folded.split(" "):
        whole = not found or found[-1].count("(") <= found[-1].count(")")
        whole = whole and (not found or found[-1].count("「") <= found[-1].count("」"))
        latin = bool(found) and re.search(r"[A-Za-z]{2}$", found[-1]) and re.match(r"[A-Za-z]{2}", word)
        if found and (not whole or latin):
            found[-1] += " " + word
        else:
            found.append(word)
    return found


def _rows_are_lines(pieces: Sequence[Piece], width: int) -> bool:
    counts: list[int] = []
    for piece in pieces[:200]:
        if piece.opens:
            counts.append(0)
        counts[-1] += 1
    return sum(count * 2 > width for count in counts) * 2 > len(counts)


def _rows(pieces: Sequence[Piece], dealer: Dealer) -> list[_Row]:
    rows: list[_Row] = []
    lone = [_heads_rows(pieces, k, dealer) for k in range(len(pieces))]
    start = 0
    while start < len(pieces):
        if lone[start]:
            rows.append({_HEAD: [pieces[start]]})
            start += 1
            continue
        end = next((k for k in range(start, len(pieces)) if lone[k]), len(pieces))
        places = dealer.deal(pieces[start:end])
        current = -1
        for piece, (row, column) in zip(pieces[start:end], places, strict=True):
            if row != current:
                rows.append({})
                current = row
            if dealer.by_line and piece.alone and fit(piece.text, dealer.roles[column]) < 0:
                rows.append({_PROSE: [piece]})
                continue
            rows[-1].setdefault(_PROSE if _PROSE in rows[-1] else column, []).append(piece)
        start = end
    return rows


def _heads_rows(pieces: Sequence[Piece], k: int, dealer: Dealer) -> bool:
    """Whether a piece heads the rows below: in brackets or with a marker of chapters, alone on its line, no column for it."""
    piece = pieces[k]
    if not piece.alone or dealer.roles[0] in GROUPS or k + 1 == len(pieces) or len(piece.text) > 40:
        return False
    if _HEADING_MARKS.match(piece.text):
        return True
    marker = find_marker(piece.line.text)
    if marker is None or marker.is_bullet or not marker.rest or piece.text.endswith("。"):
        return False
    apart = dealer.by_line or (piece.gap and pieces[k + 1].gap)
    return (apart and not dealer.apart) or bool(marker.word)


def _is_sound(row: _Row, headings: Sequence[Heading]) -> bool:
    """Whether a row has a name, most of its cells, and in each column what belongs there."""
    if row.keys() & {_HEAD, _PROSE} or not any(
        headings[c].role in {*_NAMES, *GROUPS, Role.RESULT} for c in row
    ):
        return False
    if not any(headings[c].role in _TELLING for c in row):
        return False
    for c, parts in row.items():
        role = headings[c].role
        if role in ANCHORS and any(fit(piece.text, role) < -1 for piece in parts):
            return False
    needed = sum(heading.role not in {*GROUPS, Role.NOTE, Role.OTHER, Role.NUMBER} for heading in headings)
    return len(row) >= min(needed, 3) and len(row) * 2 >= needed


def _end(rows: Sequence[_Row], headings: Sequence[Heading]) -> int:
    """Behind the last sound row before several that are none."""
    end = bad = 0
    for at, row in enumerate(rows):
        if _is_sound(row, headings) or (at == end and _is_total(row)):
            end, bad = at + 1, 0
        elif _PROSE in row:
            break
        elif _HEAD not in row:
            bad += 1
            if bad == _BAD_IN_A_ROW or at < 2:
                break
    return end


def _is_total(row: _Row) -> bool:
    return any(is_total(parts[0].text) for parts in row.values())


def _table(rows: Sequence[_Row], words: Sequence[str], heads: Sequence[Line]) -> Table:
    width = len(words)
    headings = read_headings(words)
    roles = [heading.role for heading in headings]
    name = next((c for c, role in enumerate(roles) if role in {Role.PROJECT, Role.MATTER}), 0)
    cells: list[list[Cell | None]] = [[cell_of(word, head) for word, head in zip(words, heads, strict=True)]]
    for row in rows:
        first = next(iter(row.values()))[0].line
        made: list[Cell | None] = [cell_of("", first) for _ in range(width)]
        for c, parts in row.items():
            at = name if c < 0 else c
            text = _inner(parts[0].text) if c < 0 else _joined(parts, roles[at])
            made[at] = Cell(text, first.page, parts[0].line.number, parts[-1].line.number, parts[0].line.box)
        cells.append(made)
    return table_of(cells, heads[0])


def _inner(text: str) -> str:
    return text[1:-1] if _HEADING_MARKS.match(text) and find_marker(text[1:-1]) else text


def _joined(parts: Sequence[Piece], role: Role) -> str:
    """The pieces of a cell: bodies and bullets one a line, other texts of a line as they were."""
    text = parts[0].text
    for piece in parts[1:]:
        listed = role is Role.OWNER or piece.text[0] in "・○●◆■"
        text += ("\n" if piece.opens or listed else " ") + piece.text
    return text
