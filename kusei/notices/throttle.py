"""How often somebody may try, counted in the cache that all processes share."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache


def is_allowed(what: str, address: str, *, limit: int, seconds: int) -> bool:
    """Count one try of `what` from `address`; False when it was more than `limit` within the window of `seconds`.

    The address is kept as a hash and only for the window. Two tries at the same moment may count as one: this keeps
    machines from trying thousands of times, it is no lock.
    """
    key = _key(what, address, seconds)
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # the window ended between the two lines
        return True


def is_spent(what: str, address: str, *, limit: int, seconds: int) -> bool:
    """Whether the tries of this window are used up; counts nothing."""
    return int(cache.get(_key(what, address, seconds), 0)) >= limit


def _key(what: str, address: str, seconds: int) -> str:
    window = int(time.time() // seconds)
    return f"throttle:{what}:{hashlib.sha256(address.encode()).hexdigest()[:32]}:{window}"
