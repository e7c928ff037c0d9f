"""The measures of a year with their projects, joined from the policy and the budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

from kusei.japanese.folding import fold_name
from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.queries import Lifeline, Node, PublishedVersion, walk

# The plans whose measures are the ward's themes; an action plan's measures are sentences of its table.
_THEMED = (PlanKind.POLICY.value, PlanKind.BUDGET.value, PlanKind.OTHER.value)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project of a year. `node` is the budget's item where there is one, `others` the same thing in other plans."""

    node: Node
    others: tuple[Node, ...] = ()

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag for each in (self.node, *self.others) for tag in each.tags))

    @property
    def text(self) -> str:
        return next((each.text for each in (self.node, *self.others) if each.text), "")

    @property
    def yen(self) -> int | None:
        return next((each.own_yen for each in (self.node, *self.others) if each.own_yen is not None), None)

    @property
    def previous_yen(self) -> int | None:
        return next(
            (each.previous_yen for each in (self.node, *self.others) if each.previous_yen is not None), None
        )


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of a year: the policy's item where there is one. `group` is the heading it stands under, if any;
    `goal` the aim it serves, told only where the year has several."""

    node: Node
    group: str = ""
    goal: Node | None = None
    others: tuple[Node, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    share: float | None = field(default=None)

    @property
    def text(self) -> str:
        return next((each.text for each in (self.node, *self.others) if each.text), "")

    @property
    def first_sentence(self) -> str:
        """One line for a door."""
        return self.text.split("。")[0] + "。" if "。" in self.text else self.text

    @property
    def yen(self) -> int | None:
        """The sum of its projects' money, or what is printed beside the measure itself."""
        known = [project.yen for project in self.projects if project.yen is not None]
        return sum(known) if known else self.printed_yen

    @property
    def printed_yen(self) -> int | None:
        return next(
            (each.current_yen for each in (self.node, *self.others) if each.current_yen is not None), None
        )

    @property
    def printed_previous_yen(self) -> int | None:
        return next(
            (each.previous_yen for each in (self.node, *self.others) if each.previous_yen is not None), None
        )

    @property
    def action_count(self) -> int:
        return sum(1 for each in walk(self.node.children) if each.kind == ItemKind.ACTION)


def measures_of_year(
    versions: Iterable[PublishedVersion],
    trees: dict[int, tuple[Node, ...]],
    lifelines: dict[int, Lifeline],
) -> list[MeasureRow]:
    """The year's measures in printed order, each once: those of the policy first, then what only the budget has.

    Two measures (or projects) are one where a confirmed link joins them or their names are equal after folding.
    """
    themed = sorted(
        (version for version in versions if version.kind in _THEMED),
        key=lambda version: _THEMED.index(version.kind),
    )
    rows: list[MeasureRow] = []
    several = any(len(_goals(trees[version.version_id])) > 1 for version in themed)
    for version in themed:
        aims = _aims_of_measures(trees[version.version_id]) if several else {}
        for node, group in _measures_in(trees[version.version_id], ""):
            place = next((at for at, row in enumerate(rows) if _same(row.node, node, lifelines)), None)
            if place is None:
                row = MeasureRow(node=node, group=group, goal=aims.get(node.item_id))
                rows.append(_with_projects(row, lifelines))
            else:
                joined = replace(rows[place], others=(*rows[place].others, node))
                rows[place] = _with_projects(joined, lifelines)
    rows = _by_number(rows)
    total = sum(row.yen or 0 for row in rows)
    with_money = sum(1 for row in rows if row.yen)
    if with_money < 2:
        return rows
    return [replace(row, share=row.yen / total if row.yen else None) for row in rows]


def _by_number(rows: list[MeasureRow]) -> list[MeasureRow]:
    """Numbered measures by their number, since leaflets print them in any order on the page; others stay where they are.

    Only within one group, and only where every measure of it has a number of its own.
    """
    ordered: list[MeasureRow] = []
    for _group, members in groupby(
        rows, key=lambda row: (row.goal.item_id if row.goal else 0, row.group, row.node.version_id)
    ):
        group = list(members)
        numbers = [row.node.number for row in group]
        if all(number.isdecimal() for number in numbers) and len(set(numbers)) == len(numbers):
            group.sort(key=lambda row: int(row.node.number))
        ordered.extend(group)
    return ordered


def focuses_of_year(
    versions: Iterable[PublishedVersion], trees: dict[int, tuple[Node, ...]]
) -> list[MeasureRow]:
    """The headings of the year's action plans (行動計画), in printed order."""
    return [
        MeasureRow(node=node)
        for version in versions
        for node in walk(trees[version.version_id])
        if node.kind == ItemKind.FOCUS
    ]


def projects_outside_measures(
    versions: Iterable[PublishedVersion], trees: dict[int, tuple[Node, ...]]
) -> list[ProjectRow]:
    """Projects of policies and budgets that stand under no measure."""
    return [
        ProjectRow(node=node)
        for version in versions
        if version.kind in _THEMED
        for node in _outside(trees[version.version_id])
    ]


def _outside(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        if node.kind == ItemKind.PROJECT:
            yield node
        elif node.kind != ItemKind.MEASURE:
            yield from _outside(node.children)


def _goals(tree: Iterable[Node]) -> list[Node]:
    return [node for node in walk(tree) if node.kind == ItemKind.GOAL]


def _aims_of_measures(tree: Iterable[Node]) -> dict[int, Node]:
    """By a measure's item id, the aim that it stands under."""
    return {node.item_id: goal for goal in _goals(tree) for node in walk(goal.children)}


def _measures_in(nodes: Iterable[Node], group: str) -> Iterable[tuple[Node, str]]:
    """The innermost measures, each with the title of the measure around it."""
    for node in nodes:
        if node.kind != ItemKind.MEASURE:
            yield from _measures_in(node.children, group)
        elif any(child.kind == ItemKind.MEASURE for child in node.children):
            yield from _measures_in(node.children, node.label)
        else:
            yield node, group


def _with_projects(row: MeasureRow, lifelines: dict[int, Lifeline]) -> MeasureRow:
    projects: list[ProjectRow] = []
    # The budget lists all projects, the policy a choice of them: the budget's order leads.
    measures = sorted((row.node, *row.others), key=lambda each: each.plan_kind != PlanKind.BUDGET)
    for node in (project for each in measures for project in each.of_kind(ItemKind.PROJECT)):
        place = next(
            (
                at
                for at, known in enumerate(projects)
                if known.node.version_id != node.version_id and _same(known.node, node, lifelines)
            ),
            None,
        )
        if place is None:
            projects.append(ProjectRow(node=node))
        else:
            known = projects[place]
            ordered = sorted(
                (known.node, *known.others, node), key=lambda each: each.plan_kind != PlanKind.BUDGET
            )
            projects[place] = ProjectRow(node=ordered[0], others=tuple(ordered[1:]))
    return replace(row, projects=tuple(projects))


def _same(one: Node, other: Node, lifelines: dict[int, Lifeline]) -> bool:
    line = lifelines.get(one.item_id)
    if line and other.item_id in line.item_ids:
        return True
    return bool(names_of(one) & names_of(other))


def names_of(node: Node) -> set[str]:
    """The folded names under which an item may be met again."""
    return {fold_name(name) for name in (node.title, node.programme) if name}
