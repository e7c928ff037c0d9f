"""Reads of what was done: the results table of a year, and results of single actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from kusei.japanese.folding import fold_name
from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.queries import Node, PublishedVersion, trees_of
from kusei.results.enums import NEEDS_REASON, Outcome
from kusei.results.models import ReportedFigure, ReportedResult

if TYPE_CHECKING:
    from kusei.results.queries.corrections import ResultCorrection

_PRINTED = ("item_id", "version_id", "text", "outcome", "outcome_reason", "source_page", "source_line")
_COUNTED = ("value", "unit", "label", "position", "metric_id", "entries", "as_of")
_REPORTING = {PlanKind.ACTION_PLAN.value, PlanKind.EVALUATION.value}


@dataclass(frozen=True, slots=True)
class Figure:
    """A count printed in a result: 28 件 (新規登録). One that came from the ledger says by which metric, from how many entries
    and as of when; it stays as it was printed."""

    value: Decimal
    unit: str
    label: str
    position: int = 0
    metric_id: int | None = None
    entries: int | None = None
    as_of: datetime | None = None


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

    @property
    def plain_reason(self) -> str:
        """Why something did not go as planned, where the text does not say it already: what a document's reader keeps as the
        reason are words out of the text."""
        if not self.outcome_reason or self.outcome not in NEEDS_REASON:
            return ""
        text = fold_name(self.text)
        is_said = all(fold_name(part) in text for part in self.outcome_reason.split("、"))
        return "" if is_said else self.outcome_reason

    @property
    def lacks_reason(self) -> bool:
        """Whether something did not go as planned and nobody says why."""
        return self.outcome in NEEDS_REASON and not self.text and not self.outcome_reason


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of the table. `focus` is the heading it stands under (a 行動計画, or else the outermost item). `districts` (ids)
    and `corrections` (oldest first) are filled in by whoever knows them."""

    node: Node
    focus: Node | None
    measure: Node | None
    result: Result | None
    districts: frozenset[int] = frozenset()
    corrections: tuple[ResultCorrection, ...] = ()

    @property
    def outcome(self) -> str:
        return self.result.outcome if self.result else Outcome.UNKNOWN.value

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def planned(self) -> tuple[str, ...]:
        return self.node.plan_bullets or (self.node.title,)


def results_of(version_ids: Iterable[int], *, item_ids: Iterable[int] | None = None) -> dict[int, Result]:
    """By item id, the results that these versions print (of all items, or of some); two queries."""
    rows = ReportedResult.objects.filter(version_id__in=list(version_ids))
    if item_ids is not None:
        rows = rows.filter(item_id__in=list(item_ids))
    return {result.item_id: result for result in _results(rows)}


def results_by_version(
    version_ids: Iterable[int], *, item_ids: Iterable[int] | None = None
) -> dict[int, dict[int, Result]]:
    """By version, then by item id, the results printed there (of all items, or of some); two queries for any number."""
    wanted = list(version_ids)
    found: dict[int, dict[int, Result]] = {version_id: {} for version_id in wanted}
    rows = ReportedResult.objects.filter(version_id__in=wanted)
    if item_ids is not None:
        rows = rows.filter(item_id__in=list(item_ids))
    for result in _results(rows):
        found[result.version_id][result.item_id] = result
    return found


def _results(rows: QuerySet[ReportedResult]) -> list[Result]:
    """Plain columns: a page reads hundreds of them."""
    figures: dict[int, list[Figure]] = {}
    printed = ReportedFigure.objects.filter(result__in=rows.order_by().values("pk")).order_by("position")
    for result_id, *values in printed.values_list("result_id", *_COUNTED):
        figures.setdefault(result_id, []).append(Figure(*values))
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
