"""Search tokens: the words of a Japanese text in one spelling each.

One function feeds every index and reads every query, so a word is found however it is written: 見守る, 見守ります and
見守り; 取組 and 取り組み; こども, 子ども and 子供; ＩＣＴ, ICT and ｉｃｔ; 令和３年度 and 令和三年度.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kusei.japanese.analyser import analyser
from kusei.japanese.offsets import fold_for_search, fold_variants, fold_with_offsets

# Raise it with every change of what `tokens` answers: indexes made by an older one have to be built anew.
TOKENS_VERSION = 1

# Sudachi refuses more than 49,149 bytes at once; a folded character has at most 4.
_CHUNK = 4000
_BREAKS = "\n。"
_LONGEST_TOKEN = 100

_PARTICLES = {"助詞", "助動詞"}
_EMPTY_WORDS = {"為る", "居る", "有る", "或る", "御"}
# Continuative forms (連用形) of the five-row conjugation: 見守る → 見守り.
_U_TO_I = str.maketrans("うくぐすつぬぶむる", "いきぎしちにびみり")
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+")
_NUMBER_OR_REST = re.compile(rf"(?:{_NUMBER.pattern})|[^\d,.]+")


def tokens(text: str) -> list[str]:
    """The search tokens of `text`, in order; particles, punctuation and empty words (する, いる, ある) are left out."""
    return [token for token, _, _ in _spans(fold_for_search(text))]


def token_spans(text: str) -> list[tuple[str, int, int]]:
    """The tokens of `text` with the place of each in the text as given: text[begin:end] is what a reader sees of it."""
    folded = fold_with_offsets(text)
    return [(token, *folded.raw_span(begin, end)) for token, begin, end in _spans(folded.text)]


def fold_kana(text: str) -> str:
    """Katakana as hiragana (ー stays): パトロール → ぱとろーる."""
    return text.translate(_KATAKANA)


def _spans(folded: str) -> Iterator[tuple[str, int, int]]:
    for offset, chunk in _chunks(folded):
        for token, begin, end in _chunk_spans(chunk):
            yield token, offset + begin, offset + end


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    begin = 0
    while begin < len(text):
        end = min(begin + _CHUNK, len(text))
        if end < len(text):
            end = max(text.rfind(sign, begin + _CHUNK // 2, end) for sign in _BREAKS) + 1 or end
        yield begin, text[begin:end]
        begin = end


def _chunk_spans(chunk: str) -> list[tuple[str, int, int]]:
    """One call of the tokenizer; its answer is read before the next thread may ask."""
    from sudachipy import SplitMode  # Loading it takes 50 ms that a command without search should not pay.

    found: list[tuple[str, int, int]] = []
    with analyser() as tokenizer:
        for word in tokenizer.tokenize(chunk, SplitMode.C):
            kind = word.part_of_speech()[0]
            if kind in _PARTICLES:
                continue
            # Not add_single=True: what it answers for a word without parts has no text behind it and panics (0.7.0).
            parts = [] if kind == "動詞" else word.split(SplitMode.A, add_single=False)
            # Nouns made of verbs stay whole (取り組み), other compounds fall into their short units (地域力 → 地域, 力).
            if len(parts) == 0 or any(part.part_of_speech()[0] == "動詞" for part in parts):
                parts = [word]
            for part in parts:
                begin, end = part.begin(), part.end()
                if _DIGIT.search(chunk, begin, end):
                    found.extend(_figures(chunk, begin, end))
                    continue
                kind = part.part_of_speech()
                token = _token(part.normalized_form(), chunk[begin:end], kind[0], kind[4])
                if token:
                    found.append((token, begin, end))
    return found


def _figures(chunk: str, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Sudachi reads 5,833千 as 5833000; a reader looks for the figure as printed, so it is taken from the text."""
    for piece in _NUMBER_OR_REST.finditer(chunk, begin, end):
        token = _clean(piece.group().replace(",", ""))
        if token:
            yield token, piece.start(), piece.end()


@lru_cache(maxsize=50_000)
def _token(normal: str, surface: str, kind: str, conjugation: str) -> str:
    """The token of one word, empty for what nobody looks for. The same words come again and again, hence the cache."""
    if kind in _PARTICLES or normal in _EMPTY_WORDS:
        return ""
    if kind == "動詞":
        normal = _noun_form(normal, conjugation)
    return _clean(normal) or _clean(surface)


def _noun_form(verb: str, conjugation: str) -> str:
    """The continuative form of a dictionary form: 見守る → 見守り, 備える → 備え."""
    if "五段" in conjugation:
        return verb[:-1] + verb[-1].translate(_U_TO_I)
    if "一段" in conjugation and verb.endswith("る"):
        return verb[:-1]
    return verb


def _clean(token: str) -> str:
    """Letters and digits only, in small letters and hiragana; empty where nothing is left to look for."""
    kept = "".join(character for character in token.casefold() if character.isalnum() or character == "ー")
    if not kept.strip("ー"):
        return ""
    return fold_kana(fold_variants(kept))[:_LONGEST_TOKEN]
