"""What can be decided about questions from plain values."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from kusei.services.questions.enums import QuestionState

KEEP_CONTACT = timedelta(days=365)
"""So long after a question was settled its contact is kept: for asking back about the answer."""

WAITS_TOO_LONG = timedelta(days=14)
"""An unanswered question as old as this is shown to the planners, whoever answers it."""

# One sign before the @ is enough: were the whole name looked for, every letter of a long text would begin a new try.
_MAIL = re.compile(r"[\w.+-]@[\w-]{1,63}\.[\w-]")
_TELEPHONE = re.compile(r"(?<![\d-])0\d{1,4}[-(]?\d{1,4}[-)]?\d{3,4}(?!\d)")
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―ー−", "-"))

MOVES = {
    QuestionState.ANSWERED: (QuestionState.RECEIVED, QuestionState.ANSWERED),
    QuestionState.SETTLED: (QuestionState.RECEIVED, QuestionState.ANSWERED),
}
"""What is asked for: from which states a question comes there."""


def may_become(now: str, then: QuestionState) -> bool:
    """Whether a question that stands at `now` may be brought to `then`."""
    return now in MOVES[then]


def contact_is_due(settled_at: datetime | None, now: datetime) -> bool:
    """Whether the contact has to be deleted: a year to the second after the question was settled."""
    return settled_at is not None and now - settled_at >= KEEP_CONTACT


def age_days(received_at: datetime, now: datetime) -> int:
    """Whole days that a question has waited."""
    return max((now - received_at).days, 0)


def speaks_of_somebody(text: str, *, name: str = "", mail: str = "", telephone: str = "") -> bool:
    """Whether a text holds a mail address, a telephone number, or what the asker gave as contact."""
    plain = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    if _MAIL.search(plain) or _TELEPHONE.search(plain):
        return True
    return names_the_asker(text, name=name, mail=mail, telephone=telephone)


def names_the_asker(text: str, *, name: str = "", mail: str = "", telephone: str = "") -> bool:
    """Whether a text holds what the asker gave as contact; blanks and widths aside. A name of one character counts for nothing."""
    bare = _bare(text)
    return any(len(_bare(each)) > 1 and _bare(each) in bare for each in (name, mail, telephone))


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text).translate(_HYPHENS)).lower()
