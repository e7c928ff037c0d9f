"""Sums that are kept while entries are posted, so that a year's page need not read every entry.

Kept in the transaction of the posting itself: a sum is never behind. `rebuild_sums` works them out anew from the entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from kusei.ledger.enums import Adding
from kusei.ledger.models import Entry, FigureSum, KeptSum, Metric
from kusei.ledger.models.entries import WHOLE_YEAR
from kusei.ledger.queries.entries import standing_entries
from kusei.ledger.rules import month_number
from kusei.wards.models import Ward
from kusei.wards.queries import heirs_of
from kusei.wards.succession import Heirs

_AT_ONCE = 500
_READ_AT_ONCE = 5000
_PLACE = ("ward_id", "fiscal_year", "item_id", "metric_id", "body_key", "district_key", "month")
_FIGURE = ("ward_id", "fiscal_year", "month", "metric_id", "item_id")
Key = tuple[int, int, int, int, int, int, date]
FigureKey = tuple[int, int, int, int, int]


def key_of(entry: Entry, heirs: Heirs) -> Key:
    """The kept sum that an entry belongs to: of the body that acts for the entry's in its year."""
    return (
        entry.ward_id, entry.fiscal_year, entry.item_id, entry.metric_id,
        heirs.of(entry.body_id, entry.fiscal_year) or 0, entry.district_id or 0, entry.happened_on.replace(day=1),
    )  # fmt: skip


def figures_of(key: Key) -> tuple[FigureKey, FigureKey]:
    """The two figures that a kept sum belongs to: the year's and the month's."""
    ward, year, item, metric, _body, _district, month = key
    return (ward, year, WHOLE_YEAR, metric, item), (ward, year, month_number(month), metric, item)


def keep_sums(ward: int, entries: Iterable[Entry]) -> None:
    """Add what was just posted in a ward to the sums. Called in the transaction that wrote the entries."""
    heirs = heirs_of(ward)
    changes: dict[Key, list[int]] = {}
    for entry in entries:
        change = changes.setdefault(key_of(entry, heirs), [0, 0])
        change[0] += entry.quantity
        change[1] += 1 if entry.reverses_id is None else -1
    figures: dict[FigureKey, list[int]] = {}
    for key, (quantity, number) in changes.items():
        for figure in figures_of(key):
            change = figures.setdefault(figure, [0, 0])
            change[0] += quantity
            change[1] += number
    # In one order for all: two postings that touch the same sums then wait for each other instead of blocking each other.
    _add(KeptSum, _PLACE, changes)
    _add(FigureSum, _FIGURE, figures)
    _keep_last(list(changes), heirs)


def _add(model: type[Model], key: Sequence[str], changes: Mapping[Any, Sequence[int]]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    rows = [(*place, *change) for place, change in sorted(changes.items())]
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in ("quantity", "entries"))
    _upsert(table, key, ("quantity", "entries"), added, rows)


def _upsert(
    table: str, key: Sequence[str], values: Sequence[str], change: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Statements that both databases read; Django's bulk_create can replace a row but not add to it."""
    columns = (*key, *values)
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), _AT_ONCE):
            batch = rows[begin : begin + _AT_ONCE]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(batch))} "
                f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {change}",
                [value for each in batch for value in each],
            )


def _keep_last(keys: Sequence[Key], heirs: Heirs) -> None:
    """For metrics whose last value counts: what the newest entry of each touched month says that still stands.

    Its sums are ours alone by now (`_add` wrote to them), so nobody posts to them between reading and writing.
    """
    of_last = set(
        Metric.objects.filter(pk__in={key[3] for key in keys}, adding=Adding.LAST).values_list(
            "pk", flat=True
        )
    )
    touched = {key for key in keys if key[3] in of_last}
    if not touched:
        return
    months = {key[6] for key in touched}
    newest: dict[Key, tuple[date, int]] = {}
    # Nothing but the touched months: what is posted costs as much at the year's end as at its beginning.
    for ward, year, item, metric, body, district, on, quantity in standing_entries().filter(
        ward__in={key[0] for key in touched},
        fiscal_year__in={key[1] for key in touched},
        item__in={key[2] for key in touched},
        metric__in={key[3] for key in touched},
        happened_on__gte=min(months),
        happened_on__lt=(max(months) + timedelta(days=31)).replace(day=1),
    ).order_by("happened_on", "pk").values_list(
        "ward_id", "fiscal_year", "item_id", "metric_id", "body_id", "district_id", "happened_on", "quantity"
    ):  # fmt: skip
        acting = heirs.of(body, year) or 0
        newest[ward, year, item, metric, acting, district or 0, on.replace(day=1)] = (on, quantity)
    rows = [(*key, 0, 0, *newest.get(key, (None, None))) for key in sorted(touched)]
    _upsert(
        connection.ops.quote_name(KeptSum._meta.db_table),
        _PLACE,
        ("quantity", "entries", "last_on", "last_quantity"),
        "last_on = excluded.last_on, last_quantity = excluded.last_quantity",
        rows,
    )
    _keep_last_figures({figure for key in touched for figure in figures_of(key)})


def _keep_last_figures(figures: set[FigureKey]) -> None:
    """The figures of last values, from the kept sums of all bodies and districts."""
    newest: dict[FigureKey, dict[tuple[int, int], int]] = defaultdict(dict)
    for *place, quantity in (
        KeptSum.objects.filter(
            ward__in={figure[0] for figure in figures},
            fiscal_year__in={figure[1] for figure in figures},
            metric__in={figure[3] for figure in figures},
            item__in={figure[4] for figure in figures},
            last_on__isnull=False,
        )
        .order_by("last_on")
        .values_list(*_PLACE, "last_quantity")
    ):
        for figure in figures_of(tuple(place)):
            newest[figure][place[4], place[5]] = quantity
    _upsert(
        connection.ops.quote_name(FigureSum._meta.db_table),
        _FIGURE,
        ("quantity", "entries"),
        "quantity = excluded.quantity",
        [(*figure, sum(newest[figure].values()), 0) for figure in sorted(figures)],
    )


@transaction.atomic
def rebuild_sums(*, ward: Ward, fiscal_year: int) -> int:
    """Throw a ward-year's kept sums away and work them out from its entries; returns how many sums there are now.

    For an operator who found them wrong (`kusei reconcile --mend`); posting to the whole ledger waits meanwhile.
    """
    _hold_back_posting()
    for model in (KeptSum, FigureSum):
        model.objects.filter(ward=ward, fiscal_year=fiscal_year).delete()
    _keep_anew(ward.pk, Entry.objects.filter(ward=ward, fiscal_year=fiscal_year).order_by("pk"))
    return KeptSum.objects.filter(ward=ward, fiscal_year=fiscal_year).count()


@transaction.atomic
def follow_succession(ward: Ward, bodies: Collection[int]) -> None:
    """Work the sums anew in which entries of some bodies stand: another one acts for them now, or no longer.

    Called in the transaction that says so. Posting to the whole ledger waits meanwhile.
    """
    _hold_back_posting()  # first: what is being posted just now is worked out anew, too
    mine = Entry.objects.filter(ward=ward, body__in=list(bodies)).order_by()
    figures: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for year, item, metric in mine.values_list("fiscal_year", "item", "metric").distinct():
        figures[year].add((item, metric))
    for year, pairs in sorted(figures.items()):
        scope = {
            "ward": ward.pk, "fiscal_year": year,
            "item__in": {item for item, _metric in pairs}, "metric__in": {metric for _item, metric in pairs},
        }  # fmt: skip
        for model in (KeptSum, FigureSum):
            model.objects.filter(**scope).delete()
        _keep_anew(ward.pk, Entry.objects.filter(**scope).order_by("pk"))


def _keep_anew(ward: int, entries: QuerySet[Entry]) -> None:
    """Sums of many entries, whose kept sums were thrown away, some thousands at a time."""
    batch: list[Entry] = []
    for entry in entries.iterator(_READ_AT_ONCE):
        batch.append(entry)
        if len(batch) == _READ_AT_ONCE:
            keep_sums(ward, batch)
            batch = []
    keep_sums(ward, batch)


def _hold_back_posting() -> None:
    """Nobody posts while sums are worked out anew. On SQLite the transaction itself keeps other writers waiting."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
