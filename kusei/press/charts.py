"""Charts as SVG text: the same markup for the web page and for print. No script, no style attribute, no outside address.

Every chart carries a title that says the finding and a description with the figures; the page puts the table beside it.
Colours are those of the Digital Agency design tokens (@digital-go-jp/design-tokens 1.1.9).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kusei.press.squarify import Rectangle, squarify

INK = "#1a1a1a"
MUTED = "#595959"
LINE = "#b3b3b3"
ACCENT = "#0017c1"
PALE = "#c5d7fb"
# Eight pale grounds that carry dark text (all above 12:1), each with a dark partner for edges and bars.
GROUNDS = ("#d9e6ff", "#c2e5d1", "#fff0b3", "#ecddff", "#ffdfca", "#c8f8ff", "#ffd0ff", "#e6e6e6")
EDGES = ("#0017c1", "#115a36", "#806300", "#5109ad", "#ac3e00", "#006173", "#8b008b", "#4d4d4d")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `display` is the value as people read it, `note` a short word under the label."""

    label: str
    value: float
    display: str
    note: str = ""
    is_emphasised: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole. `pattern`: plain, dots, stripes, grid, so that colour is not needed to tell parts apart."""

    label: str
    value: float
    display: str
    colour: str
    pattern: str = "plain"


@dataclass(frozen=True, slots=True)
class Tile:
    """One rectangle of a tree map, a link if it has an address. `group` picks its colour."""

    label: str
    value: float
    display: str
    href: str = ""
    group: int = 0


def bar_chart(bars: Sequence[Bar], *, title: str, description: str, name: str) -> SafeString:
    """Upright bars from a zero baseline, each labelled with its value. `name` makes the ids unique on the page.

    Drawn 320 wide and up, so that its text is readable at the width of a phone without scaling.
    """
    if not bars:
        return mark_safe("")
    step = max(88, min(128, 320 // len(bars)))
    width, top, floor = max(320, step * len(bars)), 34, 186
    bar_width = min(56, step * 0.56)
    highest = max((bar.value for bar in bars), default=0) or 1
    left = (width - step * len(bars)) / 2
    pieces = []
    for place, bar in enumerate(bars):
        middle = left + step * (place + 0.5)
        height = max(bar.value, 0) / highest * (floor - top)
        pieces.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}" class="{}"/>'
                '<text x="{}" y="{}" text-anchor="middle" font-size="15" font-weight="700" fill="{}">{}</text>'
                '<text x="{}" y="{}" text-anchor="middle" font-size="14" fill="{}">{}</text>'
                '<text x="{}" y="{}" text-anchor="middle" font-size="13" fill="{}">{}</text>',
                _n(middle - bar_width / 2), _n(floor - height), _n(bar_width), _n(max(height, 1)),
                *((ACCENT, "in-accent") if bar.is_emphasised else ("#7096f8", "in-accent-bar")),
                _n(middle), _n(floor - height - 8), INK, bar.display,
                _n(middle), _n(floor + 22), INK, bar.label,
                _n(middle), _n(floor + 42), MUTED, bar.note,
            )
        )  # fmt: skip
    base = format_html(
        '<line x1="0" y1="{0}" x2="{1}" y2="{0}" stroke="{2}" stroke-width="1"/>', str(floor), _n(width), INK
    )
    height = floor + (52 if any(bar.note for bar in bars) else 32)
    return _svg(
        width, height, title, description, name, mark_safe("".join(pieces) + base), "chart chart--bars"
    )


def share_bar(share: float) -> SafeString:
    """A thin bar of one share (0 to 1). Decoration beside a figure that says the same, hence hidden from readers."""
    filled = max(min(share, 1), 0) * 100
    return format_html(
        '<svg class="share-bar" viewBox="0 0 100 4" width="100" height="4" preserveAspectRatio="none" '
        'aria-hidden="true" focusable="false"><rect width="100" height="4" fill="#e6e6e6"/>'
        '<rect width="{}" height="4" fill="{}" class="in-accent"/></svg>',
        _n(filled),
        ACCENT,
    )


def stacked_bar(parts: Sequence[Part], *, title: str, description: str, name: str) -> SafeString:
    """One bar of parts, side by side, without text: the list under it names each part with its colour and pattern."""
    total = sum(part.value for part in parts) or 1
    pieces, x = [], 0.0
    for place, part in enumerate(parts):
        width = part.value / total * 640
        pieces.append(
            format_html(
                '<rect x="{}" y="0" width="{}" height="28" fill="{}"/>',
                _n(x),
                _n(max(width - 2, 0.5)),
                part.colour,
            )
        )
        if part.pattern != "plain":
            pieces.append(
                format_html(
                    '<rect x="{}" y="0" width="{}" height="28" fill="url(#{}-{})"/>',
                    _n(x), _n(max(width - 2, 0.5)), name, str(place),
                )
            )  # fmt: skip
            pieces.append(_pattern(part.pattern, f"{name}-{place}"))
        x += width
    return _svg(
        640, 28, title, description, name, mark_safe("".join(pieces)), "chart chart--stack", stretch=True
    )


def swatch(part: Part, *, name: str) -> SafeString:
    """The colour and pattern of one part, for the list under a stacked bar."""
    pattern = _pattern(part.pattern, name) if part.pattern != "plain" else mark_safe("")
    over = (
        format_html('<rect width="16" height="16" rx="3" fill="url(#{})"/>', name)
        if pattern
        else mark_safe("")
    )
    return format_html(
        '<svg class="swatch" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        '{}<rect width="16" height="16" rx="3" fill="{}"/>{}</svg>',
        pattern,
        part.colour,
        over,
    )


def tree_map(
    tiles: Sequence[Tile], *, width: int, height: int, title: str, description: str, name: str, css: str = ""
) -> SafeString:
    """Rectangles in proportion, largest first; labels where there is room. What has no room is in the table beside it."""
    shown = sorted((tile for tile in tiles if tile.value > 0), key=lambda tile: -tile.value)
    places = squarify([tile.value for tile in shown], Rectangle(0, 0, width, height))
    pieces = [_tile(tile, place) for tile, place in zip(shown, places, strict=True)]
    return _svg(
        width, height, title, description, name, mark_safe("".join(pieces)), f"chart chart--map {css}".strip(),
        role="group",
    )  # fmt: skip


def _tile(tile: Tile, place: Rectangle) -> SafeString:
    group = tile.group % len(GROUNDS)
    inner = format_html(
        '<title>{} {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}" stroke="{}" stroke-width="1"/>{}',
        tile.label, tile.display,
        _n(place.x + 1.5), _n(place.y + 1.5), _n(max(place.width - 3, 0.5)), _n(max(place.height - 3, 0.5)),
        GROUNDS[group], EDGES[group], _tile_text(tile, place),
    )  # fmt: skip
    if not tile.href:
        return format_html("<g>{}</g>", inner)
    return format_html('<a href="{}" aria-label="{} {}">{}</a>', tile.href, tile.label, tile.display, inner)


def _tile_text(tile: Tile, place: Rectangle) -> SafeString:
    area = place.width * place.height
    size = 20 if area > 60000 else 16 if area > 20000 else 14 if area > 9000 else 12
    room = place.width - 24
    lines = wrapped(tile.label, room / size)
    if len(lines) > 1:  # lines of equal length, so that no single character is left over
        lines = wrapped(tile.label, min(room / size, _ems(tile.label) / len(lines) + 1))
    most = int((place.height - 22 - size * 1.5) // (size * 1.4))
    if room < size * 3 or most < 1:
        return mark_safe("")
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    x, y = _n(place.x + 13), place.y + 12 + size
    spans = [
        format_html('<tspan x="{}" y="{}">{}</tspan>', x, _n(y + size * 1.4 * row), line)
        for row, line in enumerate(lines)
    ]
    figure_y = y + size * 1.4 * len(lines) + size * 0.2
    return format_html(
        '<text font-size="{}" fill="{}" font-weight="700">{}</text>'
        '<text font-size="{}" fill="{}" x="{}" y="{}">{}</text>',
        str(size), INK, mark_safe("".join(spans)), str(max(size - 2, 12)), INK, x, _n(figure_y), tile.display,
    )  # fmt: skip


def wrapped(text: str, ems: float) -> list[str]:
    """`text` in lines of at most `ems` full-width characters."""
    lines, line, used = [], "", 0.0
    for character in text:
        width = _ems(character)
        if line and used + width > ems:
            lines.append(line)
            line, used = "", 0.0
        line += character
        used += width
    return [*lines, line] if line else lines


def _ems(text: str) -> float:
    """The width of a text in full-width characters, near enough for a label."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.58 for character in text)


def _pattern(kind: str, name: str) -> SafeString:
    shapes = {
        "stripes": '<path d="M-2 10L10 -2M4 16L16 4" stroke="#ffffff" stroke-width="2.5"/>',
        "dots": '<circle cx="4" cy="4" r="1.8" fill="#ffffff"/>',
        "grid": '<path d="M0 4H8M4 0V8" stroke="#ffffff" stroke-width="1.6"/>',
    }
    return format_html(
        '<defs><pattern id="{}" width="8" height="8" patternUnits="userSpaceOnUse">{}</pattern></defs>',
        name,
        mark_safe(shapes[kind]),
    )


def _svg(
    width: float,
    height: float,
    title: str,
    description: str,
    name: str,
    inner: SafeString,
    css: str,
    *,
    role: str = "img",
    stretch: bool = False,
) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" role="{}" aria-labelledby="{}-t {}-d"{}>'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        css, _n(width), _n(height), _n(width), _n(height), role, name, name,
        mark_safe(' preserveAspectRatio="none"') if stretch else "",
        name, title, name, description, inner,
    )  # fmt: skip


def legend(parts: Sequence[Part], *, name: str) -> SafeString:
    """The parts of a stacked bar as a list: swatch, word, figure."""
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li>{}<span class="legend__label">{}</span><span class="legend__value">{}</span></li>',
            (
                (swatch(part, name=f"{name}-s{place}"), part.label, part.display)
                for place, part in enumerate(parts)
            ),
        ),
    )


def _n(number: float) -> str:
    """A coordinate: at most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
