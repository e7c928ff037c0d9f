"""Charts: proportion, escaping, what readers hear."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from kusei.press.charts import Bar, Part, Tile, bar_chart, share_bar, stacked_bar, tree_map, wrapped
from kusei.press.squarify import Rectangle, squarify

AREA = Rectangle(0, 0, 600, 400)


@pytest.mark.parametrize("values", [[6, 6, 4, 3, 2, 2, 1], [10], [1, 1], [5, 0], [1000, 1]])
def test_squarify_fills_the_area_in_proportion(values) -> None:
    places = squarify(values, AREA)

    assert len(places) == len(values)
    for value, place in zip(values, places, strict=True):
        assert place.width * place.height == pytest.approx(600 * 400 * value / sum(values))
        assert place.x >= 0
        assert place.x + place.width <= 600.001
        assert place.y + place.height <= 400.001


def test_squarify_of_nothing_draws_nothing() -> None:
    assert squarify([], AREA) == []
    assert squarify([0, 0], AREA) == [Rectangle(0, 0, 0, 0)] * 2


def test_squarify_follows_the_published_example() -> None:
    # Bruls et al., figure 6: 6,6,4,3,2,2,1 on 6 x 4; the first column holds the two sixes, 3 wide.
    first, second, third, *_rest = squarify([6, 6, 4, 3, 2, 2, 1], Rectangle(0, 0, 6, 4))

    assert (first.width, first.height) == (3, 2)
    assert (second.x, second.y) == (0, 2)
    assert third.x == 3


def test_bars_start_at_zero_and_say_their_value() -> None:
    drawn = bar_chart(
        [Bar("令和2年度", 50, "50千円"), Bar("令和3年度", 100, "100千円", is_emphasised=True)],
        title="増えました", description="d", name="m",
    )  # fmt: skip

    root = ElementTree.fromstring(drawn)
    low, high = [float(bar.get("height")) for bar in root.iter("rect")]
    assert high == pytest.approx(2 * low)
    assert root.find("title").text == "増えました"
    assert root.get("aria-labelledby") == "m-t m-d"
    assert "100千円" in [text.text for text in root.iter("text")]


def test_labels_cannot_break_out_of_the_drawing() -> None:
    drawn = tree_map(
        [Tile('<script>alert("x")</script>', 1, "1千円", href="/a?b&c")],
        width=500, height=300, title="<b>", description="&", name="m",
    )  # fmt: skip

    assert "<script>" not in drawn
    assert ElementTree.fromstring(drawn).find("title").text == "<b>"


def test_a_map_links_every_tile_even_without_room_for_words() -> None:
    tiles = [Tile("大きい事業", 1000, "1,000千円", href="/a"), Tile("小さい事業", 1, "1千円", href="/b")]

    root = ElementTree.fromstring(
        tree_map(tiles, width=300, height=200, title="t", description="d", name="m")
    )

    links = {link.get("href"): link for link in root.iter("a")}
    assert links["/b"].get("aria-label") == "小さい事業 1千円"
    assert list(links["/b"].iter("text")) == []
    assert list(links["/a"].iter("text")) != []


def test_parts_are_told_apart_by_pattern_too() -> None:
    drawn = stacked_bar(
        [Part("実施", 1, "1件", "#197a4b"), Part("中止", 1, "1件", "#ce0000", "stripes")],
        title="t", description="d", name="o",
    )  # fmt: skip

    assert "url(#o-1)" in drawn
    assert 'id="o-1"' in drawn


@pytest.mark.parametrize(("share", "width"), [(0.0, "0"), (0.5, "50"), (1.7, "100"), (-1, "0")])
def test_share_bar_stays_in_its_frame(share, width) -> None:
    assert re.findall(r'<rect width="([\d.]+)"', share_bar(share)) == ["100", width]


def test_no_chart_holds_style_script_or_an_outside_address() -> None:
    drawn = bar_chart([Bar("a", 1, "1")], title="t", description="d", name="m")

    assert "style=" not in drawn
    assert "<script" not in drawn
    assert "http" not in drawn


def test_wrapped_counts_wide_letters() -> None:
    assert wrapped("地域の力を支える", 4) == ["地域の力", "を支える"]
    assert wrapped("abcdef", 2) == ["abc", "def"]
    assert wrapped("", 4) == []
