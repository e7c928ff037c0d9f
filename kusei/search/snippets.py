"""What a hit shows: its text in pieces, those that were looked for marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

Places = list[tuple[int, int]]
Finder = Callable[[str], Places]

_BEFORE = 40
_LENGTH = 160
# A body is looked through window by window until something is found, and no further than 20,000 characters: telling the
# words apart is what a page of results costs most.
_WINDOW = 400
_WINDOWS = 50
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[。\n]")


class Piece(NamedTuple):
    """A stretch of text and whether it is what was looked for."""

    text: str
    is_hit: bool


def marked(text: str, find: Finder) -> list[Piece]:
    """The whole text in pieces."""
    return _pieces(text, 0, len(text), find(text))


def snippet(body: str, find: Finder) -> list[Piece]:
    """About 160 characters around the first place, or the beginning where the body holds none."""
    places: Places = []
    begin, end = 0, min(len(body), _LENGTH)
    for start, window in _windows(body):
        if places and start >= end:
            break
        found = [(start + first, start + last) for first, last in find(window)]
        if found and not places:
            begin = _beginning(body, found[0][0])
            end = min(len(body), max(begin + _LENGTH, found[0][1]))
        places += found
    pieces = _pieces(body, begin, end, places)
    if body[:begin].strip():
        pieces.insert(0, Piece("…", False))
    if body[end:].strip():
        pieces.append(Piece("…", False))
    return pieces


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
        if first < at or last > end:
            continue
        pieces += [Piece(text[at:first], False), Piece(text[first:last], True)]
        at = last
    pieces.append(Piece(text[at:end], False))
    tidy = [Piece(_BLANKS.sub(" ", piece.text), piece.is_hit) for piece in pieces]
    return [piece for piece in tidy if piece.text]
