"""Headings between cards: `基本目標１　ごみを減らす`, `■ 環境部`. The cards below them are theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import DraftItem, Line, Place
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_layout import cells_wide
from kusei.documents.reading.sections import BACKGROUND, MEASURES, NEUTRAL, section_of

_NUMBERED_WORD = re.compile(
    r"^[【〔\[(<]?(?P<word>[一-龥ぁ-んァ-ヶー]{1,8}?|(?i:no\.?))\s?(?P<number>\d{1,3}(?:-\d{1,2})*|[IVX]{1,4})(?:[】〕\])>]|\s|[.:])\s*(?P<rest>\S.*)$"
)
_BRACKETS = re.compile(r"^[【〔《≪<\[〈](?P<rest>[^】〕》≫>\]〉]{2,40})[】〕》≫>\]〉]$")
_FORMS = re.compile(
    r"シート|調書|様式|一覧|評価[表票書]|管理票|別紙|別表|資料|年度|^[^\d。]{1,10}[ (]?\d{1,3}\)?$"
)
_PART_WORDS = re.compile(
    r"^.{0,10}(?:(?:評価|点検|検証)の?結果|(?:実施|進捗|取組)状況|今後の進め方|総括表?|個別(?:事業|評価))(?:について)?$"
)
_PARTS = frozenset({"part", "chapter", "section", "roman", "item_no", "digit", "digit."})
_HIGH = frozenset({"part", "chapter", "section", "roman", "level", "square", "diamond"})


@dataclass(slots=True, frozen=True)
class GroupHeading:
    """`signature` says which headings are siblings: 基本方向Ⅰ and 基本方向Ⅱ, but not 行動１."""

    signature: str
    number: str | None
    title: str
    is_high: bool = False
    """Whether it heads a group even right below the last line of a card."""


def group_heading(line: Line) -> GroupHeading | None:
    """What a line says as the heading of cards; None for a sentence, a bullet, or anything too long."""
    folded = clean(line.text)
    if folded.endswith("。") or cells_wide(folded) > 80 or _FORMS.search(folded):
        return None
    marker = find_marker(line.text)
    if marker is not None and marker.rest and not marker.is_bullet:
        return GroupHeading(marker.signature, marker.number, marker.rest, marker.style in _HIGH)
    if match := _BRACKETS.match(folded):
        inner = group_heading(replace(line, text=match["rest"])) if "】" not in match["rest"] else None
        if inner is not None and inner.number:
            return replace(inner, signature=f"bracket:{inner.signature}", is_high=True)
        return GroupHeading("bracket", None, match["rest"])
    return numbered_word(folded) if marker is None else None


def numbered_word(folded: str) -> GroupHeading | None:
    """A heading whose number stands behind a word (作戦１ …, No.3 …, 【取組２】…); None for any other line."""
    match = _NUMBERED_WORD.match(folded)
    if match is None:
        return None
    roman = "roman" if re.match("[IVX]", match["number"]) else ""
    word = match["word"].lower().rstrip(".")
    return GroupHeading(f"word:{word}{roman}", match["number"], match["rest"], True)


class Groups:
    """The open headings, outermost first."""

    def __init__(self, roots: list[DraftItem]) -> None:
        self.roots = roots
        self.open: list[tuple[str, DraftItem]] = []

    @property
    def siblings(self) -> list[DraftItem]:
        """Where the next card goes."""
        return self.open[-1][1].children if self.open else self.roots

    def heading(self, heading: GroupHeading, line: Line) -> None:
        """Open a heading: beside the last of its kind, else below the one that is open."""
        signatures = [signature for signature, _ in self.open]
        if heading.signature in signatures:
            del self.open[signatures.index(heading.signature) :]
        item = DraftItem("measure", heading.title, number=heading.number)
        item.places.append(Place("title", line.page, line.number, line.number, line.box))
        self.siblings.append(item)
        self.open.append((heading.signature, item))


def opens_card(lines: Sequence[Line], i: int, opening: set[int]) -> bool:
    """Whether the next line with words begins a card, or is one more heading above one."""
    for steps, k in enumerate(j for j in range(i + 1, len(lines)) if lines[j].text.strip()):
        if k in opening:
            return True
        if steps >= 2 or group_heading(lines[k]) is None:
            return False
    return False


def opens_part(line: Line) -> bool:
    """A numbered heading that opens a part of the document and is no group of cards: 第２章 評価の結果, ３ 今後の進め方."""
    marker = find_marker(line.text)
    if marker is None or not marker.number or marker.style not in _PARTS:
        return False
    opened = section_of(clean(line.text), line.text)
    return _PART_WORDS.search(marker.rest) is not None or (
        opened is not None and opened.name in {MEASURES, BACKGROUND, NEUTRAL}
    )


def is_running_head(lines: Sequence[Line], i: int) -> bool:
    """A line that repeats the document's title above or below a page number, or right below a page's end."""
    around = [
        lines[j].text.strip()
        for j in (*range(i - 1, max(-1, i - 3), -1), *range(i + 1, min(i + 3, len(lines))))
    ]
    if not any(re.fullmatch(r"[-－―‐– ]*\d{1,3}[-－―‐– ]*", clean(text)) for text in around if text):
        return False
    words = re.sub(r"\s", "", clean(lines[i].text))
    top = re.sub(r"\s", "", "".join(clean(line.text) for line in lines[: min(5, i)]))
    pairs = [words[k : k + 2] for k in range(len(words) - 1)]
    return len(pairs) >= 3 and sum(pair in top for pair in pairs) * 10 >= len(pairs) * 9
