"""What the page of a figure says of sets that several actions tell, and what could be said to be the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kusei.ledger import sources
from kusei.ledger.models import Metric, SharedFigure
from kusei.ledger.operations import EntrySet
from kusei.ledger.queries.entries import standing_entries
from kusei.ledger.queries.recipes import name_of_kind, records_called
from kusei.ledger.queries.shared import shared_figures
from kusei.ledger.sources import Source
from kusei.office.queries.ledger import Place, shortened
from kusei.wards.models import Ward

MOST_SETS = 40


@dataclass(frozen=True, slots=True)
class SharedNote:
    """One set: the action that it belongs to, and those that show it. `is_here`: it belongs to the action of the page."""

    shared: SharedFigure
    home: Place | None
    seen_in: tuple[Place, ...]
    is_here: bool


@dataclass(frozen=True, slots=True)
class OwnSet:
    """Something that one record says of the figure's action; `value` is what a form sends."""

    of: EntrySet
    quantity: int
    record: str

    @property
    def value(self) -> str:
        return f"{self.of.source.kind}|{self.of.source.id}|{self.of.slot}"


def shared_notes(
    ward: Ward, fiscal_year: int, item: int, metric: Metric, places: Mapping[int, Place]
) -> list[SharedNote]:
    """The sets of a figure that are told by several actions, those that belong to the action first."""
    notes = [
        SharedNote(
            shared=each,
            home=_short(places, each.home_id),
            seen_in=tuple(
                place for seen in each.seen_in.all() if (place := _short(places, seen.item_id)) is not None
            ),
            is_here=each.home_id == item,
        )
        for each in shared_figures(ward, fiscal_year, [item], [metric.pk])
    ]
    return sorted(notes, key=lambda note: not note.is_here)


def own_sets(ward: Ward, fiscal_year: int, item: int, metric: Metric) -> list[OwnSet]:
    """What each record says of an action's own figure: place by place where the record's places tell one thing each."""
    sums: dict[EntrySet, int] = {}
    rows = standing_entries().filter(ward=ward, fiscal_year=fiscal_year, item=item, metric=metric)
    for kind, number, slot, quantity in rows.order_by("source_kind", "source_id", "pk").values_list(
        "source_kind", "source_id", "slot", "quantity"
    ):
        known = sources.kind_called(kind)
        of = EntrySet(Source(kind, number), item, metric.pk, slot if known and known.tells_places else "")
        sums[of] = sums.get(of, 0) + quantity
        if len(sums) == MOST_SETS:
            break
    numbers: dict[str, set[int]] = {}
    for of in sums:
        numbers.setdefault(of.source.kind, set()).add(of.source.id)
    labels = {kind: records_called(ward, kind, ids) for kind, ids in numbers.items()}
    return [
        OwnSet(of, quantity, labels[of.source.kind].get(of.source.id) or name_of_kind(of.source.kind))
        for of, quantity in sums.items()
    ]


def _short(places: Mapping[int, Place], item: int) -> Place | None:
    return shortened(places[item]) if item in places else None
