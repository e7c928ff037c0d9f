"""What can go wrong in this room; the messages are Japanese and say what to do."""

from __future__ import annotations


class QuestionError(Exception):
    """A question or request that cannot be changed in this way."""


class ChangedMeanwhile(QuestionError):
    """Somebody else changed the question since it was shown."""


class NotFitting(QuestionError):
    """A body of another ward, an empty text, or a state in which this makes no sense."""


class LooksPersonal(QuestionError):
    """What is to be published seems to say who asked."""


class RequestClosed(QuestionError):
    """The request was answered or withdrawn already."""
