"""The marks on one PDF page: characters and rules, upright, measured from the page's upper left corner.

Taken from pdfminer's layout objects directly: pdfplumber's dictionary for each character costs more time than all that
follows here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTLine, LTRect

from kusei.documents.reading.model import Box

UNREADABLE = "\ufffd"
_BOLD_NAMES = ("bold", "heavy", "black", "-w6", "-w7", "-w8", "-w9", "demi", "ultra", "-eb", "-db")
_THIN = 2.5
"""A filled rectangle no thicker than this is a rule drawn as a box."""


class Glyph:
    """One printed character."""

    __slots__ = ("bold", "bottom", "center", "size", "text", "top", "x0", "x1")

    def __init__(
        self, text: str, x0: float, top: float, x1: float, bottom: float, size: float, bold: bool
    ) -> None:
        self.text = text
        self.x0 = x0
        self.top = top
        self.x1 = x1
        self.bottom = bottom
        self.center = (top + bottom) / 2
        self.size = size
        self.bold = bold


@dataclass(slots=True)
class Marks:
    """What is printed on a page. Where the text runs sideways all is turned upright; `page_box` turns a box back."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    horizontal: list[tuple[float, float, float]] = field(default_factory=list)
    """Rules: y, x0, x1."""
    vertical: list[tuple[float, float, float]] = field(default_factory=list)
    """Rules: x, top, bottom."""
    images: int = 0
    unreadable: int = 0
    direction: int = 0
    """Where the text runs on the page: 0 to the right, 90 upwards, 180 upside down, 270 downwards."""

    def page_box(self, box: Box) -> Box:
        """`box` as it lies on the page that people see."""
        x0, top, x1, bottom = box
        if self.direction == 90:
            return (top, self.width - x1, bottom, self.width - x0)
        if self.direction == 270:
            return (self.height - bottom, x0, self.height - top, x1)
        if self.direction == 180:
            return (self.width - x1, self.height - bottom, self.width - x0, self.height - top)
        return box


def read_marks(layout: Any, crop: tuple[float, float, float, float], hidden: Set[int] = frozenset()) -> Marks:
    """The marks of pdfminer's page inside `crop` (x0, y0, x1, y1 with y upwards, as pdfminer measures), without the
    characters whose identity is in `hidden`."""
    left, low, right, high = crop
    marks = Marks(right - left, high - low)
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    bold_fonts: dict[str, bool] = {}
    directions: Counter[int] = Counter()
    chars: list[tuple[int, Glyph]] = []
    stack = [iter(layout)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, LTChar):
            if id(item) in hidden:
                continue
            x0, y0, x1, y1 = item.bbox
            if not (left <= (x0 + x1) / 2 <= right and low <= (y0 + y1) / 2 <= high):
                continue
            text = item.get_text()
            if text.startswith("(cid:"):
                text = UNREADABLE
                marks.unreadable += 1
            a, b = item.matrix[0], item.matrix[1]
            direction = (0 if a >= 0 else 180) if abs(a) >= abs(b) else (90 if b > 0 else 270)
            bold = bold_fonts.get(item.fontname)
            if bold is None:
                name = item.fontname.lower() if isinstance(item.fontname, str) else ""
                bold = bold_fonts[item.fontname] = any(part in name for part in _BOLD_NAMES)
            glyph = Glyph(text, x0 - left, high - y1, x1 - left, high - y0, item.size, bold)
            if text.isspace() or not _is_reprint(glyph, seen):
                chars.append((direction, glyph))
                directions[direction] += not text.isspace()
        elif isinstance(item, LTImage):
            marks.images += 1
        elif isinstance(item, LTCurve):  # LTLine and LTRect are curves too
            _add_rules(marks, item, left, high)
        elif isinstance(item, LTContainer):
            stack.append(iter(item))
    usual = directions.most_common(1)
    marks.direction = usual[0][0] if usual else 0
    marks.glyphs = [glyph for _, glyph in chars]
    if marks.direction:
        _turn_upright(marks)
    return marks


def _is_reprint(glyph: Glyph, seen: dict[tuple[str, int, int], list[Glyph]]) -> bool:
    """Whether the same character stands at nearly this place already (bold or shadow made by printing twice)."""
    reach = max(0.6, glyph.size * 0.12)
    keys = ((glyph.text, int(glyph.top // 4), 0), (glyph.text, int((glyph.top + 2) // 4), 1))
    for key in keys:
        for other in seen.get(key, ()):
            if abs(other.x0 - glyph.x0) < reach and abs(other.top - glyph.top) < reach:
                other.bold = True
                return True
    for key in keys:
        seen.setdefault(key, []).append(glyph)
    return False


def _add_rules(marks: Marks, item: Any, left: float, high: float) -> None:
    x0, y0, x1, y1 = item.bbox
    box = (x0 - left, high - y1, x1 - left, high - y0)
    if isinstance(item, LTLine):
        _add_box(marks, box) if min(x1 - x0, y1 - y0) <= _THIN else None
    elif isinstance(item, LTRect):
        if not (x1 - x0 > marks.width * 0.97 and y1 - y0 > marks.height * 0.97):
            _add_box(marks, box)
    else:
        points = item.pts
        if len(points) > 60:
            return
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ax - bx) < 0.5 or abs(ay - by) < 0.5:
                _add_box(
                    marks, (min(ax, bx) - left, high - max(ay, by), max(ax, bx) - left, high - min(ay, by))
                )


def _add_box(marks: Marks, box: Box) -> None:
    x0, top, x1, bottom = box
    wide, tall = x1 - x0, bottom - top
    if wide <= _THIN and tall <= _THIN:
        # The dots and dashes of a broken rule; lone dots join nothing and are dropped with the short edges.
        if wide >= tall:
            marks.horizontal.append(((top + bottom) / 2, x0, x1))
        else:
            marks.vertical.append(((x0 + x1) / 2, top, bottom))
    elif tall <= _THIN:
        marks.horizontal.append(((top + bottom) / 2, x0, x1))
    elif wide <= _THIN:
        marks.vertical.append(((x0 + x1) / 2, top, bottom))
    else:
        marks.horizontal += [(top, x0, x1), (bottom, x0, x1)]
        marks.vertical += [(x0, top, bottom), (x1, top, bottom)]


def _turn_upright(marks: Marks) -> None:
    """Turns everything so that the page's usual direction of writing runs from left to right."""
    width, height = marks.width, marks.height

    def turned(x0: float, top: float, x1: float, bottom: float) -> Box:
        if marks.direction == 90:
            return (height - bottom, x0, height - top, x1)
        if marks.direction == 270:
            return (top, width - x1, bottom, width - x0)
        return (width - x1, height - bottom, width - x0, height - top)

    for glyph in marks.glyphs:
        glyph.x0, glyph.top, glyph.x1, glyph.bottom = turned(glyph.x0, glyph.top, glyph.x1, glyph.bottom)
        glyph.center = (glyph.top + glyph.bottom) / 2
    horizontal, vertical = marks.horizontal, marks.vertical
    marks.horizontal, marks.vertical = [], []
    for y, x0, x1 in horizontal:
        _add_box(marks, turned(x0, y, x1, y))
    for x, top, bottom in vertical:
        _add_box(marks, turned(x, top, x, bottom))
    if marks.direction != 180:
        marks.width, marks.height = height, width


def usual_size(glyphs: list[Glyph]) -> float:
    """The size of most characters, in points; 10 where there are none."""
    return median([glyph.size for glyph in glyphs]) if glyphs else 10.0
