"""Plan trees as plain values: what a version says, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from kusei.plans.enums import AmountBasis, ItemKind, PlanKind, PlanStatus
from kusei.plans.models import ItemAmount, ItemOwner, ItemText
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
    texts = ItemText.objects.filter(version_id__in=wanted)
    rows, parts = _rows(texts.order_by("version_id", "position")), _Parts(texts)
    below: dict[int | None, list[_Row]] = {}
    tops: dict[int, list[_Row]] = {version_id: [] for version_id in wanted}
    for row in rows:
        if row.parent_id is None:
            tops[row.version_id].append(row)
        else:
            below.setdefault(row.parent_id, []).append(row)

    def node(row: _Row, depth: int) -> Node:
        return _node(row, parts, depth, tuple(node(child, depth + 1) for child in below.get(row.pk, ())))

    return {version_id: tuple(node(row, 0) for row in top_rows) for version_id, top_rows in tops.items()}


def latest_nodes(ward: Ward, item_ids: Iterable[int]) -> dict[int, Node]:
    """By item id, single items without what is under them, as their newest published version says; four queries."""
    texts = ItemText.objects.filter(
        ward=ward, item_id__in=list(item_ids), version__status=PlanStatus.PUBLISHED
    )
    rows, parts = _rows(texts.order_by("version__number")), _Parts(texts)
    return {row.item_id: _node(row, parts, 0, ()) for row in rows}  # later versions come later and win


class _Row(NamedTuple):
    """One text with its item and plan: plain columns, since a page reads hundreds and needs no model of any."""

    pk: int
    parent_id: int | None
    version_id: int
    item_id: int
    item__public_id: UUID
    version__plan__fiscal_year: int
    version__plan__kind: str
    kind: str
    number: str
    title: str
    text: str
    programme: str
    budget_source: str
    plan_bullets: list[str]
    source_page: int | None
    source_line: int | None
    places: list[dict[str, Any]]


def _rows(texts: QuerySet[ItemText]) -> list[_Row]:
    return [_Row._make(values) for values in texts.values_list(*_Row._fields)]


class _Parts:
    """What stands in tables of its own, by text id and in printed order; three queries."""

    def __init__(self, texts: QuerySet[ItemText]) -> None:
        self.tags: dict[int, list[str]] = {}
        self.owners: dict[int, list[Owner]] = {}
        self.amounts: dict[int, list[Money]] = {}
        wanted = texts.order_by().values("pk")
        tags = ItemText.tags.through.objects.filter(itemtext__in=wanted).order_by("tag__name")
        for text_id, name in tags.values_list("itemtext_id", "tag__name"):
            self.tags.setdefault(text_id, []).append(name)
        owners = ItemOwner.objects.filter(text__in=wanted).order_by("position")
        for text_id, body_id, name, printed_name, role in owners.values_list(
            "text_id", "body_id", "body__name", "printed_name", "role"
        ):
            self.owners.setdefault(text_id, []).append(Owner(body_id, name, printed_name, role))
        amounts = ItemAmount.objects.filter(text__in=wanted).order_by("fiscal_year", "basis", "pk")
        for text_id, fiscal_year, basis, source, amount_yen, printed, unit in amounts.values_list(
            "text_id", "fiscal_year", "basis", "source", "amount_yen", "printed", "printed_unit"
        ):
            self.amounts.setdefault(text_id, []).append(
                Money(fiscal_year, basis, source, amount_yen, printed, unit)
            )


def _node(row: _Row, parts: _Parts, depth: int, children: tuple[Node, ...]) -> Node:
    return Node(
        item_id=row.item_id,
        public_id=row.item__public_id,
        version_id=row.version_id,
        fiscal_year=row.version__plan__fiscal_year,
        plan_kind=row.version__plan__kind,
        kind=row.kind,
        number=row.number,
        title=row.title,
        text=row.text,
        programme=row.programme,
        budget_source=row.budget_source,
        plan_bullets=tuple(row.plan_bullets),
        tags=tuple(parts.tags.get(row.pk, ())),
        owners=tuple(parts.owners.get(row.pk, ())),
        amounts=tuple(parts.amounts.get(row.pk, ())),
        source_page=row.source_page,
        source_line=row.source_line,
        places=tuple(row.places),
        depth=depth,
        children=children,
    )
