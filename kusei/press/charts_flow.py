"""A flow of money through the years: years run downwards, each thing is a bar as wide as its money, bands join what goes on.

Drawn for one width at a time, so that its text is readable on a phone without scaling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kusei.press.charts import ACCENT, INK, LINE, MUTED, _n, _svg, wrapped

_GUTTER = 84
_BAR = 16
_LINE = 18
_GAP = 34
_EMPTY_ROW = 50
_NARROWEST_LABEL = 76
_UNKNOWN_WIDTH = 36
_THINNEST = 6
_BAND = "#d9e6ff"
_BAND_EDGE = "#7096f8"


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One year; a year that nothing is known of has no nodes and says why in its note."""

    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FlowNode:
    """One thing in one year. `value` is None where no money is known; `number` stands for the label where room is short."""

    key: int
    row: int
    number: str
    label: str
    display: str
    value: float | None = None
    href: str = ""
    is_emphasised: bool = False
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class FlowBand:
    """What goes on from one node to a later one."""

    start: int
    end: int
    is_unsure: bool = False


@dataclass(slots=True)
class _Place:
    """Where a node lies; `used_below` and `used_above` count the width that bands have taken so far."""

    x: float
    y: float
    width: float
    slot: float
    is_known: bool
    used_below: float = 0.0
    used_above: float = 0.0


def flow_chart(
    rows: Sequence[FlowRow],
    nodes: Sequence[FlowNode],
    bands: Iterable[FlowBand],
    *,
    width: int,
    title: str,
    description: str,
    name: str,
    css: str = "",
) -> SafeString:
    """The drawing for one width. All bars have one scale; a band takes its share of the bars that it joins."""
    if not nodes:
        return mark_safe("")
    by_row = [[node for node in nodes if node.row == at] for at in range(len(rows))]
    room = width - _GUTTER
    slots = [room / len(members) if members else room for members in by_row]
    scale = min((slots[node.row] * 0.9 / node.value for node in nodes if node.value), default=1.0)
    places: dict[int, _Place] = {}
    pieces: list[SafeString] = []
    y = 8.0
    for at, (row, members) in enumerate(zip(rows, by_row, strict=True)):
        pieces.append(_row_label(row, y, bool(members)))
        if not members:
            y += _EMPTY_ROW
            continue
        for place, node in enumerate(members):
            bar = _UNKNOWN_WIDTH if node.value is None else max(node.value * scale, _THINNEST)
            places[node.key] = _Place(
                _GUTTER + slots[at] * place, y, min(bar, slots[at] * 0.94), slots[at], node.value is not None
            )
        y += _BAR + max(_text_height(node, slots[at]) for node in members)
        y += _GAP if at + 1 < len(rows) else 4
    drawn = [_band(band, bands_of, places) for band, bands_of in _shares(bands, nodes, places)]
    inner = mark_safe("".join((*drawn, *pieces, *(_node(node, places[node.key]) for node in nodes))))
    return _svg(width, y, title, description, name, inner, f"chart chart--flow {css}".strip(), role="group")


def _shares(
    bands: Iterable[FlowBand], nodes: Sequence[FlowNode], places: dict[int, _Place]
) -> list[tuple[FlowBand, tuple[float, float]]]:
    """Each band with the part of the older and of the newer bar that it takes, in proportion to what it joins."""
    joined = [band for band in bands if band.start in places and band.end in places]
    found = []
    for band in joined:
        out = [each for each in joined if each.start == band.start]
        into = [each for each in joined if each.end == band.end]
        ends = sum(places[each.end].width for each in out)
        starts = sum(places[each.start].width for each in into)
        found.append((band, (places[band.end].width / ends, places[band.start].width / starts)))
    return found


def _band(band: FlowBand, shares: tuple[float, float], places: dict[int, _Place]) -> SafeString:
    start, end = places[band.start], places[band.end]
    above, below = start.width * shares[0], end.width * shares[1]
    if start.is_known != end.is_known:  # money on one side only: the band claims no width for the other
        above = below = min(above, below)
    x0, x1 = start.x + start.used_below, end.x + end.used_above
    start.used_below += above
    end.used_above += below
    y0, y1 = start.y + _BAR, end.y
    middle = (y0 + y1) / 2
    path = (
        f"M{_n(x0)} {_n(y0)}C{_n(x0)} {_n(middle)} {_n(x1)} {_n(middle)} {_n(x1)} {_n(y1)}"
        f"H{_n(x1 + below)}C{_n(x1 + below)} {_n(middle)} {_n(x0 + above)} {_n(middle)} {_n(x0 + above)} {_n(y0)}Z"
    )
    return format_html(
        '<path d="{}" fill="{}" stroke="{}" stroke-width="1"{}/>',
        path,
        "#ffffff" if band.is_unsure else _BAND,
        _BAND_EDGE,
        mark_safe(' stroke-dasharray="5 4"') if band.is_unsure else "",
    )


def _row_label(row: FlowRow, y: float, has_nodes: bool) -> SafeString:
    note = (
        format_html('<text x="0" y="{}" font-size="12" fill="{}">{}</text>', _n(y + 30), MUTED, row.note)
        if row.note
        else mark_safe("")
    )
    return format_html(
        '<text x="0" y="{}" font-size="14" font-weight="{}" fill="{}">{}</text>{}',
        _n(y + 13), "700" if has_nodes else "400", INK if has_nodes else MUTED, row.label, note,
    )  # fmt: skip


def _lines(node: FlowNode, slot: float) -> list[str]:
    """The label in at most three lines; its number alone where the slot is too narrow for words."""
    if slot < _NARROWEST_LABEL:
        return [node.number]
    lines = wrapped(node.label, (slot - 8) / 14)
    return lines if len(lines) <= 3 else [*lines[:2], lines[2][:-1] + "…"]


def _text_height(node: FlowNode, slot: float) -> float:
    figure = 0 if slot < _NARROWEST_LABEL else len(wrapped(node.display, (slot - 8) / 13))
    return (len(_lines(node, slot)) + figure) * _LINE + 6


def _node(node: FlowNode, place: _Place) -> SafeString:
    fill = (
        "#ffffff" if node.value is None or node.is_inferred else ACCENT if node.is_emphasised else "#3b6ff0"
    )
    words = _lines(node, place.slot)
    figures = [] if place.slot < _NARROWEST_LABEL else wrapped(node.display, (place.slot - 8) / 13)
    y = place.y + _BAR + 15
    texts = [
        format_html(
            '<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}">{}</text>',
            _n(place.x), _n(y + at * _LINE), "14" if at < len(words) else "13",
            "700" if at < len(words) else "400", INK, line,
        )
        for at, line in enumerate((*words, *figures))
    ]  # fmt: skip
    inner = format_html(
        '<title>{} {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}" stroke="{}" stroke-width="1"{}/>{}',
        node.label, node.display, _n(place.x), _n(place.y), _n(place.width), _n(_BAR), fill,
        ACCENT if node.value is not None else LINE,
        mark_safe(' stroke-dasharray="3 3"') if node.value is None or node.is_inferred else "",
        mark_safe("".join(texts)),
    )  # fmt: skip
    if not node.href:
        return format_html("<g>{}</g>", inner)
    return format_html('<a href="{}" aria-label="{} {}">{}</a>', node.href, node.label, node.display, inner)
