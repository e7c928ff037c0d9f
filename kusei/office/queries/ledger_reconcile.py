"""Where the ledger and its records differ, in words and with the way to both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice

from kusei.ledger.models import Metric
from kusei.ledger.queries.metrics import usable_metrics
from kusei.ledger.queries.recipes import name_of_kind, records_called
from kusei.ledger.queries.reconciling import Discrepancy, discrepancies
from kusei.ledger.sources import kind_called
from kusei.office.queries.ledger import places_of, record_url, with_gone
from kusei.wards.models import Ward

MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ReconcileLine:
    """One difference. Numbers are None where one side says nothing; `is_sum` is about a kept sum, not about a record."""

    kind: str
    record: str
    url: str
    item: int
    title: str
    metric: Metric | None
    on: date | None
    said: int | None
    posted: int | None
    is_sum: bool
    source_kind: str
    source_id: int
    can_follow: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The first differences of a year, and whether there are more."""

    lines: tuple[ReconcileLine, ...]
    has_more: bool


def reconciled(ward: Ward, fiscal_year: int) -> Reconciled:
    """A year's differences, named: it looks through all of the year's entries, so pages ask only when told to."""
    found = list(islice(discrepancies(ward, fiscal_year), MOST_SHOWN + 1))
    shown = found[:MOST_SHOWN]
    if not shown:
        return Reconciled((), has_more=False)
    targets = [_target(each) for each in shown]
    places = with_gone(ward, places_of(ward, fiscal_year), [item for item, _metric in targets])
    metrics = {metric.pk: metric for metric in usable_metrics(ward, ended=True)}
    numbers: dict[str, set[int]] = {}
    for each in shown:
        numbers.setdefault(each.kind, set()).add(each.source_id)
    labels = {kind: records_called(ward, kind, ids) for kind, ids in numbers.items()}
    lines = []
    for each, (item, metric) in zip(shown, targets, strict=True):
        line = each.record or each.ledger
        lines.append(
            ReconcileLine(
                kind=name_of_kind(each.kind),
                record=labels[each.kind].get(each.source_id, ""),
                url=record_url(ward, each.kind, each.source_id),
                item=item,
                title=places[item].title,
                metric=metrics.get(metric),
                on=line.on if line else None,
                said=each.record.quantity if each.record else None,
                posted=each.ledger.quantity if each.ledger else None,
                is_sum=each.kind == "sums",
                source_kind=each.kind,
                source_id=each.source_id,
                can_follow=kind_called(each.kind) is not None,
            )
        )
    return Reconciled(tuple(lines), has_more=len(found) > MOST_SHOWN)


def _target(found: Discrepancy) -> tuple[int, int]:
    """(item, metric) that a difference is about."""
    line = found.record or found.ledger
    if line is not None:
        return line.item_id, line.metric_id
    item, _slash, metric = found.slot.partition("/")
    return int(item), int(metric)
