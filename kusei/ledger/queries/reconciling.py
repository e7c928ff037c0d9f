"""Whether the ledger and the records that it was posted from agree, and where not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from kusei.ledger import sources
from kusei.ledger.enums import Adding
from kusei.ledger.models import Entry, FigureSum, KeptSum
from kusei.ledger.models.entries import WHOLE_YEAR
from kusei.ledger.queries.entries import line_of, standing_entries
from kusei.ledger.queries.figures import Key, figures_from_entries, year_figures
from kusei.ledger.rules import Line
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
    """By item and metric: enough to see that a sum is wrong; `rebuild_sums` needs to know no more."""
    scope = {"ward": ward, "fiscal_year": fiscal_year}
    wrong = _differing(_summed(Entry.objects.filter(**scope)), _summed(KeptSum.objects.filter(**scope)))
    wrong |= _differing(figures_from_entries(ward, fiscal_year), year_figures(ward, fiscal_year))
    # A month's last values are told by the sums of its bodies and districts.
    adds = ~Q(metric__adding=Adding.LAST)
    months = FigureSum.objects.filter(**scope, month__gt=WHOLE_YEAR)
    wrong |= _differing(_summed(Entry.objects.filter(adds, **scope)), _summed(months.filter(adds)))
    wrong |= _differing(_last_values(ward, fiscal_year), _summed(months.exclude(adds)))
    for item, metric in sorted(wrong):
        yield Discrepancy("sums", item, f"{item}/{metric}", None, None)


def _differing(one: Mapping[Key, object], other: Mapping[Key, object]) -> set[Key]:
    """Where they do not say the same; a sum of nothing is as good as none."""
    return {key for key in one.keys() | other.keys() if (one.get(key) or 0) != (other.get(key) or 0)}


def _summed(rows: QuerySet[Any]) -> dict[Key, int]:
    summed = rows.values_list("item_id", "metric_id").annotate(a=Sum("quantity"))
    return {(item, metric): quantity for item, metric, quantity in summed}


def _last_values(ward: Ward, fiscal_year: int) -> dict[Key, int]:
    """The newest standing value of each month, body and district, added up."""
    newest: dict[tuple[Any, ...], int] = {}
    acting = heirs_of(ward).in_year(fiscal_year)
    entries = standing_entries().filter(
        ward=ward, fiscal_year=fiscal_year, metric__adding=Adding.LAST
    )  # fmt: skip
    for item, metric, body, district, on, quantity in entries.order_by("happened_on", "pk").values_list(
        "item_id", "metric_id", "body_id", "district_id", "happened_on", "quantity"
    ):
        newest[item, metric, acting.get(body, body), district, on.year, on.month] = quantity
    sums: dict[Key, int] = defaultdict(int)
    for (item, metric, *_place), quantity in newest.items():
        sums[item, metric] += quantity
    return dict(sums)
