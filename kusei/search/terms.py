"""From words to index terms and back: how queries and texts become what the two databases compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kusei.japanese.folding import squeeze
from kusei.japanese.offsets import fold_for_search, fold_with_offsets
from kusei.japanese.tokens import fold_kana, token_spans, tokens

QUERY_LIMIT = 200

# What SQLite's unicode61 (Unicode 6.1) certainly takes for a letter and leaves alone. Anything else is spelled by its code
# point, so that a term is one word on both databases and can never be read as query syntax.
_PLAIN = re.compile("[0-9a-z\u3005\u3007\u3041-\u3096\u30fc\u3400-\u4db5\u4e00-\u9fcb]")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Phrase:
    """One blank-separated part of a query: as typed (folded), and the terms that have to stand side by side."""

    typed: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A query as understood. `text` is folded and capped at 200 characters."""

    text: str
    phrases: tuple[Phrase, ...]

    @property
    def with_terms(self) -> list[Phrase]:
        """The phrases that hold a word; particles and signs alone hold none."""
        return [phrase for phrase in self.phrases if phrase.terms]


def understand(text: str) -> Query:
    """What somebody typed, as phrases that all have to be found; a phrase typed twice counts once."""
    folded = squeeze(_BLANKS.sub(" ", fold_for_search(text[: QUERY_LIMIT * 4])))[:QUERY_LIMIT].strip()
    parts = dict.fromkeys(folded.split(" ")) if folded else {}
    return Query(folded, tuple(Phrase(part, tuple(index_terms(part))) for part in parts))


def index_terms(text: str) -> list[str]:
    """The terms of a text, in order, in the safe alphabet of the index."""
    return [index_term(token) for token in tokens(text)]


@lru_cache(maxsize=50_000)
def index_term(token: str) -> str:
    """`token` with every unusual letter spelled as its code point."""
    return "".join(character if _PLAIN.match(character) else f"u{ord(character):x}u" for character in token)


def term_text(text: str) -> str:
    """All terms of a text in one string, each with a blank on both sides; a phrase is then a substring of it."""
    terms = index_terms(text)
    return f" {' '.join(terms)} " if terms else ""


def characters(text: str) -> str:
    """`text` for the comparison by characters (文字の一致): folded, small letters, hiragana, no white space."""
    return _BLANKS.sub("", fold_kana(fold_for_search(text).lower()))


def word_places(text: str, phrases: list[Phrase]) -> list[tuple[int, int]]:
    """Where the phrases stand in the raw text, sorted, not overlapping."""
    spans = [(index_term(token), begin, end) for token, begin, end in token_spans(text)]
    found = []
    for phrase in phrases:
        length = len(phrase.terms)
        for at in range(len(spans) - length + 1):
            window = spans[at : at + length]
            if tuple(term for term, _, _ in window) == phrase.terms:
                found.append((window[0][1], window[-1][2]))
    return merged(found)


def character_places(text: str, needles: list[str]) -> list[tuple[int, int]]:
    """Where the needles (made by `characters`) stand in the raw text, sorted, not overlapping."""
    folded = fold_with_offsets(text)
    lowered = fold_kana(folded.text.lower())
    if len(lowered) != len(folded.text):  # İ and the like grow when lowered; then the places are not known
        return []
    kept = [i for i, character in enumerate(lowered) if not character.isspace()]
    dense = "".join(lowered[i] for i in kept)
    found = []
    for needle in filter(None, needles):
        at = dense.find(needle)
        while at >= 0:
            found.append(folded.raw_span(kept[at], kept[at + len(needle) - 1] + 1))
            at = dense.find(needle, at + len(needle))
    return merged(found)


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`spans` sorted, those that overlap or touch joined, empty ones left out."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif begin < end:
            joined.append((begin, end))
    return joined
