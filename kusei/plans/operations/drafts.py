"""Drafts: opened from what is in force, edited item by item by several people at once, undone, discarded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import wareki_year
from kusei.plans import drafting
from kusei.plans.drafting import Clash, Row, Tree
from kusei.plans.enums import LinkKind, PlanKind, PlanStatus, PlanVerb, ReviewState
from kusei.plans.errors import DraftingError, DraftIsOpen, EditConflict, NotEditable
from kusei.plans.models import Item, Plan, PlanVersion
from kusei.plans.operations.steps import (
    Edited,
    require_add,
    require_edit,
    require_planner,
    take_step,
    write_links,
)
from kusei.plans.operations.versions import version_in_force
from kusei.plans.operations.writing import fill_version, hold_version
from kusei.plans.permissions import may_edit_item, may_plan
from kusei.plans.queries.drafts import row_at, tree_of
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


@transaction.atomic
def open_draft(
    *, ward: Ward, fiscal_year: int, kind: str, actor: Person, part: str = "", title: str = ""
) -> PlanVersion:
    """Begin to work on a plan: a draft that says what is in force, or an empty one for a new plan.

    Raises DraftIsOpen where somebody has begun already, NotAllowed.
    """
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    plan, _is_new = Plan.objects.get_or_create(ward=ward, fiscal_year=fiscal_year, kind=kind, part=part)
    base = version_in_force(plan)
    tree = tree_of(base) if base else Tree(())
    fresh = Tree(
        tuple(replace(row, revision=1, review=ReviewState.KEPT.value, review_note="") for row in tree.rows)
    )
    return start_version(
        plan,
        fresh,
        actor=actor,
        status=PlanStatus.DRAFT,
        base=base,
        title=title or (base.title if base else ""),
    )


def start_version(
    plan: Plan,
    tree: Tree,
    *,
    actor: Person,
    status: PlanStatus,
    base: PlanVersion | None = None,
    title: str = "",
) -> PlanVersion:
    """A new version that can be edited, holding `tree`. Raises DraftIsOpen. ASSUMPTION: the caller asked for the right."""
    try:
        with transaction.atomic():
            version = PlanVersion.objects.create(
                ward_id=plan.ward_id,
                plan=plan,
                number=next_number(plan),
                status=status,
                title=title[:300],
                base=base,
                edited_at=timezone.now(),
            )
    except IntegrityError as error:
        raise DraftIsOpen(
            _("%(plan)sの下書きは、もう始められています。計画の一覧からその下書きを開いてください。")
            % {"plan": plan_label(plan)}
        ) from error
    fill_version(version, tree)
    audit.record(
        ward=plan.ward, actor=actor, verb=PlanVerb.DRAFT_OPENED, target=plan, label=plan_label(plan),
        changes={"version": (base.number if base else None, version.number)},
    )  # fmt: skip
    return version


@transaction.atomic
def discard_draft(*, version: PlanVersion, actor: Person, reason: str = "") -> None:
    """Throw a draft away with its steps; items that stood nowhere else go with it. Raises NotAllowed, NotEditable where it was
    published or thrown away meanwhile."""
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
    plan = version.plan
    if not hold_version(version):
        raise NotEditable(_("この下書きは、もう公開されたか捨てられています。計画の一覧で確かめてください。"))
    drop_version(version)
    audit.record(
        ward=plan.ward,
        actor=actor,
        verb=PlanVerb.DRAFT_DISCARDED,
        target=plan,
        label=plan_label(plan),
        reason=reason,
    )
    if not plan.versions.exists() and not plan.items.exists():
        plan.delete()


def drop_version(version: PlanVersion) -> None:
    """Delete an editable version and the items that stand in no other version and on nobody's lips."""
    items = list(version.texts.values_list("item_id", flat=True))
    version.delete()
    Item.objects.filter(pk__in=items, texts__isnull=True, comments__isnull=True).delete()


@transaction.atomic
def edit_item(
    *,
    version: PlanVersion,
    item: int,
    revision: int,
    changes: Mapping[str, Any],
    actor: Person,
    reason: str = "",
) -> Edited:
    """Change fields of one item of a draft, as seen at `revision`.

    Where somebody else saved meanwhile, fields that only one of both changed are joined; where both changed a field
    differently nothing is saved and EditConflict carries both. Raises also NotEditable, DraftingError, NotAllowed.
    """
    joined: list[str] = []

    def change(tree: Tree) -> Tree:
        row = tree.row(item)
        require_edit(version, tree, [item], actor)
        wanted = dict(changes)
        if row.revision != revision:
            base = row_at(version, item, revision)
            if base is None:  # nobody knows what the person saw: whatever differs is for them to choose
                wanted, clashes = {}, drafting.differences(row, changes)
            else:
                wanted, clashes = drafting.merge_edits(base, row, changes)
            if clashes:
                raise _conflict(row, clashes, changes, is_base_known=base is not None)
            joined.extend(
                field
                for field in drafting.EDITABLE_FIELDS
                if base is not None and getattr(base, field) != getattr(row, field)
            )
        return drafting.edit(tree, item, wanted)

    return take_step(version, actor, PlanVerb.ITEM_EDITED, item, change, reason=reason, joined=joined)


@transaction.atomic
def add_item(
    *, version: PlanVersion, row: Row, under: int | None, actor: Person, after: int | None = None
) -> Edited:
    """Put a new item (`row.item` is ignored) under `under`, behind its child `after` (None: at the end)."""

    def change(tree: Tree) -> Tree:
        require_add(version, tree, under, actor)
        return drafting.add(tree, replace(row, item=-1), under=under, after=after)

    return take_step(version, actor, PlanVerb.ITEM_ADDED, None, change, label=row.title)


@transaction.atomic
def move_item(
    *, version: PlanVersion, item: int, under: int | None, after: int | None, actor: Person
) -> Edited:
    """Put an item with all under it somewhere else. For planners. Raises as `drafting.move`."""

    def change(tree: Tree) -> Tree:
        require_planner(version, actor)
        return drafting.move(tree, item, under=under, after=after)

    return take_step(version, actor, PlanVerb.ITEM_MOVED, item, change)


@transaction.atomic
def remove_item(
    *, version: PlanVersion, item: int, with_children: bool, actor: Person, reason: str = ""
) -> Edited:
    """Take an item out of the draft; its identity and what was published of it stay. For planners."""

    def change(tree: Tree) -> Tree:
        require_planner(version, actor)
        return drafting.remove(tree, item, with_children=with_children)

    return take_step(version, actor, PlanVerb.ITEM_REMOVED, item, change, reason=reason)


@transaction.atomic
def split_item(
    *, version: PlanVersion, item: int, revision: int, pieces: Sequence[tuple[str, str]], actor: Person
) -> Edited:
    """Cut an item into pieces (title, text); the first keeps its identity, the others remember where they came from.

    Raises EditConflict where the item was changed since `revision`, for then the pieces may miss something.
    """

    def change(tree: Tree) -> Tree:
        require_planner(version, actor)
        row = tree.row(item)
        if row.revision != revision:
            raise _conflict(row, [], {})
        return drafting.split(tree, item, pieces, [-each for each in range(1, len(pieces))])

    edited = take_step(version, actor, PlanVerb.ITEM_SPLIT, item, change)
    if edited.step is not None and version.status != PlanStatus.IMPORT:
        fresh = [int(key) for key in edited.step.after["rows"] if edited.step.before["rows"].get(key) is None]
        write_links(edited.step, [(new, item, LinkKind.SPLIT.value) for new in fresh], actor)
    return edited


@transaction.atomic
def merge_items(*, version: PlanVersion, item: int, into: int, actor: Person) -> Edited:
    """Let one item go into another; both identities stay, joined by a link. For planners. Raises DraftingError."""

    def change(tree: Tree) -> Tree:
        require_planner(version, actor)
        return drafting.merge(tree, item, into)

    edited = take_step(version, actor, PlanVerb.ITEMS_MERGED, item, change)
    if edited.step is not None and version.status != PlanStatus.IMPORT:
        write_links(edited.step, [(item, into, LinkKind.MERGED.value)], actor)
    return edited


@transaction.atomic
def replace_text(
    *, version: PlanVersion, find: str, put: str, actor: Person, only: Iterable[int] | None = None
) -> Edited:
    """Replace words in the items `only` (None: in every item that the actor may edit), as one step."""

    def change(tree: Tree) -> Tree:
        found = drafting.found_in(tree, find)
        if only is not None:
            chosen = set(only)
            found = [item for item in found if item in chosen]
            require_edit(version, tree, found, actor)
        else:
            rights = permissions.rights_of(actor)
            found = [item for item in found if may_edit_item(rights, version.ward, tree.owner_bodies(item))]
        return drafting.replace_text(tree, find, put, only=found)

    return take_step(version, actor, PlanVerb.TEXT_REPLACED, None, change, label=f"{find} → {put}")


@transaction.atomic
def change_many(
    *,
    version: PlanVersion,
    changes: Mapping[int, Mapping[str, Any]],
    added: Sequence[tuple[Row, int | None]],
    actor: Person,
    label: str,
    behind: Mapping[int, int] | None = None,
    expected: Mapping[int, int] | None = None,
) -> Edited:
    """Take in a pasted table or a returned workbook as one step: fields of items, and new rows under an item (None:
    at the top). All of it or nothing. ASSUMPTION: a person has seen and confirmed the changes.

    New rows get the ids -1, -2 … in their order, so that one may stand under another; `behind` names the sibling behind
    which a new row stands (otherwise it comes last). Raises DraftingError where an item is not at the revision
    `expected` any more.
    """

    def change(tree: Tree) -> Tree:
        require_edit(version, tree, changes, actor)
        for item, revision in (expected or {}).items():
            if tree.row(item).revision != revision:
                raise DraftingError(
                    _("「%(title)s」は、確かめているあいだにほかの人が直しました。もう一度、変わるところを確かめてください。")
                    % {"title": tree.row(item).title}
                )  # fmt: skip
        tree = drafting.edit_many(tree, changes)
        for place, (row, under) in enumerate(added, start=1):
            require_add(version, tree, under, actor)
            after = (behind or {}).get(-place)
            tree = drafting.add(tree, replace(row, item=-place), under=under, after=after)
        return tree

    return take_step(version, actor, PlanVerb.ITEMS_PASTED, None, change, label=label)


def _conflict(
    row: Row, clashes: Sequence[Clash], changes: Mapping[str, Any], *, is_base_known: bool = True
) -> EditConflict:
    return EditConflict(
        _("「%(title)s」は、開いているあいだにほかの人が直しました。両方を見て、残すほうを選んでください。")
        % {"title": row.title},
        theirs=row,
        clashes=clashes,
        mine=dict(changes),
        is_base_known=is_base_known,
    )


def next_number(plan: Plan) -> int:
    """The number that the plan's next version gets."""
    return (plan.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def plan_label(plan: Plan) -> str:
    """令和3年度 予算 施策２."""
    return f"{wareki_year(plan.fiscal_year)} {PlanKind(plan.kind).label} {plan.part}".strip()
