"""Header words that stand closer than columns usually do: 決算額 評価 方向 with a hair of white between them.

White space inside a line parts words only where the rows below leave the same strip white.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kusei.documents.reading.extract.pdf_lines import Row, Segment, make_segment

_HAIR = 0.1
"""White space this wide (in sizes of the characters) may part two words of a header."""
_STRIP = 0.3
"""White space this wide parts two cells of a row below, where it lies under such a hair."""
_SEEN = 24
"""So many rows below a header are asked."""


def split_tight(header: Row, body: Sequence[Row]) -> Row:
    """`header` with its words apart wherever two or more rows below have white space at the same place, and none has text."""
    found: Row = []
    for segment in header:
        found += _split(segment, body[:_SEEN])
    return found


def _split(segment: Segment, body: Sequence[Row]) -> Row:
    glyphs = [glyph for glyph in segment.glyphs if not glyph.text.isspace()]
    pieces = [glyphs[:1]]
    for left, right in pairwise(glyphs):
        gap = right.x0 - left.x1
        if gap >= _HAIR * segment.size and _is_white(left.x1, right.x0, body, segment.size):
            pieces.append([])
        pieces[-1].append(right)
    return [make_segment(piece) for piece in pieces] if len(pieces) > 1 else [segment]


def _is_white(left: float, right: float, body: Sequence[Row], size: float) -> bool:
    """Whether the rows below leave a strip white at the gap from `left` to `right`, at least two of them with text on both sides."""
    both = crossed = 0
    for row in body:
        glyphs = [glyph for segment in row for glyph in segment.glyphs if not glyph.text.isspace()]
        before = max((g.x1 for g in glyphs if g.x0 + g.x1 < left + right), default=None)
        after = min((g.x0 for g in glyphs if g.x0 + g.x1 >= left + right), default=None)
        if before is None or after is None:
            continue
        both += 1
        crossed += after - before < _STRIP * size
    return both >= 2 and crossed * 8 <= both
