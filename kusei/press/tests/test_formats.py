"""How numbers, money and dates are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from kusei.press import formats


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (1234, "1,234"),
        (Decimal("28.000"), "28"),
        (Decimal("1234.50"), "1,234.5"),
        (-3, "-3"),
        (100, "100"),
    ],
)
def test_whole_groups_and_drops_empty_decimals(number, written) -> None:
    assert formats.whole(number) == written


@pytest.mark.parametrize(
    ("yen", "written"),
    [
        (6_588_000, "6,588千円"),
        (0, "0千円"),
        (500, "0.5千円"),  # less than a thousand is not rounded away
        (44_450_120, "44,450.12千円"),
        (1_000_000_000_000, "1,000,000,000千円"),
    ],
)
def test_thousand_yen(yen, written) -> None:
    assert formats.thousand_yen(yen) == written


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2021, 9, 22), "令和3年9月22日(水)"),
        (date(2022, 2, 1), "令和4年2月1日(火)"),  # the calendar's year, not the fiscal year
        (date(2019, 4, 30), "平成31年4月30日(火)"),  # the last day of 平成
        (date(2019, 5, 1), "令和元年5月1日(水)"),
        (date(1989, 1, 7), "昭和64年1月7日(土)"),
        (date(1989, 1, 8), "平成元年1月8日(日)"),
    ],
)
def test_date_ja(day, written) -> None:
    assert formats.date_ja(day) == written


def test_a_moment_is_dated_in_japan() -> None:
    assert formats.date_ja(datetime(2021, 3, 31, 16, 0, tzinfo=UTC)) == "令和3年4月1日(木)"


@pytest.mark.parametrize(
    ("share", "written"), [(0.25, "25%"), (0.001, "1%未満"), (0, "0%"), (1, "100%"), (0.005, "1%未満")]
)
def test_percent(share, written) -> None:
    assert formats.percent(share) == written


@pytest.mark.parametrize(
    ("yen", "written"), [(2_430_000, "+2,430千円"), (-120_000, "−120千円"), (0, "±0千円")]
)
def test_differences_carry_their_sign(yen, written) -> None:
    assert formats.signed_thousand_yen(yen) == written


def test_money_on_a_page_says_its_yen() -> None:
    drawn = Template("{{ amount|thousand_yen }}").render(Context({"amount": 6_588_000}))

    assert drawn == (
        '<data class="money" value="6588000" title="6,588,000円">6,588<span class="unit">千円</span></data>'
    )


def test_formats_write_nothing_for_nothing() -> None:
    template = Template(
        "{{ x|thousand_yen }}{{ x|yen }}{{ x|wareki }}{{ x|date_ja }}{{ x|count }}{{ x|ordinal }}"
    )

    assert template.render(Context({"x": None})) == ""


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ja", ("6,588千円", "令和3年度", "R3", "令和3年9月22日(水)")),
        ("ja-easy", ("6,588,000円", "2021年度", "2021", "2021年9月22日(水)")),
        ("en", ("¥6,588,000", "FY2021", "2021", "22 September 2021 (Wed)")),
        ("zh-hans", ("6,588,000日元", "2021年度", "2021", "2021年9月22日（周三）")),
        ("vi", ("6.588.000 yên", "năm tài chính 2021", "2021", "22/9/2021 (thứ Tư)")),
    ],
)
def test_each_language_has_its_own_money_years_and_dates(language, written) -> None:
    with translation.override(language):
        assert (
            formats.thousand_yen(6_588_000),
            formats.wareki(2021),
            formats.short_wareki(2021),
            formats.date_ja(date(2021, 9, 22)),
        ) == written


def test_tables_in_yen_where_their_heading_says_yen() -> None:
    template = Template("{{ money|thousands }}")
    with translation.override("en"):
        assert formats.signed_thousands_of_yen(-2_000) == "−2,000"
        assert template.render(Context({"money": 6_588_000})) == (
            '<data class="money" value="6588000">6,588,000</data>'
        )


def test_vietnamese_swaps_dot_and_comma() -> None:
    with translation.override("vi"):
        assert (formats.whole(1234567), formats.whole(Decimal("1234.5"))) == ("1.234.567", "1.234,5")
