"""Columns that only blanks, tabs or pipes keep apart, in plain text → tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kusei.documents.reading.cells import is_amount
from kusei.documents.reading.columns import header_score, heading_of
from kusei.documents.reading.flat_lines import width
from kusei.documents.reading.markers import find_marker, is_note
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.normalise import clean

_PIECE = re.compile(r"\S+(?:[ \u3000]\S+)*")
_WIDE_PIECE = re.compile(r"\S+(?: \S+)*")
_RULE = re.compile(r"^[\s―─━‐\-=＝_—–ー+|｜┌┐└┘├┤┬┴┼│┃]{4,}$")
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")


@dataclass(slots=True)
class Piece:
    """One piece of a line: where it begins and ends, in half-width columns."""

    text: str
    begin: int
    end: int


def find_padded(lines: list[Line]) -> list[Line | Table]:
    """The same lines, with every padded table among them replaced by a Table; other lines stay as they are."""
    found: list[Line | Table] = []
    i = 0
    while i < len(lines):
        read = _pipes(lines, i) or _tabs(lines, i) or _columns(lines, i)
        if read is None:
            found.append(lines[i])
            i += 1
            continue
        table, i = read
        found.append(table)
    return found


def _caption(lines: Sequence[Line], i: int) -> str | None:
    """The nearest line with text above, no more than two lines up; a line that states a unit wins."""
    above = [line for line in lines[max(0, i - 4) : i] if line.text.strip() and not _RULE.match(line.text)]
    stated = next((line for line in reversed(above) if "単位" in line.text), None)
    chosen = stated or (above[-1] if above else None)
    return clean(chosen.text) if chosen else None


def _cell(text: str, line: Line) -> Cell:
    return Cell(text, line.page, line.number, line.number, line.box)


def _table(rows: list[list[Cell | None]], first: Line, caption: str | None) -> Table:
    columns = max(len(row) for row in rows)
    for row in rows:
        row += [
            Cell("", first.page, row[0].line if row and row[0] else first.number)
            for _ in range(columns - len(row))
        ]
    return Table(rows, first.page, first.number, caption)


# --- pipes ------------------------------------------------------------------------------------------------------------


def _pipes(lines: Sequence[Line], i: int) -> tuple[Table, int] | None:
    """A Markdown table: rows of cells between pipes, a rule below the first."""
    if lines[i].text.count("|") < 2 or i + 1 >= len(lines) or not _PIPE_RULE.match(lines[i + 1].text):
        return None
    rows: list[list[Cell | None]] = []
    end = i
    while end < len(lines) and "|" in lines[end].text:
        if not _PIPE_RULE.match(lines[end].text):
            parts = re.split(r"(?<!\\)\|", lines[end].text.strip().removeprefix("|").removesuffix("|"))
            rows.append(
                [
                    _cell(re.sub(r"<br\s*/?>", "\n", part).replace("\\|", "|").strip(), lines[end])
                    for part in parts
                ]
            )
        end += 1
    return (_table(rows, lines[i], _caption(lines, i)), end) if len(rows) > 1 else None


# --- tabs -------------------------------------------------------------------------------------------------------------


def _tabs(lines: Sequence[Line], i: int) -> tuple[Table, int] | None:
    """Lines with the same number of tabs, at least two of them; a quoted cell may hold line breaks."""
    heads = lines[i].text.strip("\n").split("\t")
    if len(heads) < 3 or header_score([head for head in heads if head.strip()]) < 2:
        return None
    rows: list[list[Cell | None]] = []
    end = i
    while end < len(lines):
        line = lines[end]
        text = line.text
        last = end
        while text.count('"') % 2 and last + 1 < len(lines) and last - end < 30:
            last += 1
            text += "\n" + lines[last].text
        if "\t" not in text:
            break
        parts = [_unquote(part) for part in text.split("\t")]
        rows.append([Cell(part, line.page, line.number, lines[last].number, line.box) for part in parts])
        end = last + 1
    return (_table(rows, lines[i], _caption(lines, i)), end) if len(rows) > 1 else None


def _unquote(part: str) -> str:
    part = part.strip()
    if len(part) > 1 and part[0] == part[-1] == '"':
        return part[1:-1].replace('""', '"')
    return part


# --- blanks -----------------------------------------------------------------------------------------------------------


def pieces_of(text: str, *, narrow: bool = False) -> list[Piece]:
    """What stands between runs of two or more blanks (with `narrow` also between single full-width ones)."""
    text = text.replace("\t", "    ").rstrip()
    pattern = _WIDE_PIECE if narrow else _PIECE
    found: list[Piece] = []
    for whole in pattern.finditer(text):
        parts = re.split(r"\u3000+", whole[0])
        figures = len(parts) > 1 and all(is_amount(part) or re.fullmatch(r"[-―－–—]", part) for part in parts)
        at = whole.start()
        for part in parts if figures else [whole[0]]:
            at = text.index(part, at)
            found.append(Piece(part.strip(), width(text[:at]), width(text[: at + len(part)])))
            at += len(part)
    return found


def _columns(lines: Sequence[Line], i: int) -> tuple[Table, int] | None:
    head = _head_pieces(lines, i)
    if head is None:
        return _without_head(lines, i)
    rows: list[list[Cell | None]] = [[_cell(piece.text, lines[i]) for piece in head]]
    solid = 0
    described: list[tuple[int, Line]] = []
    end = i + 1
    for j in range(i + 1, len(lines)):
        line = lines[j]
        text = line.text.strip()
        if not text or _RULE.match(line.text):
            continue
        if j - end > 3:
            break
        pieces = _data_pieces(line.text, head)
        blank_before = j > end and any(not lines[k].text.strip() for k in range(end, j))
        if len(pieces) >= 2 and not (len(clean(text)) > 90 and len(pieces) == 2):
            rows.append(_fit(pieces, head, line))
            solid += 1
        elif is_note(clean(text)):
            break
        elif solid and not blank_before and _describes(pieces, rows[-1], lines):
            described.append((len(rows) - 1, line))
        elif not _lone(rows, pieces, head, lines, j, blank_before):
            break
        end = j + 1
    if solid < 2 and not (solid == 1 and len(head) >= 3):
        return None
    if described:
        _add_descriptions(rows, described)
    return _table(rows, lines[i], _caption(lines, i)), end


def _describes(pieces: Sequence[Piece], row: list[Cell | None], lines: Sequence[Line]) -> bool:
    """A line of prose below a row, set in from its first cell: it describes the row."""
    first = next((cell for cell in row if cell and cell.text), None)
    if first is None or len(pieces) != 1:
        return False
    text = clean(pieces[0].text)
    return pieces[0].begin >= _begin(lines, first) + 2 and (text.endswith("。") or len(text) >= 30)


def _add_descriptions(rows: list[list[Cell | None]], described: Sequence[tuple[int, Line]]) -> None:
    """Prose below rows becomes a last column; its heading is ours, nothing is printed there."""
    head = rows[0][0]
    for r, row in enumerate(rows):
        own = [line for at, line in described if at == r]
        text = "\n".join(line.text.strip() for line in own)
        where = own or [Line("", head.line if head else 0, head.page if head else None)]
        row.append(Cell("説明" if r == 0 else text, where[0].page, where[0].number, where[-1].number))


def _head_pieces(lines: Sequence[Line], i: int) -> list[Piece] | None:
    """The headings on this line, if it is a heading row over rows of columns."""
    marker = find_marker(lines[i].text)
    if marker is not None and marker.style != "latin":
        return None
    for narrow in (False, True):
        pieces = pieces_of(lines[i].text, narrow=narrow)
        texts = [piece.text for piece in pieces]
        if (
            len(pieces) < (3 if narrow else 2)
            or any(is_amount(text) for text in texts)
            or any("。" in text for text in texts)
        ):
            continue
        score = header_score(texts)
        if score < 2 or score * 3 < len(pieces) * 2 or (narrow and score < len(pieces)):
            continue
        following = [
            line for line in lines[i + 1 : i + 8] if line.text.strip() and not _RULE.match(line.text)
        ][:4]
        least = (
            len(pieces) if narrow else 2
        )  # single blanks part a title too: there the rows below must agree
        if (
            sum(len(_data_pieces(line.text, pieces)) >= least for line in following) * 2
            >= min(len(following), 2)
            > 0
        ):
            return pieces
    return None


def _data_pieces(text: str, head: Sequence[Piece]) -> list[Piece]:
    """The pieces of a row; where wide gaps give too few, single full-width blanks part them too."""
    pieces = pieces_of(text)
    if len(pieces) < len(head) and "\u3000" in text.strip():
        narrow = pieces_of(text, narrow=True)
        if len(narrow) <= len(head) and len(pieces) >= 2 and _starts_on_columns(narrow, head):
            return narrow
        if len(pieces) == 1 and len(narrow) == len(head):
            return narrow
    return pieces


def _starts_on_columns(pieces: Sequence[Piece], head: Sequence[Piece]) -> bool:
    return all(
        any(abs(piece.begin - h.begin) <= 2 or abs(piece.end - h.end) <= 2 for h in head) for piece in pieces
    )


def _fit(pieces: Sequence[Piece], head: Sequence[Piece], line: Line) -> list[Cell | None]:
    """Each piece under the heading it is nearest to, in order."""
    row: list[Cell | None] = [_cell("", line) for _ in head]
    if len(pieces) == len(head):
        return [_cell(piece.text, line) for piece in pieces]
    if len(pieces) > len(head):
        pieces = _merge_surplus(pieces, head)
    best: dict[int, tuple[float, list[int]]] = {-1: (0.0, [])}
    for piece in pieces:
        after: dict[int, tuple[float, list[int]]] = {}
        for last, (cost, chosen) in best.items():
            for c in range(last + 1, len(head)):
                value = cost + _distance(piece, head[c])
                if c not in after or value < after[c][0]:
                    after[c] = (value, [*chosen, c])
        best = after
    if not best:
        return [_cell(line.text.strip(), line), *row[1:]]
    for piece, c in zip(pieces, min(best.values())[1], strict=True):
        row[c] = _cell(piece.text, line)
    return row


def _merge_surplus(pieces: Sequence[Piece], head: Sequence[Piece]) -> list[Piece]:
    """More pieces than headings: the nearest neighbours belong together."""
    merged = list(pieces)
    while len(merged) > len(head):
        gaps = [(merged[k + 1].begin - merged[k].end, k) for k in range(len(merged) - 1)]
        k = min(gaps)[1]
        merged[k : k + 2] = [
            Piece(f"{merged[k].text} {merged[k + 1].text}", merged[k].begin, merged[k + 1].end)
        ]
    return merged


def _distance(piece: Piece, head: Piece) -> float:
    """Columns are set left, right or in the middle: the best of the three counts. Money keeps away from columns of words."""
    apart = min(
        abs(piece.begin - head.begin),
        abs(piece.end - head.end),
        abs((piece.begin + piece.end) - (head.begin + head.end)) / 2,
    )
    overlap = min(piece.end, head.end) - max(piece.begin, head.begin)
    meaning = heading_of(head.text)
    money = meaning is not None and meaning.role.value in {
        "amount",
        "previous",
        "difference",
        "baseline",
        "target",
        "actual",
    }
    figure = bool(re.match(r"^[△▲\d(（約\-―－–—]", clean(piece.text)))
    return (
        apart - min(max(overlap, 0), 4) + (12 if money != figure and (money or is_amount(piece.text)) else 0)
    )


def _lone(
    rows: list[list[Cell | None]],
    pieces: Sequence[Piece],
    head: Sequence[Piece],
    lines: Sequence[Line],
    j: int,
    blank_before: bool,
) -> bool:
    """A line with a single piece inside a table: the rest of the cell above it, or a group's heading. False: the table is over."""
    if not pieces:
        return False
    line, piece = lines[j], pieces[0]
    row = rows[-1]
    marked = find_marker(line.text)
    above = next(
        (
            k
            for k, cell in enumerate(row)
            if cell and cell.text and abs(piece.begin - _begin(lines, cell)) <= 2
        ),
        None,
    )
    if not blank_before and not marked and above is not None and len(rows) > 1:
        cell = row[above]
        assert cell
        row[above] = Cell(f"{cell.text}\n{piece.text}", cell.page, cell.line, line.number, cell.box)
        return True
    following = next(
        (other for other in lines[j + 1 :] if other.text.strip() and not _RULE.match(other.text)), None
    )
    if (
        following is None
        or len(_data_pieces(following.text, head)) < 2
        or _head_pieces(lines, lines.index(following))
    ):
        return False
    if width(piece.text) > 60 or clean(piece.text).endswith("。"):
        return False
    row = [_cell("", line) for _ in head]
    row[0] = _cell(piece.text, line)
    rows.append(row)
    return True


def _begin(lines: Sequence[Line], cell: Cell) -> int:
    """Where a cell's text begins on its line."""
    line = next((line for line in lines if line.number == cell.line and line.page == cell.page), None)
    first = cell.text.split("\n")[0]
    return width(line.text[: line.text.find(first)]) if line and first in line.text else -99


def _without_head(lines: Sequence[Line], i: int) -> tuple[Table, int] | None:
    """Three or more lines in a row of three or more pieces each, one of them money: a table without headings."""
    rows: list[list[Piece]] = []
    end = i
    while end < len(lines):
        pieces = pieces_of(lines[end].text)
        money = [
            k
            for k, piece in enumerate(pieces)
            if is_amount(piece.text) and ("," in clean(piece.text) or "円" in piece.text)
        ]
        if len(pieces) < 3 or not money or money[0] == 0 or (rows and len(pieces) != len(rows[0])):
            break
        rows.append(pieces)
        end += 1
    if len(rows) < 3:
        return None
    cells: list[list[Cell | None]] = [
        [_cell(piece.text, line) for piece in pieces] for pieces, line in zip(rows, lines[i:end], strict=True)
    ]
    return _table(cells, lines[i], _caption(lines, i)), end
