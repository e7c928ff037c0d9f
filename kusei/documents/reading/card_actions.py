"""What a card lists under 取組内容, 年度計画 and their like: each bullet is an action of the card's item."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kusei.documents.reading.attributes import read_attributes
from kusei.documents.reading.cells import cell_lines
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Cell, DraftItem, Place
from kusei.documents.reading.normalise import clean, unwrap

_DEEDS = re.compile(r"取り?組み?|内容|計画|予定|スケジュール|工程|実施|手段|手法|方法|具体")
_NO_DEEDS = re.compile(
    r"課題|成果|実績|結果|評価|目的|目標|理由|効果|方向|今後|次年度|来年度|対象|指標|背景|時期|期間|主体"
)
_YEAR = re.compile(
    r"^(?:(?:令和|平成|R|H|[ＲＨ])?[ \u3000]*(?:[0-9０-９]{1,2}|元)|[2２][0０][0-9０-９]{2})年度?(?:[ \u3000:：]+|(?=[・○●◎]))"
)
_INNER_BULLET = re.compile(r"(?<=[^\s])[\s\u3000]+(?=[・○●◆■])")
_MARKS = frozenset(
    {"dot", "arrow", "hyphen", "circle", "diamond", "square", "triangle"}
    | {"circled", "(digit)", "digit.", "digit)", "kana", "(kana)"}
)


@dataclass(slots=True)
class _Deed:
    number: str | None
    line: int
    end: int
    parts: list[str] = field(default_factory=list)


def lists_deeds(label: str) -> bool:
    """Whether a label (取組内容, 主な取組, 年度計画, 実施内容) stands above what is done, not above what came of it."""
    return bool(_DEEDS.search(label)) and not _NO_DEEDS.search(label)


def actions_of(cell: Cell) -> tuple[list[DraftItem], str]:
    """The actions that a value lists, and its text above the first of them; no actions where it lists none."""
    lead: list[str] = []
    deeds: list[_Deed] = []
    lines = cell_lines(cell)
    span = cell.end_line - cell.line + 1
    later = 1 if span == len(lines) + 1 else 0  # the label stands on a line of its own
    years = [_YEAR.match(line.text.strip()) for line in lines]
    yearly = len(lines) > 1 and all(years)
    for line, year in zip(lines, years, strict=True):
        number = min(line.number + later, max(cell.end_line, cell.line))
        text = line.text.strip()
        if year is not None and (yearly or find_marker(text[year.end() :])):
            text = text[year.end() :]
        for part in _INNER_BULLET.split(text):
            marker = find_marker(part)
            if marker is not None and marker.style in _MARKS and marker.rest:
                deeds.append(_Deed(marker.number, number, number, [marker.rest]))
            elif yearly:
                deeds.append(_Deed(None, number, number, [part]))
            elif deeds:
                deeds[-1].parts.append(part)
                deeds[-1].end = number
            else:
                lead.append(part)
    return [_action(deed, cell) for deed in deeds], unwrap(lead)


def _action(deed: _Deed, cell: Cell) -> DraftItem:
    words = clean(unwrap(deed.parts))
    found = read_attributes(words, unit=None, bare_amounts=False)
    item = DraftItem(
        "action",
        found.title or words,
        number=deed.number,
        tags=found.tags,
        owners=found.owners,
        amount=found.amount,
        previous_amount=found.previous,
    )
    item.places.append(Place("title", cell.page, deed.line, deed.end, cell.box, cell.ref))
    return item
