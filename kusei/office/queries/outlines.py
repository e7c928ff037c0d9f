"""A draft as the office sees it: an outline with money, sums, owners and the state of each item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from kusei.documents.queries import PAGES_AT_ONCE, documents_of_versions
from kusei.japanese.folding import fold_name
from kusei.plans.draft_fields import Vocabulary
from kusei.plans.drafting import Row, Sum, Tree, running_sums
from kusei.plans.enums import AmountBasis, ItemKind, PlanStatus, ReviewState
from kusei.plans.models import Comment, PlanVersion
from kusei.plans.permissions import may_edit_item
from kusei.wards import operations as wards
from kusei.wards.models import Ward
from kusei.wards.permissions import Rights

KEPT_IN_ADDRESS = ("q", "body", "kind", "state", "wrong", "mine", "level", "fold")
"""What the outline's address holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the outline's address asks for. `fold` are the rows that stand otherwise than `level` says."""

    words: str = ""
    body: int | None = None
    kind: str = ""
    state: str = ""
    only_wrong: bool = False
    only_mine: bool = False
    level: int = 0
    fold: frozenset[int] = frozenset()

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.body or self.kind or self.state or self.only_wrong or self.only_mine)

    @classmethod
    def from_address(cls, given: Mapping[str, str]) -> Asked:
        """Whatever does not make sense is left out."""
        kind, state = given.get("kind", ""), given.get("state", "")
        return cls(
            words=given.get("q", "").strip()[:100],
            body=_number(given.get("body", "")),
            kind=kind if kind in ItemKind.values else "",
            state=state if state in {*ReviewState.values, "open"} else "",
            only_wrong=given.get("wrong", "") == "1",
            only_mine=given.get("mine", "") == "1",
            level=_number(given.get("level", "")) or 0,
            fold=frozenset(int(each) for each in given.get("fold", "").split(".") if _number(each)),
        )


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One line of the outline. `is_context`: it stands there only because something below it was asked for."""

    row: Row
    depth: int
    has_children: bool
    is_folded: bool
    is_hidden: bool
    is_context: bool
    may_edit: bool
    is_planner: bool
    current_yen: int | None
    previous_yen: int | None
    sum: Sum | None
    comments: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The rows to show, and how many there are of what."""

    rows: tuple[OutlineRow, ...]
    total: int
    found: int
    wrong_sums: int
    total_yen: int


def vocabulary_of(version: PlanVersion) -> Vocabulary:
    """What is needed to read typed names and money in this draft; two queries."""
    known = wards.known_bodies(version.ward)
    return Vocabulary(
        fiscal_year=version.plan.fiscal_year,
        names={body.pk: body.name for body in known.values()},
        known={name: body.pk for name, body in known.items()},
    )


def outline_of(tree: Tree, ward: Ward, rights: Rights, asked: Asked) -> Outline:
    """The draft's rows as asked for, in order; one query for the comments."""
    sums = {each.item: each for each in running_sums(tree)}
    wrong = {item for item, each in sums.items() if each.difference}
    comments = open_comments(ward, tree)
    found = _found(tree, asked, rights, ward, wrong)
    shown = found | {above.item for item in found for above in tree.above(item)} if asked.narrows else None
    rows = []
    owners: dict[int | None, frozenset[int]] = {None: frozenset()}
    depths: dict[int | None, int] = {None: -1}
    closed: dict[int | None, bool] = {None: False}
    may: dict[frozenset[int], bool] = {}
    for row in tree.rows:
        depths[row.item] = depth = depths[row.parent] + 1
        owners[row.item] = mine = owners[row.parent] | {owner.body for owner in row.owners}
        if mine not in may:
            may[mine] = bool(may_edit_item(rights, ward, mine))
        has_children = bool(tree.children(row.item))
        is_shut = has_children and is_folded(row.item, depth, asked)
        is_hidden = closed[row.parent]
        closed[row.item] = is_hidden or is_shut
        if shown is not None and row.item not in shown:
            continue
        rows.append(
            OutlineRow(
                row=row,
                depth=depth,
                has_children=has_children,
                is_folded=is_shut,
                is_hidden=is_hidden,
                is_context=shown is not None and row.item not in found,
                may_edit=may[mine],
                is_planner=rights.has(ward, "planner"),
                current_yen=row.current_yen,
                previous_yen=_previous(row),
                sum=sums.get(row.item),
                comments=comments.get(row.item, 0),
            )
        )
    return Outline(
        rows=tuple(rows),
        total=len(tree.rows),
        found=len(found),
        wrong_sums=len(wrong),
        total_yen=_total(tree),
    )


def open_comments(ward: Ward, tree: Tree) -> dict[int, int]:
    """By item of the tree, how many comments are not settled."""
    rows = Comment.objects.filter(ward=ward, settled_at__isnull=True).order_by()
    counts = dict(rows.values_list("item_id").annotate(total=Count("pk")))
    return {item: total for item, total in counts.items() if item in tree}


def _found(tree: Tree, asked: Asked, rights: Rights, ward: Ward, wrong: set[int]) -> set[int]:
    if not asked.narrows:
        return {row.item for row in tree.rows}
    words = [fold_name(word) for word in asked.words.split()]
    bodies = rights.bodies_in(ward)
    found = set()
    for row in tree.rows:
        if asked.kind and row.kind != asked.kind:
            continue
        if asked.state and not _stands_at(row, asked.state):
            continue
        if asked.only_wrong and row.item not in wrong:
            continue
        if asked.body and asked.body not in tree.owner_bodies(row.item):
            continue
        if asked.only_mine and not bodies & tree.owner_bodies(row.item):
            continue
        if words:
            text = fold_name(" ".join((row.number, row.title, row.text, row.programme, *row.plan_bullets)))
            if not all(word in text for word in words):
                continue
        found.add(row.item)
    return found


def _stands_at(row: Row, state: str) -> bool:
    if state == "open":
        return row.review in {ReviewState.WORKING, ReviewState.SUBMITTED, ReviewState.RETURNED}
    return row.review == state


def is_folded(item: int, depth: int, asked: Asked) -> bool:
    """Whether what stands under an item is hidden; a narrowed outline hides nothing."""
    if asked.narrows:
        return False
    return (asked.level > 0 and depth >= asked.level - 1) != (item in asked.fold)


def _previous(row: Row) -> int | None:
    known = [each.yen for each in row.money if each.basis == AmountBasis.PREVIOUS and each.yen is not None]
    return sum(known) if known else None


def _total(tree: Tree) -> int:
    """This year's money of the plan: of each branch what its highest row with money says."""
    total = 0
    told: set[int | None] = set()
    for row in tree.rows:
        if row.parent in told:
            told.add(row.item)
        elif row.kind != ItemKind.RELATED and row.current_yen is not None:
            total += row.current_yen
            told.add(row.item)
    return total


@dataclass(frozen=True, slots=True)
class ReadFrom:
    """Where an item was read: words for the place, and the part of the address behind the document's own."""

    title: str
    document_id: int
    page: int | None
    line: int
    tail: str


def read_from(version: PlanVersion, row: Row) -> list[ReadFrom]:
    """The lines of published documents that an item was made of; of the newest document up to the draft's base."""
    if not row.line and not row.places:
        return []
    versions = PlanVersion.objects.filter(
        plan_id=version.plan_id, status=PlanStatus.PUBLISHED, number__lte=version.number
    )
    numbers = dict(versions.values_list("pk", "number"))
    documents = documents_of_versions(version.ward, numbers)
    if not documents:
        return []
    document = documents[max(documents, key=lambda each: numbers[each])]
    pieces: Iterable[dict[str, Any]] = row.places or ({"page": row.page, "line": row.line},)
    spots = dict.fromkeys(
        (each.get("page"), each["line"]) for each in pieces if isinstance(each.get("line"), int)
    )
    return [
        ReadFrom(document.name, document.document_id, page, line, _tail(page, line)) for page, line in spots
    ]


def _tail(page: int | None, line: int) -> str:
    number = page or 1
    return f"{f'?page={number}' if number > PAGES_AT_ONCE else ''}#p{number}-l{line}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
