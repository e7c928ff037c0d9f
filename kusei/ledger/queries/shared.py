"""Sets of entries that are seen from several actions: which a year has, and what stands in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from kusei.ledger.enums import Adding
from kusei.ledger.models import Entry, SharedFigure
from kusei.ledger.queries import kept
from kusei.ledger.sharing import Seen
from kusei.wards.models import Ward
from kusei.wards.queries import heirs_of

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class SetRow:
    """One entry of a set that stands; `body_id` is the body that acts for the entry's in that year."""

    body_id: int | None
    district_id: int | None
    on: date
    quantity: int


def sets_seen(ward: Ward, fiscal_year: int, items: Collection[int] | None) -> list[kept.SeenSet]:
    """The sets that some actions of a ward see in a year (of all where `items` is None), one for each that sees it."""
    found = kept.seen_sets(ward.pk, fiscal_year)
    if items is None or not found:
        return found
    wanted = set(items)
    return [each for each in found if each.seen_by in wanted]


def from_elsewhere(
    ward: Ward, fiscal_year: int, metrics: Collection[int], items: Collection[int]
) -> list[kept.SeenSet]:
    """The sets of some metrics that a total over `items` takes beside what belongs to them, each once."""
    own = set(items)
    seen = sets_seen(ward, fiscal_year, items)
    return list({each.pk: each for each in seen if each.home not in own and each.metric in metrics}.values())


def of_sets(sets: Iterable[kept.SeenSet]) -> Q:
    """Entries that belong to these sets, reversed ones and reversals too."""
    found = Q(pk__in=[])
    for each in sets:
        found |= _of_set(each)
    return found


def _of_set(each: kept.SeenSet) -> Q:
    place = Q(source_kind=each.source_kind, source_id=each.source_id, item=each.home, metric=each.metric)
    return place & Q(slot=each.slot) if each.slot else place


def rows_of(
    ward: Ward, fiscal_year: int, sets: Collection[kept.SeenSet], entries: QuerySet[Entry]
) -> dict[int, list[SetRow]]:
    """By set, its entries among `entries` that stand, by day; three queries, none where there are no sets."""
    by_place: dict[tuple[str, int, int, int], list[kept.SeenSet]] = defaultdict(list)
    for each in {each.pk: each for each in sets}.values():
        by_place[each.source_kind, each.source_id, each.home, each.metric].append(each)
    found: dict[int, list[SetRow]] = defaultdict(list)
    if not by_place:
        return found
    places, heirs = of_sets(sets), heirs_of(ward)
    rows = list(
        entries.filter(places, reverses__isnull=True)
        .order_by("happened_on", "pk")
        .values_list(
            "pk", "source_kind", "source_id", "item_id", "metric_id", "slot", "body_id", "district_id", "happened_on",
            "quantity",
        )
    )  # fmt: skip
    gone = set(
        entries.filter(reverses__in=[row[0] for row in rows]).order_by().values_list("reverses", flat=True)
    )
    for pk, kind, number, item, metric, slot, body, district, on, quantity in rows:
        if pk in gone:
            continue
        for each in by_place[kind, number, item, metric]:
            if each.slot in ("", slot):
                found[each.pk].append(SetRow(heirs.of(body, fiscal_year), district, on, quantity))
    return found


def grouped(rows: Iterable[SetRow], adding: str, by: Callable[[SetRow], Key]) -> dict[Key, tuple[int, int]]:
    """(quantity, entries) of one set by month, body or district: sums, or each body's and district's last value."""
    counts: dict[Key, int] = defaultdict(int)
    values: dict[Key, dict[tuple[int | None, int | None], int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        group, place = by(row), (row.body_id, row.district_id)
        counts[group] += 1
        before = 0 if adding == Adding.LAST else values[group][place]
        values[group][place] = before + row.quantity
    return {group: (sum(values[group].values()), counts[group]) for group in counts}


def seen_figures(
    ward: Ward, fiscal_year: int, sets: Collection[kept.SeenSet], entries: QuerySet[Entry]
) -> dict[int, Seen]:
    """By set, what it says; sets in which nothing stands are left out."""
    rows = rows_of(ward, fiscal_year, sets, entries)
    found = {}
    for each in sets:
        said = grouped(rows[each.pk], each.adding, lambda _row: None).get(None)
        if said is not None:
            found[each.pk] = Seen(each.pk, each.home, *said)
    return found


def shared_figures(
    ward: Ward, fiscal_year: int, items: Collection[int], metrics: Collection[int]
) -> list[SharedFigure]:
    """The sets that belong to some actions or are seen from them, with everybody who sees them; two queries."""
    found = SharedFigure.objects.filter(ward=ward, fiscal_year=fiscal_year, metric__in=metrics)
    found = found.filter(Q(home__in=items) | Q(seen_in__item__in=items)).distinct()
    return list(found.prefetch_related("seen_in"))
