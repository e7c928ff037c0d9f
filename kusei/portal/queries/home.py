"""The ward's home for one year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kusei.plans.enums import ItemKind
from kusei.plans.queries import Node, lifelines_of, trees_of, walk
from kusei.portal.queries.frame import Frame, goals_of
from kusei.portal.queries.measures import (
    MeasureRow,
    ProjectRow,
    focuses_of_year,
    measures_of_year,
    projects_outside_measures,
)
from kusei.results.enums import Outcome
from kusei.results.queries import ResultRow, result_rows

_POINTED_OUT = ("重点", "新規", "拡充")


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the ward's home. Parts that the year's documents do not have are empty."""

    goals: tuple[Node, ...]
    stances: tuple[Node, ...]
    measures: tuple[MeasureRow, ...]
    focuses: tuple[MeasureRow, ...]
    projects_outside: tuple[ProjectRow, ...]
    pointed_out: tuple[ProjectRow, ...]
    organisation: tuple[Node, ...]
    divisions: tuple[Node, ...]
    columns: tuple[Node, ...]
    outcomes: tuple[tuple[str, int], ...]
    result_count: int
    told: tuple[ResultRow, ...]

    @property
    def done_count(self) -> int:
        return dict(self.outcomes).get(Outcome.DONE.value, 0)


def home_of(frame: Frame) -> Home:
    """The home of the frame's year; a constant number of queries."""
    versions = frame.plans
    trees = trees_of(version.version_id for version in versions)
    lifelines = lifelines_of(frame.ward)
    measures = measures_of_year(versions, trees, lifelines)
    outside = projects_outside_measures(versions, trees)
    projects = [*(project for row in measures for project in row.projects), *outside]
    rows = result_rows(versions, trees)
    counts = Counter(row.outcome for row in rows)
    everything = [node for version in versions for node in walk(trees[version.version_id])]
    return Home(
        goals=next((goals for version in versions if (goals := goals_of(trees[version.version_id]))), ()),
        stances=_of_kind(everything, ItemKind.STANCE),
        measures=tuple(measures),
        focuses=tuple(focuses_of_year(versions, trees)),
        projects_outside=tuple(outside),
        pointed_out=tuple(project for project in projects if set(project.tags) & set(_POINTED_OUT)),
        organisation=tuple(
            node
            for version in versions
            for node in _outermost(trees[version.version_id], ItemKind.ORGANISATION)
        ),
        divisions=_of_kind(everything, ItemKind.DIVISION),
        columns=_of_kind(everything, ItemKind.COLUMN),
        outcomes=tuple((value, counts[value]) for value in Outcome.values if counts[value]),
        result_count=len(rows),
        told=_worth_telling(rows),
    )


def _of_kind(nodes: list[Node], kind: str) -> tuple[Node, ...]:
    return tuple(node for node in nodes if node.kind == kind)


def _outermost(nodes: tuple[Node, ...], kind: str) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in nodes:
        if node.kind == kind:
            found.append(node)
        else:
            found.extend(_outermost(node.children, kind))
    return tuple(found)


def _worth_telling(rows: list[ResultRow], most: int = 4) -> tuple[ResultRow, ...]:
    """A few results with a figure of two digits or more, from different headings, in printed order."""
    told: list[ResultRow] = []
    headings: set[int] = set()
    for row in rows:
        if len(told) == most:
            break
        heading = row.focus.item_id if row.focus else 0
        telling = row.result and any(figure.value >= 10 for figure in row.result.figures)
        if telling and row.outcome == Outcome.DONE and heading not in headings:
            told.append(row)
            headings.add(heading)
    return tuple(told)
