"""The days of a series: every week or month, without holidays and exceptions. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kusei.japanese.business_days import holiday_name

MOST_SESSIONS = 120
_LONGEST = timedelta(days=750)


class Rhythm(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    """The same weekday of the same week of each month: 第2火曜日."""


@dataclass(frozen=True, slots=True)
class Left:
    """A day on which nothing is held, and why: the holiday's name, or empty for an exception."""

    day: date
    why: str


def days_of_series(
    first: date, rhythm: Rhythm, count: int, *, without: Collection[date] = (), on_holidays: bool = False
) -> tuple[list[date], list[Left]]:
    """The days of `count` sessions from `first` on, and those that were left out. A session that falls on a holiday or an
    exception is not held; the series goes on until it has its number. Raises ValueError for a count that is none."""
    if not 1 <= count <= MOST_SESSIONS:
        raise ValueError(count)
    days: list[date] = []
    left: list[Left] = []
    step = 0
    while len(days) < count:
        day = _day_at(first, rhythm, step)
        step += 1
        if day is None:
            continue
        if day - first > _LONGEST:
            break
        holiday = "" if on_holidays else holiday_name(day)
        if holiday or day in without:
            left.append(Left(day, holiday))
        else:
            days.append(day)
    return days, left


def _day_at(first: date, rhythm: Rhythm, step: int) -> date | None:
    if rhythm is Rhythm.WEEKLY:
        return first + timedelta(weeks=step)
    if rhythm is Rhythm.FORTNIGHTLY:
        return first + timedelta(weeks=2 * step)
    month = first.month - 1 + step
    year, month = first.year + month // 12, month % 12 + 1
    return nth_weekday(year, month, (first.day - 1) // 7 + 1, first.weekday())


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date | None:
    """The nth (from 1) weekday (Monday 0) of a month; None where the month has no fifth one."""
    begin = date(year, month, 1)
    day = 1 + (weekday - begin.weekday()) % 7 + 7 * (nth - 1)
    try:
        return date(year, month, day)
    except ValueError:
        return None
