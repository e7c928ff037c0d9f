"""One step of a draft: the change is written, recorded in the trail and remembered, whatever the verb was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from kusei.plans import drafting
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import LinkKind, LinkStatus, PlanStatus, PlanVerb, ReviewState
from kusei.plans.models import DraftStep, Item, Link, PlanVersion
from kusei.plans.operations.writing import change_draft
from kusei.plans.permissions import may_edit_item, may_plan
from kusei.wards import audit, permissions
from kusei.wards.enums import Role
from kusei.wards.models import Person

StepLink = tuple[int, int, str]
"""A link that splitting or merging makes: from, to, kind."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What saving came to: the tree as it is now, the item, and the fields that somebody else had changed meanwhile
    and that were kept beside mine (`joined`)."""

    tree: Tree
    item: int | None
    step: DraftStep | None
    joined: tuple[str, ...] = ()


def take_step(
    version: PlanVersion,
    actor: Person,
    verb: PlanVerb,
    item: int | None,
    change: Callable[[Tree], Tree],
    *,
    label: str = "",
    reason: str = "",
    joined: Sequence[str] = (),
) -> Edited:
    """Change the draft and write the audit line of each row that changed."""
    rights = permissions.rights_of(actor)
    by_planner = rights.has(version.ward_id, Role.PLANNER)

    def touched(row: Row, before: Row | None) -> Row:
        if version.status == PlanStatus.IMPORT or verb == PlanVerb.STEP_UNDONE:
            return row
        state = ReviewState.APPROVED if by_planner else ReviewState.WORKING
        return replace(row, review=state.value)

    if item is not None and not label:
        label = _title_of(version, item)
    tree, step = change_draft(
        version=version, actor=actor, verb=verb, label=label, change=change, touched=touched
    )
    if step is not None:
        _record(version, step, actor, verb, reason)
    added = [
        int(key)
        for key in (step.after["rows"] if step else {})
        if step and step.before["rows"].get(key) is None
    ]
    return Edited(tree, item if item is not None else (added[0] if added else None), step, tuple(joined))


def _record(version: PlanVersion, step: DraftStep, actor: Person, verb: PlanVerb, reason: str) -> None:
    touched = set(step.before["rows"]) | set(step.after["rows"])
    items = Item.objects.in_bulk([int(key) for key in touched])
    if not items:  # only the order changed
        audit.record(
            ward=version.ward, actor=actor, verb=verb, target=version.plan, label=step.label, reason=reason
        )
    for key in touched:
        old, new = step.before["rows"].get(key), step.after["rows"].get(key)
        audit.record(
            ward=version.ward,
            actor=actor,
            verb=verb,
            target=items[int(key)],
            label=(new or old)["title"],
            changes={
                field: (_told(field, old), _told(field, new))
                for field in (*drafting.EDITABLE_FIELDS, "review")
                if (old or {}).get(field) != (new or {}).get(field)
            },
            reason=reason,
        )


def _told(field: str, row: dict[str, Any] | None) -> Any:
    if row is None:
        return None
    if field == "owners":
        return [printed for _body, printed in row["owners"]]
    if field == "money":
        return [f"{year} {printed}{unit}" for year, _basis, _source, _yen, printed, unit in row["money"]]
    if field == "review":
        return str(ReviewState(row["review"]).label)
    return row[field]


def _title_of(version: PlanVersion, item: int) -> str:
    return version.texts.filter(item_id=item).values_list("title", flat=True).first() or ""


def write_links(step: DraftStep, links: Sequence[StepLink], actor: Person) -> None:
    """Write the links that a step makes, and remember them in it so that undoing takes them back."""
    if not links:
        return
    now = timezone.now()
    Link.objects.bulk_create(
        [
            Link(
                ward_id=step.ward_id,
                from_item_id=start,
                to_item_id=end,
                kind=kind,
                status=LinkStatus.CONFIRMED,
                confidence_percent=100,
                reason=str(LinkKind(kind).label),
                draft_id=step.version_id,
                decided_at=now,
                decided_by=actor,
            )
            for start, end, kind in links
        ],
        ignore_conflicts=True,
    )
    step.after = {**step.after, "links": [list(each) for each in links]}
    step.save(update_fields=["after"])


def take_links_away(step: DraftStep, links: Sequence[StepLink]) -> None:
    """Take away links of the step's draft, and remember them as what was there before it."""
    if not links:
        return
    for start, end, kind in links:
        Link.objects.filter(draft=step.version_id, from_item=start, to_item=end, kind=kind).delete()
    step.before = {**step.before, "links": [list(each) for each in links]}
    step.save(update_fields=["before"])


def links_in(kept: Mapping[str, Any]) -> list[StepLink]:
    """The links in what a step remembers; steps from before links were remembered have none."""
    return [(start, end, kind) for start, end, kind in kept.get("links", ())]


def require_edit(version: PlanVersion, tree: Tree, items: Iterable[int], actor: Person) -> None:
    """Raise NotAllowed unless the actor may change each of these items."""
    rights = permissions.rights_of(actor)
    for item in items:
        permissions.require(may_edit_item(rights, version.ward, tree.owner_bodies(item)))


def require_add(version: PlanVersion, tree: Tree, under: int | None, actor: Person) -> None:
    """Raise NotAllowed unless the actor may put something under an item (None: at the top)."""
    if under is None:
        require_planner(version, actor)
    else:
        require_edit(version, tree, [under], actor)


def require_planner(version: PlanVersion, actor: Person) -> None:
    """Raise NotAllowed unless the actor plans in this ward."""
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
