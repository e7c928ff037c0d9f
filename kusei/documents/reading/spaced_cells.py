"""Which column a piece of a table's text belongs to where only order, single blanks and line ends tell: by what it says.

The columns come one after another, and each holds its own kind of thing: a body, an amount, a sentence in the past. Of all ways
to deal the pieces out to rows and columns in the order of print, the one is taken that suits them best.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kusei.documents.reading.attributes import TAG_WORDS, is_body
from kusei.documents.reading.cells import PLACES, is_ditto
from kusei.documents.reading.columns import GROUPS, VALUES, Heading, Role
from kusei.documents.reading.model import Line

MONEY = frozenset({Role.AMOUNT, Role.PREVIOUS, Role.DIFFERENCE})
ANCHORS = MONEY | {Role.OWNER, Role.STATUS, Role.TAG, Role.NUMBER, Role.PERIOD}
"""Columns whose cells can be told by themselves."""

_FIGURE = re.compile(
    r"[(約]*[△▲+\-−]?(?:\d[\d,]*(?:\.\d+)?(?:兆|億|万|千))*\d[\d,]*(?:\.\d+)?(?:十|百|千)?[兆億万]?円?[)%]*|[△▲\-−]?\d[\d,]*[兆億万]円?"
)
_NONE = re.compile(r"[-―ー−–—*]+|皆[増減]|なし|未定|〃")
_CODE = re.compile(r"[A-Za-z]{0,2}-?\d{1,5}(?:[-.]\d{1,3})*[.)]?|\(\d{1,3}\)|[①-⑳]")
_TAG = re.compile(rf"[<\[【(]?(?:{TAG_WORDS})[>\]】)]?")
_VERDICT = re.compile(
    r"[◎○◯〇●△▲×☆★✓A-ESⅠ-Ⅴ高中低]|[A-ES][+-]?|[1-5]|(?:概ね|おおむね|やや|一部|事業)?(?:順調|継続|拡充|拡大|改善|見直し|縮小|廃止|完了|終了|休止|統合|強化|維持|現状維持|遅れ|遅延|達成|未達成|未着手|着手|実施中|実施済み?|検討中|予定どおり|現状[通どお]+り|着手済み?)"
)
_TIME = re.compile(
    r"(?:令和|平成|R|H)?\d{0,4}年?度?\d{1,2}月(?:[上中下初]旬|頃|ごろ|から|まで|以降|末|中|\d{1,2}日|[~・、/-].{1,10})?|通年|随時|毎[年月週日].{0,3}|(?:上|下|前|後|四)半?期.{0,4}|\d{1,2}[/~]\d.{0,6}|(?:令和|平成|R|H)(?:元|\d{1,2})(?:年度?)?(?:[~-].{0,8})?|[春夏秋冬]季?"
)
_PAST = re.compile(
    r"(?:した|された|できた|なかった|行った|図った|努めた|いた|った|[けせてげねべめれえ]た|である|中止)[。.)]?$"
)
_SHORT_NAME = re.compile(r"[一-龥ァ-ヴー・]{2,14}")
_BULLET = re.compile(r"[・○●◆■◇□▶][^、。)]")
_OPTIONAL = {Role.NOTE, Role.OTHER, Role.BODY, *VALUES, Role.INDICATOR}


@dataclass(slots=True)
class Piece:
    """Text between blanks, on the line of index `at`. `opens` says that it begins its line, `gap` whether a blank line stands above it, `alone` that
    nothing else stands on the line, `full` that the line above it reaches as far as lines do, `open_above` that it breaks off
    (… お茶と)."""

    text: str
    line: Line
    at: int
    opens: bool
    gap: bool = False
    alone: bool = False
    full: bool = False
    open_above: bool = False


def is_figure(text: str) -> bool:
    """Whether a text is a number, an amount or a mark for none."""
    return bool(_FIGURE.fullmatch(text) or _NONE.fullmatch(text))


def is_owner(text: str) -> bool:
    """Whether a text names bodies and nothing else."""
    names = [name for name in re.split(r"[、,，/／]", text) if name]
    return bool(names) and all(is_body(name) or name in PLACES for name in names)


@lru_cache(maxsize=4096)
def fit(text: str, role: Role) -> float:
    """How well a text suits a column: above 0 where it is what stands there, below where it is not."""
    figure = is_figure(text)
    if role in MONEY:
        return 3.0 if figure else -4.0
    if role is Role.NUMBER:
        return 2.0 if _CODE.fullmatch(text) else -4.0
    owner = is_owner(text)
    if role is Role.OWNER:
        if owner and not _BULLET.match(text):
            return 1.0 if "の" in text else 3.0  # 漁港の直売所 may be a name
        if owner or is_ditto(text):
            return 0.5
        return -1.0 if _SHORT_NAME.fullmatch(text) else -3.0  # 愛護推進員, 若葉駅: may be one all the same
    if role is Role.TAG:
        return 2.0 if _TAG.fullmatch(text) else -2.0
    if role is Role.PERIOD:
        return 2.0 if _TIME.fullmatch(text) else -2.0
    if role is Role.STATUS:
        return (
            2.0
            if _VERDICT.fullmatch(text) or _TAG.fullmatch(text)
            else 0.3
            if len(text) <= 10 and text[-1] not in "。」"
            else -2.0
        )
    if role in VALUES:
        return 1.0 if re.search(r"\d", text) and len(text) < 16 else -0.5
    if figure or (role not in _OPTIONAL and any(p.fullmatch(text) for p in (_TIME, _VERDICT, _TAG))):
        return -3.0
    if role in _OPTIONAL:
        return -1.5 if owner else 0.5 if text.endswith("。") else 0.0
    if role is Role.RESULT:
        return -2.0 if owner else 1.5 if _PAST.search(text) or text.endswith("。") else 0.2
    if role is Role.PLAN:
        return -2.0 if owner else -1.0 if _PAST.search(text) and text.endswith("。") else 0.5
    if _BULLET.match(text):
        return -4.0
    if len(text) > 40 or (text.endswith("。") and role is Role.PROJECT):
        return -1.5
    return -1.0 if owner or _PAST.search(text) else 0.5


def _role_of(heading: Heading, c: int) -> Role:
    """What is to be expected below a heading: 区分 right of a name holds tags or grades, a year beside others money."""
    if c and heading.role in GROUPS and re.search(r"^区分|種別$", heading.text):
        return Role.STATUS
    if heading.role is Role.OTHER and heading.year is not None:
        return Role.PREVIOUS
    return heading.role


def _other_role(heading: Heading) -> Role | None:
    """What else may stand below a heading: 進捗 heads sentences or a grade."""
    graded = heading.role is Role.RESULT and re.search(r"進捗|達成|状況|評価|判定|点検", heading.text)
    return Role.STATUS if graded else None


def _missing(role: Role) -> float:
    """What speaks against a row without a cell in such a column."""
    if role in GROUPS:
        return 0.4
    if role in _OPTIONAL:
        return 0.8
    return 1.6 if role in ANCHORS else 2.4


class Dealer:
    """Deals pieces out to the columns of `headings`: `by_line` where a row is a line, else a cell is a line, or, where blank
    lines stand between the cells (`apart`), the lines up to the next of these."""

    def __init__(self, headings: Sequence[Heading], *, by_line: bool, apart: bool = False) -> None:
        self.roles = [_role_of(heading, c) for c, heading in enumerate(headings)]
        self.other = [_other_role(heading) for heading in headings]
        self.by_line = by_line
        self.apart = apart
        content = next((c for c, role in enumerate(self.roles) if role not in {*GROUPS, Role.NUMBER}), 0)
        named = [c for c, role in enumerate(self.roles) if role in {Role.MATTER, Role.PROJECT}]
        groups = set(range(content)) | (set(named[:-1]) if len(named) > 1 else set())
        lost = [
            0.5 if c in groups and role is not Role.NUMBER else _missing(role)
            for c, role in enumerate(self.roles)
        ]
        self.lost = [0.0]
        for cost in lost:
            self.lost.append(self.lost[-1] + cost)

    def deal(self, pieces: Sequence[Piece]) -> list[tuple[int, int]]:
        """The row and the column of each piece."""
        width = len(self.roles)
        scores = [fit - self.lost[c] for c, fit in enumerate(self._fits(pieces[0]))]
        back: list[list[tuple[int, bool]]] = []
        for piece in pieces[1:]:
            fits = self._fits(piece)
            ends = [scores[a] - (self.lost[width] - self.lost[a + 1]) for a in range(width)]
            last = max(range(width), key=ends.__getitem__)
            opening = self._opening(piece)
            after: list[float] = []
            chosen: list[tuple[int, bool]] = []
            for b in range(width):
                best, way = ends[last] + opening - self.lost[b], (last, True)
                for a in range(b + 1):
                    value = scores[a] + (
                        self._going_on(piece, self.roles[b])
                        if a == b
                        else self._stepping(piece) - (self.lost[b] - self.lost[a + 1])
                    )
                    if value > best:
                        best, way = value, (a, False)
                after.append(best + fits[b])
                chosen.append(way)
            back.append(chosen)
            scores = after
        column = max(range(width), key=lambda a: scores[a] - (self.lost[width] - self.lost[a + 1]))
        found = [(0, column)]
        opened = 0
        for chosen in reversed(back):
            column, opens = chosen[column]
            opened += opens
            found.append((-opened, column))
        return [(row + opened, column) for row, column in reversed(found)]

    def _fits(self, piece: Piece) -> list[float]:
        """How well a piece suits each column."""
        return [
            max(fit(piece.text, role), fit(piece.text, other)) if other else fit(piece.text, role)
            for role, other in zip(self.roles, self.other, strict=True)
        ]

    def _opening(self, piece: Piece) -> float:
        """What speaks for a new row at a piece."""
        if not piece.opens:
            return -99.0
        if self.by_line:
            return 0.5
        if self.apart:
            return 0.0 if piece.gap else -4.0
        return 1.5 if piece.gap else -2.0 if piece.open_above else 0.0

    def _going_on(self, piece: Piece, role: Role) -> float:
        """What speaks for a piece being the rest of the cell before it."""
        if role in MONEY:
            return -6.0
        listed = (role is Role.OWNER and is_owner(piece.text)) or (
            role in {Role.PLAN, Role.RESULT, Role.BODY} and bool(_BULLET.match(piece.text))
        )
        if not piece.opens:
            return -0.4 if listed else -2.0
        if self.by_line:
            return -1.0 if piece.alone else -2.5
        if piece.gap:
            return -4.0 if self.apart else -3.0
        if self.apart:
            return 0.5
        if listed:
            return -0.8
        if piece.open_above:
            return 0.5
        return -0.4 if piece.full else -1.6

    def _stepping(self, piece: Piece) -> float:
        """What speaks for a piece being a further cell of the same row."""
        if self.by_line:
            return -3.0 if piece.opens else 0.0
        if self.apart:
            return 0.0 if piece.gap else -2.0
        return -1.5 if piece.gap else -1.0 if piece.open_above else 0.0
