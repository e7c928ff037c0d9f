"""Lines → units: a heading with what belongs to it, a bullet with its continuation, a paragraph."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field

from kusei.documents.reading import sections
from kusei.documents.reading.attributes import (
    is_body,
    labelled_owners,
    money_line,
    read_attributes,
    split_bodies,
    tags_in_line,
)
from kusei.documents.reading.lines import (
    CONNECTOR,
    FIELD_LINE,
    TABLE_MARK,
    Prepared,
    Text,
    is_remark,
    width_of,
)
from kusei.documents.reading.markers import Marker, find_marker
from kusei.documents.reading.model import Line
from kusei.documents.reading.normalise import unwrap
from kusei.documents.reading.sections import section_of
from kusei.documents.reading.tails import read_columns

_OPENING = "「『（(【<《"
_CLOSING = "」』）)】>》"


# A line that begins with the name of a field stands for itself.
_LABEL_LINE = re.compile(
    r"^(?:(?:成果|活動)?指標|目標値?|担当課?|所管課?|実施(?:主体|時期|期間)|期間|時期|予算額?|事業費|財源|対象者?|場所|日時|効果|KPI)(?:[:：]|\s{1,}\S)"
)
# A line cannot begin with a particle: it goes on with the line before.
_PARTICLE_START = re.compile(
    r"(?:の|を|に|が|は|や|も|へ)(?=[一-龥ァ-ヴ「『A-Z])|(?:など|による|として|により|における|について)"
)


@dataclass(slots=True)
class Unit:
    """`title` are the lines of the heading (or of a bullet, or of a whole sentence), `body` the paragraphs under it.

    role: "marked" (begins with a marker), "heading" (an unmarked heading), "prose", "attributes" (a line of nothing but
    tags, owners, money or a programme), "remark", "table" (an anchor).
    """

    role: str
    title: list[Text]
    body: list[list[Text]] = field(default_factory=list)
    marker: Marker | None = None
    gap: int = 0

    @property
    def text(self) -> str:
        """The title as one folded string, without its marker."""
        first = self.marker.rest if self.marker else self.title[0].text
        return unwrap([first, *(text.text for text in self.title[1:])])

    @property
    def lines(self) -> list[Line]:
        """The lines of the title."""
        return [line for text in self.title for line in (text.line, *text.joined)]

    @property
    def first(self) -> Text:
        return self.title[0]

    @property
    def body_text(self) -> str:
        return "\n".join(unwrap(text.text for text in paragraph) for paragraph in self.body)

    def all_texts(self) -> list[Text]:
        return [*self.title, *(text for paragraph in self.body for text in paragraph)]


def build_units(prepared: Prepared) -> list[Unit]:
    """Group prepared lines into units, in order."""
    texts = prepared.texts
    allowed_gap = _usual_gap(texts)
    title = {id(text) for text in prepared.title}
    paragraphs = _paragraphs(texts, allowed_gap, title)
    units = [_unit_of(paragraph) for paragraph in paragraphs]
    running = _running_size(texts)
    for unit in units:
        if (
            unit.marker
            and unit.marker.style == "triangle"
            and (unit.first.line.size or running) < running * 0.85
        ):
            unit.role = "remark"  # ▲昨年のようす, in small type below a picture
    _count_notes(units)
    return _join_heading_lines(units, title)


_FIRST_NOTE = re.compile(r"^[(\[〔【]?注[)\]〕】]?[:：.]?\s*(?=\S)")


def _count_notes(units: list[Unit]) -> None:
    """Remarks that count on below the first one, under its words: （注）１．… and below it ２．…"""
    note: Marker | None = None
    edge = 0.0
    for unit in units:
        if unit.role == "remark" and (match := _FIRST_NOTE.match(unit.first.text)):
            rest = unit.first.text[match.end() :]
            note = find_marker(rest)
            edge = unit.first.indent + width_of(unit.first.line.text.strip()[: -len(rest)])
        elif note is None:
            continue
        elif (
            unit.role == "marked"
            and unit.marker is not None
            and unit.marker.style == note.style
            and note.ordinal is not None
            and unit.marker.ordinal == note.ordinal + 1
            and unit.gap == 0
            and (abs(unit.first.indent - edge) <= 1.5 or unit.text.endswith("。"))
        ):
            unit.role, note = "remark", unit.marker
        elif unit.role != "prose":
            note = None


def _running_size(texts: list[Text]) -> float:
    """The type size of the running text; 0 where the format tells none."""
    sizes: Counter[float] = Counter()
    for text in texts:
        sizes[text.line.size or 0.0] += len(text.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _join_heading_lines(units: list[Unit], title: set[int]) -> list[Unit]:
    """A heading set over two lines on purpose (区役所全体で / 地域支援に取り組みます！) is one."""
    joined: list[Unit] = []
    for unit in units:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.role == unit.role == "heading"
            and unit.gap == 0
            and len(before.title) == 1
            and unit.first.width <= 20
            and before.first.width <= 20
            and before.first.line.heading == unit.first.line.heading is None
            and not in_brackets(before.first.text)
            and not in_brackets(unit.first.text)
            and not section_of(unit.text, unit.first.raw)
            and not section_of(before.text, before.first.raw)
            and not re.search(r"[!！?？一-龥ァ-ヴー]$", before.text)
            and not find_name_list(before.text)
            and (id(unit.first) in title) == (id(before.first) in title)
        ):
            before.title += unit.title
            continue
        joined.append(unit)
    return joined


def find_name_list(text: str) -> list[str]:
    """The names of a line that lists programmes (A事業、B事業 等); [] for any other line."""
    names = [name for name in re.split(r"、|\s+|,", re.sub(r"\s*(?:等|など|ほか)$", "", text)) if name]
    if (
        names
        and all(re.search(r"(?:事業|推進|支援|プロジェクト|プラン|整備)(?:等)?$", name) for name in names)
        and any("事業" in name for name in names)
    ):
        return names
    return []


def _usual_gap(texts: list[Text]) -> int:
    """How many blank lines stand between wrapped lines of one sentence: 0, or 1 where the file doubles its line breaks."""
    gaps = [after.gap for before, after in itertools.pairwise(texts) if _breaks_mid_word(before, after)]
    doubled = sum(1 for gap in gaps if gap == 1)
    enough = (len(gaps) >= 4 and doubled / len(gaps) > 0.15) or (len(gaps) >= 2 and doubled / len(gaps) > 0.6)
    return 1 if enough else 0


def _breaks_mid_word(before: Text, after: Text) -> bool:
    return (
        not before.is_finished
        and not before.hard_end
        and before.width >= 10
        and after.marker is None
        and bool(re.search(r"[ぁ-ん、]$", before.text))
        and bool(re.match(r"[ぁ-んー、。」）)]", after.text))
    )


def continues(before: Text, after: Text, allowed_gap: int, *, uses_hard_ends: bool = False) -> bool:
    """Whether `after` goes on with the sentence that `before` left open."""
    if after.line.page != before.last_line.page and after.marker is not None:
        return False
    if after.marker is not None and not _false_marker(before, after):
        return False
    if before.is_finished:
        return False
    if after.line.heading or before.line.heading:
        return False
    if _LABEL_LINE.match(after.text) and after.gap == 0 and not before.text.endswith("、"):
        return False
    if in_brackets(after.text) or in_brackets(before.text):
        return False
    open_bracket = _depth(before.text) > 0
    if re.match(r"[、。」』）)ー々]", after.text) and after.gap <= allowed_gap + 1:
        return True
    if _PARTICLE_START.match(after.text) and after.gap <= allowed_gap:
        return True
    if after.gap > allowed_gap + (1 if before.text.endswith("、") else 0):
        return False
    if CONNECTOR.search(before.text) or (open_bracket and after.gap <= 1):
        return True
    if before.hard_end:
        return False
    if after.gap > 0 and _noun_ending(before.text):
        # across a blank line only a full line goes on: a short one that ends in a noun is a heading or a caption
        return before.width >= 0.85 * after.width or before.width >= 24 or before.width < 5
    return True


def in_brackets(text: str) -> bool:
    """A line that is one bracketed heading: 【地域の現状】, 《目指すもの》."""
    return (
        bool(re.fullmatch(r"【[^【】]+】|〔[^〔〕]+〕|《[^《》]+》|≪[^≪≫]+≫|\[[^\[\]]+\]|〈[^〈〉]+〉", text))
        and len(text) < 40
    )


def _false_marker(before: Text, after: Text) -> bool:
    """A line may begin with a dot or kana by accident, in the middle of a sentence."""
    assert after.marker is not None
    if after.gap > 0 or before.is_finished or before.hard_end:
        return False
    if (
        after.marker.style == "dot"
        and after.text.startswith("・")
        and before.width > 20
        and re.search(r"[ァ-ヴ一-龥]$", before.text)
    ):
        # 自治会 / ・町内会: the rest runs on as one sentence, and the line before is a full one
        return before.marker is None and bool(re.match(r"・[^。]{1,8}(?:の|や|を|に|が|は|、)", after.text))
    return False


def _depth(text: str) -> int:
    return sum(text.count(c) for c in _OPENING) - sum(text.count(c) for c in _CLOSING)


def _paragraphs(texts: list[Text], allowed_gap: int, title: set[int]) -> list[list[Text]]:
    """Runs of lines that make one sentence or heading each."""
    paragraphs: list[list[Text]] = []
    full = _full_width(texts)
    for text in texts:
        if (
            paragraphs
            and not _stands_alone(text)
            and (id(text) in title) == (id(paragraphs[-1][-1]) in title)
            and not _stands_alone(paragraphs[-1][-1])
            and continues(paragraphs[-1][-1], text, allowed_gap)
            and not _ends_as_heading(paragraphs[-1], text, full)
            and not _opens_section(paragraphs[-1][-1], text)
        ):
            paragraphs[-1].append(text)
        else:
            paragraphs.append([text])
    return paragraphs


def _opens_section(before: Text, text: Text) -> bool:
    """目標達成に向けた施策 under a line that is no part of it."""
    return (
        len(text.text) >= 4
        and not CONNECTOR.search(before.text)
        and section_of(text.text, text.raw) is not None
    )


def _stands_alone(text: Text) -> bool:
    return text.marker is None and (text.text.startswith(TABLE_MARK) or bool(attribute_line(text.text)))


def attribute_line(text: str) -> str | None:
    """What a line holds that is nothing but attributes of the heading above: tags, owners, money, programme; else None."""
    if tags_in_line(text):
        return "tags"
    if money_line(text):
        return "money"
    if labelled_owners(text):
        return "owners"
    if len(text) <= 60 and read_columns(text) is not None and not is_body(text):
        return "columns"
    if re.fullmatch(r"[【\[〔(].{1,40}[】\]〕)]", text):
        found = read_attributes("＿" + text, unit=None, bare_amounts=True)
        if found.any and not found.title.strip("＿"):
            return "attributes"
    if re.match(
        r"^(?:担当課?|所管課?|実施主体|主管課?|担当部署|所管部署|担当部局)[:：\s]", text
    ) and split_bodies(text):
        return "owners"
    return None


def _full_width(texts: list[Text]) -> float:
    """How wide a full line of the document is; 0 where its width tells nothing."""
    if any(text.hard_end for text in texts):
        return 0.0  # the file itself tells wraps from ends
    widths = [text.width for text in texts if text.width >= 8]
    return min(max(widths), 60.0) if widths else 40.0


def _ends_as_heading(paragraph: list[Text], after: Text, full: float) -> bool:
    """Whether `paragraph` is a heading that ends here, although `after` could go on with it."""
    last = paragraph[-1]
    if last.tail is not None or (len(paragraph) == 1 and sections.is_frame_word(last.text)):
        return True
    title = "".join(text.text for text in paragraph[-8:])  # a heading is no longer than that
    marker = paragraph[0].marker
    if last.line.size and after.line.size and abs(last.line.size - after.line.size) > 0.6:
        return True
    if last.line.bold != after.line.bold and (last.line.size is not None):
        return True
    if re.search(r"[】>》〕\]≫)円]$|要求$", title) and not CONNECTOR.search(last.text):
        found = read_attributes(title, unit="千円", bare_amounts=True)
        if found.any:
            return True
    if CONNECTOR.search(last.text) or _depth(title) > 0:
        return False
    if re.match(r"[、。」』）)ー々]", after.text) or _PARTICLE_START.match(after.text):
        return False
    if (
        marker is not None
        and not marker.is_bullet
        and len(paragraph) == 1
        and after.is_finished
        and ((_NAME.search(title) and last.width < 20) or (_noun_ending(title) and last.width < 0.6 * full))
    ):
        return True
    if marker is not None and len(paragraph) == 1:
        if marker.is_bullet:
            return last.width < 0.55 * after.width and _noun_ending(last.text) and after.width > 22
        if last.width < 0.7 * full and after.indent >= last.indent + 1 and not last.hard_end:
            return True
        if last.width < 0.80 * after.width:
            return _noun_ending(last.text) or last.width < 0.55 * after.width
        return False
    if marker is None and len(paragraph) <= 2:
        return (
            last.width < 0.6 * after.width
            and _noun_ending(last.text)
            and sum(t.width for t in paragraph) < 30
        )
    return False


_NAME = re.compile(r"(?:事業|づくり|見直し|充実|推進|整備|実施|支援|強化|配布|清掃)$")


def _noun_ending(text: str) -> bool:
    return (
        bool(
            re.search(
                r"[一-龥々ァ-ヴーA-Za-z0-9%)）」』】>~!！?？り]$|づくり$|まちづくり$|取り組み$|等$|など$|まち$",
                text,
            )
        )
        and "。" not in text
    )


def _unit_of(paragraph: list[Text]) -> Unit:
    first = paragraph[0]
    gap = first.gap
    if first.marker is None:
        whole = unwrap(text.text for text in paragraph)
        if first.text.startswith(TABLE_MARK):
            return Unit("table", paragraph, gap=gap)
        if len(paragraph) == 1 and attribute_line(first.text):
            return Unit("attributes", paragraph, gap=gap)
        if is_remark(whole):
            return Unit("remark", paragraph, gap=gap)
        role = "heading" if _looks_like_heading(paragraph, whole) else "prose"
        return Unit(role, paragraph, gap=gap)
    if is_remark(unwrap([first.text])) and first.marker.style == "triangle":
        return Unit("remark", paragraph, gap=gap)
    return Unit("marked", paragraph, marker=first.marker, gap=gap)


def _looks_like_heading(paragraph: list[Text], whole: str) -> bool:
    if paragraph[0].line.heading or paragraph[0].emphasis:
        return True
    if "、" in whole and len(whole) > 28 and re.search(r"[ぁ-ん]、", whole) and not paragraph[0].emphasis:
        return False
    if len(whole) > 45 or len(paragraph) > 3 or re.search(r"[。、]$", whole) or "。" in whole:
        return False
    if (
        _LABEL_LINE.match(whole)
        or FIELD_LINE.match(whole)
        or (re.match(r"[^:：\s]{1,8}[:：]", whole) and not re.match(r"コラム", whole))
    ):
        return False
    if re.match(r"[(（※*]", whole) or (
        re.search(r"(?:です|ます|ました|ません)[!！?？]?$", whole) and not re.search(r"[!！]$", whole)
    ):
        return False
    if re.search(r"[一-龥ァ-ヴ]", whole) or sections.is_frame_word(whole):
        return True
    apart = paragraph[0].gap > 0 and len(paragraph) == 1  # つながる, にぎわいのあるまち
    return apart and bool(re.fullmatch(r"[ぁ-んー!!]{3,20}", whole)) and not CONNECTOR.search(whole)
