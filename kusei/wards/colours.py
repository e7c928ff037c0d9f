"""A ward's own colour: whether it can be read, and the shades that the pages need of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

READABLE = 4.5
"""The least contrast of text with its ground (WCAG 2.2, 1.4.3, level AA)."""

VISIBLE = 3.0
"""The least contrast of a shape with its ground (WCAG 2.2, 1.4.11)."""

_WHITE = (255, 255, 255)
_BLACK = (0, 0, 0)

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """The shades of one accent, as #rrggbb: the colour itself, a darker one for what is pointed at, one for the bars beside
    the one that counts, one for edges, a pale ground for what is marked, and a tint for whole stretches of a page."""

    accent: str
    strong: str
    bar: str
    edge: str
    pale: str
    tint: str


SUGGESTED = (
    ("#0a6b3d", gettext_lazy("緑")),
    ("#006173", gettext_lazy("青緑")),
    ("#0066be", gettext_lazy("空色")),
    ("#1d3a8a", gettext_lazy("紺")),
    ("#5109ad", gettext_lazy("紫")),
    ("#9c1458", gettext_lazy("赤紫")),
    ("#a3202c", gettext_lazy("えんじ")),
    ("#ac3e00", gettext_lazy("だいだい")),
    ("#6b4a1b", gettext_lazy("茶")),
)
"""Colours to choose from, all of them readable on white."""


def colour_of(text: str) -> str | None:
    """`text` as #rrggbb in small letters; #abc is written out. None for what is no colour."""
    digits = text.strip().lower().removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if re.fullmatch(r"[0-9a-f]{6}", digits) else None


def contrast(first: str, second: str) -> float:
    """How far two colours (#rrggbb) stand apart: 1 for the same, 21 for black and white. Source: WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((_luminance(_parts(first)), _luminance(_parts(second))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_readable_on_white(colour: str) -> bool:
    """Whether text in this colour can be read on white, and white text on it."""
    return contrast(colour, "#ffffff") >= READABLE


def palette(accent: str) -> Palette | None:
    """The shades of a ward's colour; None where it is none or cannot be read, so that the house's own colour stays."""
    colour = colour_of(accent)
    if colour is None or not is_readable_on_white(colour):
        return None
    strong = _mixed(_parts(colour), _BLACK, 0.25)
    return Palette(
        accent=colour,
        strong=strong,
        bar=_bar(colour),
        edge=_mixed(_parts(colour), _WHITE, 0.7),
        pale=_ground(colour, 0.9),
        tint=_ground(colour, 0.95),
    )


def _bar(colour: str) -> str:
    """As light as it can be and still stand out from white (WCAG 2.2, 1.4.11)."""
    shades = (_mixed(_parts(colour), _WHITE, share / 100) for share in range(50, 0, -5))
    return next((shade for shade in shades if contrast(shade, "#ffffff") >= VISIBLE), colour)


def _ground(colour: str, white: float) -> str:
    """`colour` with so much white in it, or more: until text in the colour can be read on it."""
    return next(
        shade
        for share in (white, 0.97, 1.0)
        if contrast(colour, shade := _mixed(_parts(colour), _WHITE, share)) >= READABLE
    )


def _parts(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: Colour, other: Colour, share: float) -> str:
    """`colour` with `share` of `other` in it."""
    mixed = (round(one * (1 - share) + two * share) for one, two in zip(colour, other, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
