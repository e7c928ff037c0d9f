"""What can go wrong in the ledger; the messages are Japanese and say what to do."""

from __future__ import annotations


class LedgerError(Exception):
    """Something that cannot be posted, defined or closed."""


class MetricTaken(LedgerError):
    """The ward counts something of that name already."""


class NotCountable(LedgerError):
    """A rate of two others is worked out, never posted; a metric that was ended takes no new entries."""


class QuantityRefused(LedgerError):
    """No whole number in the metric's smallest unit, negative where that says nothing, or too large."""


class WrongWard(LedgerError):
    """The item, body or district belongs to another ward."""


class WrongYear(LedgerError):
    """The date lies outside the fiscal year that the line is posted to."""


class SlotTwice(LedgerError):
    """One record names the same slot twice."""


class ReportChanged(LedgerError):
    """Somebody else changed the report meanwhile; `theirs` has what stands there now."""

    def __init__(self, message: str, theirs: object = None) -> None:
        super().__init__(message)
        self.theirs = theirs


class BooksError(LedgerError):
    """The year's books are closed already, or open already, or no reason was given."""


class FormRefused(LedgerError):
    """A workbook that is no form of this ward, or that cannot be read."""


class FormHasProblems(LedgerError):
    """Some cells of a form cannot be taken: nothing of it is."""


class FormCheckStale(LedgerError):
    """What the form would change is no longer what the person was shown."""


class FormSettled(LedgerError):
    """The form was posted or dismissed already."""


class ShareRefused(LedgerError):
    """Actions that cannot be said to tell the same: no entries, another ward's, counted already in both."""
