"""How often and when work is tried again. Pure: the clock comes in as an argument."""

from __future__ import annotations

from datetime import timedelta

ATTEMPTS = 3
"""A job that was begun so often and never ended is given up."""

LEASE = timedelta(seconds=60)
"""So long a worker owns a job without a sign of life; then another may take it."""

LONGEST = timedelta(minutes=45)
"""A job that runs longer has hung: its worker stops renewing the lease."""

_PAUSES = (timedelta(seconds=10), timedelta(minutes=2))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the given number of attempts."""
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]


def is_spent(attempts: int) -> bool:
    """Whether a job that was begun so often is given up."""
    return attempts >= ATTEMPTS
