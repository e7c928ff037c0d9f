"""Making the ledger agree with a record again, after `queries.reconciling` found that it does not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger import sources
from kusei.ledger.enums import LedgerVerb
from kusei.ledger.errors import LedgerError
from kusei.ledger.operations.posting import Posted, post
from kusei.ledger.permissions import may_keep_books
from kusei.ledger.queries.entries import line_of, standing_entries
from kusei.ledger.sources import Source
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


@transaction.atomic
def follow_record(*, ward: Ward, fiscal_year: int, source: Source, actor: Person) -> Posted:
    """Post anew what a record says of a year: what it does not say is reversed, as if its room had posted it just now.

    What stands of the record in other years is left alone. Raises LedgerError for a kind that the code knows no longer (what
    such a record says cannot be asked), NotAllowed, and what `post` raises; then nothing changes.
    """
    permissions.require(may_keep_books(permissions.rights_of(actor), ward))
    kind = sources.kind_called(source.kind)
    if kind is None:
        raise LedgerError(
            _("この種類の記録はもう読めないので、合わせられません。機械の操作者に相談してください。")
        )
    lines = [line for number, said in kind.tell(ward, fiscal_year) if number == source.id for line in said]
    elsewhere = standing_entries().filter(ward=ward, source_kind=source.kind, source_id=source.id)
    lines += [line_of(entry) for entry in elsewhere.exclude(fiscal_year=fiscal_year)]
    posted = post(ward=ward, source=source, lines=lines, actor=actor)
    if posted.added or posted.reversed:
        audit.record(
            ward=ward,
            actor=actor,
            verb=LedgerVerb.RECONCILED,
            target=ward,
            label=kind.describe(ward, [source.id]).get(source.id, str(kind.name)),
            changes={"entries": (posted.unchanged + posted.reversed, posted.unchanged + posted.added)},
        )
    return posted
