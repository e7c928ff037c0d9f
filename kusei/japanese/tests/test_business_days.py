"""When an office works; holidays from the Cabinet Office's list (国民の祝日, read for 2026 and 2027)."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.japanese import business_days as calendar


@pytest.mark.parametrize(
    ("day", "name", "is_open"),
    [
        (date(2026, 11, 23), "勤労感謝の日", False),  # a Monday
        (date(2026, 9, 22), "国民の休日", False),  # between 敬老の日 and 秋分の日
        (date(2027, 3, 22), "春分の日 振替休日", False),  # 21 March is a Sunday
        (date(2026, 12, 28), "", True),  # the last day of the office's year
        (date(2026, 12, 29), "年末年始", False),
        (date(2027, 1, 1), "元日", False),
        (date(2027, 1, 3), "年末年始", False),
        (date(2027, 1, 4), "", True),
        (date(2026, 11, 21), "", False),  # a Saturday is no holiday, and no business day
        (date(2026, 11, 20), "", True),
    ],
)
def test_days_off(day: date, name: str, is_open: bool) -> None:
    assert (calendar.holiday_name(day), calendar.is_business_day(day)) == (name, is_open)


@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        (date(2026, 11, 20), date(2026, 11, 24), 1),  # Friday to Tuesday over a holiday on Monday
        (date(2026, 11, 24), date(2026, 11, 24), 0),
        (date(2026, 11, 24), date(2026, 11, 20), 0),  # late
        (date(2026, 12, 25), date(2027, 1, 5), 3),  # 28 December, 4 and 5 January
        (date(2026, 11, 21), date(2026, 11, 22), 0),  # a weekend
    ],
)
def test_business_days_left_count_the_due_day_and_not_today(today: date, due: date, left: int) -> None:
    assert calendar.business_days_left(today, due) == left


def test_a_changed_law_needs_no_new_package(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 11, 20)
    monkeypatch.setitem(calendar.ALSO_HOLIDAYS, day, "特別な休日")
    monkeypatch.setattr(calendar, "NO_HOLIDAYS", frozenset({date(2026, 11, 23)}))
    assert calendar.holiday_name(day) == "特別な休日"
    assert calendar.is_business_day(date(2026, 11, 23))


def test_the_next_business_day() -> None:
    assert calendar.next_business_day(date(2026, 11, 21)) == date(2026, 11, 24)
    assert calendar.next_business_day(date(2026, 11, 24)) == date(2026, 11, 24)
