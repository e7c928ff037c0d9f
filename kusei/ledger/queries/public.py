"""What everybody may know of how a published figure came about: sums, never entries (docs/adr/0017)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from kusei.ledger import disclosure, sources
from kusei.ledger.disclosure import Share, counts_things
from kusei.ledger.enums import Adding
from kusei.ledger.models import Entry, KeptSum, Metric, SharedFigure
from kusei.ledger.queries.recipes import entries_behind, name_of_kind, parts_of
from kusei.wards.models import Body, District, Ward

_NOBODY = 0


@dataclass(frozen=True, slots=True)
class NamedShare:
    """One line of a figure in parts. `names` are of bodies or districts, "" for entries without one; quantities in the
    metric's smallest unit."""

    names: tuple[str, ...]
    quantity: int


@dataclass(frozen=True, slots=True)
class MonthShare:
    """A month, a quarter or a half of the year: `first` and `last` count from April, 0. Without a record (`is_recorded`)
    nobody said how many; a recorded 0 is a number."""

    first: int
    last: int
    quantity: int
    is_recorded: bool = True


@dataclass(frozen=True, slots=True)
class PublicParts:
    """A published figure as its entries stood when it was frozen.

    `quantity` is what they add up to; None for a rate. Lists are empty where there is nothing to tell apart, None where it may
    not be told. `kinds` are kinds of records. `months_unknown`: some records know the year alone; `later`: the last month
    holds what was done in the April and May after the year.
    """

    quantity: int | None
    kinds: tuple[str, ...]
    months: tuple[MonthShare, ...] | None
    bodies: tuple[NamedShare, ...] | None
    districts: tuple[NamedShare, ...] | None
    divided: tuple[Metric, ...] = ()
    months_unknown: bool = False
    later: bool = False

    @property
    def is_withheld(self) -> bool:
        """Whether anything is not told, or drawn together, because it is of few."""
        drawn = any(share.last > share.first for share in self.months or ())
        pooled = any(
            len(share.names) > 1 for shares in (self.bodies, self.districts) for share in shares or ()
        )
        return drawn or pooled or None in (self.months, self.bodies, self.districts)


def public_metric(ward: Ward, metric_id: int) -> Metric | None:
    """What was counted: of this ward, or declared for all."""
    found = Metric.objects.filter(Q(ward=ward) | Q(ward=None), pk=metric_id)
    return found.select_related("numerator", "denominator").first()


def public_parts(
    ward: Ward, fiscal_year: int, item_id: int, metric: Metric, *, as_of: datetime
) -> PublicParts:
    """The parts of a figure as the ledger knew it at a time; a constant number of queries, whatever was posted since."""
    entries = entries_behind(ward, fiscal_year, [item_id], metric).filter(posted_at__lte=as_of)
    if metric.adding == Adding.RATE:
        kinds = entries.order_by().values_list("source_kind", flat=True).distinct()
        names = tuple(name_of_kind(kind) for kind in sorted(kinds))
        return PublicParts(None, names, (), (), (), divided=tuple(parts_of(metric)))
    if metric.adding == Adding.LAST:
        return _of_levels(ward, entries, metric)
    return _of_sums(ward, fiscal_year, entries, metric)


def _of_sums(ward: Ward, fiscal_year: int, entries: QuerySet[Entry], metric: Metric) -> PublicParts:
    rows = (
        entries.order_by()
        .annotate(in_year=ExtractYear("happened_on"), in_month=ExtractMonth("happened_on"))
        .values_list("in_year", "in_month", "body_id", "district_id", "source_kind")
        .annotate(a=Sum("quantity"), b=Count("pk"), c=Count("reverses"))
    )
    months, recorded = [0] * 12, [0] * 12
    bodies: Counter[int] = Counter()
    districts: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    later = False
    for year, month, body, district, kind, quantity, count, reversals in rows:
        place = (year - fiscal_year) * 12 + month - 4
        later = later or (place > 11 and bool(quantity))
        months[min(max(place, 0), 11)] += quantity
        recorded[min(max(place, 0), 11)] += count - 2 * reversals
        bodies[body or _NOBODY] += quantity
        districts[district or _NOBODY] += quantity
        kinds[kind] += count - 2 * reversals
    standing = sorted(kind for kind, count in kinds.items() if count > 0)
    unknown = any(not found.knows_months for kind in standing if (found := sources.kind_called(kind)))
    drawn = disclosure.months(months, metric.unit, decimals=metric.decimals)
    return PublicParts(
        quantity=sum(bodies.values()),
        kinds=tuple(name_of_kind(kind) for kind in standing),
        months=() if unknown else tuple(
            MonthShare(first, last, quantity, any(recorded[first : last + 1])) for first, last, quantity in drawn
        ) or None,
        bodies=_named(bodies, metric, dict(Body.objects.filter(ward=ward).values_list("pk", "name"))),
        districts=_named(
            districts, metric, dict(District.objects.filter(ward=ward).order_by("position").values_list("pk", "name")),
            is_place=True,
        ),
        months_unknown=unknown,
        later=later,
    )  # fmt: skip


def _of_levels(ward: Ward, entries: QuerySet[Entry], metric: Metric) -> PublicParts:
    """What stood last with each body and district; a level has no months that add up to it."""
    reversed_ones = set(entries.filter(reverses__isnull=False).order_by().values_list("reverses", flat=True))
    newest: dict[tuple[int, int], int] = {}
    kinds = set()
    rows = entries.filter(reverses__isnull=True).order_by("happened_on", "pk")
    for pk, body, district, quantity, kind in rows.values_list(
        "pk", "body_id", "district_id", "quantity", "source_kind"
    ):
        if pk not in reversed_ones:
            newest[body or _NOBODY, district or _NOBODY] = quantity
            kinds.add(kind)
    bodies: Counter[int] = Counter()
    districts: Counter[int] = Counter()
    for (body, district), quantity in newest.items():
        bodies[body] += quantity
        districts[district] += quantity
    adds = metric.unit not in ("%", "％")  # shares of different places are no shares of one whole
    return PublicParts(
        quantity=sum(newest.values()),
        kinds=tuple(name_of_kind(kind) for kind in sorted(kinds)),
        months=(),
        bodies=_named(bodies, metric, dict(Body.objects.filter(ward=ward).values_list("pk", "name"))) if adds else (),
        districts=_named(
            districts, metric, dict(District.objects.filter(ward=ward).order_by("position").values_list("pk", "name")),
            is_place=True,
        ) if adds else (),
    )  # fmt: skip


def _named(
    parts: Mapping[int, int], metric: Metric, names: Mapping[int, str], *, is_place: bool = False
) -> tuple[NamedShare, ...] | None:
    """Parts by name, in the order of the names; nothing to tell apart where nobody is named at all."""
    if not any(parts.get(key) for key in names):
        return ()
    ordered = {key: parts[key] for key in (*names, _NOBODY) if parts.get(key)}
    if len(ordered) < 2:
        return _only(ordered, names, metric, is_place=is_place)
    shares: tuple[Share[int], ...] | None = disclosure.shares(ordered, metric.unit, decimals=metric.decimals)
    if shares is None:
        return None
    return tuple(
        NamedShare(tuple(names.get(key, "") for key in share.keys), share.quantity) for share in shares
    )


def _only(
    parts: Mapping[int, int], names: Mapping[int, str], metric: Metric, *, is_place: bool
) -> tuple[NamedShare, ...] | None:
    """Who alone did it is told by the figure itself; where alone few people live is not."""
    if is_place and any(
        disclosure.is_few(quantity, metric.unit, decimals=metric.decimals) for quantity in parts.values()
    ):
        return None
    return tuple(NamedShare((names.get(key, ""),), quantity) for key, quantity in parts.items())


def districts_served(
    ward: Ward, fiscal_year: int, figures: Collection[tuple[int, int]]
) -> dict[int, set[int]]:
    """By item, the districts in which its figures (item, metric) were counted; things only, since that somebody was counted
    in a district may tell who. One query, none where there is nothing to ask."""
    if not figures:
        return {}
    rows = (
        KeptSum.objects.filter(
            ward=ward, fiscal_year=fiscal_year, item__in={item for item, _metric in figures}, district_key__gt=0,
            entries__gt=0,
        )
        .values_list("item_id", "metric_id", "metric__unit", "district_key")
        .distinct()
    )  # fmt: skip
    found: dict[int, set[int]] = {}
    for item, metric, unit, district in rows:
        if (item, metric) in figures and counts_things(unit):
            found.setdefault(item, set()).add(district)
    return found


def told_elsewhere(ward: Ward, fiscal_year: int, item_id: int, metric: Metric) -> set[int]:
    """Other items of which somebody said that this figure, or a part of it, is theirs too: counted once, told several times."""
    behind = [part.pk for part in parts_of(metric)] or [metric.pk]
    sets = SharedFigure.objects.filter(ward=ward, fiscal_year=fiscal_year, metric__in=behind).filter(
        Q(home=item_id) | Q(seen_in__item=item_id)
    )
    found: set[int] = set()
    for home, seen in sets.values_list("home", "seen_in__shared__seen_in__item"):
        found |= {home, seen}
    return found - {item_id, None}  # type: ignore[arg-type]
