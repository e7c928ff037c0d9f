"""Figures: what the entries of a ward add up to. One definition for every page: whoever shows a figure asks here.

`year_figures` reads the sums that are kept; `figures_from_entries` reads the entries themselves, for what sums cannot
answer (until a day, as it was known at a time, from some kinds of records). Both say the same where both can.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db.models import BigIntegerField, Case, Count, F, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber

from kusei.ledger.enums import Adding, DistinctScope
from kusei.ledger.models import Entry, FigureSum, KeptSum, Metric, SharedIn
from kusei.ledger.models.entries import WHOLE_YEAR
from kusei.ledger.queries import kept
from kusei.ledger.queries.shared import SetRow, from_elsewhere, grouped, rows_of, seen_figures, sets_seen
from kusei.ledger.rules import Dimension, Quotient, adds_up
from kusei.ledger.sharing import Seen, counted_once
from kusei.ledger.sheets import SOURCE_KIND
from kusei.wards.models import Ward
from kusei.wards.queries import heirs_of
from kusei.wards.succession import Heirs

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Figure:
    """`quantity` in the metric's smallest unit; None where it cannot be worked out (a rate without a denominator, a count of
    distinct people over more than its scope). `entries` is how many entries stand behind it. `seen` are the sets among them
    that belong to other items (`ledger.sharing`)."""

    quantity: int | None
    entries: int
    seen: tuple[Seen, ...] = ()

    @property
    def own(self) -> tuple[int | None, int]:
        """(quantity, entries) of what belongs to the item itself."""
        quantity = None if self.quantity is None else self.quantity - sum(each.quantity for each in self.seen)
        return quantity, self.entries - sum(each.entries for each in self.seen)


Key = tuple[int, int]
"""(item, metric)."""


def year_figures(ward: Ward, fiscal_year: int, *, items: Collection[int] | None = None) -> dict[Key, Figure]:
    """Every figure of a ward's year by item and metric, from the kept sums: three queries, one more where people were counted once
    in a record, two more where items see what belongs to others."""
    found = {
        (item, metric): Figure(quantity, entries)
        for item, metric, quantity, entries in kept.of_year(ward.pk, fiscal_year, items)
    }
    metrics = _metrics(ward, Adding.RATE, Adding.DISTINCT)
    entries = Entry.objects.filter(ward=ward, fiscal_year=fiscal_year)
    _put_seen(found, ward, fiscal_year, items, entries)
    _put_once(found, entries, metrics)
    _put_rates(found, metrics)
    return found


def figures_from_entries(
    ward: Ward,
    fiscal_year: int,
    *,
    items: Collection[int] | None = None,
    until: date | None = None,
    as_known_at: datetime | None = None,
    source_kinds: Collection[str] | None = None,
    body_id: int | None = None,
    district_id: int | None = None,
) -> dict[Key, Figure]:
    """The same from the entries: what happened until a day, as posted until a time, from some kinds of records. A body's are
    those of the bodies that it acts for in that year, too."""
    acting = heirs_of(ward).in_year(fiscal_year)
    everywhere = _entries(
        ward, fiscal_year, until=until, as_known_at=as_known_at, source_kinds=source_kinds,
        bodies=None if body_id is None else [body_id, *(body for body, heir in acting.items() if heir == body_id)],
        district_id=district_id,
    )  # fmt: skip
    entries = everywhere if items is None else everywhere.filter(item__in=items)
    # A reversal takes two entries out of the count: itself and what it reverses.
    found = {
        (item, metric): Figure(quantity, count - 2 * reversals)
        for item, metric, quantity, count, reversals in entries.values_list("item_id", "metric_id").annotate(
            a=Sum("quantity"), b=Count("*"), c=Count("reverses")
        )
        if count > 2 * reversals
    }
    metrics = _metrics(ward, Adding.LAST, Adding.RATE, Adding.DISTINCT)
    lasting = {metric.pk for metric in metrics if metric.adding == Adding.LAST}
    _put_last(found, entries, {key for key in found if key[1] in lasting}, acting)
    _put_seen(found, ward, fiscal_year, items, everywhere)
    _put_once(found, entries, metrics)
    _put_rates(found, metrics)
    return found


def added_up(figures: Mapping[Key, Figure], items: Iterable[int], metric: Metric) -> Figure | None:
    """One figure for several items (a project and all below it), each entry counted once, also where several of them see it;
    None where none has any. `figures` has those of all the items.

    The quantity is None where this metric does not add up over items (`rules.adds_up`).
    """
    wanted = list(dict.fromkeys(items))
    if metric.numerator is not None and metric.denominator is not None:
        over, under = (added_up(figures, wanted, part) for part in (metric.numerator, metric.denominator))
        return _rate(over, under, quotient_of(metric))
    found = [figures[item, metric.pk] for item in wanted if (item, metric.pk) in figures]
    if len(found) <= 1:
        return found[0] if found else None
    seen = counted_once([each for figure in found for each in figure.seen], wanted)
    parts = [own for own in (figure.own for figure in found) if own[1]]
    parts.extend((each.quantity, each.entries) for each in seen)
    entries = sum(count for _quantity, count in parts)
    quantities = [quantity for quantity, _count in parts if quantity is not None]
    can_add = len(parts) <= 1 or adds_up(metric.adding, Dimension.ITEMS, scope=metric.scope)
    return Figure(sum(quantities) if can_add and len(quantities) == len(parts) else None, entries, seen)


def parts_of(metric: Metric) -> list[Metric]:
    """What a rate divides; nothing for any other metric."""
    return [part for part in (metric.numerator, metric.denominator) if part is not None]


def quotient_of(metric: Metric) -> Quotient:
    """How a rate divides its parts."""
    over, under = (part.decimals if part else 0 for part in (metric.numerator, metric.denominator))
    return Quotient(metric.unit, over, under)


def _divided(metric: Metric, by: Callable[[Metric], Mapping[Group, Figure]]) -> dict[Group, Figure]:
    """A rate group by group: where both parts have a figure."""
    over, under = (by(part) for part in parts_of(metric))
    quotient = quotient_of(metric)
    found = {group: _rate(figure, under.get(group), quotient) for group, figure in over.items()}
    return {group: rate for group, rate in found.items() if rate is not None}


def by_month(
    ward: Ward, fiscal_year: int, metric: Metric, *, items: Collection[int] | None
) -> list[tuple[date, Figure]]:
    """The figures of a year's twelve months, April first, months without entries left out: two queries, two more where the
    items see what belongs to others. `items` None: of the whole ward.

    For a last value, what each month's newest entries say; of a rate, what the month's figures of its parts give.
    """
    if metric.numerator is not None:
        return sorted(
            _divided(metric, lambda part: dict(by_month(ward, fiscal_year, part, items=items))).items()
        )
    found = {
        date(*divmod(month, 100), 1): Figure(int(quantity), entries)
        for month, quantity, entries in kept.by_month(ward.pk, fiscal_year, metric.pk, items)
    }
    if items is not None:
        _put_elsewhere(found, ward, fiscal_year, metric, items, lambda row: row.on.replace(day=1))
    return sorted(found.items())


def by_body(
    ward: Ward, fiscal_year: int, metric: Metric, *, items: Collection[int]
) -> dict[int | None, Figure]:
    """The figures of a year by the body that did it, or that acts for it; None for entries without one."""
    if metric.numerator is not None:
        return _divided(metric, lambda part: by_body(ward, fiscal_year, part, items=items))
    sums = _grouped(ward, fiscal_year, metric, items, ("body_key",))
    found = {body or None: figure for (body,), figure in sums.items()}

    @cache
    def acting() -> Heirs:
        return heirs_of(ward)

    _put_elsewhere(found, ward, fiscal_year, metric, items, lambda row: acting().of(row.body_id, fiscal_year))
    return found


def by_district(
    ward: Ward, fiscal_year: int, metric: Metric, *, items: Collection[int]
) -> dict[int | None, Figure]:
    """The figures of a year by district; None for entries without one."""
    if metric.numerator is not None:
        return _divided(metric, lambda part: by_district(ward, fiscal_year, part, items=items))
    sums = _grouped(ward, fiscal_year, metric, items, ("district_key",))
    found = {district or None: figure for (district,), figure in sums.items()}
    _put_elsewhere(found, ward, fiscal_year, metric, items, lambda row: row.district_id)
    return found


def by_year(ward: Ward, metric: Metric, *, items: Collection[int]) -> dict[int, Figure]:
    """The figures of every year that has any, oldest first."""
    counted_by = parts_of(metric) or [metric]
    counted = FigureSum.objects.filter(
        ward=ward, metric__in=counted_by, item__in=items, month=WHOLE_YEAR, entries__gt=0
    )
    seen = SharedIn.objects.filter(ward=ward, shared__metric__in=counted_by, item__in=items)
    years = {
        *counted.values_list("fiscal_year", flat=True).distinct(),
        *seen.values_list("shared__fiscal_year", flat=True).distinct(),
    }
    found = {}
    for year in sorted(years):
        figure = added_up(year_figures(ward, year, items=items), items, metric)
        if figure is not None:
            found[year] = figure
    return found


def _grouped(
    ward: Ward, fiscal_year: int, metric: Metric, items: Collection[int], by: tuple[str, ...]
) -> dict[tuple[Any, ...], Figure]:
    rows = KeptSum.objects.filter(
        ward=ward, fiscal_year=fiscal_year, metric=metric, item__in=items, entries__gt=0
    )
    if metric.adding == Adding.LAST:
        newest: dict[tuple[Any, ...], dict[tuple[Any, ...], tuple[int, int]]] = defaultdict(dict)
        for *group, item, body, district, quantity, entries in rows.order_by("month", "last_on").values_list(
            *by, "item", "body_key", "district_key", "last_quantity", "entries"
        ):
            place = (item, body, district)
            before = newest[tuple(group)].get(place, (0, 0))
            newest[tuple(group)][place] = (quantity or 0, before[1] + entries)
        return {
            group: Figure(sum(each[0] for each in places.values()), sum(each[1] for each in places.values()))
            for group, places in newest.items()
        }
    summed = rows.values_list(*by).annotate(a=Sum("quantity"), b=Sum("entries")).order_by(*by)
    return {tuple(row[:-2]): Figure(row[-2], row[-1]) for row in summed.values_list(*by, "a", "b")}


def _entries(
    ward: Ward,
    fiscal_year: int,
    *,
    until: date | None,
    as_known_at: datetime | None,
    source_kinds: Collection[str] | None,
    bodies: Collection[int] | None,
    district_id: int | None,
) -> QuerySet[Entry]:
    entries = Entry.objects.filter(ward=ward, fiscal_year=fiscal_year)
    if until is not None:
        entries = entries.filter(happened_on__lte=until)
    if as_known_at is not None:
        entries = entries.filter(posted_at__lte=as_known_at)
    if source_kinds is not None:
        entries = entries.filter(source_kind__in=source_kinds)
    if bodies is not None:
        entries = entries.filter(body__in=bodies)
    if district_id is not None:
        entries = entries.filter(district=district_id)
    return entries


def _metrics(ward: Ward, *kinds: Adding) -> list[kept.Derived]:
    return kept.derived_metrics(ward.pk, kinds)


def _put_last(
    found: dict[Key, Figure], entries: QuerySet[Entry], keys: Collection[Key], acting: Mapping[int, int]
) -> None:
    """A last value over bodies and districts is the sum of each one's last."""
    if not keys:
        return
    of_last = entries.filter(metric__in={metric for _item, metric in keys})
    joined = [When(body=body, then=Value(heir)) for body, heir in acting.items()]
    body = Case(*joined, default=F("body_id"), output_field=BigIntegerField()) if joined else F("body_id")
    newest_first = Window(
        RowNumber(),
        partition_by=[F("metric_id"), F("item_id"), body, F("district_id")],
        order_by=[F("happened_on").desc(), F("pk").desc()],
    )
    newest = (
        of_last.filter(reverses__isnull=True)
        .exclude(pk__in=of_last.filter(reverses__isnull=False).values("reverses"))
        .annotate(newness=newest_first)
        .filter(newness=1)
        .values_list("item_id", "metric_id", "quantity")
    )
    sums: dict[Key, int] = defaultdict(int)
    for item, metric, quantity in newest:
        sums[item, metric] += quantity
    for key in keys:
        found[key] = Figure(sums[key], found[key].entries)


def _put_once(found: dict[Key, Figure], entries: QuerySet[Entry], metrics: Iterable[kept.Derived]) -> None:
    """Who is counted once in a record may be counted again in the next: over several records there is no figure. Of a report by
    hand each number is one: nobody says that months or sessions told of one course."""
    once = {metric.pk for metric in metrics if metric.scope == DistinctScope.RECORD}
    keys = {key for key, figure in found.items() if key[1] in once and figure.entries > 1}
    if not keys:
        return
    counted = entries.filter(metric__in={key[1] for key in keys}, item__in={key[0] for key in keys})
    records = (
        counted.filter(reverses__isnull=True)
        .exclude(pk__in=counted.filter(reverses__isnull=False).values("reverses"))
        .order_by()
        .annotate(part=Case(When(source_kind=SOURCE_KIND, then=F("slot")), default=Value("")))
        .values_list("item_id", "metric_id", "source_kind", "source_id", "part")
        .distinct()
    )
    number = Counter((item, metric) for item, metric, *_record in records)
    for key in keys:
        seen = found[key].seen
        if number[key] + len(seen) > 1:
            found[key] = Figure(None, found[key].entries, seen)


def _put_seen(
    found: dict[Key, Figure],
    ward: Ward,
    fiscal_year: int,
    items: Collection[int] | None,
    entries: QuerySet[Entry],
) -> None:
    """Every item's figures have the sets that it sees."""
    sets = sets_seen(ward, fiscal_year, items)
    said = seen_figures(ward, fiscal_year, sets, entries)
    for each in sets:
        if each.pk in said:
            before = found.get((each.seen_by, each.metric), Figure(0, 0))
            seen = said[each.pk]
            found[each.seen_by, each.metric] = Figure(
                (before.quantity or 0) + seen.quantity, before.entries + seen.entries, (*before.seen, seen)
            )


def _put_elsewhere(
    found: dict[Group, Figure],
    ward: Ward,
    fiscal_year: int,
    metric: Metric,
    items: Collection[int],
    by: Callable[[SetRow], Group],
) -> None:
    """Add, group by group, the sets that the items see and none of them owns."""
    sets = from_elsewhere(ward, fiscal_year, {metric.pk}, items)
    if not sets:
        return
    rows = rows_of(ward, fiscal_year, sets, Entry.objects.filter(ward=ward, fiscal_year=fiscal_year))
    for each in sets:
        for group, (quantity, entries) in grouped(rows[each.pk], metric.adding, by).items():
            before = found.get(group, Figure(0, 0))
            found[group] = Figure((before.quantity or 0) + quantity, before.entries + entries)


def _put_rates(found: dict[Key, Figure], metrics: Iterable[kept.Derived]) -> None:
    rates = [metric for metric in metrics if metric.adding == Adding.RATE]
    items = {item for item, _metric in found} if rates else set()
    for metric in rates:
        if metric.numerator is None or metric.denominator is None:
            continue
        for item in items:
            over, under = found.get((item, metric.numerator)), found.get((item, metric.denominator))
            rate = _rate(over, under, metric.quotient)
            if rate is not None:
                found[item, metric.pk] = rate


def _rate(over: Figure | None, under: Figure | None, quotient: Quotient) -> Figure | None:
    """One figure divided by another; None where one of them is missing."""
    if over is None or under is None:
        return None
    entries = over.entries + under.entries
    if over.quantity is None or under.quantity is None:
        return Figure(None, entries)
    return Figure(quotient.of(over.quantity, under.quantity), entries)
