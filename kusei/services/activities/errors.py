"""What can go wrong in this room; the messages are Japanese and say what to do."""

from __future__ import annotations


class ActivityError(Exception):
    """An activity, session or application that cannot be changed in this way."""


class NotFitting(ActivityError):
    """Parts that do not fit: another ward's item, an end before its beginning, a capacity of zero."""


class MayBeKnown(NotFitting):
    """Somebody new who may be one of those whose entry cannot be read: staff have to look."""


class ChangedMeanwhile(ActivityError):
    """Somebody else changed it since it was shown."""


class NotOpen(ActivityError):
    """Nobody can apply now: not yet, no longer, or it was called off."""


class TooOften(ActivityError):
    """More applications from one line than it may send."""


class TooFewSeats(ActivityError):
    """A capacity below what is taken already."""


class SeatGone(ActivityError):
    """An offer that is answered too late, a place that was cancelled before."""


class NotDrawable(ActivityError):
    """A draw before its time, twice, or without a seed."""


class NoSuchCode(ActivityError):
    """A code, a card's number or a finishing code that is none."""
