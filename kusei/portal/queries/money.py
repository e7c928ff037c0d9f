"""The year's budget: by measure, by project, by body; what is printed as a total; what other budgets pay."""

from __future__ import annotations

from dataclasses import dataclass

from kusei.plans.enums import AmountBasis, ItemKind
from kusei.plans.queries import Node, lifelines_of, trees_of, walk
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.measures import MeasureRow, ProjectRow, measures_of_year, projects_outside_measures


@dataclass(frozen=True, slots=True)
class BodyMoney:
    """A body with the projects it has a hand in. Their money counts whole for each body that shares them."""

    body_id: int
    name: str
    projects: tuple[ProjectRow, ...]

    @property
    def yen(self) -> int:
        return sum(project.yen or 0 for project in self.projects)

    @property
    def alone_yen(self) -> int:
        """Of this, projects that no other body shares."""
        return sum(project.yen or 0 for project in self.projects if len(project.node.owners) == 1)


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """A total that the document prints, beside the sum of the projects under it."""

    node: Node
    printed_yen: int
    summed_yen: int

    @property
    def difference_yen(self) -> int:
        return self.summed_yen - self.printed_yen


@dataclass(frozen=True, slots=True)
class OtherMoney:
    """A programme that another budget pays, with the project it belongs to."""

    node: Node
    project: Node | None

    @property
    def source(self) -> str:
        """統合事業費, 市民局区配 …: as printed."""
        named = next((money.source for money in self.node.amounts if money.source), "")
        return self.node.budget_source or named


@dataclass(frozen=True, slots=True)
class Budget:
    """All money of a year. `total_yen` holds the projects' own money only, never that of other budgets."""

    measures: tuple[MeasureRow, ...]
    outside: tuple[ProjectRow, ...]
    bodies: tuple[BodyMoney, ...]
    printed_totals: tuple[PrintedTotal, ...]
    other: tuple[OtherMoney, ...]
    without_unit: tuple[Node, ...]
    previous_total_yen: int | None
    measures_without_money: tuple[MeasureRow, ...]

    @property
    def projects(self) -> tuple[ProjectRow, ...]:
        """Those with money, largest first."""
        found = [*(project for row in self.measures for project in row.projects), *self.outside]
        return tuple(sorted((row for row in found if row.yen), key=lambda row: -(row.yen or 0)))

    @property
    def total_yen(self) -> int:
        return sum(row.yen or 0 for row in self.measures) + sum(row.yen or 0 for row in self.outside)

    @property
    def other_total_yen(self) -> int:
        return sum(row.node.own_yen or 0 for row in self.other)

    @property
    def all_totals_agree(self) -> bool:
        """Whether several printed totals all equal the sums under them: then one sentence says so."""
        return len(self.printed_totals) > 1 and all(not each.difference_yen for each in self.printed_totals)

    @property
    def is_empty(self) -> bool:
        return not self.total_yen and not self.without_unit and not self.other_total_yen


def budget_of(frame: Frame) -> Budget:
    """The money of the frame's year; a constant number of queries."""
    versions = frame.plans
    trees = trees_of(version.version_id for version in versions)
    measures = tuple(measures_of_year(versions, trees, lifelines_of(frame.ward)))
    outside = tuple(projects_outside_measures(versions, trees))
    projects = [*(project for row in measures for project in row.projects), *outside]
    everything = [node for version in versions for node in walk(trees[version.version_id])]
    # One measure's figure of the year before stands for the year only where every measure with money has one.
    with_money = [row for row in measures if row.yen]
    previous = [row.printed_previous_yen for row in with_money]
    known = [amount for amount in previous if amount is not None]
    return Budget(
        measures=tuple(row for row in measures if row.yen),
        measures_without_money=tuple(row for row in measures if not row.yen),
        outside=tuple(row for row in outside if row.yen),
        bodies=_by_body(projects),
        printed_totals=tuple(
            PrintedTotal(row.node, row.printed_yen, sum(project.yen or 0 for project in row.projects))
            for row in measures
            if row.printed_yen is not None and any(project.yen for project in row.projects)
        ),
        other=tuple(
            OtherMoney(node, parent)
            for parent, node in _with_parents(
                [top for version in versions for top in trees[version.version_id]]
            )
            if node.kind == ItemKind.RELATED and (node.budget_source or node.amounts)
        ),
        without_unit=tuple(
            node
            for node in everything
            if any(money.amount_yen is None and money.basis == AmountBasis.CURRENT for money in node.amounts)
        ),
        previous_total_yen=sum(known) if known and len(known) == len(with_money) and not outside else None,
    )


def _with_parents(nodes: list[Node], parent: Node | None = None) -> list[tuple[Node | None, Node]]:
    found: list[tuple[Node | None, Node]] = []
    for node in nodes:
        found.append((parent, node))
        found.extend(_with_parents(list(node.children), node))
    return found


def _by_body(projects: list[ProjectRow]) -> tuple[BodyMoney, ...]:
    names: dict[int, str] = {}
    shared: dict[int, list[ProjectRow]] = {}
    for project in projects:
        for owner in project.node.owners:
            if project.yen:
                names[owner.body_id] = owner.name
                shared.setdefault(owner.body_id, []).append(project)
    bodies = [BodyMoney(body_id, names[body_id], tuple(rows)) for body_id, rows in shared.items()]
    return tuple(sorted(bodies, key=lambda body: (-body.yen, body.name)))
