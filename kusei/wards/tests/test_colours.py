"""A ward's colour: what can be read, and its shades."""

from __future__ import annotations

import pytest

from kusei.wards import colours


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),  # WCAG's own extremes
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),  # and the one that just passes
        ("#ff0000", "#ffffff", 4.0),  # pure red is too light for text
    ],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
    assert colours.contrast(first, second) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(second, first) == colours.contrast(first, second)


@pytest.mark.parametrize(
    ("colour", "is_readable"), [("#767676", True), ("#777777", False), ("#ffd43d", False)]
)
def test_readable_on_white_begins_at_four_and_a_half(colour: str, is_readable: bool) -> None:
    assert colours.is_readable_on_white(colour) is is_readable
    assert (colours.palette(colour) is not None) is is_readable


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#0A6B3D", "#0a6b3d"), ("0a6b3d", "#0a6b3d"), (" #063 ", "#006633"), ("", None), ("green", None),
        ("#12345", None), ("#12345g", None), ("#0a6b3d;}", None),
    ],
)  # fmt: skip
def test_colours_are_six_figures(text: str, colour: str | None) -> None:
    assert colours.colour_of(text) == colour


@pytest.mark.parametrize("accent", ["#0a6b3d", "#767676", "#0017c1", "#000000", "#b3261e", "#7a4b00"])
def test_all_shades_can_be_read_where_they_are_used(accent: str) -> None:
    shades = colours.palette(accent)
    assert shades is not None
    assert shades.accent == accent
    for text, ground in (
        (shades.accent, "#ffffff"), (shades.strong, "#ffffff"), (shades.accent, shades.pale), (shades.strong, shades.pale), (shades.accent, shades.tint),
    ):  # fmt: skip
        assert colours.contrast(text, ground) >= 4.5


@pytest.mark.parametrize("accent", ["#767676", *dict(colours.SUGGESTED)])
def test_bars_stand_out_and_suggested_colours_can_be_read(accent: str) -> None:
    shades = colours.palette(accent)
    assert shades is not None
    assert colours.contrast(shades.bar, "#ffffff") >= 3
    assert (
        colours.contrast(shades.accent, shades.bar) >= 1.2
    )  # the bar that counts is told from those beside it
