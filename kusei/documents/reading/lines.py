"""Printed lines made ready for the outline: folded, measured, noise set apart, furigana taken out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kusei.documents.reading.attributes import Attributes
from kusei.documents.reading.markers import Marker, find_marker, is_note
from kusei.documents.reading.model import Line
from kusei.documents.reading.sections import section_of
from kusei.documents.reading.tails import collapse, read_columns, read_tail
from kusei.japanese.folding import fold, squeeze

TABLE_MARK = "\ufffc"
"""A line that begins so stands for a table; the table's index follows."""

TERMINAL = "。！？!?．"
# A line that ends so goes on in the next one, even where the layout ends the line on purpose.
CONNECTOR = re.compile(
    r"(?:、|,|の|を|に|が|は|で|へ|と|や|から|まで|による|向けた|ための|ような|な|する|した|及び|又は|または|・)$"
)
# A labelled line of a report is text of the item above it: 評　価　Ｂ　　今後の方向　継続.
FIELD_LINE = re.compile(
    r"^(?:評\s?価|成\s?果|課\s?題|実\s?績|効\s?果|判\s?定|指\s?標|達成(?:度|状況)|進捗(?:度|状況)|(?:今後の)?方向性?|実施内容|取組内容|実施状況)(?:\s*[:：]|\s)\s*\S"
)


@dataclass(slots=True)
class Text:
    """One printed line with what the outline needs to know of it. `text` is folded; `gap` counts blank lines before it."""

    line: Line
    text: str
    gap: int
    indent: float
    width: float
    hard_end: bool
    """The line was ended on purpose: the file marks it so (a trailing blank where wrapped lines have none)."""
    marker: Marker | None = None
    emphasis: float = 0.0
    """Type size of a line that stands out from the running text; 0 for running text and where the format tells no size."""
    tail: Attributes | None = None
    """Money, bodies and tags that stood in columns behind a heading; they are no longer part of `text`."""
    raw: str = ""
    """The printed piece this text was made of (the whole line, or a part of one that was split)."""
    joined: list[Line] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        return bool(re.search(rf"[{TERMINAL}][」』)】>]*$", self.text))

    @property
    def last_line(self) -> Line:
        return self.joined[-1] if self.joined else self.line


@dataclass(slots=True)
class Prepared:
    """The lines of a document for the outline, and those set apart (captions, page numbers, running heads)."""

    texts: list[Text]
    apart: list[tuple[Line, str]]
    uses_hard_ends: bool
    title: list[Text] = field(default_factory=list)
    """The lines of the document's title, once they are known."""


def _gap(before: Line | None, line: Line) -> int:
    """Blank lines between two printed ones: by their numbers, or on a page by the distance between them."""
    if before is None:
        return 0
    if before.page != line.page:
        return 3
    if before.box and line.box:
        height = max(line.box[3] - line.box[1], 1.0)
        distance = (line.box[1] - before.box[3]) / height
        return 3 if distance < -2 else max(0, round(distance / 1.6)) if distance > 0.9 else 0
    return max(0, line.number - before.number - 1)


def width_of(text: str) -> float:
    """Printed width in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


_PAGE_NUMBER = re.compile(
    r"^(?:[-‐~ ]*\d{1,4}[-~ ]*|p\.? ?\d{1,4}|\d{1,3} ?/ ?\d{1,3}|\d{1,3}ページ|- ?\d+ ?-)$", re.IGNORECASE
)
_KANA_ONLY = re.compile(r"^[ァ-ヴーぁ-ん]+(?: [ァ-ヴーぁ-ん]+)*$")
_CAPTION = re.compile(r"^[<＜〈](?!新規|拡充|重点|継続|再掲).{2,}[>＞〉]$", re.DOTALL)
_CONTACT = re.compile(
    r"(?:問合せ|問い合わせ|電話|TEL|FAX|E-?mail|メールアドレス)\s*[:：]?.*\d{2,4}[-(]\d{2,4}|発行\s+問"
)


def prepare(lines: Iterable[Line]) -> Prepared:
    """Fold and measure `lines`; take out page numbers, running heads, captions and furigana."""
    texts: list[Text] = []
    apart: list[tuple[Line, str]] = []
    before: Line | None = None
    for line in lines:
        folded = squeeze(fold(line.text))
        if not folded:
            continue
        gap = _gap(before, line)
        before = line
        lead = len(line.text) - len(line.text.lstrip(" \u3000\t"))
        indent = width_of(line.text[:lead].replace("\t", "    "))
        texts.append(
            Text(line, folded, gap, indent, width_of(folded), line.text.rstrip("\r\n") != line.text.rstrip())
        )
    uses_hard_ends = _uses_hard_ends(texts)
    texts, heads = _without_running_heads(texts)
    apart += heads
    texts = _without_furigana(texts, apart)
    texts, captions = _without_captions(texts)
    apart += captions
    for text in texts:
        text.hard_end = text.hard_end and uses_hard_ends
        text.raw = text.text if text.joined else text.line.text
        text.marker = find_marker(text.raw)
    _mark_emphasis(texts)
    _drop_stray_markers(texts)
    return Prepared(texts, apart, uses_hard_ends)


def _mark_emphasis(texts: list[Text]) -> None:
    """Lines larger than the running text, or bold where it is not, stand above others: their markers are a row apart."""
    for text in texts:
        if text.line.heading:
            text.emphasis = 100.0 - text.line.heading
            if text.marker and not text.marker.is_bullet:
                text.marker = replace(text.marker, size=text.emphasis)
    sizes: Counter[float] = Counter()
    bold = total = 0
    for text in texts:
        if text.line.size:
            sizes[round(text.line.size * 2) / 2] += len(text.text)
            total += len(text.text)
            bold += len(text.text) * text.line.bold
    if not sizes:
        return
    body = sizes.most_common(1)[0][0]
    bold_tells = bold < total * 0.4
    for text in texts:
        size = round((text.line.size or body) * 2) / 2
        if text.line.heading:
            continue
        stands_out = size >= body + 1 or (text.line.bold and bold_tells)
        if stands_out and text.width < 60:
            text.emphasis = size + (0.25 if text.line.bold else 0)
            if text.marker and not text.marker.is_bullet:
                text.marker = replace(text.marker, size=text.emphasis)


_STRAY = {"kana", "(kana)", "latin", "(latin)", "item_no", "digit)"}


def _drop_stray_markers(texts: list[Text]) -> None:
    """A kana, letter or glued digit counts as a marker only as the first of its row or after the one before it."""
    last: dict[str, int] = {}
    for text in texts:
        marker = text.marker
        if marker is None or marker.ordinal is None:
            continue
        glued = marker.style == "digit" and not re.match(r"^\d{1,3}\s", text.text)
        if marker.style in _STRAY or glued:
            expected = last.get(marker.signature)
            if marker.ordinal != 1 and (expected is None or not 0 < marker.ordinal - expected <= 2):
                text.marker = None
                continue
        last[marker.signature] = marker.ordinal


def _uses_hard_ends(texts: list[Text]) -> bool:
    """Some extractors write a trailing blank at the end of a paragraph only: then it tells wraps from ends."""
    finished = [text.hard_end for text in texts if text.text.endswith("。")]
    open_ended = [text.hard_end for text in texts if text.width > 12 and re.search(r"[ぁ-ん、]$", text.text)]
    if len(finished) < 5 or len(open_ended) < 5:
        return False
    return sum(finished) / len(finished) > 0.55 and sum(open_ended) / len(open_ended) < 0.4


_CONTENTS = re.compile(r"(?:\.{3,}|・{3,}|[._·]{4,}|…{2,})\s*\d*$")


def _without_running_heads(texts: list[Text]) -> tuple[list[Text], list[tuple[Line, str]]]:
    """Drop page numbers, tables of contents, and short lines that come back at the edges of pages."""
    repeated = _edge_lines(texts)
    beside = _beside_page_numbers(texts)
    kept: list[Text] = []
    apart: list[tuple[Line, str]] = []
    seen: set[str] = set()
    printed: set[str] = set()
    near_edge = False
    for index, text in enumerate(texts):
        if text.text.startswith(TABLE_MARK):
            kept.append(text)
            continue
        key = re.sub(r"\d+", "#", text.text)
        bare = re.sub(r"[\s\d-]+$", "", text.text)
        if bare in printed and bare != text.text and len(bare) >= 6 and re.search(r"\s\d+$", text.text):
            apart.append((text.line, "running_head"))
            near_edge = True
            continue
        if _PAGE_NUMBER.match(text.text) and text.width <= 6:
            reason = "page_number"
        elif index in beside or (
            key in seen
            and not _counts_on(text, printed)
            and (key in repeated or (near_edge and text.width < 40 and not section_of(text.text, text.text)))
        ):
            reason = "running_head"
        elif _CONTENTS.search(text.text):
            reason = "contents"
        elif _CONTACT.search(text.text):
            reason = "contact"
        else:
            if near_edge and kept and not kept[-1].is_finished and kept[-1].width >= 15:
                text.gap = 0
            near_edge = False
            seen.add(key)
            printed.add(text.text)
            kept.append(text)
            continue
        near_edge = near_edge or reason in {"page_number", "running_head"}
        apart.append((text.line, reason))
    return kept, apart


def _counts_on(text: Text, printed: set[str]) -> bool:
    """A marked line or money that differs from the lines before it only in its figures is a row, not a running head."""
    return text.text not in printed and (find_marker(text.line.text) is not None or "円" in text.text)


def _beside_page_numbers(texts: list[Text]) -> set[int]:
    """Indexes of the lines that come back right above or right below the numbers of pages that follow one another."""
    where: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for index, text in enumerate(texts):
        if text.width > 6 or not _PAGE_NUMBER.match(text.text):
            continue
        number = int(re.findall(r"\d+", text.text)[0])
        for side in (-1, 1):
            at = index + side
            if 0 <= at < len(texts) and 3 < texts[at].width < 40 and not texts[at].is_finished:
                where.setdefault((texts[at].text, side), []).append((number, at))
    rows = [places for places in where.values() if len(places) >= 2]
    return {at for row in rows if all(b == a + 1 for (a, _), (b, _) in pairwise(row)) for _, at in row}


def _edge_lines(texts: list[Text]) -> set[str]:
    """Lines (digits aside) that stand at the top or bottom of most pages."""
    pages: dict[int, list[Text]] = {}
    for text in texts:
        if text.line.page is not None:
            pages.setdefault(text.line.page, []).append(text)
    if len(pages) < 3:
        return set()
    counts: Counter[str] = Counter()
    for group in pages.values():
        counts.update(
            {re.sub(r"\d+", "#", text.text) for text in (*group[:2], *group[-2:]) if text.width < 40}
        )
    return {key for key, count in counts.items() if count >= max(3, len(pages) * 0.6)}


def _without_furigana(texts: list[Text], apart: list[tuple[Line, str]]) -> list[Text]:
    """A short line of kana under a line that it cannot go on with is furigana left behind: drop it and close the gap."""
    kept: list[Text] = []
    dropped = False
    for index, text in enumerate(texts):
        before = kept[-1] if kept else None
        after = texts[index + 1] if index + 1 < len(texts) else None
        if before and text.gap == 0 and _is_furigana(text, before, after, repeated=dropped):
            apart.append((text.line, "furigana"))
            dropped = True
            continue
        if dropped and before and text.gap == 0 and _closes(before, text):
            before.text += text.text
            before.width += text.width
            before.hard_end = text.hard_end
            before.joined.append(text.line)
            dropped = False
            continue
        dropped = False
        kept.append(text)
    return kept


def _is_furigana(text: Text, before: Text, after: Text | None, *, repeated: bool) -> bool:
    if text.width > 8 or not _KANA_ONLY.match(text.text) or before.is_finished:
        return False
    hiragana = text.width <= 5 and before.width < 22 and not re.search(r"[ァ-ヴー]$", before.text)
    if hiragana and (repeated or after is None or after.gap == 0 or text.width <= 2):
        return True
    follows = after is not None and (after.gap > 0 or bool(re.match(r"[」』）)。、ァ-ヴぁ-ん]", after.text)))
    return bool(re.search(r"[一-龥々]$", before.text)) and follows


def _closes(before: Text, text: Text) -> bool:
    """Whether `text` goes on with the line that its furigana cut off."""
    if find_marker(text.line.text) is not None:
        return False
    return bool(
        re.match(r"[」』）)。、ぁ-ん]", text.text)
        or CONNECTOR.search(before.text)
        or (re.search(r"[一-龥々]$", before.text) and re.match(r"[ァ-ヴ]", text.text))
    )


def _without_captions(texts: list[Text]) -> tuple[list[Text], list[tuple[Line, str]]]:
    """Captions stand in ＜…＞, on one line or two; they are kept apart from the outline."""
    kept: list[Text] = []
    captions: list[tuple[Line, str]] = []
    index = 0
    while index < len(texts):
        text = texts[index]
        if text.text[0] in "<〈" and not text.text.startswith("<-"):
            whole, end = text.text, index
            while not re.search(r"[>〉]$", whole) and end + 1 < len(texts) and end - index < 2:
                end += 1
                whole += texts[end].text
            if _CAPTION.match(whole) and width_of(whole) <= 60:
                captions += [(one.line, "caption") for one in texts[index : end + 1]]
                index = end + 1
                continue
        kept.append(text)
        index += 1
    return kept, captions


def take_tails(texts: list[Text]) -> list[Text]:
    """Take the columns off the headings that have them (see `tails`)."""
    unit_stated = any(re.search(r"単位\s*[:：]?\s*[千百十万億]*円", text.text) for text in texts)
    for text in texts:
        is_bullet = text.marker is not None and text.marker.is_bullet
        if text.marker is None and FIELD_LINE.match(text.text):
            continue
        if text.joined or (is_bullet and "円" not in text.text) or len(text.raw) > 500:
            continue
        tail = read_tail(text.raw, marked=text.marker is not None, unit_stated=unit_stated)
        if tail is None or (text.marker is None and width_of(tail.title) > 45):
            continue
        if text.marker is None and read_columns(text.raw) is not None:
            continue  # columns from end to end: ［前年度　65,500千円］　　［公園課］
        if text.marker is not None:
            rest = _without_tail(text.marker.rest, tail.title)
            if not rest:
                continue
            text.marker = replace(text.marker, rest=rest)
        if text.marker is None and tail.found.amount is not None:
            text.marker = Marker(
                "circle", None, None, tail.title, "￥"
            )  # a name with its price heads what follows
        text.tail = tail.found
        text.text = tail.title
        text.width = width_of(tail.title)
        text.hard_end = True
    return texts


def _without_tail(rest: str, title: str) -> str:
    """The beginning of `rest` (a heading without its marker) that `title` (the same heading without its columns) ends with."""
    rest = squeeze(collapse(rest))
    return next((rest[:end] for end in range(len(rest), 0, -1) if title.endswith(rest[:end])), "")


def split_inline(texts: list[Text]) -> list[Text]:
    """Split lines that hold several marked pieces: `⇒ a ⇒ b`, cells set apart by tabs, or a whole outline on one line."""
    result: list[Text] = []
    for text in texts:
        pieces = [
            part
            for piece in _pieces(text)
            for part in (_heading_and_sentence(piece) if len(text.raw) > 150 else [piece])
        ]
        if len(pieces) == 1:
            result.append(text)
            continue
        heads_cells = "\t" in text.line.text
        for position, piece in enumerate(pieces):
            folded = squeeze(fold(piece))
            if not folded:
                continue
            part = replace(
                text, text=folded, width=width_of(folded), gap=text.gap if position == 0 else 0, hard_end=True
            )
            part.joined = []
            part.raw = piece
            part.marker = find_marker(piece)
            before = text.line.text.partition(piece)[0] if heads_cells and position else ""
            if before.endswith((" \t", "\u3000\t")):  # a column in its place (see `beside`)
                part.indent = width_of(before)
            if part.marker is None and heads_cells and position == 0 and folded[0] not in "【〔":
                part.marker = Marker("circle", None, None, folded, "▪")  # it heads the marked cells beside it
            result.append(part)
    return take_tails(result)


_INLINE_ARROW = re.compile(r"(?<=\S)\s+(?=[⇒→➡]\s*\S)")
_INLINE_MARK = re.compile(
    r"(?<=[\s。　])(?=(?:〔[^〔〕]{1,24}〕|【[^【】]{1,24}】(?=[\s　]|[^\s（(【]{4})|[－‐‑‒–—―−]\s?(?=[^\s\d－‐‑‒–—―−])|第[\d０-９一二三四五六七八九十]+[章節編部]|[◆◇■□●○◎▼▲★]\s*\S|[⇒→]\s*\S|[・･]\s*\S|[①-⑳]|[(（][\d０-９]{1,2}[)）]|[(（][ア-ン][)）]|問い?合わ?せ[\s　]|[ⅠⅡⅢⅣⅤⅥ]|[ア-ン][\s　]|[\d０-９]{1,2}[．.\s　](?=[^\d\s])|(?:基本目標|施策|柱|基本施策|政策|事業|取組)[\s　]?[\d０-９]+[\s　:：]))"
)


def heads_marked_cells(raw: str) -> bool:
    """A line of cells set apart by tabs, of which a later one is marked: `区 防災対策事業\t⇒ 訓練 ⇒ 啓発`."""
    cells = [cell.strip() for cell in raw.strip().split("\t") if cell.strip()]
    return any(cell[0] in "⇒→・○◆" for cell in cells[1:])


def _pieces(text: Text) -> list[str]:
    raw = text.line.text.rstrip("\r\n")
    if heads_marked_cells(raw):
        return [
            piece for cell in raw.strip().split("\t") for piece in _INLINE_ARROW.split(cell) if piece.strip()
        ]
    if len(_INLINE_ARROW.findall(raw)) >= 1 and find_marker(raw) and raw.strip()[0] in "⇒→➡":
        return _INLINE_ARROW.split(raw)
    if text.width > 150 and len(_INLINE_MARK.findall(raw)) >= 3:
        return _INLINE_MARK.split(raw)
    return [raw]


_SENTENCE_BEHIND = re.compile(r"(?<=\S)[\s\u3000]+(?=[^\s\u3000][^\s]*。[^\n]*$)")


def _heading_and_sentence(piece: str) -> list[str]:
    """In a run-on line a heading and its text stand side by side: `１ 防犯灯の点検（２，４４０） 区内の防犯灯を調べます。`"""
    marker = find_marker(piece)
    if marker is None or marker.is_bullet or not piece.strip().endswith("。"):
        return [piece]
    for match in _SENTENCE_BEHIND.finditer(piece):
        head = piece[: match.start()]
        if len(head.strip()) >= 4 and find_marker(head) is not None and "。" not in head:
            return [head, piece[match.end() :]]
    return [piece]


def is_remark(text: str) -> bool:
    """Remarks, footnotes and pointers to other pages: kept, but no part of the tree."""
    return (
        is_note(text)
        or bool(re.match(r"^[★☆]?.{0,40}(?:ご覧ください|参照)[。⇒)]*$", text))
        or bool(re.match(r"^\(?(?:HP|URL)?\s*<?https?://|^(?:\[[^\]]{1,40}\]\([^)\s]*\)[\s/|・>]*){2}", text))
    )
