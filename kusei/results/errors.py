"""What can go wrong when results are collected; the messages are Japanese and say what to do."""

from __future__ import annotations

from collections.abc import Sequence

from kusei.results.answering import Clash


class ResultError(Exception):
    """Something about results that cannot be done."""


class CollectionExists(ResultError):
    """The plan's results are being collected already."""


class NothingToCollect(ResultError):
    """The plan has no published version, or no actions."""


class DeadlinePassed(ResultError):
    """A deadline in the past."""


class CannotMail(ResultError):
    """Mails reach nobody from this machine."""


class AnswerClosed(ResultError):
    """The answer was sent in or approved: it is not written any more unless it is taken back or returned."""


class AnswerClash(ResultError):
    """Somebody else wrote into the same fields meanwhile; nothing was lost, nothing was written."""

    def __init__(self, message: str, clashes: Sequence[Clash]) -> None:
        super().__init__(message)
        self.clashes = tuple(clashes)


class NotComplete(ResultError):
    """Sent in too early; `missing` has what `answering.missing` names."""

    def __init__(self, message: str, missing: Sequence[str]) -> None:
        super().__init__(message)
        self.missing = tuple(missing)


class TextTooLong(ResultError):
    """Longer than a result may be."""


class OutcomeUnknown(ResultError):
    """A status that is none of those offered."""


class FileNotKept(ResultError):
    """A paper that is empty or too large."""


class IndicatorRefused(ResultError):
    """An indicator or target whose parts do not fit: no name, another ward's metric, a negative target."""


class ReviewRefused(ResultError):
    """A judgement whose parts do not fit: a change of course without a reason, a value that is none."""


class ReviewChanged(ResultError):
    """Somebody else wrote the review meanwhile; `theirs` has what stands there now."""

    def __init__(self, message: str, theirs: object = None) -> None:
        super().__init__(message)
        self.theirs = theirs


class NothingToRollOver(ResultError):
    """The plan has no published version, or next year's has everything already."""


class FigureRefused(ResultError):
    """A printed figure that stands no longer in the text, or does not fit what it would be counted as."""


class NothingPrinted(ResultError):
    """No document printed a result of this action, or somebody wrote one already."""


class SentenceRefused(ResultError):
    """A form of a sentence whose figures nobody knows; `field` is name or text, `problems` has each in a sentence."""

    def __init__(self, problems: Sequence[str], field: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)
        self.field = field
