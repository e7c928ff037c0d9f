"""Sums that are kept while entries are posted, so that a year's page need not read every entry.

Kept in the transaction of the posting itself: a sum is never behind. `rebuild_sums` works them out anew from the entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from kusei.ledger.enums import Adding
from kusei.ledger.models import Entry, KeptSum, Metric
from kusei.ledger.queries.entries import standing_entries
from kusei.wards.models import Ward

_AT_ONCE = 200
_KEY = ("ward_id", "fiscal_year", "item_id", "metric_id", "body_key", "district_key", "month")
Key = tuple[int, int, int, int, int, int, date]


def key_of(entry: Entry) -> Key:
    """The kept sum that an entry belongs to."""
    return (
        entry.ward_id, entry.fiscal_year, entry.item_id, entry.metric_id, entry.body_id or 0, entry.district_id or 0,
        entry.happened_on.replace(day=1),
    )  # fmt: skip


def keep_sums(entries: Iterable[Entry]) -> None:
    """Add what was just posted to the sums. Called in the transaction that wrote the entries."""
    changes: dict[Key, list[int]] = {}
    for entry in entries:
        change = changes.setdefault(key_of(entry), [0, 0])
        change[0] += entry.quantity
        change[1] += 1 if entry.reverses_id is None else -1
    # In one order for all: two postings that touch the same sums then wait for each other instead of blocking each other.
    rows = [(*key, *change) for key, change in sorted(changes.items())]
    for begin in range(0, len(rows), _AT_ONCE):
        _add(rows[begin : begin + _AT_ONCE])
    _keep_last(list(changes))


def _add(rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement that both databases read; Django's bulk_create can replace a row but not add to it."""
    table = connection.ops.quote_name(KeptSum._meta.db_table)
    columns = (*_KEY, "quantity", "entries")
    row = f"({', '.join(['%s'] * len(columns))})"
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(rows))} "
        f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
        f"quantity = {table}.quantity + excluded.quantity, entries = {table}.entries + excluded.entries"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for each in rows for value in each])


def _keep_last(keys: Sequence[Key]) -> None:
    """For metrics whose last value counts: what the newest entry of each touched month says that still stands."""
    of_last = set(
        Metric.objects.filter(pk__in={key[3] for key in keys}, adding=Adding.LAST).values_list(
            "pk", flat=True
        )
    )
    touched = {key for key in keys if key[3] in of_last}
    if not touched:
        return
    newest: dict[Key, Entry] = {}
    for entry in standing_entries().filter(
        ward__in={key[0] for key in touched},
        fiscal_year__in={key[1] for key in touched},
        item__in={key[2] for key in touched},
        metric__in={key[3] for key in touched},
    ).order_by("happened_on", "pk"):  # fmt: skip
        newest[key_of(entry)] = entry
    for key in sorted(touched):
        last = newest.get(key)
        KeptSum.objects.filter(**dict(zip(_KEY, key, strict=True))).update(
            last_on=last.happened_on if last else None, last_quantity=last.quantity if last else None
        )


@transaction.atomic
def rebuild_sums(*, ward: Ward, fiscal_year: int) -> int:
    """Throw a ward-year's kept sums away and work them out from its entries; returns how many sums there are now.

    For an operator who found them wrong (`kusei reconcile --mend`); posting to the whole ledger waits meanwhile.
    """
    _hold_back_posting()
    KeptSum.objects.filter(ward=ward, fiscal_year=fiscal_year).delete()
    batch: list[Entry] = []
    for entry in Entry.objects.filter(ward=ward, fiscal_year=fiscal_year).order_by("pk").iterator(5000):
        batch.append(entry)
        if len(batch) == 5000:
            keep_sums(batch)
            batch = []
    keep_sums(batch)
    return KeptSum.objects.filter(ward=ward, fiscal_year=fiscal_year).count()


def _hold_back_posting() -> None:
    """Nobody posts while sums are worked out anew. On SQLite the transaction itself keeps other writers waiting."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
