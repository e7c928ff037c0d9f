"""Narrowing and ordering the results of a year: what the address of the table asks for, and what each choice would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from kusei.japanese.folding import fold
from kusei.plans.queries import Owner
from kusei.results.enums import Outcome
from kusei.results.queries.printed import ResultRow

OUTCOME_GROUPS = {
    "not_as_planned": (
        Outcome.CANCELLED.value, Outcome.SUSPENDED.value, Outcome.POSTPONED.value, Outcome.NONE.value,
        Outcome.PARTLY.value,
    ),
    "prepared_or_ended": (Outcome.PREPARED.value, Outcome.ENDED.value),
}  # fmt: skip
"""Outcomes that are asked for together, the plainest first."""

SORTS = ("outcome", "body", "corrected")
"""Ways to order the table beside the documents' own."""

_OUTCOME_ORDER = {
    outcome: place
    for place, outcome in enumerate(
        (
            Outcome.CANCELLED, Outcome.SUSPENDED, Outcome.POSTPONED, Outcome.NONE, Outcome.PARTLY, Outcome.UNKNOWN,
            Outcome.PREPARED, Outcome.ENDED, Outcome.DONE,
        )
    )
}  # fmt: skip
"""What did not go as planned comes first: whoever orders by it looks for that."""


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """What a reader asked for; empty means everything. `focus` and `measure` are public ids as text; `outcome` is an outcome
    or one of `OUTCOME_GROUPS`; `corrected`: only rows that were corrected after they had been published."""

    focus: str = ""
    measure: str = ""
    body_id: int | None = None
    district_id: int | None = None
    outcome: str = ""
    words: str = ""
    corrected: bool = False

    @property
    def is_empty(self) -> bool:
        return self == ResultFilter()


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice of a filter, and how many rows it would leave beside the other filters."""

    value: str
    label: str
    count: int
    is_chosen: bool


def filtered(rows: Iterable[ResultRow], chosen: ResultFilter) -> list[ResultRow]:
    """The rows that meet every part of the filter."""
    tests = _tests(chosen)
    return [row for row in rows if all(test(row) for test in tests)]


def ordered(rows: Iterable[ResultRow], sort: str) -> list[ResultRow]:
    """The rows in the documents' order, or in one of `SORTS`; what is alike keeps the documents' order."""
    if sort == "outcome":
        return sorted(rows, key=lambda row: _OUTCOME_ORDER[Outcome(row.outcome)])
    if sort == "body":
        return sorted(
            rows,
            key=lambda row: (not row.node.owners, row.node.owners[0].name if row.node.owners else ""),
        )
    if sort == "corrected":
        return sorted(
            rows,
            key=lambda row: -row.corrections[-1].version.published_at.timestamp() if row.corrections else 1.0,
        )
    return list(rows)


def _tests(chosen: ResultFilter) -> list[Callable[[ResultRow], bool]]:
    tests: list[Callable[[ResultRow], bool]] = []
    if chosen.focus:
        tests.append(lambda row: row.focus is not None and str(row.focus.public_id) == chosen.focus)
    if chosen.measure:
        tests.append(lambda row: row.measure is not None and str(row.measure.public_id) == chosen.measure)
    if chosen.body_id is not None:
        tests.append(lambda row: any(owner.body_id == chosen.body_id for owner in row.node.owners))
    if chosen.district_id is not None:
        tests.append(lambda row: chosen.district_id in row.districts)
    if chosen.outcome:
        wanted = OUTCOME_GROUPS.get(chosen.outcome, (chosen.outcome,))
        tests.append(lambda row: row.outcome in wanted)
    if chosen.corrected:
        tests.append(lambda row: bool(row.corrections))
    for word in fold(chosen.words).casefold().split():
        tests.append(lambda row, word=word: word in _searched(row))  # type: ignore[misc]
    return tests


def _searched(row: ResultRow) -> str:
    parts = [row.node.title, row.node.text, *row.planned, row.result.text if row.result else ""]
    parts += [owner.name for owner in row.node.owners]
    return fold(" ".join(parts)).casefold()


def focus_facets(rows: list[ResultRow], chosen: ResultFilter) -> list[Facet]:
    """The headings in the order of the documents. Another heading has other measures, so it takes the measure away."""
    counts: Counter[str] = Counter(
        str(row.focus.public_id) for row in filtered(rows, replace(chosen, focus="", measure="")) if row.focus
    )
    labels = {str(row.focus.public_id): row.focus.label for row in rows if row.focus}
    return [Facet(value, label, counts[value], value == chosen.focus) for value, label in labels.items()]


def measure_facets(rows: list[ResultRow], chosen: ResultFilter) -> list[Facet]:
    """The measures in the order of the documents."""
    counts: Counter[str] = Counter(
        str(row.measure.public_id) for row in filtered(rows, replace(chosen, measure="")) if row.measure
    )
    labels = {str(row.measure.public_id): row.measure.label for row in rows if row.measure}
    return [Facet(value, label, counts[value], value == chosen.measure) for value, label in labels.items()]


def body_facets(rows: list[ResultRow], chosen: ResultFilter) -> list[Facet]:
    """The bodies, those with most rows first."""
    owners: dict[int, Owner] = {owner.body_id: owner for row in rows for owner in row.node.owners}
    counts: Counter[int] = Counter(
        owner.body_id for row in filtered(rows, replace(chosen, body_id=None)) for owner in row.node.owners
    )
    facets = [
        Facet(str(body_id), owner.name, counts[body_id], body_id == chosen.body_id)
        for body_id, owner in owners.items()
    ]
    return sorted(facets, key=lambda facet: (-facet.count, facet.label))


def district_facets(rows: list[ResultRow], chosen: ResultFilter, names: Mapping[int, str]) -> list[Facet]:
    """The districts in the ward's order; `names` has them all."""
    counts: Counter[int] = Counter(
        district for row in filtered(rows, replace(chosen, district_id=None)) for district in row.districts
    )
    return [Facet(str(pk), name, counts[pk], pk == chosen.district_id) for pk, name in names.items()]


def outcome_facets(rows: list[ResultRow], chosen: ResultFilter) -> list[Facet]:
    """The outcomes that occur, in the order of the enum."""
    counts = Counter(row.outcome for row in filtered(rows, replace(chosen, outcome="")))
    present = {row.outcome for row in rows}
    return [
        Facet(value, str(label), counts[value], value == chosen.outcome)
        for value, label in Outcome.choices
        if value in present
    ]
