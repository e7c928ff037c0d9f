"""Lines over the months: labels that do not cover one another, open months left open, nothing drawn of nothing."""

from __future__ import annotations

import itertools
import re

from kusei.press.line_charts import Level, Line, line_chart

MONTHS = [f"{month}月" for month in (4, 5, 6)]


def drawn(*lines: Line, level: Level | None = None) -> str:
    return line_chart(lines, MONTHS, title="題<b>", description="説明", name="n", level=level)


def test_nothing_is_drawn_of_lines_without_a_value() -> None:
    assert drawn(Line((None, None, None), "R8"), level=Level(3, "目標")) == ""


def test_a_line_stops_where_its_months_stop_and_words_are_escaped() -> None:
    svg = drawn(Line((1, 2, None), "R8 2回", is_emphasised=True))
    assert svg.count("<circle") == 2
    assert "題&lt;b&gt;" in svg
    assert 'aria-labelledby="n-t n-d"' in svg


def test_labels_of_lines_that_end_together_stand_apart() -> None:
    svg = drawn(Line((1, 2, 3), "R8", is_emphasised=True), Line((1, 2, 3), "R7"), level=Level(3, "目標 3回"))
    heights = sorted(float(each) for each in re.findall(r'<text x="562" y="([\d.]+)"', svg))
    assert len(heights) == 3
    assert all(after - before >= 17 for before, after in itertools.pairwise(heights))


def test_zero_alone_is_a_line_on_the_floor() -> None:
    assert "216" in drawn(Line((0, 0, 0), "R8"))
