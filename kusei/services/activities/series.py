"""The days of a series: every week or month, without holidays and exceptions; and last year's days in another year. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count as count_from

from kusei.japanese.business_days import holiday_name
from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.japanese.folding import fold

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


def days_of_pattern(
    first: date,
    weeks: Sequence[int],
    weekday: int,
    count: int,
    *,
    without: Collection[date] = (),
    on_holidays: bool = False,
) -> tuple[list[date], list[Left]]:
    """`days_of_series` for 第2・第4火曜: the weekday (Monday 0) in those weeks (from 1) of each month, from `first` on."""
    if not 1 <= count <= MOST_SESSIONS:
        raise ValueError(count)
    days: list[date] = []
    left: list[Left] = []
    for day in _days_of_weeks(first, sorted(set(weeks)), weekday):
        if len(days) == count or day - first > _LONGEST:
            break
        holiday = "" if on_holidays else holiday_name(day)
        if holiday or day in without:
            left.append(Left(day, holiday))
        else:
            days.append(day)
    return days, left


def read_pattern(text: str) -> tuple[list[int], int] | None:
    """第2・第4火曜 → ([2, 4], 1): weeks of the month and the weekday (Monday 0). None for anything else."""
    match = re.fullmatch(
        r"((?:第?[1-5一二三四五][・、,と\s]*)+)([月火水木金土日])(?:曜日?)?", fold(text).strip()
    )
    if match is None:
        return None
    found = re.findall(r"[1-5一二三四五]", match[1])
    weeks = sorted({int(each) if each.isdigit() else "一二三四五".index(each) + 1 for each in found})
    return weeks, "月火水木金土日".index(match[2])


def in_year(days: Sequence[date], fiscal_year: int) -> list[date]:
    """Days of one year on the same weekdays of another, in their order: 第2火曜 stays 第2火曜 where each month has but that one, any
    other series is moved by whole weeks, so that its rhythm stays, and not to before 1 April."""
    if not days:
        return []
    years = fiscal_year - fiscal_year_of(min(days))
    monthly = [nth_weekday(day.year + years, day.month, _week_of(day), day.weekday()) for day in days]
    kinds = {(_week_of(day), day.weekday()) for day in days}
    months = {(day.year, day.month) for day in days}
    if len(kinds) == 1 and len(months) == len(set(days)) and None not in monthly:
        return [day for day in monthly if day is not None]
    move = timedelta(weeks=round(365.25 * years / 7))
    if min(days) + move < date(fiscal_year, 4, 1):
        move += timedelta(weeks=1)
    return [day + move for day in days]


def _week_of(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _days_of_weeks(first: date, weeks: Sequence[int], weekday: int) -> Iterator[date]:
    for step in count_from(first.month - 1):
        for week in weeks:
            day = nth_weekday(first.year + step // 12, step % 12 + 1, week, weekday)
            if day is not None and day >= first:
                yield day


def _day_at(first: date, rhythm: Rhythm, step: int) -> date | None:
    if rhythm is Rhythm.WEEKLY:
        return first + timedelta(weeks=step)
    if rhythm is Rhythm.FORTNIGHTLY:
        return first + timedelta(weeks=2 * step)
    month = first.month - 1 + step
    year, month = first.year + month // 12, month % 12 + 1
    return nth_weekday(year, month, _week_of(first), first.weekday())


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date | None:
    """The nth (from 1) weekday (Monday 0) of a month; None where the month has no fifth one."""
    begin = date(year, month, 1)
    day = 1 + (weekday - begin.weekday()) % 7 + 7 * (nth - 1)
    try:
        return date(year, month, day)
    except ValueError:
        return None
