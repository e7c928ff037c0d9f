"""Closing a year's books and opening them again, each with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger.enums import LedgerVerb
from kusei.ledger.errors import BooksError
from kusei.ledger.models import Books
from kusei.ledger.permissions import may_keep_books
from kusei.ledger.queries.books import books_states
from kusei.ledger.rules import default_closing
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


@transaction.atomic
def close_books(*, ward: Ward, fiscal_year: int, reason: str, actor: Person) -> Books:
    """From now on whatever is posted to the year is marked late. Raises BooksError, NotAllowed."""
    return _decide(ward, fiscal_year, reason, actor, close=True)


@transaction.atomic
def reopen_books(*, ward: Ward, fiscal_year: int, reason: str, actor: Person) -> Books:
    """Open a year again, closed by hand or by its date. Raises BooksError, NotAllowed."""
    return _decide(ward, fiscal_year, reason, actor, close=False)


def _decide(ward: Ward, fiscal_year: int, reason: str, actor: Person, *, close: bool) -> Books:
    permissions.require(may_keep_books(permissions.rights_of(actor), ward))
    if not reason.strip():
        raise BooksError(_("理由を書いてください。あとで、なぜ締めたか・開いたかが分かるようにします。"))
    now = timezone.now()
    state = books_states(ward, [fiscal_year])[fiscal_year]
    is_open = state.is_open(timezone.localdate(now))
    if close and not is_open:
        raise BooksError(_("この年度の実績は、もう締めてあります。"))
    if not close and is_open:
        raise BooksError(_("この年度の実績は、締めていません。"))
    books, _is_new = Books.objects.update_or_create(
        ward=ward,
        fiscal_year=fiscal_year,
        defaults={
            "closed_at": now if close else None,
            "reopened_at": None if close else now,
            "decided_by": actor,
            "reason": reason.strip(),
        },
        create_defaults={
            "closes_on": default_closing(fiscal_year),
            "closed_at": now if close else None,
            "reopened_at": None if close else now,
            "decided_by": actor,
            "reason": reason.strip(),
        },
    )
    audit.record(
        ward=ward,
        actor=actor,
        verb=LedgerVerb.BOOKS_CLOSED if close else LedgerVerb.BOOKS_REOPENED,
        target=books,
        label=str(fiscal_year),
        reason=reason,
    )
    return books
