"""How often somebody may try, counted in the database that all processes share."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from kusei.notices.models import Attempts

_COUNT = (
    f"INSERT INTO {Attempts._meta.db_table} (key, number, ends_at) VALUES (%s, 1, %s)"
    f" ON CONFLICT (key) DO UPDATE SET number = {Attempts._meta.db_table}.number + 1 RETURNING number"
)
"""One statement, the same on both databases: two tries at the same moment count as two."""


def is_allowed(what: str, address: str, *, limit: int, seconds: int) -> bool:
    """Count one try of `what` from `address`; False when it was more than `limit` within the window of `seconds`.

    The address is kept as a hash, and no longer than an hour after the window (`forget_attempts`).
    """
    key, ends_at = _window(what, address, seconds)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, connection.ops.adapt_datetimefield_value(ends_at)])
        number = cursor.fetchone()[0]
    return bool(number <= limit)


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
