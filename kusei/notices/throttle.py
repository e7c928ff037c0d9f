"""How often somebody may try, counted in the database that all processes share."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db import connection
from django.utils import timezone

from kusei.notices.models import Attempts


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of `what` from `address`, of which `limit` are let through in a window of `seconds`."""

    what: str
    address: str
    limit: int
    seconds: int


def is_allowed(what: str, address: str, *, limit: int, seconds: int) -> bool:
    """Count one try of `what` from `address`; False when it was more than `limit` within the window of `seconds`.

    The address is kept as a hash, and no longer than an hour after the window (`forget_attempts`).
    """
    return count_attempts([Attempt(what, address, limit, seconds)])[0]


def count_attempts(attempts: Sequence[Attempt]) -> list[bool]:
    """`is_allowed` for each of several, in their order, in one statement, the same on both databases: two tries at the same moment
    count as two. In a transaction nobody else counts these until its end."""
    windows = [_window(each.what, each.address, each.seconds) for each in attempts]
    ends, added = dict(windows), Counter(key for key, _ends_at in windows)
    keys = sorted(ends)  # always in one order: nobody waits for who waits for them
    table = Attempts._meta.db_table
    values = [(key, added[key], connection.ops.adapt_datetimefield_value(ends[key])) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, number, ends_at) VALUES {', '.join(['(%s, %s, %s)'] * len(keys))}"
            f" ON CONFLICT (key) DO UPDATE SET number = {table}.number + excluded.number RETURNING key, number",
            list(chain.from_iterable(values)),
        )
        number = {key: total - added[key] for key, total in cursor.fetchall()}
    allowed = []
    for each, (key, _ends_at) in zip(attempts, windows, strict=True):
        number[key] += 1
        allowed.append(number[key] <= each.limit)
    return allowed


def is_spent(what: str, address: str, *, limit: int, seconds: int) -> bool:
    """Whether the tries of this window are used up; counts nothing."""
    key, _ends_at = _window(what, address, seconds)
    return Attempts.objects.filter(key=key, number__gte=limit).exists()


def forget_attempts(*, now: datetime | None = None) -> int:
    """Delete the counts of windows that are over; how many. For the background worker."""
    return Attempts.objects.filter(ends_at__lte=now or timezone.now()).delete()[0]


def _window(what: str, address: str, seconds: int) -> tuple[str, datetime]:
    number = int(timezone.now().timestamp() // seconds)
    key = f"{what}:{hashlib.sha256(address.encode()).hexdigest()[:32]}:{number}"
    return key, datetime.fromtimestamp(0, tz=timezone.get_default_timezone()) + timedelta(
        seconds=(number + 1) * seconds
    )
