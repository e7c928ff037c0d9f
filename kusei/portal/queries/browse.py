"""Ways through a year: by body and by tag."""

from __future__ import annotations

from dataclasses import dataclass

from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.queries import Node, trees_of, walk
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.measures import names_of
from kusei.results.queries import Result, results_of

# Kinds that stand for themselves in a list; parts of a project are reached through it.
_LISTED = (ItemKind.PROJECT, ItemKind.ACTION, ItemKind.DIVISION, ItemKind.RELATED, ItemKind.ORGANISATION)


@dataclass(frozen=True, slots=True)
class BodyEntry:
    """A body with how much of the year stands beside its name."""

    body_id: int
    name: str
    projects: int
    actions: int


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Items of one kind."""

    kind: str
    label: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class TagEntry:
    """A tag with the number of items that carry it."""

    name: str
    count: int


def bodies_of_year(frame: Frame) -> list[BodyEntry]:
    """Everybody responsible for something in the year, those with most first."""
    names: dict[int, str] = {}
    projects: dict[int, int] = {}
    actions: dict[int, int] = {}
    for node in nodes_of_year(frame):
        for owner in node.owners:
            names[owner.body_id] = owner.name
            counts = (
                actions
                if node.kind == ItemKind.ACTION
                else projects
                if node.kind == ItemKind.PROJECT
                else None
            )
            if counts is not None:
                counts[owner.body_id] = counts.get(owner.body_id, 0) + 1
    entries = [
        BodyEntry(body_id, name, projects.get(body_id, 0), actions.get(body_id, 0))
        for body_id, name in names.items()
    ]
    return sorted(entries, key=lambda entry: (-(entry.projects + entry.actions), entry.name))


def items_of_body(frame: Frame, body_id: int) -> list[ItemGroup]:
    """What a body is responsible for in the year, by kind."""
    return _grouped(
        [node for node in nodes_of_year(frame) if any(owner.body_id == body_id for owner in node.owners)]
    )


def tags_of_year(frame: Frame) -> list[TagEntry]:
    """The tags of the year, most used first."""
    tagged: dict[str, list[Node]] = {}
    for node in nodes_of_year(frame):
        for tag in node.tags:
            tagged.setdefault(tag, []).append(node)
    counts = {tag: len(each_once(nodes)) for tag, nodes in tagged.items()}
    return [
        TagEntry(name, count) for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def items_with_tag(frame: Frame, name: str) -> list[ItemGroup]:
    """The year's items that carry a tag, by kind."""
    return _grouped(each_once([node for node in nodes_of_year(frame) if name in node.tags]))


def results_for(groups: list[ItemGroup]) -> dict[int, Result]:
    """By item id, the results of the actions in these groups."""
    nodes = [node for group in groups for node in group.nodes]
    return results_of({node.version_id for node in nodes}, item_ids=[node.item_id for node in nodes])


def nodes_of_year(frame: Frame) -> list[Node]:
    """Every item of the plans in force in the year, in printed order."""
    trees = trees_of(version.version_id for version in frame.plans)
    return [node for version in frame.plans for node in walk(trees[version.version_id])]


def each_once(nodes: list[Node]) -> list[Node]:
    """A project that policy and budget both name counts once: as the budget says it, since that has the money."""
    budgeted = {
        name
        for node in nodes
        if node.kind == ItemKind.PROJECT and node.plan_kind == PlanKind.BUDGET
        for name in names_of(node)
    }
    return [
        node
        for node in nodes
        if node.kind != ItemKind.PROJECT or node.plan_kind == PlanKind.BUDGET or not names_of(node) & budgeted
    ]


def _grouped(nodes: list[Node]) -> list[ItemGroup]:
    order = [kind.value for kind in _LISTED] + [kind for kind in ItemKind.values if kind not in _LISTED]
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault(node.kind, []).append(node)
    return [
        ItemGroup(kind, str(ItemKind(kind).label), tuple(groups[kind])) for kind in order if kind in groups
    ]
