"""Days on which an office works: not Saturdays and Sundays, not national holidays, not 29 December to 3 January.

Sources: 地方自治法 4条の2 第2項 (what a local ordinance may name as days off), 国民の祝日に関する法律, as `jpholiday` has it. A
change of that law needs no new version of the package: write its day into `ALSO_HOLIDAYS` or `NO_HOLIDAYS`.
"""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday

ALSO_HOLIDAYS: dict[date, str] = {}
"""Holidays that the package does not know yet."""

NO_HOLIDAYS: frozenset[date] = frozenset()
"""Days that the package takes for holidays and that are none."""

_SATURDAY = 5


def holiday_name(day: date) -> str:
    """勤労感謝の日; 年末年始 for the days around New Year on which offices are closed; empty for no holiday."""
    if day in ALSO_HOLIDAYS:
        return ALSO_HOLIDAYS[day]
    name = None if day in NO_HOLIDAYS else jpholiday.is_holiday_name(day)
    if name:
        return str(name)
    return "年末年始" if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3) else ""


def is_business_day(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < _SATURDAY and not holiday_name(day)


def business_days(start: date, end: date) -> int:
    """How many business days lie in [start, end); 0 where end is not after start."""
    return sum(is_business_day(start + timedelta(days=step)) for step in range((end - start).days))


def business_days_left(today: date, due_on: date) -> int:
    """How many business days are left after today, the due day included; 0 on that day and after it."""
    return business_days(today + timedelta(days=1), due_on + timedelta(days=1))


def next_business_day(day: date) -> date:
    """The day itself where offices are open on it, else the first one after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day
