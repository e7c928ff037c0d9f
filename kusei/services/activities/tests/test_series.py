"""The days of a series: in rhythm, without holidays and exceptions, until it has its number."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.services.activities.series import Rhythm, days_of_series, nth_weekday


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
