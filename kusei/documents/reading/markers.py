"""The marker grammar of Japanese municipal documents: what stands at the beginning of a line and how high it ranks.

A marker's `style` says which markers are siblings (`1` and `2`, but not `1` and `1.` and `(1)`); its default `rank` orders
styles where a document itself does not show which stands above which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kusei.japanese.folding import fold

# Words that name a level when a number follows (or precedes) them: 基本目標1, 施策 2, 柱3, 第1章.
LEVEL_WORDS = (
    "基本目標|まちづくりの目標|基本理念|基本方針|重点方針|基本施策|重点施策|個別施策|主要施策|施策の柱|施策の方向性?|施策|政策の柱|政策|重点政策|推進の柱|取組の柱|柱|"
    "重点目標|目標|重点戦略|基本戦略|戦略|重点分野|分野|重点プロジェクト|リーディングプロジェクト|プロジェクト|重点課題|課題|方向性|方針|視点|重点取組|行動計画|"
    "約束|公約|宣言|挑戦|チャレンジ|提案|主要事業|重点事業|事業|主な取組|取組項目|取組|アクション|重点|コラム|章|編"
)

# style → default rank (lower stands above). Glyphs share a band: documents use them in any order (see outline.order_styles).
_RANKS = {
    "part": 0, "chapter": 10, "section": 20, "roman": 30, "item_no": 35, "heading": 36, "square": 40, "level": 45,
    "digit": 50, "digit.": 50, "digit)": 58, "chained": 60, "diamond": 62, "circle": 64, "bracket": 65, "triangle": 66, "announced": 67, "(digit)": 70,
    "circled": 80, "kana": 90, "(kana)": 100, "latin": 110, "(latin)": 115, "arrow": 128, "dot": 130, "hyphen": 132, "sub": 140,
}  # fmt: skip

_GLYPHS = {
    "■": "square", "□": "square", "▣": "square", "◼": "square", "◻": "square", "▪": "dot",
    "◆": "diamond", "◇": "diamond", "❖": "diamond", "♦": "diamond",
    "○": "circle", "●": "circle", "◎": "circle", "◯": "circle", "〇": "circle", "⚫": "circle",
    "▲": "triangle", "▼": "triangle", "▽": "triangle", "▶": "triangle", "►": "triangle", "▷": "triangle", "★": "triangle", "☆": "triangle",
    "⇒": "arrow", "→": "arrow", "➡": "arrow", "⇨": "arrow", "➢": "arrow", "➤": "arrow",
    "・": "dot", "•": "dot", "･": "dot", "‣": "dot", "◦": "dot", "✓": "dot", "✔": "dot", "☑": "dot",
}  # fmt: skip

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿"
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘト"

_KANJI_NUMBER = r"[一二三四五六七八九十]{1,3}"
_NUM = r"\d{1,3}"
_COUNTERS = r"年|月|日|時|分|人|名|回|件|団体|校|か所|箇所|ヶ所|カ所|ヵ所|地区|千円|万円|百万円|億円|兆円|円|%|歳|才|世帯|台|基|本|枚|部|冊|施設|種|割|倍|点|位|期|次|つの|つ星|者|社|棟|戸|km|m|kg|t\b|㎡|ha|クラブ|コース|会場|区間|橋|園|方面|週|度|代"
_NOT_A_COUNT = rf"(?!\s*(?:{_COUNTERS}))"
# Behind a blank the same character may begin a word: 1 人権の尊重, 2 台風への備え.
_NOT_A_COUNT_ALONE = (
    rf"(?!\s*(?:{_COUNTERS})(?:$|[\s、。,.)(・/]|程度|以上|以下|以内|未満|ずつ|目|を|に|が|で|で))"
)


@dataclass(slots=True, frozen=True)
class Marker:
    """`style` groups siblings, `number` is as printed (NFKC) or None for marks, `ordinal` its value, `rest` the folded text after it."""

    style: str
    number: str | None
    ordinal: int | None
    rest: str
    glyph: str = ""
    word: str = ""
    """The level word printed with the number (施策, 基本目標 …)."""
    size: float = 0.0
    """Type size where the line stands out from the running text (bold counts a quarter point more); 0 for running text."""

    @property
    def rank(self) -> int:
        return _RANKS[self.style]

    @property
    def signature(self) -> str:
        """Markers with the same signature are siblings."""
        emphasis = f"@{self.size:g}" if self.size else ""
        return f"{self.style}:{self.glyph or self.word}{emphasis}"

    @property
    def is_bullet(self) -> bool:
        return self.style in {"dot", "arrow", "hyphen", "sub"}


def _roman_value(text: str) -> int:
    values = {"I": 1, "V": 5, "X": 10}
    total = 0
    for here, after in zip(text, [*text[1:], ""], strict=True):
        value = values[here]
        total += -value if after and values[after] > value else value
    return total


def kanji_value(text: str) -> int:
    """十二 → 12 (up to 99)."""
    digits = "一二三四五六七八九"
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (digits.index(tens) + 1 if tens else 1) * 10 + (digits.index(ones) + 1 if ones else 0)
    value = 0
    for character in text:
        value = value * 10 + digits.index(character) + 1
    return value


_ROMAN = re.compile(r"^(VIII|VII|VI|IV|IX|III|II|I|V|X)(?:[\s.、:]+|(?=[^\x00-\x7f]))(?=\S)")
_CHAPTER = re.compile(rf"^第\s*({_NUM}|{_KANJI_NUMBER})\s*(編|部|章|節|項|款|条)\s*(.*)$")
_DAI = re.compile(rf"^第\s*({_NUM}|{_KANJI_NUMBER})(?:[\s.、:]+)(\S.*)$")
# A level word may be the end of a longer one: 政策目標1, 取組方針2, 推進項目3. Only before a blank or a mark, so that no sentence counts.
_COMPOUND_END = "目標|方針|施策|政策|戦略|方向性?|視点|姿勢|項目|課題|分野|重点|プロジェクト|プログラム|アクション|取組|事業|対策|テーマ"
_COMPOUND = rf"(?:[一-龥]{{1,4}}|まちづくり|まちづくりの)?(?:{_COMPOUND_END})"
_LEVEL_NUMBER = rf"{_NUM}(?:[-－.]\d{{1,2}})*|[IVX]{{1,4}}"
_LEVEL = re.compile(
    rf"^[【\[《<〔]?\s*({LEVEL_WORDS})\s*(?:その|No\.?|#)?\s*(\(?)({_LEVEL_NUMBER}|{_KANJI_NUMBER}(?![一-龥]))\)?\s*[】\]》>〕]?(?:[\s:.、|]+|(?=[「『～~ぁ-んァ-ヴ一-龥A-Z]))(\S.*)?$"
)
# 基本方針3の取組一覧 speaks of what 基本方針3 names.
_SPOKEN_OF = re.compile(
    r"の(?:取組|一覧|施策|事業|推進|達成|進捗|実現|主な|目標|内容|体系|概要|方向|成果|状況|指標)|に(?:向け|基づ|関す|関連|おけ|つい|係)|を(?:達成|実現|推進|進め)"
)
_LEVEL_ONLY = re.compile(
    rf"^[【\[《<〔]?\s*({LEVEL_WORDS}|{_COMPOUND})\s*(\(?)({_LEVEL_NUMBER})\)?\s*[】\]》>〕]?$"
)
_COMPOUND_LEVEL = re.compile(
    rf"^[【\[《<〔]?\s*({_COMPOUND})\s*(\(?)({_LEVEL_NUMBER}|[A-Z](?=\s))\)?(?:[\s:.、|】\]》>〕]+|(?=[「『]))(\S.*)$"
)
_NTH_PILLAR = re.compile(
    rf"^(第\s*({_NUM}|{_KANJI_NUMBER})\s*の\s*(柱|重点|目標|挑戦|視点|約束|方針|戦略|テーマ))(?:[\s:、|]+|(?=[「『]))([^\s。]+)$"
)
_LETTER_CHAINED = re.compile(r"^([A-Z]-\d{1,2}(?:-\d{1,2})?)[.):]?\s+(\S.*)$")
_CHAINED = re.compile(
    r"^(\d{1,2}(?:[-.－]\(?\d{1,2}\)?){1,3})(?:[.)、:]?\s+|(?=[「『ぁ-んァ-ヴ一-龥]))(\S.*)$"
)
_PAREN_DIGIT = re.compile(rf"^\(\s*({_NUM}|{_KANJI_NUMBER})\s*\)\s*(\S.*)?$")
_PAREN_KANA = re.compile(rf"^\(\s*([{_KANA}])\s*\)\s*(\S.*)?$")
_PAREN_LATIN = re.compile(r"^\(\s*([a-zA-Z])\s*\)\s*(\S.*)?$")
_KANA_MARK = re.compile(rf"^([{_KANA}])(?:[\s.、:)]+)(\S.*)$")
_LATIN_MARK = re.compile(r"^([a-zA-Z])(?:[.):]\s*|\s+(?=[^\x00-\x7f]))(\S.*)$")
_DIGIT_DOT = re.compile(rf"^({_NUM})[.、:](?!\d)\s*(\S.*)$")
_DIGIT_PAREN = re.compile(rf"^({_NUM})\)\s*(\S.*)$")
_DIGIT = re.compile(rf"^({_NUM})\s+{_NOT_A_COUNT_ALONE}(\S.*)$")
_DIGIT_GLUED = re.compile(rf"^({_NUM}){_NOT_A_COUNT}(?=[「『ぁ-んァ-ヴ一-龥])(\S.*)$")
_KANJI_MARK = re.compile(rf"^({_KANJI_NUMBER})(?:[.、:]\s*|\s+)(\S.*)$")
_HYPHEN = re.compile(r"^(?:[-*+]\s+)+(?:\[[ xX✓]\]\s*)?(\S.*)$|^-(?=[ぁ-んァ-ヴ一-龥「])(.+)$")
_NOTE = re.compile(r"^(?:※|\*注|\(注|注\d|注[:)])")


def is_note(folded: str) -> bool:
    """True for footnotes and remarks (※ …, 注1 …)."""
    return bool(_NOTE.match(folded))


def _number_word(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if re.fullmatch(r"[IVX]+", text):
        return _roman_value(text)
    if re.fullmatch(_KANJI_NUMBER, text):
        return kanji_value(text)
    if re.fullmatch("[A-Z]", text):
        return ord(text) - 64
    tail = re.findall(r"\d+", text)
    return int(tail[-1]) if tail else None


def find_marker(raw: str) -> Marker | None:
    """The marker at the beginning of a printed line, or None. Works on the raw line: NFKC would turn ① into a bare 1."""
    stripped = raw.strip()
    if not stripped:
        return None
    first = stripped[0]
    if first in _CIRCLED:
        number = fold(first) if first in _CIRCLED[:20] else str(_CIRCLED.index(first) - 19)
        return Marker("circled", number, int(number), fold(stripped[1:]).strip())
    folded = fold(stripped)
    if not folded:  # nothing but what cannot be seen
        return None
    hyphen = _HYPHEN.match("-" + folded[1:] if first in "－‐‑‒–—―−" else folded)
    if hyphen:
        rest = hyphen[1] or hyphen[2]
        inner = find_marker(rest)
        if inner and inner.style in {"dot", "arrow"}:  # Markdown list over a printed bullet: "- ・…"
            return inner
        return Marker("hyphen", None, None, rest, "-")
    style = _GLYPHS.get(first) or _GLYPHS.get(folded[0])
    if style:
        rest = re.sub(r"^\[[ xX✓]\]\s*", "", folded[1:].strip())
        if not rest or rest[0] in "、。":
            return None
        inner = _numbered(rest)
        if (
            inner is not None
            and style not in {"dot", "arrow"}
            and inner.style
            in {"level", "chapter", "section", "roman", "chained", "(digit)", "digit", "digit."}
        ):
            return inner  # a mark before a number is decoration: ▷ 事業1 …
        return Marker(style, None, None, rest, folded[0])
    return _numbered(folded)


def _level(match: re.Match[str], rest: str) -> Marker:
    number = f"({match[3]})" if match[2] else match[3]
    return Marker("level", number, _number_word(match[3]), rest.strip(), word=match[1])


def _numbered(folded: str) -> Marker | None:
    if match := _CHAPTER.match(folded):
        style = {"編": "part", "部": "part", "章": "chapter"}.get(match[2], "section")
        return Marker(style, match[1], _number_word(match[1]), match[3].strip(), word=match[2])
    if match := _LEVEL_ONLY.match(folded):
        return _level(match, "")
    if (match := _LEVEL.match(folded)) and match[4] and not _SPOKEN_OF.match(match[4]):
        return _level(match, match[4])
    if match := _COMPOUND_LEVEL.match(folded):
        return _level(match, match[4])
    if match := _NTH_PILLAR.match(folded):
        return Marker("item_no", match[2], _number_word(match[2]), match[4].strip(), word="第")
    if match := _ROMAN.match(folded):
        return Marker("roman", match[1], _roman_value(match[1]), folded[match.end() :].strip())
    if match := _DAI.match(folded):
        return Marker("item_no", match[1], _number_word(match[1]), match[2], word="第")
    if match := _LETTER_CHAINED.match(folded):
        return Marker(
            "chained",
            match[1],
            _number_word(match[1].split("-", 1)[1]),
            match[2],
            word=f"{match[1].count('-')}L",
        )
    if match := _CHAINED.match(folded):
        depth = len(re.findall(r"[-.－]", match[1]))
        return Marker("chained", match[1], _number_word(match[1]), match[2], word=str(depth))
    if (match := _PAREN_DIGIT.match(folded)) and not re.match(r"[、。]", match[2] or ""):
        kind = "" if match[1].isdigit() else "漢"
        return Marker("(digit)", f"({match[1]})", _number_word(match[1]), (match[2] or "").strip(), word=kind)
    if match := _PAREN_KANA.match(folded):
        return Marker("(kana)", f"({match[1]})", _KANA.index(match[1]) + 1, (match[2] or "").strip())
    if match := _PAREN_LATIN.match(folded):
        return Marker("(latin)", f"({match[1]})", ord(match[1].lower()) - 96, (match[2] or "").strip())
    if match := _KANA_MARK.match(folded):
        return Marker("kana", match[1], _KANA.index(match[1]) + 1, match[2])
    if match := _DIGIT_DOT.match(folded):
        return Marker("digit.", match[1], int(match[1]), match[2])
    if match := _DIGIT_PAREN.match(folded):
        return Marker("digit)", f"{match[1]})", int(match[1]), match[2])
    if match := _DIGIT.match(folded):
        return Marker("digit", match[1], int(match[1]), match[2])
    if match := _DIGIT_GLUED.match(folded):
        return Marker("digit", match[1], int(match[1]), match[2])
    if match := _KANJI_MARK.match(folded):
        return Marker("item_no", match[1], _number_word(match[1]), match[2], word="漢")
    if match := _LATIN_MARK.match(folded):
        return Marker("latin", match[1], ord(match[1].lower()) - 96, match[2])
    return None
