"""What PostgreSQL's indexes hold beside single words: every two words side by side, and letters and pairs of letters.

Pairs of letters are numbers, and two pairs may share one: the index only narrows, and who asks it compares the characters
themselves afterwards. (SQLite brings phrases and an index of letters with it.)
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

_LETTERS = 0x110000
_PAIRS = 2**31 - 1 - _LETTERS


def terms_and_pairs(*term_texts: str) -> list[str]:
    """The terms of texts made by `term_text`, and every two that stand side by side in one of them; each once."""
    found: set[str] = set()
    for text in term_texts:
        terms = text.split()
        found.update(terms, pairs(terms))
    return sorted(found)


def pairs(terms: Sequence[str]) -> list[str]:
    """Every two terms that stand side by side. No term holds the sign between them."""
    return [f"{first}_{second}" for first, second in itertools.pairwise(terms)]


def grams(*texts: str) -> list[int]:
    """The numbers of every letter and of every two letters side by side, each once."""
    found = {ord(letter) for text in texts for letter in text}
    for text in texts:
        found.update(_pair(first, second) for first, second in set(itertools.pairwise(text)))
    return sorted(found)


def grams_of_needle(needle: str) -> list[int]:
    """The numbers that a text holding `needle` has to have."""
    if len(needle) == 1:
        return [ord(needle)]
    return sorted({_pair(first, second) for first, second in itertools.pairwise(needle)})


def _pair(first: str, second: str) -> int:
    return _LETTERS + (ord(first) * _LETTERS + ord(second)) % _PAIRS
