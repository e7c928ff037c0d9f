"""Confirmed links between items. Proposals are for the office: nothing here reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kusei.japanese.fiscal_year import wareki_year
from kusei.plans.enums import ItemKind, LinkKind, LinkStatus, PlanKind, PlanStatus
from kusei.plans.models import ItemText, Link
from kusei.wards.models import Ward

_SAME_THING = (LinkKind.CONTINUES, LinkKind.FUNDS)


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """One confirmed link as seen from `item_id`. `is_outgoing`: read "item_id KIND other_id"."""

    item_id: int
    other_id: int
    kind: str
    is_outgoing: bool
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class Lifeline:
    """The items that are one thing through years and plans (joined by continues and funds).

    `automatic` holds the ids of members that are only reached over a link which nobody but the system decided.
    """

    item_ids: frozenset[int]
    automatic: frozenset[int]


def links_of(ward: Ward, item_ids: Iterable[int], *, kind: str) -> list[LinkedItem]:
    """Confirmed links of one kind that start or end at one of the items, seen from the item.

    What splitting and merging left behind in a draft is no link before that draft is published.
    """
    wanted = set(item_ids)
    rows = (
        Link.objects.filter(ward=ward, status=LinkStatus.CONFIRMED, kind=kind)
        .filter(Q(draft=None) | Q(draft__status=PlanStatus.PUBLISHED))
        .filter(Q(from_item__in=wanted) | Q(to_item__in=wanted))
        .order_by("id")
        .values_list("from_item_id", "to_item_id", "is_automatic")
    )
    found = []
    for start, end, is_automatic in rows:
        if start in wanted:
            found.append(LinkedItem(start, end, kind, True, is_automatic))
        if end in wanted:
            found.append(LinkedItem(end, start, kind, False, is_automatic))
    return found


def lifelines_of(ward: Ward) -> dict[int, Lifeline]:
    """By item id, the lifeline it belongs to; items without a link are left out. One query for the whole ward.

    ASSUMPTION: a ward has thousands of such links, not millions; they are joined in memory.
    """
    rows = list(
        Link.objects.filter(ward=ward, status=LinkStatus.CONFIRMED, kind__in=_SAME_THING)
        .order_by("id")
        .values_list("from_item_id", "to_item_id", "is_automatic")
    )
    groups = _joined((start, end) for start, end, _automatic in rows)
    decided: set[int] = set()
    for start, end, is_automatic in rows:
        if not is_automatic:
            decided.update((start, end))
    lines: dict[int, Lifeline] = {}
    for members in groups:
        line = Lifeline(item_ids=frozenset(members), automatic=frozenset(members - decided))
        for member in members:
            lines[member] = line
    return lines


def one_by_one_back(ward: Ward, item_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """By item, what it continues, the newest first, as long as one continues one: where a thing was split or merged, the
    line ends. Published links only, one query for the whole ward."""
    back: dict[int, set[int]] = {}
    on: dict[int, set[int]] = {}
    rows = Link.objects.filter(ward=ward, status=LinkStatus.CONFIRMED, kind=LinkKind.CONTINUES).filter(
        Q(draft=None) | Q(draft__status=PlanStatus.PUBLISHED)
    )
    for newer, older in rows.values_list("from_item_id", "to_item_id"):
        back.setdefault(newer, set()).add(older)
        on.setdefault(older, set()).add(newer)
    found = {}
    for item_id in item_ids:
        line: list[int] = []
        here = item_id
        while len(back.get(here, ())) == 1:
            (older,) = back[here]
            if len(on[older]) > 1 or older in line or older == item_id:
                break
            line.append(older)
            here = older
        found[item_id] = tuple(line)
    return found


def _joined(pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The connected groups of a graph."""
    group_of: dict[int, set[int]] = {}
    for start, end in pairs:
        one, other = group_of.get(start, {start}), group_of.get(end, {end})
        if one is other:
            continue
        merged = one | other
        for member in merged:
            group_of[member] = merged
    return list({id(group): group for group in group_of.values()}.values())


def links_to_decide(
    ward: Ward, *, status: str, plan_id: int | None = None, kind: str = "", least: int = 0
) -> QuerySet[Link]:
    """Links between items at one point of deciding, the surest first; for the office. `least` is a confidence in percent.
    What splitting and merging left behind is no proposal of anybody."""
    found = Link.objects.filter(ward=ward, status=status, confidence_percent__gte=least).exclude(
        kind__in=[LinkKind.SPLIT, LinkKind.MERGED]
    )
    if plan_id is not None:
        found = found.filter(Q(from_item__plan=plan_id) | Q(to_item__plan=plan_id))
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("decided_by").order_by("-confidence_percent", "pk")


@dataclass(frozen=True, slots=True)
class Spot:
    """An item as its newest published version says it, with the titles of what stands above it, from the top."""

    item_id: int
    title: str
    number: str
    kind_label: str
    plan_label: str
    above: tuple[str, ...]


def spots_of(ward: Ward, item_ids: Iterable[int]) -> dict[int, Spot]:
    """By item id, where items stand; a few queries for any number (one a level of the tree)."""
    newest: dict[int, ItemText] = {}
    rows = ItemText.objects.filter(
        ward=ward, item_id__in=list(item_ids), version__status=PlanStatus.PUBLISHED
    ).select_related("version__plan")
    for text in rows.order_by("version__number"):
        newest[text.item_id] = text
    known: dict[int, ItemText] = {}
    wanted = {text.parent_id for text in newest.values() if text.parent_id}
    while wanted:
        level = {text.pk: text for text in ItemText.objects.filter(pk__in=wanted)}
        known |= level
        wanted = {text.parent_id for text in level.values() if text.parent_id} - set(known)
    found = {}
    for item_id, text in newest.items():
        above: list[str] = []
        parent_id = text.parent_id
        while parent_id is not None:
            above.insert(0, known[parent_id].title)
            parent_id = known[parent_id].parent_id
        plan = text.version.plan
        found[item_id] = Spot(
            item_id,
            text.title,
            text.number,
            str(ItemKind(text.kind).label),
            f"{wareki_year(plan.fiscal_year)} {PlanKind(plan.kind).label} {plan.part}".strip(),
            tuple(above),
        )
    return found
