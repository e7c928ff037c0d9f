"""When people are written to by themselves, when a mail is tried again, and where one stands. Pure: the clock comes in as an argument."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from kusei.notices.enums import NoticeState

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""After the first try, the second, …: about two and a half days in all, over a weekend's outage."""

UNSURE_AFTER = timedelta(minutes=5)
"""A try of which nothing was heard for so long was cut off. The talk with a mail server takes less."""

BY_DAY = (time(8, 0), time(20, 0))
"""Between these local times people are written to of things that can wait: what a server does at night wakes whoever has the telephone
beside the bed."""


def is_by_day(local: datetime) -> bool:
    """Whether a reminder, an invitation or the like may go out at this local time."""
    begin, end = BY_DAY
    return begin <= local.time() < end


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries; None where it was the last."""
    return now + PAUSES[tries - 1] if 0 < tries <= len(PAUSES) else None


def state_of(
    *,
    sent_at: datetime | None,
    begun_at: datetime | None,
    next_try_at: datetime | None,
    has_address: bool,
    now: datetime,
) -> NoticeState:
    """Where a mail stands."""
    if sent_at is not None:
        return NoticeState.SENT
    if not has_address:
        return NoticeState.FORGOTTEN
    if begun_at is not None:
        return NoticeState.UNSURE if now - begun_at > UNSURE_AFTER else NoticeState.SENDING
    return NoticeState.WAITING if next_try_at is not None else NoticeState.GIVEN_UP


def masked(address: str) -> str:
    """taro@example.jp → t…@example.jp: enough to tell one from another, too little to write to."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…{at}{domain}" if at else "…"
