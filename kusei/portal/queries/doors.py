"""Ways in by situation of life: what is found, by which word, who does it, and what was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kusei.plans.enums import ItemKind
from kusei.plans.queries import Node
from kusei.portal.queries.browse import each_once, nodes_of_year
from kusei.portal.queries.frame import Frame
from kusei.portal.situations import SITUATIONS, Situation
from kusei.results.queries import Result, results_of
from kusei.search.phrases import words_found
from kusei.search.terms import term_text

KINDS = (ItemKind.PROJECT.value, ItemKind.ACTION.value)
ROWS_IN_A_GROUP = 40


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One project or action with the words that led to it, and what was done."""

    node: Node
    words: tuple[str, ...]
    result: Result | None


@dataclass(frozen=True, slots=True)
class DoorGroup:
    """Projects, or actions. `left_out` counts those beyond the first ones."""

    kind: str
    label: str
    rows: tuple[DoorRow, ...]
    left_out: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.left_out


@dataclass(frozen=True, slots=True)
class SituationDoor:
    """A situation with how many projects and actions of the year there are for it."""

    situation: Situation
    count: int


def situation_doors(frame: Frame) -> list[SituationDoor]:
    """Every situation, in its order; constantly many queries, however many items."""
    found = [set(held) for _node, held in _found(frame, [word for each in SITUATIONS for word in each.words])]
    return [
        SituationDoor(situation, sum(1 for held in found if held & set(situation.words)))
        for situation in SITUATIONS
    ]


def items_for(frame: Frame, situation: Situation) -> list[DoorGroup]:
    """What the year has for a situation: those whose title holds a word first, then those that hold most words."""
    held = _found(frame, situation.words)
    held.sort(key=lambda each: (-any(each[1].values()), -len(each[1])))  # stable: then in printed order
    return grouped([(node, tuple(words)) for node, words in held])


def _found(frame: Frame, words: Iterable[str]) -> list[tuple[Node, dict[str, bool]]]:
    """The year's projects and actions that hold a word, with whether it stands in the title.

    The index also holds who is responsible (高齢・障害支援課): a word that stands in such a name alone says nothing.
    """
    assert frame.fiscal_year is not None  # only years with something published have pages
    found = words_found(frame.ward, words, kinds=KINDS, fiscal_year=frame.fiscal_year)
    nodes = [node for node in _nodes(frame) if node.item_id in found]
    results = results_of({node.version_id for node in nodes}, item_ids=[node.item_id for node in nodes])
    held = []
    for node in nodes:
        result = results.get(node.item_id)
        own = [node.programme, node.text, *node.plan_bullets, result.text if result else ""]
        kept = _told_otherwise(found[node.item_id], [owner.printed_name for owner in node.owners], own)
        if kept:
            held.append((node, kept))
    return held


def _told_otherwise(held: dict[str, bool], owners: list[str], texts: list[str]) -> dict[str, bool]:
    """The words that stand in the title, or in texts and not only in the names of those responsible."""
    named = term_text("\n".join(owners))
    doubtful = {word for word, in_title in held.items() if not in_title and term_text(word) in named}
    if not doubtful:
        return held
    own = term_text("\n".join(texts))
    return {word: at for word, at in held.items() if word not in doubtful or term_text(word) in own}


def _nodes(frame: Frame) -> list[Node]:
    return [node for node in each_once(nodes_of_year(frame)) if node.kind in KINDS]


def grouped(found: list[tuple[Node, tuple[str, ...]]]) -> list[DoorGroup]:
    """By kind, projects and actions first, with what was done."""
    results = results_of(
        {node.version_id for node, _words in found}, item_ids=[node.item_id for node, _words in found]
    )
    order = [*KINDS, *(kind for kind in ItemKind.values if kind not in KINDS)]
    groups = []
    for kind in order:
        rows = [DoorRow(node, words, results.get(node.item_id)) for node, words in found if node.kind == kind]
        if rows:
            shown = tuple(rows[:ROWS_IN_A_GROUP])
            groups.append(DoorGroup(kind, str(ItemKind(kind).label), shown, len(rows) - len(shown)))
    return groups
