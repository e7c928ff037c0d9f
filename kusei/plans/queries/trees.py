"""Plan trees as plain values: what a version says, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kusei.plans.enums import AmountBasis, ItemKind, PlanKind, PlanStatus
from kusei.plans.models import ItemOwner, ItemText
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class Owner:
    """A body responsible for an item, by the name that the register gives it and the name as printed."""

    body_id: int
    name: str
    printed_name: str
    role: str


@dataclass(frozen=True, slots=True)
class Money:
    """One amount of an item. `amount_yen` is None where the document states no unit: then only `printed` counts."""

    fiscal_year: int
    basis: str
    source: str
    amount_yen: int | None
    printed: str
    printed_unit: str


@dataclass(frozen=True, slots=True)
class Node:
    """One item as one version says it, with everything under it."""

    item_id: int
    public_id: UUID
    version_id: int
    fiscal_year: int
    plan_kind: str
    kind: str
    number: str
    title: str
    text: str
    programme: str
    budget_source: str
    plan_bullets: tuple[str, ...]
    tags: tuple[str, ...]
    owners: tuple[Owner, ...]
    amounts: tuple[Money, ...]
    source_page: int | None
    source_line: int | None
    places: tuple[dict[str, Any], ...]
    depth: int
    children: tuple[Node, ...]

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.kind).label)

    @property
    def plan_kind_label(self) -> str:
        return str(PlanKind(self.plan_kind).label)

    @property
    def name(self) -> str:
        """What people call it: the programme's name where the title is a slogan beside it."""
        return self.programme or self.title

    @property
    def label(self) -> str:
        """Number and title as printed: 2 はぐくもう！ 地域の力."""
        return f"{self.number} {self.title}" if self.number else self.title

    @property
    def current_yen(self) -> int | None:
        """This year's money over all its sources; None where none is printed or its unit is unknown."""
        return _sum(money for money in self.amounts if money.basis == AmountBasis.CURRENT)

    @property
    def previous_yen(self) -> int | None:
        """The year before, as the same document prints it."""
        return _sum(money for money in self.amounts if money.basis == AmountBasis.PREVIOUS)

    @property
    def own_yen(self) -> int | None:
        """This year's money: as printed beside the item, or else the sum of what stands under it.

        Related programmes of other budgets are never part of it.
        """
        if self.current_yen is not None:
            return self.current_yen
        below = [child.own_yen for child in self.children if child.kind != ItemKind.RELATED]
        known = [amount for amount in below if amount is not None]
        return sum(known) if known else None

    @property
    def amounts_without_unit(self) -> tuple[Money, ...]:
        return tuple(money for money in self.amounts if money.amount_yen is None)

    def of_kind(self, *kinds: str) -> tuple[Node, ...]:
        """Its children of these kinds, in order."""
        return tuple(child for child in self.children if child.kind in kinds)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, depth first."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def _sum(amounts: Iterable[Money]) -> int | None:
    known = [money.amount_yen for money in amounts if money.amount_yen is not None]
    return sum(known) if known else None


def trees_of(version_ids: Iterable[int]) -> dict[int, tuple[Node, ...]]:
    """The whole tree of each version (an empty one for a version without items), in four queries whatever their size."""
    wanted = list(version_ids)
    below: dict[int, list[ItemText]] = {}
    tops: dict[int, list[ItemText]] = {version_id: [] for version_id in wanted}
    for text in _full(ItemText.objects.filter(version_id__in=wanted)).order_by("version_id", "position"):
        if text.parent_id is None:
            tops[text.version_id].append(text)
        else:
            below.setdefault(text.parent_id, []).append(text)
    return {
        version_id: tuple(_node(text, below, 0) for text in top_texts)
        for version_id, top_texts in tops.items()
    }


def latest_nodes(ward: Ward, item_ids: Iterable[int]) -> dict[int, Node]:
    """By item id, single items without what is under them, as their newest published version says; four queries."""
    texts = ItemText.objects.filter(
        ward=ward, item_id__in=list(item_ids), version__status=PlanStatus.PUBLISHED
    )
    # Later versions come later and win.
    return {text.item_id: _node(text, {}, 0) for text in _full(texts).order_by("version__number")}


def _full(texts: QuerySet[ItemText]) -> QuerySet[ItemText]:
    owners = Prefetch("owners", ItemOwner.objects.select_related("body"))
    return texts.select_related("item", "version__plan").prefetch_related("tags", "amounts", owners)


def _node(text: ItemText, below: dict[int, list[ItemText]], depth: int) -> Node:
    return Node(
        item_id=text.item_id,
        public_id=text.item.public_id,
        version_id=text.version_id,
        fiscal_year=text.version.plan.fiscal_year,
        plan_kind=text.version.plan.kind,
        kind=text.kind,
        number=text.number,
        title=text.title,
        text=text.text,
        programme=text.programme,
        budget_source=text.budget_source,
        plan_bullets=tuple(text.plan_bullets),
        tags=tuple(tag.name for tag in text.tags.all()),
        owners=tuple(
            Owner(owner.body_id, owner.body.name, owner.printed_name, owner.role)
            for owner in text.owners.all()
        ),
        amounts=tuple(
            Money(
                money.fiscal_year,
                money.basis,
                money.source,
                money.amount_yen,
                money.printed,
                money.printed_unit,
            )
            for money in text.amounts.all()
        ),
        source_page=text.source_page,
        source_line=text.source_line,
        places=tuple(text.places),
        depth=depth,
        children=tuple(_node(child, below, depth + 1) for child in below.get(text.pk, ())),
    )
