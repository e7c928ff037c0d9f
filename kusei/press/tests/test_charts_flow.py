"""The flow chart: one scale, bands inside their bars, text that fits, no markup from names."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from kusei.press.charts_flow import FlowBand, FlowNode, FlowRow, flow_chart

ROWS = [FlowRow("令和元年度"), FlowRow("令和2年度", "公開文書なし"), FlowRow("令和3年度")]


def drawn(nodes, bands=(), width=343, rows=ROWS):
    markup = flow_chart(rows, nodes, bands, width=width, title="題", description="説明", name="n")
    return markup, ElementTree.fromstring(markup)


def test_bars_share_one_scale_and_unknown_money_is_dashed() -> None:
    nodes = [
        FlowNode(1, 0, "1", "前", "100", 100), FlowNode(2, 2, "2", "今", "200", 200),
        FlowNode(3, 2, "3", "別", "金額の記載なし"),
    ]  # fmt: skip
    _markup, tree = drawn(nodes)
    bars = tree.findall(".//rect")
    widths = [float(bar.get("width")) for bar in bars]

    assert round(widths[1] / widths[0], 2) == 2.0
    assert [bar.get("stroke-dasharray") for bar in bars] == [None, None, "3 3"]
    assert all(float(bar.get("x")) + float(bar.get("width")) <= 343 for bar in bars)


def test_bands_of_a_split_share_the_bar_they_leave() -> None:
    nodes = [
        FlowNode(1, 0, "1", "前", "300", 300),
        *(FlowNode(at, 2, str(at), "今", "", 100 * (at - 1)) for at in (2, 3)),
    ]
    _markup, tree = drawn(nodes, [FlowBand(1, 2), FlowBand(1, 3, is_unsure=True)])
    bar = tree.find(".//rect")
    starts = [float(re.match(r"M([\d.]+)", path.get("d"))[1]) for path in tree.findall("path")]
    left, width = float(bar.get("x")), float(bar.get("width"))

    assert starts[0] == left
    assert abs(starts[1] - (left + width / 3)) < 0.1
    assert [path.get("stroke-dasharray") for path in tree.findall("path")] == [None, "5 4"]


def test_many_things_in_one_year_are_shown_by_their_numbers() -> None:
    nodes = [FlowNode(at, 0, str(at), f"長い名前の事業その{at}", "1,000千円", 1) for at in range(1, 9)]
    _markup, narrow = drawn(nodes, rows=ROWS[:1])
    _markup, wide = drawn(nodes, rows=ROWS[:1], width=860)

    assert [text.text for text in narrow.findall(".//text")][1:] == [str(at) for at in range(1, 9)]
    assert "長い名前" in "".join(text.text for text in wide.findall(".//text"))


def test_names_are_text_never_markup_and_nothing_draws_nothing() -> None:
    markup, tree = drawn([FlowNode(1, 0, "1", "<b>太字</b>", "1", 1, href="/x/?a=1&b=2")])

    assert "<b>" not in markup
    assert tree.find("a").get("href") == "/x/?a=1&b=2"
    assert flow_chart([], [], [], width=343, title="", description="", name="n") == ""
