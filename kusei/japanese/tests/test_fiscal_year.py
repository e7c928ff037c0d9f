"""Fiscal years as printed. Years worked out by hand: 令和 n = 2018 + n, 平成 n = 1988 + n, 昭和 n = 1925 + n."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.japanese.fiscal_year import (
    fiscal_year_of,
    fiscal_years_in,
    parse_date,
    parse_fiscal_year,
    short_wareki_year,
    wareki_year,
)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和３年度", 2021),  # full-width digit
        ("令和元年度", 2019),
        ("平成31年度", 2019),  # the same year under its first name
        ("平成三十一年度", 2019),
        ("R3", 2021),
        ("Ｒ３年度", 2021),
        ("R元年度", 2019),
        ("令和三年度", 2021),
        ("令和十二年度", 2030),
        ("令和二十年度", 2038),
        ("H31", 2019),
        ("㋿3年度", 2021),  # one character for the era
        ("㍻30年度", 2018),
        ("令和 ３ 年度", 2021),
        ("令和３年\n度", 2021),  # broken over a line
        ("2021年度", 2021),
        ("西暦2021年度", 2021),
        ("２０２１年度", 2021),
        ("二〇二一年度", 2021),
        ("令和3(2021)年度", 2021),
        ("2021年度（令和３年度）予算", 2021),
        ("2021(令和3)年度", 2021),
        ("平成33年度", 2021),  # printed before 令和 was named
        ("昭和64年度", 1989),
        ("昭和63年度", 1988),
        ("S63年度", 1988),
        ("令和３年度 泉区運営方針", 2021),
        ("令和3~7年度", 2021),  # a range begins here
        ("令和元年", 2019),  # a label that is only a year
        ("2024", 2024),
        ("R6", 2024),
        ("令和3年4月1日", None),  # a date
        ("R4.2.1", None),
        ("R4/2/1 現在", None),
        ("R4年2月", None),
        ("令和3年の台風", None),  # a calendar year within a sentence
        ("S3", 1928),  # alone in its field: what else could it be
        ("会議室S3で", None),  # within a sentence only R and H stand for eras
        ("COVID-R3X", None),
        ("SR3", None),
        ("12021年度", None),
        ("令和0年度", None),
        ("令和99年度", None),
        ("今年度", None),
        ("3年度", None),  # which era is not stated
        ("", None),
    ],
)
def test_parse_fiscal_year(text: str, year: int | None) -> None:
    assert parse_fiscal_year(text) == year


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("令和3~7年度", [(2021, 2025)]),
        ("令和３年度～令和７年度", [(2021, 2025)]),
        ("令和3年度から7年度まで", [(2021, 2025)]),
        ("令和元〜３年度", [(2019, 2021)]),
        ("平成30年度-令和4年度", [(2018, 2022)]),
        ("R3~R7年度", [(2021, 2025)]),
        ("2021〜25年度", [(2021, 2025)]),
        ("2021年度〜2025年度", [(2021, 2025)]),
        ("令和3・4年度", [(2021, 2022)]),
        ("令和３年度予算と令和２年度決算", [(2021, 2021), (2020, 2020)]),
        ("令和7~3年度", []),  # backwards: neither number can be trusted
        ("R3 R4", [(2021, 2021), (2022, 2022)]),
        ("R4.2.1のR3予算", [(2021, 2021)]),
    ],
)
def test_fiscal_years_in(text: str, years: list[tuple[int, int]]) -> None:
    found = fiscal_years_in(text)

    assert [(year.first, year.last) for year in found] == years
    assert [year.is_range for year in found] == [last > first for first, last in years]


def test_fiscal_years_in_gives_the_place_in_the_text_as_printed() -> None:
    text = "㋿３年度と、令和４\n年度の予算"

    assert [text[year.begin : year.end] for year in fiscal_years_in(text)] == ["㋿３年度", "令和４\n年度"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("R4.2.1", date(2022, 2, 1)),
        ("令和４年２月１日", date(2022, 2, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年5月1日", date(2019, 5, 1)),  # on papers printed before
        ("2022/2/1", date(2022, 2, 1)),
        ("令和四年十二月三十一日", date(2022, 12, 31)),
        ("令和4年2月30日", None),  # no such day
        ("令和4年度", None),
    ],
)
def test_parse_date(text: str, day: date | None) -> None:
    assert parse_date(text) == day


def test_a_date_in_february_lies_in_the_year_before() -> None:
    day = parse_date("R4.2.1")

    assert day is not None
    assert fiscal_year_of(day) == 2021


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2022, 3, 31), 2021),  # last day
        (date(2022, 4, 1), 2022),  # first day
        (date(2022, 1, 1), 2021),
        (date(2021, 12, 31), 2021),
    ],
)
def test_fiscal_year_of(day: date, year: int) -> None:
    assert fiscal_year_of(day) == year


@pytest.mark.parametrize(
    ("year", "long", "short"),
    [
        (2021, "令和3年度", "R3"),
        (2019, "令和元年度", "R1"),  # not 平成31年度
        (2018, "平成30年度", "H30"),
        (1989, "平成元年度", "H1"),
        (1988, "昭和63年度", "S63"),
        (1926, "大正15年度", "T15"),  # 昭和 began in December
        (1868, "明治元年度", "M1"),
    ],
)
def test_wareki_year(year: int, long: str, short: str) -> None:
    assert wareki_year(year) == long
    assert short_wareki_year(year) == short


def test_wareki_year_before_the_eras_is_refused() -> None:
    with pytest.raises(ValueError, match="1867"):
        wareki_year(1867)


@given(st.integers(1868, 2080))
def test_what_is_printed_is_read_back(year: int) -> None:
    assert parse_fiscal_year(wareki_year(year)) == year


@given(
    st.text(
        alphabet=st.sampled_from("令和平成元年度RHST0123４５一二十〇()（）~-・.から月日 \n㋿"), max_size=20
    )
)
def test_no_text_breaks_the_reading(text: str) -> None:
    parse_fiscal_year(text)
    parse_date(text)
    for years in fiscal_years_in(text):
        assert 0 <= years.begin < years.end <= len(text)
        assert years.first <= years.last
