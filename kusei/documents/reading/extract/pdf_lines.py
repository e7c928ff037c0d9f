"""Characters → printed lines, in reading order: column by column where a page is set in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Protocol

from kusei.documents.reading.extract.pdf_glyphs import Glyph
from kusei.documents.reading.model import Box

_KANA = re.compile(r"[ぁ-ゖァ-ヺー・]+")
_KANJI = re.compile(r"[一-龠々〆ヶ]")
_SPLIT_EM = 1.0
"""A gap this wide separates segments; those of one column are joined again."""
_RUBY_SIZE = 0.68


class Placed(Protocol):
    """Anything with a place on the page."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(slots=True)
class Segment:
    """Characters of one printed line that stand close together."""

    glyphs: list[Glyph]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float

    @property
    def text(self) -> str:
        return join_glyphs(self.glyphs)

    @property
    def bold(self) -> bool:
        return sum(glyph.bold for glyph in self.glyphs) * 2 > len(self.glyphs)


Row = list[Segment]
"""The segments at one height, from left to right."""


def rows_of(glyphs: Sequence[Glyph]) -> tuple[list[Row], int]:
    """Characters as rows of segments from top to bottom, furigana left out; and how many ruby texts were dropped."""
    printed = [glyph for glyph in glyphs if not glyph.text.isspace()]
    spaces = [glyph for glyph in glyphs if glyph.text.isspace()]
    printed.sort(key=lambda glyph: glyph.center)
    rows: list[Row] = []
    current: list[Glyph] = []
    center = least = 0.0
    for glyph in printed:
        if current and glyph.center - center > 0.5 * min(glyph.size, least):
            rows.append(_segments(current))
            current = []
        if not current:
            center, least = glyph.center, glyph.size
        current.append(glyph)
        center += (glyph.center - center) / len(current)
        least = min(least, glyph.size)
    if current:
        rows.append(_segments(current))
    if spaces:
        _mark_spaces(rows, spaces)
    return _without_ruby(rows)


def _segments(glyphs: list[Glyph]) -> Row:
    glyphs.sort(key=lambda glyph: glyph.x0)
    size = median([glyph.size for glyph in glyphs])
    row: Row = []
    current = [glyphs[0]]
    right = glyphs[0].x1
    for glyph in glyphs[1:]:
        if glyph.x0 - right > _SPLIT_EM * max(size, min(glyph.size, current[-1].size)):
            row.append(make_segment(current))
            current = []
        current.append(glyph)
        right = max(right, glyph.x1) if len(current) > 1 else glyph.x1
    row.append(make_segment(current))
    return row


def make_segment(glyphs: list[Glyph]) -> Segment:
    """The segment of `glyphs`, which stand from left to right."""
    return Segment(
        glyphs,
        glyphs[0].x0,
        min(glyph.top for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
        median([glyph.size for glyph in glyphs]),
    )


def _mark_spaces(rows: list[Row], spaces: list[Glyph]) -> None:
    """Puts printed blanks back between the characters of a segment; those at ends and between segments are gaps anyway."""
    spaces.sort(key=lambda glyph: glyph.center)
    index = 0
    for row in rows:
        top, bottom = min(s.top for s in row), max(s.bottom for s in row)
        while index < len(spaces) and spaces[index].center < top:
            index += 1
        look = index
        while look < len(spaces) and spaces[look].center <= bottom:
            space = spaces[look]
            look += 1
            for segment in row:
                if segment.x0 < space.x0 < segment.x1:
                    segment.glyphs.append(space)
    for row in rows:
        for segment in row:
            segment.glyphs.sort(key=lambda glyph: glyph.x0)


def join_glyphs(glyphs: Sequence[Glyph]) -> str:
    """The text of characters on one line. Blanks are those printed, and gaps between words of Latin letters."""
    text = ""
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and not glyph.text.isspace() and not last.text.isspace():
            gap = glyph.x0 - last.x1
            if gap > 0.2 * glyph.size and glyph.text.isascii() and last.text.isascii():
                text += " "
        elif last is not None and glyph.text.isspace() and last.text.isspace():
            if glyph.x0 >= last.x1 - 0.1 * glyph.size:
                text += glyph.text
            last = glyph
            continue
        text += glyph.text
        last = glyph
    return text.strip()


def join_segments(row: Sequence[Segment], *, in_cell: bool = False) -> str:
    """The segments of one line side by side, the gaps filled with as many full-width blanks as would fit.

    Single characters at equal distances (均等割付) are one spaced-out word and get no blanks.
    """
    if len(row) > 1 and _is_spaced_out(row, in_cell):
        return "".join(segment.text for segment in row)
    text = ""
    last: Segment | None = None
    for segment in row:
        if last is not None:
            em = max(1.0, (segment.size + last.size) / 2)
            text += "　" * max(1, min(40, round((segment.x0 - last.x1) / em)))
        text += segment.text
        last = segment
    return text


def _is_spaced_out(row: Sequence[Segment], in_cell: bool) -> bool:
    if any(len(segment.glyphs) > 1 or segment.text.isascii() for segment in row):
        return False
    if len(row) < (2 if in_cell else 3):
        return False
    gaps = [right.x0 - left.x1 for left, right in pairwise(row)]
    return max(gaps) - min(gaps) < 0.4 * row[0].size


def _without_ruby(rows: list[Row]) -> tuple[list[Row], int]:
    """`rows` without small kana that stand directly over larger kanji."""
    dropped = 0
    for index, row in enumerate(rows):
        kept: Row = []
        for segment in row:
            if _is_ruby(segment, rows[index + 1 : index + 3]):
                dropped += 1
            else:
                kept.append(segment)
        row[:] = kept
    return [row for row in rows if row], dropped


def _is_ruby(segment: Segment, below: list[Row]) -> bool:
    if not _KANA.fullmatch("".join(glyph.text for glyph in segment.glyphs if not glyph.text.isspace())):
        return False
    for row in below:
        for base in row:
            if (
                segment.size <= base.size * _RUBY_SIZE
                and -0.7 * segment.size <= base.top - segment.bottom <= 0.8 * segment.size
                and segment.x0 < base.x1 + base.size
                and segment.x1 > base.x0 - base.size
                and any(
                    glyph.x0 - glyph.size < segment.x1 and glyph.x1 + glyph.size > segment.x0
                    for glyph in base.glyphs
                    if _KANJI.match(glyph.text)
                )
            ):
                return True
    return False


def box_of(items: Sequence[Placed]) -> Box:
    """The smallest box around all of `items`."""
    return (
        min(item.x0 for item in items),
        min(item.top for item in items),
        max(item.x1 for item in items),
        max(item.bottom for item in items),
    )
