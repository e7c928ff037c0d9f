"""Whether the ledger and the records that it was posted from agree, and where not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from kusei.ledger import sources
from kusei.ledger.enums import Adding
from kusei.ledger.models import Entry, FigureSum, KeptSum, Metric
from kusei.ledger.models.entries import WHOLE_YEAR
from kusei.ledger.queries.entries import line_of, standing_entries
from kusei.ledger.queries.figures import figures_from_entries, year_figures
from kusei.ledger.rules import Line, month_number
from kusei.wards.models import Ward
from kusei.wards.queries import heirs_of


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One place where they do not agree. `record` is None where a line has no entry, `ledger` where an entry has no line;
    `kind` is the kind of record, or "sums" for a kept sum that is not the sum of its entries."""

    kind: str
    source_id: int
    slot: str
    record: Line | None
    ledger: Line | None

    @property
    def message(self) -> str:
        """In one Japanese sentence."""
        kind = sources.kind_called(self.kind)
        place = f"{kind.name if kind else self.kind} {self.source_id} {self.slot}".strip()
        if self.kind == "sums":
            return _("%(place)s: 保存してある合計が、実績の合計と違います。") % {"place": self.slot}
        if self.record is None and self.ledger is not None:
            return _("%(place)s: 実績は%(ledger)sですが、もとの記録にありません。") % {
                "place": place,
                "ledger": self.ledger.quantity,
            }
        if self.ledger is None and self.record is not None:
            return _("%(place)s: もとの記録は%(record)sですが、実績にありません。") % {
                "place": place,
                "record": self.record.quantity,
            }
        return _("%(place)s: もとの記録は%(record)s、実績は%(ledger)sです。") % {
            "place": place,
            "record": self.record.quantity if self.record else 0,
            "ledger": self.ledger.quantity if self.ledger else 0,
        }


def discrepancies(ward: Ward, fiscal_year: int) -> Iterator[Discrepancy]:
    """Everything in a ward's year on which the ledger, its records and the kept sums do not agree, kind by kind."""
    known = set()
    for key, kind in sources.kinds():
        known.add(key)
        yield from _of_kind(ward, fiscal_year, key, kind)
    strange = standing_entries().filter(ward=ward, fiscal_year=fiscal_year).exclude(source_kind__in=known)
    for entry in strange.iterator():
        yield Discrepancy(entry.source_kind, entry.source_id, entry.slot, None, line_of(entry))
    yield from _of_sums(ward, fiscal_year)


def _of_kind(ward: Ward, fiscal_year: int, key: str, kind: sources.Kind) -> Iterator[Discrepancy]:
    posted = {
        (entry.source_id, entry.slot): line_of(entry)
        for entry in standing_entries().filter(ward=ward, fiscal_year=fiscal_year, source_kind=key).iterator()
    }
    for number, lines in kind.tell(ward, fiscal_year):
        for line in lines:
            said = replace(line, fiscal_year=line.year)
            found = posted.pop((number, line.slot), None)
            if found != said:
                yield Discrepancy(key, number, line.slot, said, found)
    for (number, slot), found in posted.items():
        yield Discrepancy(key, number, slot, None, found)


def _of_sums(ward: Ward, fiscal_year: int) -> Iterator[Discrepancy]:
    """Told by item and metric: `rebuild_sums` needs to know no more. Compared place by place and month by month, as charts
    read them."""
    entries = Entry.objects.filter(ward=ward, fiscal_year=fiscal_year)
    kept = KeptSum.objects.filter(ward=ward, fiscal_year=fiscal_year)
    months = FigureSum.objects.filter(ward=ward, fiscal_year=fiscal_year, month__gt=WHOLE_YEAR)
    acting = heirs_of(ward).in_year(fiscal_year)
    of_last = set(Metric.objects.filter(adding=Adding.LAST).values_list("pk", flat=True))
    sums: Counter[Spot] = Counter()
    for item, metric, body, district, month, quantity in (
        entries.order_by()
        .annotate(first=TruncMonth("happened_on"))
        .values_list("item_id", "metric_id", "body_id", "district_id", "first")
        .annotate(a=Sum("quantity"))
    ):
        sums[item, metric, acting.get(body, body) or 0, district or 0, month_number(month)] += quantity
    last = _last_values(ward, fiscal_year, acting)
    kept_sums: dict[Spot, int] = {}
    kept_last: dict[Spot, int] = {}
    for item, metric, body, district, month, quantity, newest in kept.values_list(
        "item_id", "metric_id", "body_key", "district_key", "month", "quantity", "last_quantity"
    ):
        spot = (item, metric, body, district, month_number(month))
        kept_sums[spot] = quantity
        if metric in of_last:
            kept_last[spot] = newest or 0
    by_month: Counter[Spot] = Counter()
    for told, is_last in ((sums, False), (last, True)):
        for (item, metric, _body, _district, month), quantity in told.items():
            if (metric in of_last) is is_last:
                by_month[item, metric, 0, 0, month] += quantity
    shown = {
        (item, metric, 0, 0, month): quantity
        for item, metric, month, quantity in months.values_list("item_id", "metric_id", "month", "quantity")
    }
    wrong = {
        (spot[0], spot[1])
        for one, other in ((sums, kept_sums), (last, kept_last), (by_month, shown))
        for spot in _differing(one, other)
    }
    wrong |= _differing(figures_from_entries(ward, fiscal_year), year_figures(ward, fiscal_year))
    for item, metric in sorted(wrong):
        yield Discrepancy("sums", item, f"{item}/{metric}", None, None)


Spot = tuple[int, int, int, int, int]
"""(item, metric, body or 0, district or 0, month as 202604)."""
Where = TypeVar("Where", bound=Hashable)


def _differing(one: Mapping[Where, object], other: Mapping[Where, object]) -> set[Where]:
    """Where they do not say the same; a sum of nothing is as good as none."""
    return {key for key in one.keys() | other.keys() if (one.get(key) or 0) != (other.get(key) or 0)}


def _last_values(ward: Ward, fiscal_year: int, acting: Mapping[int, int]) -> dict[Spot, int]:
    """The newest standing value of each month, body and district."""
    newest: dict[Spot, int] = {}
    entries = standing_entries().filter(
        ward=ward, fiscal_year=fiscal_year, metric__adding=Adding.LAST
    )  # fmt: skip
    for item, metric, body, district, on, quantity in entries.order_by("happened_on", "pk").values_list(
        "item_id", "metric_id", "body_id", "district_id", "happened_on", "quantity"
    ):
        newest[item, metric, acting.get(body, body) or 0, district or 0, month_number(on)] = quantity
    return newest
