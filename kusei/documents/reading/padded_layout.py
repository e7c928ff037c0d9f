"""Where the columns of a padded table stand, and which piece of a printed line belongs to which of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from kusei.documents.reading.attributes import UNIT, is_body
from kusei.documents.reading.columns import GROUPS, Heading, Role, heading_of, read_headings
from kusei.documents.reading.normalise import clean

MONEY = frozenset({Role.AMOUNT, Role.PREVIOUS, Role.DIFFERENCE})
MEASURED = frozenset({Role.BASELINE, Role.TARGET, Role.ACTUAL})
NAMED = (Role.PROJECT, Role.MATTER, Role.INDICATOR, Role.PLAN, Role.MEASURE, Role.FOCUS)
TEXTS = frozenset({Role.PLAN, Role.RESULT, Role.BODY, Role.NOTE, Role.STATUS, Role.PROJECT, Role.MATTER})

_TOKEN = re.compile(r"[^ \t\u3000\u00a0]+")
# Every part but the last must end in its scale: a pattern that could cut digits anywhere would try every cut.
_FIGURE = re.compile(
    rf"^[(約]*[△▲+-]?(?=\d)(?:\d[\d,]*(?:\.\d+)?(?:兆|億|万))*(?:\d[\d,]*(?:\.\d+)?)?(?:{UNIT})?[)%]*$"
)
_NONE = re.compile(r"^[(]?(?:[-*・…]+|0|皆増|皆減|新規|なし|未定|廃止|終了|事項要求|同額|ゼロ予算)[)]?$")
_LEVELS = frozenset("部局課室係班")
_SIGNS = frozenset("△▲−-－")
_NUMBER = re.compile(r"^[(第]?(?:\d{1,4}|[ア-ンa-zA-Z]|\d{1,2}-\d{1,2})[).]?$")
_MARK = re.compile(
    r"^(?:[◇◆○●◎■□・▼▽▲☆★◯〇]|\(?\d{1,2}[).]?|[IVX]{1,4}[.]?|[①-⑳]|\(?[ア-ン]\)|[ア-ンa-z][.]?|第\d+)$"
)


def cells_wide(text: str) -> int:
    """Printed width in half-width cells. Characters of ambiguous width are wide, as in every Japanese font."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


@dataclass(slots=True)
class Piece:
    """Text between blanks: where it stands in its line (in half-width cells) and how wide the gap before it is."""

    text: str
    begin: int
    end: int
    gap: int

    @property
    def is_figure(self) -> bool:
        return bool(_FIGURE.match(clean(self.text).replace(" ", "")))

    @property
    def is_none(self) -> bool:
        return bool(_NONE.match(clean(self.text)))


def pieces_of(text: str, *, gap: int = 2) -> list[Piece]:
    """The pieces of a line that blanks of at least `gap` half-width cells part; a minus sign stays with its number."""
    text = text.expandtabs(8).rstrip()
    found: list[Piece] = []
    raw_end = 0
    position = 0
    for match in _TOKEN.finditer(text):
        position += cells_wide(text[raw_end : match.start()])
        begin, end = position, position + cells_wide(match[0])
        last = found[-1] if found else None
        signed = last is not None and last.text in _SIGNS and match[0][0] in "0123456789０１２３４５６７８９"
        if last is not None and (begin - last.end < gap or (signed and begin - last.end <= 8)):
            last.text += ("" if signed else text[raw_end : match.start()]) + match[0]
            last.end = end
        else:
            found.append(Piece(match[0], begin, end, begin - last.end if last else begin))
        raw_end = match.end()
        position = end
    return found


def whole_pieces(text: str) -> list[Piece]:
    """Pieces parted by two cells or more; a marker (１, (1), ◇) belongs to the name after it."""
    found = pieces_of(text)
    while len(found) > 1 and _MARK.match(clean(found[0].text)) and found[1].gap <= 4:
        first, second = found[0], found[1]
        found[:2] = [Piece(f"{first.text}\u3000{second.text}", first.begin, second.end, first.gap)]
    return found


def heading_pieces(text: str, *, gap: int = 2) -> list[Piece]:
    """The pieces of a line of headings; a heading that is set wide, 事　業　名, is one piece."""
    if len(text) > 500:  # no line of headings
        return pieces_of(text, gap=gap)
    tokens = pieces_of(text, gap=1)
    found: list[Piece] = []
    i = 0
    while i < len(tokens):
        piece, wide = tokens[i], _set_wide(tokens, i)
        i += max(len(wide), 1)
        if wide:
            piece = Piece("".join(one.text for one in wide), piece.begin, wide[-1].end, piece.gap)
        last = found[-1] if found else None
        if last is not None and piece.gap < gap and not wide:
            last.text, last.end = f"{last.text} {piece.text}", piece.end
        else:
            found.append(piece)
    return found


def _set_wide(tokens: Sequence[Piece], start: int) -> list[Piece]:
    """The longest run of single characters, evenly apart, that is a heading; [] where none begins here."""
    end = start
    while end < len(tokens) and len(tokens[end].text) == 1 and end - start < 8:
        if end > start + 1 and tokens[end].gap != tokens[start + 1].gap:
            break
        end += 1
    if tokens[start].text == "款" and end > start + 1 and tokens[start + 1].gap > 2:
        return []  # names stand below them, not numbers: three columns
    if end > start + 1 and {one.text for one in tokens[start:end]} <= _LEVELS and tokens[start + 1].gap > 2:
        return []  # 部 and 課: a column for each level of the office
    for stop in range(end, start + 1, -1):
        if heading_of("".join(one.text for one in tokens[start:stop])) is not None:
            return list(tokens[start:stop])
    return []


@dataclass(slots=True)
class Column:
    """One column: what it means, and the cells it reaches over."""

    heading: Heading
    begin: int
    end: int
    left: int
    """Where its words begin."""


@dataclass(slots=True)
class Layout:
    """The columns of a table. `is_loose`: the headings stand apart by single blanks, so that places tell nothing."""

    columns: list[Column]
    is_loose: bool = False
    widest: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, pieces: Sequence[Piece], *, is_loose: bool = False) -> Layout:
        """The layout that a heading line gives."""
        headings = read_headings([piece.text for piece in pieces])
        return cls(
            [Column(h, p.begin, p.end, p.begin) for h, p in zip(headings, pieces, strict=True)], is_loose
        )

    @property
    def name(self) -> int:
        """The column that names the rows."""
        for role in NAMED:
            found = [c for c, column in enumerate(self.columns) if column.heading.role is role]
            if found:
                return found[-1] if role is Role.MATTER else found[0]
        return next((c for c, column in enumerate(self.columns) if column.heading.role is not Role.NUMBER), 0)

    @property
    def group(self) -> int | None:
        """The column before the names that groups them; None where there is none."""
        name = self.name
        found = [c for c in range(name) if self.columns[c].heading.role in GROUPS | {Role.MATTER}]
        return found[-1] if found else None

    def has(self, roles: frozenset[Role]) -> bool:
        return any(column.heading.role in roles for column in self.columns)

    def row(self, text: str) -> dict[int, Piece] | None:
        """The pieces of a line by column; None if they fit no columns, or only one."""
        tokens = pieces_of(text, gap=1)
        if not tokens or len(tokens) > 60:
            return None
        cost, chosen = self._assign(tokens)
        found: dict[int, Piece] = {}
        for piece, c in zip(tokens, chosen, strict=True):
            if c in found:
                before = found[c]
                blank = "\u3000" if piece.begin - before.end == 2 else " " * min(piece.begin - before.end, 2)
                found[c] = Piece(before.text + blank + piece.text, before.begin, piece.end, before.gap)
            else:
                found[c] = piece
        if len(found) < 2 or cost > 3.2 * len(found):
            return None
        if self.is_loose and not any(
            piece.is_figure for c, piece in found.items() if self.columns[c].heading.role in MONEY
        ):
            return None
        return found

    def _assign(self, tokens: Sequence[Piece]) -> tuple[float, list[int]]:
        """The cheapest way to lay the pieces out over the columns, in order."""
        width = len(self.columns)
        costs = [self._cost(tokens[0], c) for c in range(width)]
        paths = [[c] for c in range(width)]
        for before, piece in pairwise(tokens):
            own = [self._cost(piece, c) for c in range(width)]
            next_costs: list[float] = []
            next_paths: list[list[int]] = []
            for c in range(width):
                best, at = costs[c] + self._joined(before, piece, c), c
                for b in range(c):
                    value = costs[b] + self._parted(before, piece, c - b)
                    if value < best:
                        best, at = value, b
                next_costs.append(best + own[c])
                next_paths.append([*paths[at], c])
            costs, paths = next_costs, next_paths
        best = min(range(width), key=lambda c: costs[c])
        return costs[best], paths[best]

    def _joined(self, before: Piece, piece: Piece, c: int) -> float:
        role = self.columns[c].heading.role
        if role in MONEY and (before.is_figure or before.is_none) and (piece.is_figure or piece.is_none):
            return 8.0
        if role is Role.NUMBER:
            return 6.0
        if _MARK.match(clean(before.text)):
            return 0.0 if piece.gap <= 3 else 1.0
        return (0.0, 0.0, 0.6, 2.5)[piece.gap] if piece.gap < 4 else min(3.0 + (piece.gap - 4) * 0.8, 9.0)

    def _parted(self, before: Piece, piece: Piece, step: int) -> float:
        skipped = (step - 1) * (1.0 if self.is_loose else 0.2)
        if piece.gap >= 3 or (self.is_loose and piece.is_figure):
            return skipped
        if piece.gap == 2:
            return skipped + 0.3
        boundary = before.is_figure or piece.is_figure
        return skipped + (0.4 if boundary else 1.5 if self.is_loose else 3.0)

    def _cost(self, piece: Piece, c: int) -> float:
        column = self.columns[c]
        meaning = self._meaning(piece, column.heading.role)
        if self.is_loose:
            return meaning
        apart = max(0, column.begin - piece.end, piece.begin - column.end)
        edges = min(
            abs(piece.begin - column.left),
            abs(piece.end - column.end),
            abs(piece.begin + piece.end - column.begin - column.end) / 2,
        )
        return meaning + min(apart * 0.35, 7.0) + min(edges * 0.06, 1.0)

    def _meaning(self, piece: Piece, role: Role) -> float:
        """What a piece costs under a heading, by what it says."""
        if role in MONEY:
            return 0.0 if piece.is_figure or piece.is_none else 2.0 if cells_wide(piece.text) <= 10 else 6.0
        if role is Role.NUMBER:
            return 0.0 if _NUMBER.match(clean(piece.text)) else 5.0
        if role in MEASURED:
            return 0.0 if re.search(r"\d|^[-(]", clean(piece.text)) else 2.0
        money = piece.is_figure and ("," in clean(piece.text) or self.has(MONEY))
        if role is Role.OWNER:
            return 5.0 if money else 0.0 if is_body(clean(piece.text).split("、")[0]) else 1.0
        if piece.is_none and self.has(MONEY) and role in TEXTS:
            return 1.5
        if money:
            return 3.0
        return (
            0.8
            if role not in {Role.NOTE, Role.OTHER}
            and Role.OWNER in [c.heading.role for c in self.columns]
            and is_body(clean(piece.text))
            else 0.0
        )

    def learn(self, rows: Sequence[dict[int, Piece]]) -> None:
        """Let the columns reach over what stands in them: headings are often narrower than their columns."""
        if self.is_loose:
            return
        for c, column in enumerate(self.columns):
            own = [row[c] for row in rows if c in row]
            if not own:
                continue
            left = round(median(piece.begin for piece in own))
            right = max(piece.end for piece in own)
            least = self.columns[c - 1].end + 1 if c else 0
            most = self.columns[c + 1].begin - 1 if c + 1 < len(self.columns) else right
            column.left = left if not all(piece.is_figure or piece.is_none for piece in own) else column.begin
            column.begin = max(min(column.begin, left), min(least, column.begin))
            column.end = max(column.end, min(right, most))
            self.widest[c] = max(cells_wide(piece.text) for piece in own)

    def column_at(self, begin: int) -> int | None:
        """The column of words that begins there, give or take a cell."""
        if self.is_loose:
            return None
        near = [
            (abs(column.left - begin), c)
            for c, column in enumerate(self.columns)
            if column.heading.role not in MONEY
        ]
        apart, c = min(near, default=(99, 0))
        return c if apart <= 2 else None
