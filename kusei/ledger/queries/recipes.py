"""The recipe of a figure: what it counts, over what, from how many entries of which records, as of when; and the entries.

The figure itself comes from `queries.figures`: this is how it came about, never a second way of adding up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from kusei.ledger import sources
from kusei.ledger.models import Entry, Metric
from kusei.ledger.queries.figures import (
    Figure,
    added_up,
    by_body,
    by_district,
    by_month,
    parts_of,
    year_figures,
)
from kusei.ledger.queries.shared import from_elsewhere, of_sets
from kusei.ledger.rules import Dimension, adds_up
from kusei.ledger.sheets import says_whole_month
from kusei.wards.models import Body, District, Ward

Named = TypeVar("Named", Body, District)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many entries that stand came from one kind of record."""

    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one figure is made. `figure` is None where nothing was posted, or nothing that stands.

    `months` has all twelve, April first, and is empty where months say nothing (a rate; several items whose counts do not
    add up). `parts` are what a rate divides, each with its own figure. `reversed` counts pairs that count for nothing.
    """

    metric: Metric
    fiscal_year: int
    items: tuple[int, ...]
    figure: Figure | None
    kinds: tuple[KindCount, ...]
    as_of: datetime | None
    late: int
    reversed: int
    months: tuple[tuple[date, Figure | None], ...]
    bodies: tuple[tuple[Body | None, Figure], ...]
    districts: tuple[tuple[District | None, Figure], ...]
    parts: tuple[tuple[Metric, Figure | None], ...]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry as people read it. `record` is what its record is called, empty where nobody knows it any more.

    `taken_back` is the entry that reversed this one; `takes_back` the one that this entry reverses.
    """

    entry: Entry
    kind: str
    record: str
    taken_back: int | None

    @property
    def is_of_month(self) -> bool:
        """Whether its day stands for a whole month."""
        return says_whole_month(self.entry.source_kind, self.entry.slot)

    @property
    def takes_back(self) -> int | None:
        return self.entry.reverses_id

    @property
    def counts(self) -> bool:
        return self.taken_back is None and self.takes_back is None


def months_of(fiscal_year: int) -> list[date]:
    """The first days of the twelve months, April first."""
    return [date(fiscal_year + (month < 4), month, 1) for month in (*range(4, 13), 1, 2, 3)]


def recipe_of(ward: Ward, fiscal_year: int, items: Collection[int], metric: Metric) -> Recipe:
    """How a figure came about; a constant number of queries however many entries stand behind it."""
    wanted = tuple(dict.fromkeys(items))
    figures = year_figures(ward, fiscal_year, items=wanted)
    figure = added_up(figures, wanted, metric)
    rows = list(
        entries_behind(ward, fiscal_year, wanted, metric)
        .order_by()
        .values("source_kind")
        .annotate(
            n=Count("pk"),
            back=Count("pk", filter=Q(reverses__isnull=False)),
            late=Count("pk", filter=Q(is_late=True)),
            newest=Max("posted_at"),
        )
    )
    return Recipe(
        metric=metric,
        fiscal_year=fiscal_year,
        items=wanted,
        figure=figure,
        kinds=tuple(
            KindCount(name_of_kind(row["source_kind"]), row["n"] - 2 * row["back"])
            for row in sorted(rows, key=lambda row: row["source_kind"])
            if row["n"] > 2 * row["back"]
        ),
        as_of=max((row["newest"] for row in rows), default=None),
        late=sum(row["late"] for row in rows),
        reversed=sum(row["back"] for row in rows),
        parts=tuple((part, added_up(figures, wanted, part)) for part in parts_of(metric)),
        **_shares(ward, fiscal_year, wanted, metric, figure),
    )


def _shares(
    ward: Ward, fiscal_year: int, items: tuple[int, ...], metric: Metric, figure: Figure | None
) -> dict[str, tuple[Any, ...]]:
    """The figure by month, body and district, where one may say so of these items."""
    several = len(items) > 1
    if (
        several
        and not all(
            adds_up(part.adding, Dimension.ITEMS, scope=part.scope) for part in parts_of(metric) or [metric]
        )
    ) or (figure is not None and figure.quantity is None):
        return {"months": (), "bodies": (), "districts": ()}
    found = dict(by_month(ward, fiscal_year, metric, items=items))
    bodies = by_body(ward, fiscal_year, metric, items=items)
    districts = by_district(ward, fiscal_year, metric, items=items)
    # The old year's books stay open in April and May: what is posted for then has months of its own, behind March.
    beyond = sorted(month for month in found if month > date(fiscal_year + 1, 3, 31))
    return {
        "months": tuple((month, found.get(month)) for month in (*months_of(fiscal_year), *beyond)),
        "bodies": _named(bodies, Body.objects.filter(ward=ward).in_bulk, lambda body: body.name),
        "districts": _named(
            districts, District.objects.filter(ward=ward).in_bulk, lambda each: each.position
        ),
    }


def _named(
    figures: Mapping[int | None, Figure],
    fetch: Callable[[Iterable[int]], dict[int, Named]],
    order: Callable[[Named], Any],
) -> tuple[tuple[Named | None, Figure], ...]:
    known = fetch([pk for pk in figures if pk is not None])
    rows: list[tuple[Named | None, Figure]] = []
    for pk, one in sorted(known.items(), key=lambda pair: order(pair[1])):
        rows.append((one, figures[pk]))
    rows.extend((None, figure) for pk, figure in figures.items() if pk is None or pk not in known)
    return tuple(rows)


def entries_behind(ward: Ward, fiscal_year: int, items: Collection[int], metric: Metric) -> QuerySet[Entry]:
    """Every entry that stands behind a figure, reversed ones with their reversals next to them; by day."""
    behind = [part.pk for part in parts_of(metric)] or [metric.pk]
    seen = of_sets(from_elsewhere(ward, fiscal_year, behind, items))
    return (
        Entry.objects.filter(ward=ward, fiscal_year=fiscal_year)
        .filter(Q(item__in=items, metric__in=behind) | seen)
        .select_related("metric", "body", "district", "posted_by")
        .order_by("happened_on", Coalesce("reverses_id", "pk"), "pk")
    )


def entry_lines(ward: Ward, entries: Iterable[Entry]) -> list[EntryLine]:
    """Entries with what their records are called and what took them back; some queries for each kind of record."""
    shown = list(entries)
    back = dict(
        Entry.objects.filter(reverses__in=[entry.pk for entry in shown]).values_list("reverses", "pk")
    )
    numbers: dict[str, set[int]] = {}
    for entry in shown:
        numbers.setdefault(entry.source_kind, set()).add(entry.source_id)
    labels = {key: records_called(ward, key, ids) for key, ids in numbers.items()}
    return [
        EntryLine(
            entry=entry,
            kind=name_of_kind(entry.source_kind),
            record=labels[entry.source_kind].get(entry.source_id, ""),
            taken_back=back.get(entry.pk),
        )
        for entry in shown
    ]


def records_called(ward: Ward, key: str, numbers: Iterable[int]) -> dict[int, str]:
    """What single records of a kind are called; nothing for a kind that the code knows no longer."""
    kind = sources.kind_called(key)
    return kind.describe(ward, sorted(numbers)) if kind else {}


def name_of_kind(key: str) -> str:
    """What people call such a record; its key where the code knows the kind no longer."""
    kind = sources.kind_called(key)
    return str(kind.name) if kind else key
