"""When whoever has a place is reminded of a session: so many whole days before the session's day. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

MOST_DAYS = 14


def due(held_on: date, today: date, days: Iterable[int]) -> int | None:
    """Which of the reminders `days` before a session's day is to go out today; None for none. 0 stands for no reminder. Of
    several whose day has come (the worker stood still) the last counts: nobody is reminded of one session twice a day."""
    come = [each for each in days if each > 0 and held_on - timedelta(days=each) <= today]
    return min(come) if come and today <= held_on else None


def about(session: int, starts_at: datetime, days: int) -> str:
    """What a reminder is of. Moved to another time, the session is reminded of again."""
    return f"reminder:{session}:{starts_at:%Y%m%d%H%M}:{days}"
