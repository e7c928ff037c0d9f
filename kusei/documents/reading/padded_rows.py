"""The rows below a heading line: what is a row, a group's heading, the rest of a cell, a description, or no longer the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kusei.documents.reading.columns import UNIT, Role, header_score, reads_as_title
from kusei.documents.reading.markers import Marker, find_marker, is_note
from kusei.documents.reading.model import Line
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_layout import (
    MONEY,
    TEXTS,
    Layout,
    Piece,
    cells_wide,
    heading_pieces,
    pieces_of,
    whole_pieces,
)
from kusei.documents.reading.totals import is_total

RULE = re.compile(r"^[\s―─━‐\-=＝_＿—–ー~～*＊・.+|｜┌┐└┘├┤┬┴┼│┃┝┥┠┨╋]{3,}$")
CONTENTS = re.compile(r"[…‥]{2,}|[.．・･]{4,}|(?:… ){2,}")
_PAGE_NUMBER = re.compile(r"^[-－―‐– ]*\d{1,3}[-－―‐– ]*$|^[Pp]\.? ?\d{1,3}$|^\d{1,3} ?/ ?\d{1,3}$")
UNIT_ALONE = re.compile(
    rf"^[(\[【※*\s]*(?:(?:表中の)?(?:予算|決算)?(?:金額|額)?の?単位(?:は|[:：])?|(?:予算|決算)?(?:金額|額)(?:は|[:：]))?[、\s]*(?P<unit>{UNIT})(?:です|とする|単位)?[)\]】。]*$"
)
_BRACKETS = re.compile(r"^[【〔《≪<\[〈].{1,30}[】〕》≫>\]〉]$")
_CHAPTERS = {"part", "chapter", "section", "roman"}
TAG = re.compile(
    r"^[<＜\[［【〔(（《≪]?(?P<tag>一部新規|一部拡充|新規|新設|拡充|拡大|重点|継続|縮小|廃止|見直し|改善|完了|休止|再掲|新|拡|継|重|改)[>＞\]］】〕)）》≫]?(?P<blank>[ \t\u3000\u00a0]+)(?=\S)"
)
_GOES_ON = re.compile(
    r"^[」』）)。、ぁ-んー]|^(?:事業|支援事業|推進事業|整備事業|対策事業|等|事業費)(?:$|[(（])"
)


@dataclass(slots=True)
class Row:
    """Pieces of one row, by column; `body` are lines of prose printed below it. A `group` row heads those after it."""

    cells: dict[int, list[tuple[str, Line]]] = field(default_factory=dict)
    body: list[Line] = field(default_factory=list)
    group: Line | None = None
    begins: dict[int, int] = field(default_factory=dict)
    tag: tuple[str, Line] | None = None
    """新, 拡充 …, printed between the columns, right before the name."""


@dataclass(slots=True)
class Region:
    """The rows of a table and the index of the first line below it."""

    rows: list[Row]
    end: int

    @property
    def solid(self) -> int:
        return sum(row.group is None for row in self.rows)


def is_rule(text: str) -> bool:
    """A line drawn with signs."""
    return bool(RULE.match(text)) and not re.search(r"[・.]{3,}\s*$", text.strip()[:2])


def is_heading_line(pieces: Sequence[Piece]) -> bool:
    """Whether the pieces of a line read like the headings of columns."""
    texts = [clean(piece.text) for piece in pieces]
    if reads_as_title(texts):
        return False
    if len(texts) < 2 or any(piece.is_figure and not re.search("年", piece.text) for piece in pieces):
        return False
    if any(
        "。" in text or len(text) > 24 or re.search(r"\d(?:千|百万|億|万)?円", text) or text.startswith("【")
        for text in texts
    ):
        return False
    score = header_score(texts)
    return score >= 2 and score * 2 >= len(texts)


def _after_marker(row: Row, name: int, begin: int) -> bool:
    """Whether a line begins below the words of a name, behind its marker: `(1) 名前` and four cells further `のつづき`."""
    if name not in row.cells or name not in row.begins:
        return False
    text = row.cells[name][0][0]
    pieces = pieces_of(text, gap=1)
    if len(pieces) < 2 or find_marker(text) is None:
        return False
    return abs(row.begins[name] + pieces[1].begin - begin) <= 1


class RegionReader:
    """Walks down from a heading line."""

    def __init__(self, lines: Sequence[Line], layout: Layout, head: str, above: Marker | None) -> None:
        self.lines = lines
        self.layout = layout
        self.head = re.sub(r"\s", "", clean(head))
        self.above = above
        self.rows: list[Row] = []
        self.pending: list[Row] = []
        self.ruled = False

    def read(self, start: int) -> Region:
        """All that belongs to the table, from line `start` on."""
        end = i = start
        before: Line | None = self.lines[start - 1] if start else None
        while i < len(self.lines):
            line = self.lines[i]
            text = line.text
            if not text.strip():
                i += 1
                continue
            if is_rule(text):
                self.ruled, before = True, line
                i += 1
                end = i if end == i - 1 else end
                continue
            adjacent = before is not None and not self.ruled and 0 <= line.number - before.number <= 1
            if before is not None and before.page == line.page and line.number - before.number > 4:
                break
            if not self._take(i, adjacent):
                break
            self.ruled, before = False, line
            i += 1
            if not self.pending:
                end = i
        return Region(self.rows, end)

    def _take(self, i: int, adjacent: bool) -> bool:
        line = self.lines[i]
        folded = clean(line.text)
        if (
            len(line.text) > 400
            or CONTENTS.search(line.text)
            or is_note(folded)
            or _PAGE_NUMBER.match(folded)
        ):
            return False
        if re.sub(r"\s", "", folded) == self.head:
            return bool(self.rows)  # the headings again, on a further page
        whole = whole_pieces(line.text)
        if is_heading_line(whole) or is_heading_line(heading_pieces(line.text)):
            return not self.rows and self._second_heading(line)
        if UNIT_ALONE.match(folded):
            return False
        found = self.layout.row(line.text)
        if found is not None and self._is_chapter(line, found):
            return False
        if found is None:
            return self._single(i, adjacent) if len(whole) == 1 or self._runs_on(whole) else False
        prior = self.rows[-1] if self.rows and not self.pending and self.rows[-1].group is None else None
        if self._completes(found, line, adjacent):
            return True
        if adjacent and prior is not None and self._continues(found, prior):
            for c, piece in found.items():
                prior.cells.setdefault(c, []).append((piece.text, line))
            return True
        self._commit()
        row = Row()
        for c, piece in found.items():
            text, begin = piece.text, piece.begin
            if c == self.layout.name and (tag := TAG.match(text)):
                row.tag = (tag["tag"], line)
                begin += cells_wide(tag[0])
                text = text[tag.end() :]
            row.cells[c] = [(text, line)]
            row.begins[c] = begin
        self.rows.append(row)
        return True

    def _is_chapter(self, line: Line, found: dict[int, Piece]) -> bool:
        """A heading like the one above the table (施策２　くらしを守る) that happens to fit two columns."""
        marker = find_marker(line.text)
        if marker is None or self.above is None or marker.signature != self.above.signature:
            return False
        roles = {self.layout.columns[c].heading.role for c in found}
        return marker.ordinal is not None and not roles & (MONEY | {Role.OWNER, Role.NUMBER})

    def _completes(self, found: dict[int, Piece], line: Line, adjacent: bool) -> bool:
        """A row whose name began on the line above, where it stood alone: 「…設置助成」 and below it 「事業   3,000」."""
        name = self.layout.name
        start = found.get(name)
        if (
            not adjacent
            or start is None
            or cells_wide(start.text) > 16
            or not _GOES_ON.match(clean(start.text))
        ):
            return False
        if self.pending:
            head = self.pending[-1].group
            if head is None or find_marker(head.text) or _BRACKETS.match(clean(head.text)):
                return False
            begin = pieces_of(head.text, gap=1)[0].begin
            if abs(begin - start.begin) > 2 or line.number - head.number > 1:
                return False
            self.pending.pop()
            self._commit()
            row = Row({name: [(head.text.strip(), head)]}, begins={name: begin})
            self.rows.append(row)
        else:
            row = self.rows[-1] if self.rows else Row()
            columns = self.layout.columns
            if row.group is not None or row.body or name not in row.cells:
                return False
            if any(
                columns[c].heading.role in MONEY or columns[c].heading.role is Role.OWNER for c in row.cells
            ):
                return False
            if abs(row.begins.get(name, -99) - start.begin) > 2:
                return False
            if not any(columns[c].heading.role in MONEY for c in found):
                return False
        for c, piece in found.items():
            row.cells.setdefault(c, []).append((piece.text, line))
            row.begins.setdefault(c, piece.begin)
        return True

    def _second_heading(self, line: Line) -> bool:
        found = self.layout.row(line.text)
        if found is None:
            return False
        self.rows.append(Row({c: [(piece.text, line)] for c, piece in found.items()}))
        return True

    def _runs_on(self, whole: Sequence[Piece]) -> bool:
        """A sentence or list that blanks part, and no row."""
        return all(piece.gap <= 2 for piece in whole[1:]) and not any(piece.is_figure for piece in whole[1:])

    def _commit(self) -> None:
        self.rows += self.pending
        self.pending = []

    # --- rows over several lines ----------------------------------------------------------------------------------

    def _continues(self, found: dict[int, Piece], row: Row) -> bool:
        """Whether a line of several pieces goes on with the cells of the row above it."""
        name = self.layout.name
        money = [c for c, column in enumerate(self.layout.columns) if column.heading.role in MONEY]
        if any(found[c].is_figure or found[c].is_none for c in money if c in found):
            return False
        starts = found.get(name)
        if starts is not None and find_marker(starts.text) is not None:
            return False
        if any(c not in row.cells and self.layout.columns[c].heading.role not in TEXTS for c in found):
            return False
        if starts is None:
            return True
        numbers = [c for c, column in enumerate(self.layout.columns) if column.heading.role is Role.NUMBER]
        if numbers:
            return not any(c in found for c in numbers) and any(c in row.cells for c in numbers)
        if money:
            return any(c in row.cells for c in money)
        owners = [c for c, column in enumerate(self.layout.columns) if column.heading.role is Role.OWNER]
        if owners and any(c in row.cells for c in owners) and not any(c in found for c in owners):
            return True
        last = [
            row.cells[c][-1][0]
            for c in found
            if c in row.cells and self.layout.columns[c].heading.role in TEXTS
        ]
        return bool(_GOES_ON.match(clean(starts.text))) and not any(
            clean(text).endswith("。") for text in last
        )

    # --- lines of one piece ---------------------------------------------------------------------------------------

    def _single(self, i: int, adjacent: bool) -> bool:
        line = self.lines[i]
        folded = clean(line.text)
        begin = pieces_of(line.text, gap=1)[0].begin
        row = self.rows[-1] if self.rows and not self.pending and self.rows[-1].group is None else None
        marker = find_marker(line.text)
        bracket = bool(_BRACKETS.match(folded))
        if is_total(folded):
            return False
        plain = (marker is None or marker.is_bullet) and not bracket
        if row is not None and adjacent and plain and self._extends(row, folded, begin, i, marker):
            return True
        after = self._next(i)
        follows = after is not None and self._is_row(after)
        if row is not None and plain and self._describes(row, folded, begin, adjacent, follows, marker):
            row.body.append(line)
            return True
        if folded.endswith("。") or cells_wide(folded) > 70:
            return False
        return self._heads(i, line, begin, marker, bracket)

    def _runs_to_sentence(self, i: int, begin: int) -> bool:
        """Whether a line below a name goes on, at its own left edge, to the end of a sentence: it describes, it is no rest of the name."""
        name = self.layout.columns[self.layout.name].heading.role
        if name in {Role.PLAN, Role.RESULT}:
            return False
        for j in range(i, min(i + 6, len(self.lines))):
            line = self.lines[j]
            pieces = whole_pieces(line.text) if len(line.text) <= 400 else []
            if len(pieces) != 1 or pieces[0].begin != begin or line.number - self.lines[i].number != j - i:
                return False
            if j > i and find_marker(line.text) is not None:
                return False
            if clean(line.text).endswith("。"):
                return j > i
        return False

    def _extends(self, row: Row, folded: str, begin: int, i: int, marker: Marker | None) -> bool:
        """The rest of a cell that broke over lines: printed right below it, at its left edge."""
        c = self.layout.column_at(begin)
        if c is None and _after_marker(row, self.layout.name, begin):
            c = self.layout.name
        if c is None or c not in row.cells or row.body:
            return False
        role = self.layout.columns[c].heading.role
        if marker is not None and role not in {Role.PLAN, Role.RESULT, Role.BODY}:
            return False
        width = max(self.layout.widest.get(c, 0), *(cells_wide(text) for text, _ in row.cells[c]))
        if c == self.layout.name:
            if not -3 <= begin - row.begins.get(c, begin) <= 6 or (
                "。" in folded and role not in {Role.PLAN, Role.RESULT}
            ):
                return False
            full = cells_wide(row.cells[c][-1][0]) >= width * 0.6
            if cells_wide(folded) > width + 4 or not (full or _GOES_ON.match(folded)):
                return False
            if self._names_group(folded, begin, row) or self._runs_to_sentence(i, begin):
                return False
        elif cells_wide(folded) > width + 6:
            return False
        row.cells[c].append((self.lines[i].text.strip(), self.lines[i]))
        return True

    def _names_group(self, folded: str, begin: int, row: Row) -> bool:
        """A name at the very edge, where rows are numbered or marked and it is not: it may head the rows below."""
        first = clean(row.cells[self.layout.name][0][0])
        marked = find_marker(first) is not None
        edge = begin <= row.begins.get(self.layout.name, begin) - 2
        return (edge and marked) and not _GOES_ON.match(folded) and cells_wide(folded) > 12

    def _describes(
        self, row: Row, folded: str, begin: int, adjacent: bool, follows: bool, marker: Marker | None
    ) -> bool:
        """Prose or bullets below a row, set in from its first cell."""
        left = min(row.begins.values(), default=0)
        last = row.body[-1] if row.body else None
        if not adjacent:
            return False
        if begin >= left + 2:
            return bool(folded.endswith("。") or marker or cells_wide(folded) >= 24 or last) or not follows
        return folded.endswith("。") and follows and begin >= left

    def _heads(self, i: int, line: Line, begin: int, marker: Marker | None, bracket: bool) -> bool:
        """A heading between rows: marked, in brackets, or short and at the edge, with a row after it."""
        group = self.layout.group
        in_column = group is not None and begin <= self.layout.columns[group].end + 2
        is_chapter = marker is not None and (
            marker.style in _CHAPTERS or (self.above is not None and marker.signature == self.above.signature)
        )
        if is_chapter and not in_column:
            return False
        if marker is None and not bracket and not in_column and cells_wide(line.text.strip()) > 40:
            return False
        names = self.layout.columns[self.layout.name]
        if not self.layout.is_loose and begin > max(names.left, names.begin) + 4:
            return False
        j, steps = i, 0
        while steps < 3:
            after = self._next(j)
            if after is None or is_heading_line(heading_pieces(self.lines[after].text)):
                return False
            if self._is_row(after):
                self.pending.append(Row(group=line))
                return True
            if clean(self.lines[after].text).endswith("。") or CONTENTS.search(self.lines[after].text):
                return False
            j, steps = after, steps + 1
        return False

    def _next(self, i: int) -> int | None:
        """The next line with words."""
        for j in range(i + 1, min(i + 8, len(self.lines))):
            if self.lines[j].text.strip() and not is_rule(self.lines[j].text):
                return j
        return None

    def _is_row(self, i: int) -> bool:
        text = self.lines[i].text
        return len(text) <= 400 and not CONTENTS.search(text) and self.layout.row(text) is not None
