"""The cells of a table: who spans whom, and what a cell's text holds (money, bodies, bullets)."""

from __future__ import annotations

import re
from decimal import Decimal

from kusei.documents.reading.attributes import UNIT, is_body, money_in, money_line, plain_number
from kusei.documents.reading.model import Amount, Cell, Line, Place, Table
from kusei.documents.reading.normalise import clean, unwrap

_NUMBER = re.compile(
    r"^[約(]*(?P<minus>[△▲−-]?)\s*(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<unit>"
    + UNIT
    + r")?\)?"
)
_SCALED = re.compile(
    r"^[約(]*(?P<minus>[△▲−-]?)(?:(?P<cho>\d[\d,]*)兆)?(?:(?P<oku>\d[\d,]*(?:\.\d+)?)億)?(?:(?P<man>\d[\d,]*(?:\.\d+)?)万)?(?P<rest>\d[\d,]*)?\)?$"
)
_NONE = re.compile(r"^(?:[-―ー−–—.…・*]+|0?皆[増減]|なし|無し?|未定|皆無|新規|廃止|終了)?$")
_BULLET = re.compile(r"^[・○◯〇●◎◆◇■□▶►▷▪◦➢✓*→⇒]\s*|^[-]\s+|^[①-⑳]\s*")
_NUMBERED = re.compile(r"^\(\d{1,2}\)\s*|^\d{1,2}[.)]\s+")
# How a planned thing ends that is whole on its line (a line broken by hand between two of them, not a wrap).
_WHOLE = re.compile(
    r"(?:[うくぐすつぬぶむる。]|実施|開催|支援|作成|整備|設置|検討|周知|配布|推進|強化|充実|見直し|拡充|活用|連携|実現|改修|調査|運営|募集|派遣|育成)$"
)
_ENDS_NAME = re.compile(
    r"(?:課|室|局|係|署|所|部|会|団|館|園|校|院|社|庁|省|センター|プラザ|拠点|担当|チーム|法人|大学|消防|警察|組合|機構|グループ|自治会|町内会|指導員|委員|推進員|人材|等|ほか)(?:\([^)]*\))?$"
)
_PART = re.compile(r"(?:係|担当|グループ|班|チーム)$")
_TEAM = re.compile(r"(?:担当|チーム)$")  # on a line of its own it may be a body, too
PLACES = frozenset(
    [
        "国",
        "県",
        "市",
        "区",
        "町",
        "村",
        "都",
        "府",
        "道",
        "民間",
        "事業者",
        "地域",
        "住民",
        "市民",
        "区民",
        "町民",
        "村民",
        "県民",
        "行政",
        "企業",
    ]
)
"""Bodies that a cell names by a common word."""


class Grid:
    """A table with its merged cells resolved: `at(r, c)` is the cell that covers a place."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.width = max((len(row) for row in table.rows), default=0)
        self.height = len(table.rows)
        self._over: list[list[tuple[int, int] | None]] = [[None] * self.width for _ in range(self.height)]
        for r, row in enumerate(table.rows):
            for c, cell in enumerate(row):
                if cell is None:
                    continue
                for rr in range(r, min(r + max(cell.row_span, 1), self.height)):
                    for cc in range(c, min(c + max(cell.col_span, 1), self.width)):
                        if (rr, cc) == (r, c) or self._own(rr, cc) is None:
                            self._over[rr][cc] = (r, c)
        for r in range(self.height):
            for c in range(self.width):
                if self._over[r][c] is None and self._own(r, c) is None:
                    self._over[r][c] = self._over[r - 1][c] if r else (self._over[r][c - 1] if c else None)

    def _own(self, r: int, c: int) -> Cell | None:
        row = self.table.rows[r]
        return row[c] if c < len(row) else None

    def at(self, r: int, c: int) -> Cell | None:
        """The cell that covers this place; None outside of the table."""
        origin = self._over[r][c]
        return self._own(*origin) if origin else None

    def origin(self, r: int, c: int) -> tuple[int, int] | None:
        """Where the cell that covers this place begins."""
        return self._over[r][c]

    def text(self, r: int, c: int) -> str:
        """The folded, unwrapped text of the cell that covers this place."""
        cell = self.at(r, c)
        return cell_text(cell) if cell else ""

    def starts(self, r: int, c: int) -> bool:
        """Whether the cell of this place begins in this row."""
        origin = self._over[r][c]
        return origin is not None and origin[0] == r

    def texts(self, r: int) -> list[str]:
        """The texts of a row; a cell that spans several columns comes once, the rest of its span is empty."""
        return [self.text(r, c) if self._over[r][c] == (r, c) else "" for c in range(self.width)]

    def line_of(self, r: int) -> tuple[int | None, int]:
        """Page and line where a row begins."""
        for c in range(self.width):
            if (cell := self._own(r, c)) is not None and cell.line:
                return cell.page, cell.line
        return self.table.page, self.table.line


def cell_text(cell: Cell) -> str:
    """All of a cell's text, unwrapped."""
    return unwrap(cell.text.splitlines())


def place_of(cell: Cell, name: str) -> Place:
    """Where a cell stands."""
    return Place(name, cell.page, cell.line, max(cell.line, cell.end_line), cell.box, cell.ref)


def cell_lines(cell: Cell) -> list[Line]:
    """The printed lines of a cell, numbered on from its first line as far as the cell reaches."""
    found = []
    for i, text in enumerate(cell.text.splitlines()):
        if text.strip():
            number = min(cell.line + i, cell.end_line) if cell.end_line > cell.line else cell.line
            found.append(Line(text, number, cell.page, cell.box))
    return found


def amount_in(text: str, *, unit: str | None) -> tuple[Amount | None, Amount | None, str]:
    """Money of a cell: this amount, the year before's where the cell states it too, and what text is left over.

    `-`, 皆増 or an empty cell hold none. `unit` counts where the cell prints none itself.
    """
    folded = clean(text.replace("\n", " "))
    squeezed = folded.replace(" ", "")
    if _NONE.match(squeezed):
        return None, None, "" if not re.search(r"[一-龥]", squeezed) else squeezed
    if pair := money_line(folded):
        return pair[0], pair[1], ""
    if not re.match(r"^[約(△▲−-]*\d", squeezed):
        found = money_in(folded)
        return (found, None, folded) if found else (None, None, folded)
    if re.match(r"^\d[\d,]*(?:兆|億)\d", squeezed) and (mixed := money_in(squeezed)):
        return mixed, None, ""
    if scaled := _scaled(squeezed, unit):
        return scaled, None, ""
    match = _NUMBER.match(squeezed)
    if not match:
        return None, None, folded
    rest = squeezed[match.end() :]
    sign = "-" if match["minus"] else ""
    amount = Amount(sign + plain_number(match["number"]), match["unit"] or unit)
    return amount, None, "" if re.fullmatch(r"[)()]*", rest) else rest


def _scaled(squeezed: str, unit: str | None) -> Amount | None:
    """An amount that prints its scale but no 円: 1億8,000 (below 万円: 8,000 of these), 2億, 350万."""
    match = _SCALED.match(squeezed) if len(squeezed) <= 24 else None
    if match is None or not (match["oku"] or match["man"]):
        return None
    printed = "".join(
        plain_number(number) + scale
        for number, scale in ((match["cho"], "兆"), (match["oku"], "億"), (match["man"], "万"))
        if number
    )
    if match["rest"]:
        rest = plain_number(match["rest"])
        if match["man"] is None and unit not in {"円", "千円"}:
            printed += rest + "万"  # what follows 億 counts in 万
        elif unit == "千円":
            printed += f"{int(Decimal(rest) * 1000)}"
        else:
            printed += rest
    return Amount(("-" if match["minus"] else "") + printed, "円")


def is_amount(text: str) -> bool:
    """Whether a cell holds a number and nothing else (a dash counts, a plain year or rate does not)."""
    squeezed = clean(text).replace(" ", "")
    if re.fullmatch(r"(?:19|20)\d\d|\d{1,2}", squeezed) or squeezed.endswith("%"):
        return False
    return bool(re.fullmatch(rf"[(△▲−-]*\d[\d,]*(?:\.\d+)?(?:{UNIT})?\)?", squeezed))


def is_ditto(text: str) -> bool:
    """Whether a cell says that it holds what the one above it holds."""
    return bool(re.fullmatch(r'[〃″"]|同上|同左|々', clean(text)))


def split_owner_cell(text: str) -> list[str]:
    """The bodies of a cell: one a line, or parted by 、 or /; names broken over lines are joined, a section (係) goes with its division."""
    pieces: list[tuple[str, bool]] = []  # a name, and whether it begins a line
    for line in text.splitlines():
        line = re.sub(r"^[・○●◎◇◆]\s*", "", clean(line))
        line = re.sub(r"^(?:主担当|担当課?|所管|主|副|関係課)\s*[::]\s*", "", line)
        parts = [part for part in re.split(r"[、,，;;/／]|\s+", line) if part]
        goes_on = bool(pieces) and not (_ENDS_NAME.search(pieces[-1][0]) or pieces[-1][0] in PLACES)
        if goes_on and parts:
            pieces[-1] = (pieces[-1][0] + parts.pop(0), pieces[-1][1])
        pieces += [(part, not goes_on and not at) for at, part in enumerate(parts)]
    split: list[tuple[str, bool]] = []
    for piece, opens in pieces:
        halves = [half for half in piece.split("・") if half]
        if len(halves) > 1 and all(
            re.search(r"(?:課|室|局|所|部|署|会|係|センター|館|園|校|院|担当|チーム)$", half)
            and is_body(half)
            for half in halves
        ):
            split += [(half, opens) for half in halves]
        else:
            split.append((piece, opens))
    owners: list[str] = []
    for piece, opens in split:
        if re.fullmatch(r"[-―ー−*]+|なし|未定|調整中|同上|〃", piece):
            continue
        part = _PART.search(piece) and not (opens and _TEAM.search(piece))
        if owners and part and re.search(r"(?:課|室|局|部|所)$", owners[-1]):
            continue
        if piece not in owners:
            owners.append(piece)
    return owners


def bullets_of(cell: Cell) -> list[str]:
    """The planned things of a cell: each bullet with its wrapped lines. Without bullets the whole cell is one, or each line where
    every line ends like a whole thing."""
    lines = [text for line in cell.text.splitlines() if (text := clean(line))]
    if (
        len(lines) > 1
        and cell.box is None
        and all(_WHOLE.search(line) and not _BULLET.match(line) for line in lines)
    ):
        return lines
    groups: list[list[str]] = []
    marked = False
    for line in cell.text.splitlines():
        text = line.strip()
        if not clean(text):
            continue
        for i, part in enumerate(re.split(r"(?<=[^\s])[\s\u3000]+(?=[・○●◆■])", text)):
            mark = _BULLET.match(part) or _NUMBERED.match(clean(part))
            if mark:
                rest = part[mark.end() :] if _BULLET.match(part) else clean(part)[mark.end() :]
                groups.append([rest])
                marked = True
            elif groups and (marked or not i):
                groups[-1].append(part)
            else:
                groups.append([part])
    return [bullet for group in groups if (bullet := unwrap(group))]


def has_bullets(cell: Cell) -> bool:
    """Whether at least two lines, or the only one, begin with a bullet or number."""
    lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
    marks = sum(
        bool(_BULLET.match(line) or _NUMBERED.match(clean(line)) or re.match(r"^[ア-コ][\s\u3000.]", line))
        for line in lines
    )
    return marks >= 2 or (bool(lines) and len(lines) == marks)
