"""The days of a series: in rhythm, without holidays and exceptions, until it has its number."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.services.activities.series import (
    Rhythm,
    days_of_pattern,
    days_of_series,
    in_year,
    nth_weekday,
    read_pattern,
)


def test_every_week_without_the_holidays() -> None:
    days, left = days_of_series(
        date(2026, 4, 15), Rhythm.WEEKLY, 4
    )  # Wednesdays; 29 April, 6 May are holidays
    assert days == [date(2026, 4, 15), date(2026, 4, 22), date(2026, 5, 13), date(2026, 5, 20)]
    assert [each.day for each in left] == [date(2026, 4, 29), date(2026, 5, 6)]
    assert left[0].why == "昭和の日"


def test_holidays_too_where_asked_for_and_exceptions_never() -> None:
    days, left = days_of_series(
        date(2026, 4, 15), Rhythm.WEEKLY, 3, without=[date(2026, 4, 22)], on_holidays=True
    )
    assert days == [date(2026, 4, 15), date(2026, 4, 29), date(2026, 5, 6)]
    assert [(each.day, each.why) for each in left] == [(date(2026, 4, 22), "")]


def test_the_second_tuesday_of_each_month() -> None:
    days, _left = days_of_series(date(2026, 11, 10), Rhythm.MONTHLY, 4)
    assert days == [date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9)]


def test_a_fifth_weekday_only_where_the_month_has_one() -> None:
    days, _left = days_of_series(date(2026, 7, 31), Rhythm.MONTHLY, 3)  # 5th Friday
    assert days == [date(2026, 7, 31), date(2026, 10, 30), date(2027, 1, 29)]
    assert nth_weekday(2026, 8, 5, 4) is None


def test_every_other_week() -> None:
    days, _left = days_of_series(date(2026, 6, 1), Rhythm.FORTNIGHTLY, 2)
    assert days == [date(2026, 6, 1), date(2026, 6, 15)]


@pytest.mark.parametrize("count", [0, -1, 121])
def test_a_count_that_is_none_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        days_of_series(date(2026, 6, 1), Rhythm.WEEKLY, count)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第2・第4火曜", ([2, 4], 1)),
        ("第２、第４火曜日", ([2, 4], 1)),
        ("2・4火", ([2, 4], 1)),
        ("第一と第三日曜", ([1, 3], 6)),
        ("第1月曜", ([1], 0)),
        ("毎週火曜", None),
        ("第6火曜", None),
        ("", None),
    ],
)
def test_weeks_of_the_month_as_they_are_written(text: str, expected) -> None:
    assert read_pattern(text) == expected


def test_the_second_and_fourth_tuesday_without_holidays() -> None:
    days, left = days_of_pattern(date(2026, 10, 14), [2, 4], 1, 4, without=[date(2026, 11, 10)])
    assert days == [date(2026, 10, 27), date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 22)]
    assert [each.day for each in left] == [date(2026, 11, 10)]


def test_a_monthly_series_keeps_its_week_in_the_new_year() -> None:
    second_tuesdays = [date(2026, 9, 8), date(2026, 10, 13), date(2027, 1, 12)]
    assert in_year(second_tuesdays, 2027) == [date(2027, 9, 14), date(2027, 10, 12), date(2028, 1, 11)]
    assert in_year([date(2026, 10, 18)], 2027) == [date(2027, 10, 17)]  # 3rd Sunday


def test_a_weekly_series_keeps_its_rhythm_and_begins_in_its_year() -> None:
    weekly = [date(2026, 4, 1), date(2026, 4, 8), date(2026, 4, 15)]
    assert in_year(weekly, 2027) == [date(2027, 4, 7), date(2027, 4, 14), date(2027, 4, 21)]
    assert in_year([date(2026, 6, 10), date(2026, 6, 17)], 2028) == [date(2028, 6, 7), date(2028, 6, 14)]
    assert in_year([], 2027) == []


def test_a_fifth_friday_that_the_new_year_has_not_moves_by_weeks() -> None:
    assert in_year([date(2026, 10, 30)], 2027) == [date(2027, 10, 29)]
    assert in_year([date(2026, 7, 31)], 2028) == [date(2028, 7, 28)]
