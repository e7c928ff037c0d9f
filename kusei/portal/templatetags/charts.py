"""Charts for templates: each tag draws what it is given."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kusei.press import charts
from kusei.press.charts import Bar, Part, Tile
from kusei.press.charts_flow import FlowBand, FlowNode, FlowRow, flow_chart

register = template.Library()
register.simple_tag(charts.share_bar)


@register.simple_tag
def bars(values: Sequence[Bar], name: str, title: str) -> SafeString:
    """Upright bars of money by year."""
    described = "、".join(f"{bar.label} {bar.display}" for bar in values)
    return charts.bar_chart(values, title=title, description=described, name=name)


@register.simple_tag
def stacked(parts: Sequence[Part], name: str, title: str) -> SafeString:
    """One bar of parts with the list that names them."""
    described = "、".join(f"{part.label} {part.display}" for part in parts)
    drawn = charts.stacked_bar(parts, title=title, description=described, name=name)
    return format_html("{}{}", drawn, charts.legend(parts, name=name))


@register.simple_tag
def outcome_bar(parts: Sequence[Part], name: str, title: str) -> SafeString:
    """The bar alone, where the list that names its parts is a list of links."""
    described = "、".join(f"{part.label} {part.display}" for part in parts)
    return charts.stacked_bar(parts, title=title, description=described, name=name)


@register.simple_tag
def part_swatch(part: Part, place: int) -> SafeString:
    """The colour and pattern of one part."""
    return charts.swatch(part, name=f"swatch-{place}")


@register.simple_tag
def budget_map(tiles: Sequence[Tile], name: str, title: str) -> SafeString:
    """The tree map twice: wide for desks, tall for phones; the style sheet shows one of them."""
    described = _("面積は金額に比例します。同じ数字が下の表にあります。")
    wide = charts.tree_map(
        tiles,
        width=1040,
        height=520,
        title=title,
        description=described,
        name=f"{name}-wide",
        css="only-wide",
    )
    tall = charts.tree_map(
        tiles,
        width=343,
        height=720,
        title=title,
        description=described,
        name=f"{name}-tall",
        css="only-narrow",
    )
    return format_html("{}{}", wide, tall)


@register.simple_tag
def flow_map(
    flow: tuple[Sequence[FlowRow], Sequence[FlowNode], Sequence[FlowBand]], name: str, title: str
) -> SafeString:
    """A flow through the years twice: wide for desks, narrow for phones; the style sheet shows one of them."""
    rows, nodes, bands = flow
    described = "、".join(f"{rows[node.row].label} {node.label} {node.display}" for node in nodes)
    wide, narrow = (
        flow_chart(
            rows, nodes, bands, width=width, title=title, description=described, name=f"{name}-{css}", css=css
        )
        for width, css in ((860, "only-wide"), (343, "only-narrow"))
    )
    return format_html("{}{}", wide, narrow)


@register.simple_tag
def group_swatch(place: int) -> SafeString:
    """The colour of a measure in the tree map, for its heading in the table."""
    ground, edge = charts.GROUNDS[place % len(charts.GROUNDS)], charts.EDGES[place % len(charts.EDGES)]
    return format_html(
        '<svg class="swatch" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        '<rect x="0.5" y="0.5" width="15" height="15" rx="3" fill="{}" stroke="{}"/></svg>',
        ground,
        edge,
    )
