"""Folding that remembers where each character came from, so that what was found in folded text is marked in the raw text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kusei.japanese.folding import fold, is_circled_number

# Letters of names that NFKC leaves apart although people search for them under the usual form.
# Source: 人名用漢字・戸籍統一文字 pairs in everyday use; only pairs that are the same letter, never merely alike.
_VARIANTS = str.maketrans(
    "𠮷髙﨑德邊邉齋齊斎濵濱澤廣國櫻嶋栁圓惠眞瀨籠黑槇栄榮禮靜淸增寬緖塚",
    "吉高崎徳辺辺斉斉斉浜浜沢広国桜島柳円恵真瀬籠黒槙栄栄礼静清増寛緒塚",
)
_JAPANESE = r"々〇ぁ-ゖァ-ヺー\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Letters that folding leaves alone, up to the last one before a letter that it may change (which may be an accent of it).
_PLAIN = re.compile(
    r"[\x01-\x7e、。々〇「」ぁ-ゔァ-ヺ・ー\u4e00-\u9fff]+(?=[\x01-\x7e、。々〇「」ぁ-ゔァ-ヺ・ー\u4e00-\u9fff]|$)"
)
# A line break inside running Japanese text is where the print wrapped, not where a word ends.
_WRAP = re.compile(rf"(?<=[{_JAPANESE}])[ \t\u3000]*\r?\n[ \t\u3000]*(?=[{_JAPANESE}])")


def fold_variants(text: str) -> str:
    """Letters of names in their usual form: 髙橋 → 高橋. Keeps the length."""
    return text.translate(_VARIANTS)


@dataclass(frozen=True)
class FoldedText:
    """`text` folded for searching; character i of it stands at raw[begins[i]:ends[i]]."""

    text: str
    begins: list[int]
    ends: list[int]

    def raw_span(self, begin: int, end: int) -> tuple[int, int]:
        """The raw place of text[begin:end]; an empty span stays empty."""
        if begin >= end:
            at = self.begins[begin] if begin < len(self.begins) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.begins[begin], max(self.ends[begin:end])


def fold_for_search(text: str) -> str:
    """`text` as the index sees it: folded, letters of names in their usual form, lines that the print wrapped joined.

    What no database can store (NUL, half of a surrogate pair) becomes a blank.
    """
    return _WRAP.sub("", fold(_storable(text)).translate(_VARIANTS))


def fold_with_offsets(text: str) -> FoldedText:
    """The same as `fold_for_search`, with the place of every character."""
    text = _storable(text)
    pieces: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at, before = 0, ""
    while at < len(text):
        plain = _PLAIN.match(text, at)
        if plain:  # most of a text: taken at one go
            end = plain.end()
            pieces.append(plain.group())
            begins.extend(range(at, end))
            ends.extend(range(at + 1, end + 1))
            at, before = end, text[end - 1]
            continue
        end = at + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        alone = fold(text[at:end])
        if is_circled_number(text, at):
            alone += " "
        # The letter printed before a dash tells whether it is a long vowel.
        piece = fold(before + text[at:end])[1:] if before and alone.startswith("-") else alone
        before = alone[-1:] or before
        pieces.append(piece)
        begins.extend([at] * len(piece))
        ends.extend([end] * len(piece))
        at = end
    folded = "".join(pieces).translate(_VARIANTS)
    keep = _outside_wraps(folded)
    if keep is None:
        return FoldedText(folded, begins, ends)
    return FoldedText("".join(folded[i] for i in keep), [begins[i] for i in keep], [ends[i] for i in keep])


def _joins(character: str) -> bool:
    """Whether `character` may merge with the one before it (accents, half-width voicing marks, Hangul vowels) or vanish."""
    if character.isascii():
        return False
    category = unicodedata.category(character)
    return (
        category.startswith("M") or category == "Cf" or character in "ﾞﾟ" or "\u1160" <= character <= "\u11ff"
    )


def _outside_wraps(folded: str) -> list[int] | None:
    if "\n" not in folded:
        return None
    keep: list[int] = []
    last = 0
    for wrap in _WRAP.finditer(folded):
        keep.extend(range(last, wrap.start()))
        last = wrap.end()
    keep.extend(range(last, len(folded)))
    return keep


def _storable(text: str) -> str:
    if text.isascii():
        return text.replace("\0", " ")
    return re.sub("[\0\ud800-\udfff]", " ", text)
