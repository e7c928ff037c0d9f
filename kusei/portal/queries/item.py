"""The page of one item: what it is, its money and its life through the years, what was planned and done, its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from kusei.documents.corrections import Correction
from kusei.documents.corrections import corrections_of as corrections_of_document
from kusei.documents.queries import Document, documents_of_versions
from kusei.plans.enums import AmountBasis, ItemKind, LinkKind
from kusei.plans.queries import (
    ItemSpot,
    LinkedItem,
    Node,
    latest_nodes,
    lifelines_of,
    links_of,
    spot_of_item,
    walk,
)
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.item_years import YearMoney, YearStory, year_stories
from kusei.portal.queries.results import bodies_of_corrections
from kusei.results.queries import (
    AnsweredResult,
    Result,
    ResultCorrection,
    Trend,
    answered_result,
    corrections_of,
    results_of,
    trends_of,
)


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One plan's word on the same thing. `is_automatic`: joined by name alone, nobody looked."""

    node: Node
    is_here: bool
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class LifeYear:
    """All that one fiscal year says."""

    fiscal_year: int
    steps: tuple[LifeStep, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with what was done. `is_automatic`: the link to the project was confirmed by name alone."""

    node: Node
    result: Result | None
    is_automatic: bool = False

    @property
    def planned(self) -> tuple[str, ...]:
        return self.node.plan_bullets or (self.node.title,)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """What the page shows. `children` leaves out related programmes and actions, which have their own parts."""

    spot: ItemSpot
    life: tuple[LifeYear, ...]
    money: tuple[YearMoney, ...]
    result: Result | None
    own_actions: tuple[ActionRow, ...]
    linked_actions: tuple[ActionRow, ...]
    carried_out: tuple[LifeStep, ...]
    document: Document | None
    corrections: tuple[Correction, ...] = ()
    result_corrections: tuple[ResultCorrection, ...] = ()
    trends: Mapping[tuple[int, int], Trend] = field(default_factory=dict)
    years: tuple[YearStory, ...] = ()
    answered: AnsweredResult | None = None
    answering: Mapping[int, str] = field(default_factory=dict)

    @property
    def node(self) -> Node:
        return self.spot.node

    @property
    def parts(self) -> tuple[Node, ...]:
        shown_apart = (ItemKind.RELATED, ItemKind.ACTION)
        return tuple(child for child in self.node.children if child.kind not in shown_apart)

    @property
    def has_life(self) -> bool:
        """Whether there is more to tell than this one page."""
        return sum(len(year.steps) for year in self.life) > 1

    @property
    def has_main(self) -> bool:
        """Whether anything stands in the main column below the facts."""
        lists = (self.parts, self.own_actions, self.linked_actions, self.carried_out, self.related)
        return bool(
            self.result
            or len(self.money) > 1
            or self.years
            or any(lists)
            or self.node.kind == ItemKind.ACTION
        )

    @property
    def budget_twin(self) -> Node | None:
        """The same thing in another plan of the year that prints its money, where this plan prints none."""
        if self.node.own_yen is not None:
            return None
        steps = (
            step for year in self.life if year.fiscal_year == self.node.fiscal_year for step in year.steps
        )
        return next((step.node for step in steps if step.node.current_yen is not None), None)

    @property
    def has_own_results(self) -> bool:
        """Whether the document that plans its actions also reports on them."""
        return any(action.result for action in self.own_actions)

    @property
    def related(self) -> tuple[Node, ...]:
        return self.node.of_kind(ItemKind.RELATED)

    @property
    def neighbours(self) -> tuple[Node | None, Node | None]:
        """The items of the same kind before and after it under the same parent."""
        parent = self.spot.path[-2] if len(self.spot.path) > 1 else None
        among = [
            each for each in (parent.children if parent else self.spot.tree) if each.kind == self.node.kind
        ]
        place = next(at for at, each in enumerate(among) if each.item_id == self.node.item_id)
        before = among[place - 1] if place else None
        after = among[place + 1] if place + 1 < len(among) else None
        return before, after


def item_page(frame: Frame, public_id: UUID) -> ItemPage | None:
    """None if this ward has published no such item. A constant number of queries."""
    ward = frame.ward
    spot = spot_of_item(ward, public_id)
    if spot is None:
        return None
    node = spot.node
    lifeline = lifelines_of(ward).get(node.item_id)
    same_ids = lifeline.item_ids if lifeline else frozenset({node.item_id})
    automatic = lifeline.automatic if lifeline else frozenset()
    below = [each.item_id for each in walk(node.children)]
    implementing = links_of(ward, [*same_ids, *below], kind=LinkKind.IMPLEMENTS)
    others = latest_nodes(ward, {*same_ids, *(link.other_id for link in implementing)})
    same = {item_id: others[item_id] for item_id in same_ids if item_id in others} | {node.item_id: node}
    action_ids = [link.other_id for link in implementing if not link.is_outgoing]
    own_action_ids = [each.item_id for each in node.of_kind(ItemKind.ACTION)]
    version_ids = {
        node.version_id,
        *(others[action_id].version_id for action_id in action_ids if action_id in others),
    }
    results = results_of(version_ids, item_ids=[node.item_id, *action_ids, *own_action_ids])
    document = documents_of_versions(ward, [node.version_id]).get(node.version_id)
    corrected = (
        corrections_of_document(document, list(walk(spot.tree)), only=node.item_id) if document else {}
    )
    linked = _linked_actions(node, implementing, others, results, set(below))
    shown = {each.node.item_id: each.result for each in linked if each.result}
    shown |= {item_id: results[item_id] for item_id in (node.item_id, *own_action_ids) if item_id in results}
    money = _money(list(same.values()))
    same_plan = [each for each in frame.versions if each.plan_id == frame.version(node.version_id).plan_id]
    result_corrections = corrections_of(same_plan, item_ids=[node.item_id])
    return ItemPage(
        spot=spot,
        life=_life(list(same.values()), node, automatic),
        money=money,
        result=results.get(node.item_id),
        own_actions=tuple(
            ActionRow(each, results.get(each.item_id)) for each in node.of_kind(ItemKind.ACTION)
        ),
        linked_actions=linked,
        carried_out=tuple(
            LifeStep(others[link.other_id], False, link.is_automatic)
            for link in implementing
            if link.is_outgoing and link.item_id == node.item_id and link.other_id in others
        ),
        document=document,
        corrections=corrected.get(node.item_id, ()),
        result_corrections=result_corrections.get(node.item_id, ()),
        answered=answered_result(results.get(node.item_id), same_plan),
        answering=bodies_of_corrections(result_corrections),
        trends=trends_of(ward, frame.versions, shown),
        years=year_stories(
            frame,
            node,
            same,
            money,
            [
                (others[each], results[each])
                for each in dict.fromkeys(action_ids)
                if each in others and each in results
            ],
        )
        if len({each.fiscal_year for each in same.values()}) > 1
        else (),
    )


def _life(nodes: list[Node], here: Node, automatic: frozenset[int]) -> tuple[LifeYear, ...]:
    years: dict[int, list[LifeStep]] = {}
    for node in sorted(nodes, key=lambda each: (each.fiscal_year, each.plan_kind != "policy", each.item_id)):
        step = LifeStep(node, node.item_id == here.item_id, node.item_id in automatic)
        years.setdefault(node.fiscal_year, []).append(step)
    return tuple(LifeYear(year, tuple(steps)) for year, steps in years.items())


def _money(nodes: list[Node]) -> tuple[YearMoney, ...]:
    """One amount a year: that of the year's own plan, or else what the next year's budget prints as the year before."""
    current: dict[int, int] = {}
    before: dict[int, int] = {}
    for node in nodes:
        if node.own_yen is not None:
            current.setdefault(node.fiscal_year, node.own_yen)
        for money in node.amounts:
            if money.basis == AmountBasis.PREVIOUS and money.amount_yen is not None:
                before[money.fiscal_year] = before.get(money.fiscal_year, 0) + money.amount_yen
    return tuple(
        YearMoney(year, current.get(year, before.get(year, 0)), year not in current)
        for year in sorted({*current, *before})
    )


def _linked_actions(
    here: Node,
    links: list[LinkedItem],
    nodes: dict[int, Node],
    results: dict[int, Result],
    below: set[int],
) -> tuple[ActionRow, ...]:
    """Actions that carry out this item, a part of it, or the same thing in another plan of its year; each once."""
    same_year = {here.item_id, *below} | {
        item_id for item_id, node in nodes.items() if node.fiscal_year == here.fiscal_year
    }
    rows: dict[int, ActionRow] = {}
    for link in links:
        node = nodes.get(link.other_id)
        if link.is_outgoing or node is None or link.item_id not in same_year:
            continue
        rows.setdefault(node.item_id, ActionRow(node, results.get(node.item_id), link.is_automatic))
    return tuple(
        sorted(
            rows.values(),
            key=lambda row: (
                row.node.fiscal_year,
                row.node.source_page or 0,
                row.node.source_line or 0,
                row.node.item_id,
            ),
        )
    )
