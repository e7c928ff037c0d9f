"""Counts in results."""

from __future__ import annotations

import pytest

from kusei.documents.reading.figures import figures_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("案内を配った。新規登録28件", [(28, "件", "新規登録")]),
        ("来場者数：約1,200人", [(1200, "人", "来場者数")]),
        ("延べ2192人が参加した。", [(2192, "延べ人", None)]),
        ("計３回開催し、４９名が参加", [(3, "回", None), (49, "名", None)]),
        ("面接:585件、電話151件", [(585, "件", "面接"), (151, "件", "電話")]),
        ("補助金として、計329,000円を交付", [(329000, "円", None)]),
        ("喫煙率が11%であった。", [(11, "%", "喫煙率")]),
        ("小学校７校、中学校２校で実施した。", [(7, "校", "小学校"), (2, "校", "中学校")]),
        ("1万2千人", [(12000, "人", None)]),
    ],
)
def test_figures_in(text: str, expected: list[tuple[float, str, str | None]]) -> None:
    found = [(figure.value, figure.unit, figure.label) for figure in figures_in(text)]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "令和３年度は中止した。",
        "2021年4月1日の10時に始めた。",
        "第4期の計画を定めた。",  # an ordinal
        "第２回の会議に出た。",
        "条例第12条に基づく。",
        "A4判で作った。",
    ],
)
def test_figures_in_nothing_counted(text: str) -> None:
    assert figures_in(text) == []
