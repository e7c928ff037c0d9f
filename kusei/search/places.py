"""Where the terms of a text stand in it: written together with the index, so that marking a hit needs no reading of words.

Telling the words of twenty hits apart anew takes ten times as long as finding them.
"""

from __future__ import annotations

import sys
from array import array

from kusei.japanese.offsets import fold_for_search, fold_with_offsets
from kusei.japanese.tokens import token_spans
from kusei.search.terms import Phrase, index_term, merged, term_text

REACH = 20_000
"""Characters at the beginning of a text in which places are kept: two bytes hold each."""


def terms_and_places(text: str) -> tuple[str, bytes | None]:
    """What `term_text` answers for `text`, and the places of these terms for `phrase_places`, in one pass over the words.

    None instead of places where the folding that remembers places reads the text differently: then they are not known.
    """
    if fold_with_offsets(text).text != fold_for_search(text):
        return term_text(text), None
    spans = token_spans(text)
    places = array("H")
    for _token, begin, end in spans:
        if end > REACH:
            break
        places.extend((begin, end))
    terms = " ".join(index_term(token) for token, _, _ in spans)
    return f" {terms} " if terms else "", _little_endian(places).tobytes()


def phrase_places(terms: str, places: bytes | memoryview, phrases: list[Phrase]) -> list[tuple[int, int]]:
    """Where the phrases stand in the raw text, sorted, not overlapping, no further than REACH.

    `terms` and `places` are what `terms_and_places` answered for it.
    """
    known = array("H")
    known.frombytes(places)
    known = _little_endian(known)
    found = []
    for phrase in phrases:
        wanted = f" {' '.join(phrase.terms)} "
        first = counted = 0  # how many terms stand before the character `counted`
        at = terms.find(wanted)
        while at >= 0:
            first += terms.count(" ", counted, at)
            counted = at
            last = first + len(phrase.terms) - 1
            if 2 * last >= len(known):
                break
            found.append((known[2 * first], known[2 * last + 1]))
            at = terms.find(wanted, at + 1)
    return merged(found)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
