"""What heading words mean."""

from __future__ import annotations

import pytest

from kusei.documents.reading.columns import (
    Role,
    header_score,
    header_words,
    header_year,
    heading_of,
    read_headings,
    stated_unit,
)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("行動計画", Role.FOCUS),
        ("重点分野", Role.FOCUS),
        ("柱", Role.MEASURE),
        ("施策の方向", Role.MEASURE),
        ("取組", Role.MATTER),
        ("事業名", Role.PROJECT),
        ("主な取組", Role.PROJECT),
        ("令和３年度実施計画", Role.PLAN),
        ("実施した取組結果", Role.RESULT),
        ("取組状況", Role.RESULT),
        ("状況", Role.STATUS),
        ("今後の方向性", Role.STATUS),
        ("実施主体", Role.OWNER),
        ("担当課", Role.OWNER),
        ("課題", Role.BODY),  # 課 begins it, yet no division is meant
        ("前年度予算額", Role.PREVIOUS),
        ("増減", Role.DIFFERENCE),
        ("実績値", Role.ACTUAL),  # a number, while 実績 is a text
        ("目標値", Role.TARGET),
        ("№", Role.NUMBER),
        ("時期", Role.PERIOD),
        ("備考", Role.NOTE),
    ],
)
def test_heading_of_words(text: str, role: Role) -> None:
    heading = heading_of(text)
    assert heading is not None
    assert heading.role is role


@pytest.mark.parametrize("text", ["", "12,345", "325億円", "公園を整備する。", "1"])
def test_heading_of_no_heading(text: str) -> None:
    assert heading_of(text) is None


def test_headings_of_two_years_latest_is_this_year() -> None:
    found = read_headings(["施策", "事業名", "４年度", "５年度", "担当"])
    assert [heading.role for heading in found] == [
        Role.MEASURE,
        Role.PROJECT,
        Role.PREVIOUS,
        Role.AMOUNT,
        Role.OWNER,
    ]


def test_headings_of_indicators_take_target_as_number() -> None:
    found = read_headings(["指標", "現状（Ｒ５）", "目標（Ｒ８）"])
    assert [heading.role for heading in found] == [Role.INDICATOR, Role.BASELINE, Role.TARGET]


def test_header_year_is_named_by_plan_column() -> None:
    assert header_year(read_headings(["取組", "令和３年度実施計画", "結果"])) == 2021
    assert header_year(read_headings(["取組", "計画", "結果"])) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [("（単位：千円）", "千円"), ("予算額（円）", "円"), ("単位 百万円", "百万円"), ("予算額", None)],
)
def test_stated_unit(text: str, unit: str | None) -> None:
    assert stated_unit(text) == unit


def test_header_words_need_nearly_every_word_to_be_one() -> None:
    assert len(header_words(" 重点分野 取組  令和５年度計画 令和５年度実績 担当課")) == 5
    assert header_words("この計画は区の取組と実績を担当課がまとめた ものです 次のとおり") == []


def test_header_score_counts_no_figures() -> None:
    assert header_score(["事業名", "予算額", "12,000"]) == 2


@pytest.mark.parametrize("text", ["事業名／内訳", "事業名・内訳", "事業名、細目"])
def test_a_column_of_names_with_their_parts_is_a_column_of_names(text: str) -> None:
    heading = heading_of(text)
    assert heading is not None
    assert heading.role is Role.PROJECT
