"""Furigana: the readings of the kanji in a text, okurigana left outside: 見守り → 見守(みまも) り.

Readings come from the morphological analyser; it is wrong about some names, so callers bring a list of words of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kusei.japanese.analyser import analyser
from kusei.japanese.tokens import fold_kana

_KANJI = "々〆〇ヶヵ㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_HAS_KANJI = re.compile("[々〆㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
_KANJI_RUN = re.compile(f"[{_KANJI}]+|[^{_KANJI}]+")
_ALL_KANJI = re.compile(f"[{_KANJI}]+")
_KANA = re.compile("[ぁ-ゖー]+")
_NUMERALS = re.compile("[〇一二三四五六七八九十百千]{2,}")
_NUMBER_FIRST = re.compile("[0-9０-９][0-9０-９,，.]*")
_DIGITS_BEFORE = re.compile("([0-9０-９]+)$")

# Sudachi refuses more than 49,149 bytes at once; a character has at most 4.
_LONGEST = 4000

# Words that the analyser reads wrongly, or reads as no office does.
_USUAL: dict[str, str] = {
    "日本": "にほん",
    "明日": "あした",
    "区配": "くはい",
    "元年": "がんねん",
    "主として": "しゅとして",
    "を行っ": "をおこなっ",
    "方々": "かたがた",
    "一日": "いちにち",
    "二日": "ふつか",
    "三日": "みっか",
    "四日": "よっか",
    "五日": "いつか",
    "六日": "むいか",
    "七日": "なのか",
    "八日": "ようか",
    "九日": "ここのか",
    "十日": "とおか",
    "十四日": "じゅうよっか",
    "二十日": "はつか",
    "二十四日": "にじゅうよっか",
}
_WEEKDAYS = {
    "月": "げつ",
    "火": "か",
    "水": "すい",
    "木": "もく",
    "金": "きん",
    "土": "ど",
    "日": "にち",
    "祝": "しゅく",
}
# The analyser says すう and なん of these also where they stand alone.
_ALONE = {"数": "かず", "何": "なに"}
_COUNTS_MORE = "か[月所国年条]"
# 十日町 is no tenth day: days count only where no further kanji or digit touches them.
_USUAL_PATTERN = re.compile(
    "|".join(
        f"(?<![{_KANJI}0-9０-９]){word}(?![{_KANJI}])" if word.endswith("日") and word != "明日" else word
        for word in sorted(_USUAL, key=len, reverse=True)
    )
    + f"|(?<![{_KANJI}0-9０-９])(?:数(?![{_KANJI}え]|{_COUNTS_MORE})|何(?=[をがもか])(?!{_COUNTS_MORE}))"
    + "|(?<=[(（・])[月火水木金土日祝](?=[)）・])"
)
_LISTED = {**_WEEKDAYS, **_ALONE, **_USUAL}
_DIGIT_READINGS = {
    "一": "いち", "二": "に", "三": "さん", "四": "よん", "五": "ご",
    "六": "ろく", "七": "なな", "八": "はち", "九": "きゅう",
}  # fmt: skip
_HUNDREDS = {"三": "さんびゃく", "六": "ろっぴゃく", "八": "はっぴゃく"}
_THOUSANDS = {"三": "さんぜん", "八": "はっせん"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `reading` is hiragana where the piece is kanji, None where it needs none."""

    surface: str
    reading: str | None = None


class WordList:
    """Words with the readings that hold against the analyser's; the longest word that fits wins."""

    def __init__(self, words: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self.readings = dict(words)
        longest_first = sorted(self.readings, key=lambda word: (-len(word), word))
        self.pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def is_reading(text: str) -> bool:
    """Whether `text` is what can stand above a word: hiragana, and ー."""
    return bool(_KANA.fullmatch(text))


def annotate(text: str, words: WordList | None = None) -> tuple[Piece, ...]:
    """`text` in pieces, each with its reading if it is kanji; put together again they are `text`.

    `words` overrules the analyser. Numbers and latin letters are left alone; kanji whose reading nobody knows are too.
    """
    if not _HAS_KANJI.search(text):
        return (Piece(text),) if text else ()
    pieces: list[Piece] = []
    for part, reading in _by_list(text, words):
        pieces.extend(_read(part) if reading is None else split_reading(part, reading))
    return _joined(pieces)


def split_reading(surface: str, reading: str) -> list[Piece]:
    """A word and its reading, kana outside the ruby: 取り組み, とりくみ → 取(と) り 組(く) み.

    Where the kana do not fit the reading, the whole word carries it.
    """
    reading = fold_kana(reading)
    runs = _KANJI_RUN.findall(surface)
    has_kanji = [bool(_HAS_KANJI.search(run)) for run in runs]
    pattern = "".join(
        "(.+?)" if is_kanji else re.escape(fold_kana(run))
        for run, is_kanji in zip(runs, has_kanji, strict=True)
    )
    found = re.fullmatch(pattern, reading)
    if found is None:
        return [Piece(surface, reading)]
    groups = iter(found.groups())
    return [
        Piece(run, next(groups) if is_kanji else None) for run, is_kanji in zip(runs, has_kanji, strict=True)
    ]


def _by_list(text: str, words: WordList | None) -> list[tuple[str, str | None]]:
    """The text cut at the words of the list; what is not in it has no reading yet."""
    if words is None or words.pattern is None:
        return [(text, None)]
    cut: list[tuple[str, str | None]] = []
    done = 0
    for match in words.pattern.finditer(text):
        if match.start() > done:
            cut.append((text[done : match.start()], None))
        cut.append((match.group(), words.readings[match.group()]))
        done = match.end()
    if done < len(text):
        cut.append((text[done:], None))
    return cut


@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[Piece, ...]:
    """The pieces of a text by the analyser. The same titles and labels come on page after page, hence the cache."""
    if not _HAS_KANJI.search(text):
        return (Piece(text),)
    pieces: list[Piece] = []
    done = 0
    for match in _USUAL_PATTERN.finditer(text):
        pieces.extend(_analysed(text[done : match.start()]))
        pieces.extend(split_reading(match.group(), _LISTED[match.group()]))
        done = match.end()
    pieces.extend(_analysed(text[done:]))
    return tuple(pieces)


def _analysed(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    for begin in range(0, len(text), _LONGEST):
        pieces.extend(_words(text[begin : begin + _LONGEST]))
    return pieces


def _words(text: str) -> list[Piece]:
    from sudachipy import SplitMode  # Loading it takes 50 ms that a page without furigana should not pay.

    pieces: list[Piece] = []
    before = ""
    with analyser() as tokenizer:
        for word in tokenizer.tokenize(text, SplitMode.C):
            surface = text[word.begin() : word.end()]
            if not _HAS_KANJI.search(surface) or word.part_of_speech()[0] in {"補助記号", "記号"}:
                pieces.append(Piece(surface))
            else:
                # Short units give short ruby, between which lines break; but only the whole word knows how it is read.
                whole = word.reading_form()
                parts = list(word.split(SplitMode.A, add_single=False))
                if (
                    len(parts) > 1
                    and _ALL_KANJI.fullmatch(surface)
                    and "".join(part.reading_form() for part in parts) == whole
                ):
                    for part in parts:
                        pieces.extend(_piece(text[part.begin() : part.end()], part.reading_form(), before))
                else:
                    pieces.extend(_piece(surface, whole, before))
            before = surface
    return pieces


def _piece(surface: str, reading: str, before: str) -> list[Piece]:
    number = _NUMBER_FIRST.match(surface)
    if number is not None:  # 6,588千 is read out digit by digit: a number is left alone
        rest = surface[number.end() :]
        return [Piece(number.group()), Piece(rest, _counted(rest, number.group()) or None)]
    if _NUMERALS.fullmatch(surface):
        return [Piece(surface, _number_reading(surface))]
    counted = _counted(surface, before)
    if counted is not None:
        return [Piece(surface, counted)] if counted else [Piece(surface)]
    kana = fold_kana(reading)
    return split_reading(surface, kana) if is_reading(kana) else [Piece(surface)]


def _counted(surface: str, before: str) -> str | None:
    """How a counter is read after digits: 2日(か), 10日(か), 15日(にち), 1人(り), 10分(ぷん).

    None for everything else; empty where the digits are read together with it (1日 is ついたち or いちにち).
    """
    digits = _DIGITS_BEFORE.search(before)
    if digits is None or surface not in {"日", "人", "分"}:
        return None
    number = int(digits.group())
    if surface == "日":
        return "" if number == 1 else "か" if number in {*range(2, 11), 14, 20, 24} else "にち"
    if surface == "人":
        return "り" if number in {1, 2} else "にん"
    return "ぷん" if number % 10 in {0, 1, 3, 4, 6, 8} else "ふん"


def _number_reading(numerals: str) -> str | None:
    """二十三 → にじゅうさん, 八百 → はっぴゃく. None for digits in a row (二〇二一) and what is no number."""
    reading, digit = "", ""
    for character in numerals:
        if character in _DIGIT_READINGS:
            if digit:
                return None
            digit = character
        elif character in "十百千":
            many = digit and _DIGIT_READINGS[digit] if digit != "一" else ""
            if character == "十":
                reading += f"{many}じゅう"
            elif character == "百":
                reading += _HUNDREDS.get(digit, f"{many}ひゃく")
            else:
                reading += _THOUSANDS.get(digit, f"{many}せん")
            digit = ""
        else:
            return None
    return reading + (_DIGIT_READINGS[digit] if digit else "")


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours without a reading become one piece, and a single character joins the short word before it: a reading
    wider than what it stands over would tear 泉区 or 三人 apart."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.surface:
            continue
        last = joined[-1] if joined else None
        if last is None:
            joined.append(piece)
        elif piece.reading is None and last.reading is None:
            joined[-1] = Piece(last.surface + piece.surface)
        elif (
            piece.reading
            and last.reading
            and len(piece.surface) == 1
            and piece.surface not in _DIGIT_READINGS
            and len(last.surface) <= 2
        ):
            joined[-1] = Piece(last.surface + piece.surface, last.reading + piece.reading)
        else:
            joined.append(piece)
    return tuple(joined)
