"""Whose document it is, of which year and kind: told from the words at its top and bottom."""

from __future__ import annotations

import pytest

from kusei.documents.reading.identity import Identity, identify
from kusei.documents.reading.lines import prepare
from kusei.documents.reading.model import Line
from kusei.documents.reading.ward_names import name_alone, names_in

_BODY = "\n\n１　花を植える\n　みんなで花を植える。\n２　木を植える\n　みんなで木を植える。"


def of(text: str) -> Identity:
    lines = [Line(line, number) for number, line in enumerate((text + _BODY).split("\n"), 1) if line.strip()]
    return identify(prepare(lines).texts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("花咲区役所", "花咲区"),
        ("みんなで守る花咲県行動計画", "花咲県"),
        ("のびやか花咲台区プラン", "花咲台区"),
        ("みずほ台市実施計画", "みずほ台市"),
        ("海洋・離島振興庁　重点施策", "海洋・離島振興庁"),
        ("北部広域連合　事務局", "北部広域連合"),
    ],
)
def test_names_by_their_endings(text: str, name: str) -> None:
    assert names_in(text) == [name]


@pytest.mark.parametrize("text", ["北部三町の連携", "各区の取組", "農山漁村の振興"])
def test_words_that_end_like_names(text: str) -> None:
    assert names_in(text) == []


def test_a_name_that_stands_alone() -> None:
    assert name_alone("花咲市役所") == "花咲市"
    assert name_alone("花咲市の計画") is None


def test_what_stands_far_right_of_a_title_is_no_part_of_it() -> None:
    found = of("令和６年度　施策評価表（令和５年度実施分）　　　　　　　　花咲市")
    assert (found.title, found.ward, found.fiscal_year, found.kind) == (
        "令和6年度 施策評価表(令和5年度実施分)",
        "花咲市",
        2023,
        "evaluation",
    )
    assert (
        of("花咲市緑の計画　令和６年度実施状況　　　　　　　　資料３").title
        == "花咲市緑の計画 令和6年度実施状況"
    )


def test_a_plan_of_several_years_is_of_none_of_them() -> None:
    found = of("花咲市実施計画（令和６年度～令和８年度）\n\n令和６年度　植える")
    assert found.fiscal_year is None
    assert of("花咲市実施計画（令和６年度～令和８年度）　令和７年度実施状況").fiscal_year == 2025


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("花咲市緑の計画　進捗状況報告書", "evaluation"),
        ("花咲市行動計画　進捗状況", "action_plan"),
        ("花咲市　事務事業マネジメントシート", "evaluation"),
        ("花咲市　観光プログラム", "action_plan"),
        ("花咲市　教育の基本的な考え方", "policy"),
    ],
)
def test_kinds_by_the_title(title: str, kind: str) -> None:
    assert of(title).kind == kind


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("事業調書\n花咲区役所", "花咲区"),
        ("令和８年度　基本方針\n（令和７年１０月　花咲県）", "花咲県"),
        ("花咲町長の約束", "花咲町"),
    ],
)
def test_wards_below_and_in_the_title(text: str, ward: str) -> None:
    assert of(text).ward == ward


def test_titles_in_a_line_of_a_hundred_thousand_characters() -> None:
    assert of("花咲市計画\n" + "◆見守り　　　　花咲市　" * 10_000).title == "花咲市計画"
