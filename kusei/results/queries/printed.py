"""Reads of what was done: the results table of a year, and results of single actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet

from kusei.japanese.folding import fold
from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.queries import Node, Owner, PublishedVersion, trees_of
from kusei.results.enums import Outcome
from kusei.results.models import ReportedFigure, ReportedResult

_PRINTED = ("item_id", "version_id", "text", "outcome", "outcome_reason", "source_page", "source_line")
_REPORTING = {PlanKind.ACTION_PLAN.value, PlanKind.EVALUATION.value}


@dataclass(frozen=True, slots=True)
class Figure:
    """A count printed in a result: 28 件 (新規登録)."""

    value: Decimal
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a document says was done. An empty `text` means that it says nothing."""

    item_id: int
    version_id: int
    text: str
    outcome: str
    outcome_reason: str
    source_page: int | None
    source_line: int | None
    figures: tuple[Figure, ...]

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of the table. `focus` is the heading it stands under (a 行動計画, or else the outermost item)."""

    node: Node
    focus: Node | None
    measure: Node | None
    result: Result | None

    @property
    def outcome(self) -> str:
        return self.result.outcome if self.result else Outcome.UNKNOWN.value

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def planned(self) -> tuple[str, ...]:
        return self.node.plan_bullets or (self.node.title,)


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """What a reader asked for; empty means everything. `focus` is the item's public id as text."""

    focus: str = ""
    body_id: int | None = None
    outcome: str = ""
    words: str = ""

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


def results_of(version_ids: Iterable[int], *, item_ids: Iterable[int] | None = None) -> dict[int, Result]:
    """By item id, the results that these versions print (of all items, or of some); two queries."""
    rows = ReportedResult.objects.filter(version_id__in=list(version_ids))
    if item_ids is not None:
        rows = rows.filter(item_id__in=list(item_ids))
    return {result.item_id: result for result in _results(rows)}


def results_by_version(version_ids: Iterable[int]) -> dict[int, dict[int, Result]]:
    """By version, then by item id, the results printed there; two queries for any number of versions."""
    wanted = list(version_ids)
    found: dict[int, dict[int, Result]] = {version_id: {} for version_id in wanted}
    for result in _results(ReportedResult.objects.filter(version_id__in=wanted)):
        found[result.version_id][result.item_id] = result
    return found


def _results(rows: QuerySet[ReportedResult]) -> list[Result]:
    """Plain columns: a page reads hundreds of them."""
    figures: dict[int, list[Figure]] = {}
    printed = ReportedFigure.objects.filter(result__in=rows.order_by().values("pk")).order_by("position")
    for result_id, value, unit, label in printed.values_list("result_id", "value", "unit", "label"):
        figures.setdefault(result_id, []).append(Figure(value, unit, label))
    return [
        Result(item_id, version_id, text, outcome, reason, page, line, tuple(figures.get(pk, ())))
        for pk, item_id, version_id, text, outcome, reason, page, line in rows.values_list("pk", *_PRINTED)
    ]


def result_rows(
    versions: Iterable[PublishedVersion], trees: dict[int, tuple[Node, ...]] | None = None
) -> list[ResultRow]:
    """The table of these versions, in the order of the documents. `trees` spares reading them again.

    A row is an action of an action plan or evaluation, or any item that has a result.
    """
    wanted = {version.version_id: version for version in versions}
    results = results_of(wanted)
    reporting = [
        version_id
        for version_id, version in wanted.items()
        if version.kind in _REPORTING or any(result.version_id == version_id for result in results.values())
    ]
    if trees is None:
        trees = trees_of(reporting)
    rows: list[ResultRow] = []
    for version_id in reporting:
        takes_actions = wanted[version_id].kind in _REPORTING
        _collect(trees[version_id], (), results, takes_actions, rows)
    return rows


def _collect(
    nodes: Iterable[Node],
    above: tuple[Node, ...],
    results: dict[int, Result],
    takes_actions: bool,
    rows: list[ResultRow],
) -> None:
    for node in nodes:
        result = results.get(node.item_id)
        if result or (takes_actions and node.kind == ItemKind.ACTION):
            focus = next((each for each in above if each.kind == ItemKind.FOCUS), above[0] if above else None)
            measure = next((each for each in reversed(above) if each is not focus), None)
            rows.append(ResultRow(node=node, focus=focus, measure=measure, result=result))
        _collect(node.children, (*above, node), results, takes_actions, rows)


def filtered(rows: Iterable[ResultRow], chosen: ResultFilter) -> list[ResultRow]:
    """The rows that meet every part of the filter."""
    tests = _tests(chosen)
    return [row for row in rows if all(test(row) for test in tests)]


def _tests(chosen: ResultFilter) -> list[Callable[[ResultRow], bool]]:
    tests: list[Callable[[ResultRow], bool]] = []
    if chosen.focus:
        tests.append(lambda row: row.focus is not None and str(row.focus.public_id) == chosen.focus)
    if chosen.body_id is not None:
        tests.append(lambda row: any(owner.body_id == chosen.body_id for owner in row.node.owners))
    if chosen.outcome:
        tests.append(lambda row: row.outcome == chosen.outcome)
    for word in fold(chosen.words).casefold().split():
        tests.append(lambda row, word=word: word in _searched(row))  # type: ignore[misc]
    return tests


def _searched(row: ResultRow) -> str:
    parts = [row.node.title, row.node.text, *row.planned, row.result.text if row.result else ""]
    parts += [owner.name for owner in row.node.owners]
    return fold(" ".join(parts)).casefold()


def focus_facets(rows: list[ResultRow], chosen: ResultFilter) -> list[Facet]:
    """The headings in the order of the documents."""
    counts: Counter[str] = Counter(
        str(row.focus.public_id) for row in filtered(rows, replace(chosen, focus="")) if row.focus
    )
    labels = {str(row.focus.public_id): row.focus.label for row in rows if row.focus}
    return [Facet(value, label, counts[value], value == chosen.focus) for value, label in labels.items()]


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


def outcome_facets(rows: list[ResultRow], chosen: ResultFilter) -> list[Facet]:
    """The outcomes that occur, in the order of the enum."""
    counts = Counter(row.outcome for row in filtered(rows, replace(chosen, outcome="")))
    present = {row.outcome for row in rows}
    return [
        Facet(value, str(label), counts[value], value == chosen.outcome)
        for value, label in Outcome.choices
        if value in present
    ]
