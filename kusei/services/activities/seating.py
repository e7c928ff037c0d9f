"""What a move of a seat may be, and until when an offer stands: pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from kusei.services.activities.enums import SeatState

_S = SeatState
MOVES: dict[str, frozenset[str]] = {
    _S.ACCEPTED: frozenset({_S.APPLIED, _S.WAITING, _S.OFFERED}),
    _S.OFFERED: frozenset({_S.WAITING}),
    _S.WAITING: frozenset({_S.APPLIED}),
    _S.DECLINED: frozenset({_S.OFFERED}),
    _S.EXPIRED: frozenset({_S.OFFERED}),
    _S.CANCELLED: frozenset({_S.APPLIED, _S.ACCEPTED, _S.OFFERED, _S.WAITING}),
    _S.CALLED_OFF: frozenset({_S.APPLIED, _S.ACCEPTED, _S.OFFERED, _S.WAITING}),
}
"""Into which state a seat comes from which."""


def answer_by(now: datetime, hours: int, starts_at: datetime | None) -> datetime:
    """Until when an offer stands: so many hours, but never beyond the first session's beginning."""
    end = now + timedelta(hours=hours)
    return end if starts_at is None else min(end, starts_at)
