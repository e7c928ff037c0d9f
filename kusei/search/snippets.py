"""What a hit shows: its text in pieces, those that were looked for marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

Places = list[tuple[int, int]]
Finder = Callable[[str], Places]

_BEFORE = 40
_LENGTH = 160
# A body whose places are not stored is looked through window by window until something is found, and no further than 20,000
# characters: telling words apart takes long.
_WINDOW = 400
_WINDOWS = 50
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[。\n]")


class Piece(NamedTuple):
    """A stretch of text and whether it is what was looked for."""

    text: str
    is_hit: bool


def marked(text: str, places: Places) -> list[Piece]:
    """The whole text in pieces."""
    return _pieces(text, 0, len(text), places)


def snippet(body: str, places: Places) -> list[Piece]:
    """About 160 characters around the first of `places` (sorted), or the beginning where there is none."""
    begin, end = _stretch(body, places[0] if places else None)
    pieces = _pieces(body, begin, end, places)
    if body[:begin].strip():
        pieces.insert(0, Piece("…", False))
    if body[end:].strip():
        pieces.append(Piece("…", False))
    return pieces


def looked_up(body: str, find: Finder) -> Places:
    """The places that a snippet of `body` needs."""
    places: Places = []
    end = 0
    for start, window in _windows(body):
        if places and start >= end:
            break
        found = [(start + first, start + last) for first, last in find(window)]
        if found and not places:
            _begin, end = _stretch(body, found[0])
        places += found
    return places


def _windows(body: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for _ in range(_WINDOWS):
        if begin >= len(body):
            return
        end = begin + _WINDOW
        if end < len(body):
            end = max(body.rfind(sign, begin + _WINDOW // 2, end) for sign in "。\n") + 1 or end
        yield begin, body[begin:end]
        begin = end


def _stretch(body: str, first: tuple[int, int] | None) -> tuple[int, int]:
    """Where the snippet for a first place begins and ends."""
    if first is None:
        return 0, min(len(body), _LENGTH)
    begin = _beginning(body, first[0])
    return begin, min(len(body), max(begin + _LENGTH, first[1]))


def _beginning(body: str, place: int) -> int:
    """Where a snippet for `place` begins: after the end of a sentence shortly before it, or 40 characters before."""
    earliest = max(0, place - _BEFORE)
    for end in _SENTENCE_END.finditer(body, earliest, place):
        return end.end()
    return earliest


def _pieces(text: str, begin: int, end: int, places: Places) -> list[Piece]:
    pieces: list[Piece] = []
    at = begin
    for first, last in places:
        if first >= end:
            break
        if first < at or last > end:
            continue
        pieces += [Piece(text[at:first], False), Piece(text[first:last], True)]
        at = last
    pieces.append(Piece(text[at:end], False))
    tidy = [Piece(_BLANKS.sub(" ", piece.text), piece.is_hit) for piece in pieces]
    return [piece for piece in tidy if piece.text]
