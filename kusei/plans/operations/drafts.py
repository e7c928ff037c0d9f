"""Drafts: opened from what is in force, edited item by item by several people at once, undone, discarded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import wareki_year
from kusei.plans import drafting
from kusei.plans.drafting import Clash, Row, Tree
from kusei.plans.enums import EDITABLE, LinkKind, LinkStatus, PlanKind, PlanStatus, PlanVerb, ReviewState
from kusei.plans.errors import DraftingError, DraftIsOpen, EditConflict, NothingToUndo
from kusei.plans.models import DraftStep, Item, Link, Plan, PlanVersion
from kusei.plans.operations.versions import version_in_force
from kusei.plans.operations.writing import change_draft, fill_version
from kusei.plans.permissions import may_edit_item, may_plan
from kusei.plans.queries.drafts import row_at, tree_of
from kusei.wards import audit, permissions
from kusei.wards.enums import Role
from kusei.wards.models import Person, Ward


@dataclass(frozen=True, slots=True)
class Edited:
    """What saving came to: the tree as it is now, the item, and the fields that somebody else had changed meanwhile
    and that were kept beside mine (`joined`)."""

    tree: Tree
    item: int | None
    step: DraftStep | None
    joined: tuple[str, ...] = ()


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
    """Throw a draft away with its steps; items that stood nowhere else go with it. Raises NotAllowed.

    A published version is never discarded: then nothing happens.
    """
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
    plan = version.plan
    if not PlanVersion.objects.filter(pk=version.pk, status__in=EDITABLE).exists():
        return
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
        _may_edit(version, tree, [item], actor)
        wanted = dict(changes)
        if row.revision != revision:
            base = row_at(version, item, revision) or row
            wanted, clashes = drafting.merge_edits(base, row, changes)
            if clashes:
                raise _conflict(row, clashes, changes)
            joined.extend(
                field for field in drafting.EDITABLE_FIELDS if getattr(base, field) != getattr(row, field)
            )
        return drafting.edit(tree, item, wanted)

    return _edit(version, actor, PlanVerb.ITEM_EDITED, item, change, reason=reason, joined=joined)


@transaction.atomic
def add_item(
    *, version: PlanVersion, row: Row, under: int | None, actor: Person, after: int | None = None
) -> Edited:
    """Put a new item (`row.item` is ignored) under `under`, behind its child `after` (None: at the end)."""

    def change(tree: Tree) -> Tree:
        _may_add(version, tree, under, actor)
        return drafting.add(tree, replace(row, item=-1), under=under, after=after)

    return _edit(version, actor, PlanVerb.ITEM_ADDED, None, change, label=row.title)


@transaction.atomic
def move_item(
    *, version: PlanVersion, item: int, under: int | None, after: int | None, actor: Person
) -> Edited:
    """Put an item with all under it somewhere else. For planners. Raises as `drafting.move`."""

    def change(tree: Tree) -> Tree:
        _planner_only(version, actor)
        return drafting.move(tree, item, under=under, after=after)

    return _edit(version, actor, PlanVerb.ITEM_MOVED, item, change)


@transaction.atomic
def remove_item(
    *, version: PlanVersion, item: int, with_children: bool, actor: Person, reason: str = ""
) -> Edited:
    """Take an item out of the draft; its identity and what was published of it stay. For planners."""

    def change(tree: Tree) -> Tree:
        _planner_only(version, actor)
        return drafting.remove(tree, item, with_children=with_children)

    return _edit(version, actor, PlanVerb.ITEM_REMOVED, item, change, reason=reason)


@transaction.atomic
def split_item(
    *, version: PlanVersion, item: int, revision: int, pieces: Sequence[tuple[str, str]], actor: Person
) -> Edited:
    """Cut an item into pieces (title, text); the first keeps its identity, the others remember where they came from.

    Raises EditConflict where the item was changed since `revision`, for then the pieces may miss something.
    """

    def change(tree: Tree) -> Tree:
        _planner_only(version, actor)
        row = tree.row(item)
        if row.revision != revision:
            raise _conflict(row, [], {})
        return drafting.split(tree, item, pieces, [-each for each in range(1, len(pieces))])

    edited = _edit(version, actor, PlanVerb.ITEM_SPLIT, item, change)
    if edited.step is not None and version.status != PlanStatus.IMPORT:
        fresh = [int(key) for key in edited.step.after["rows"] if edited.step.before["rows"].get(key) is None]
        _remember(version, [(new, item) for new in fresh], LinkKind.SPLIT, actor)
    return edited


@transaction.atomic
def merge_items(*, version: PlanVersion, item: int, into: int, actor: Person) -> Edited:
    """Let one item go into another; both identities stay, joined by a link. For planners. Raises DraftingError."""

    def change(tree: Tree) -> Tree:
        _planner_only(version, actor)
        return drafting.merge(tree, item, into)

    edited = _edit(version, actor, PlanVerb.ITEMS_MERGED, item, change)
    if version.status != PlanStatus.IMPORT:
        _remember(version, [(item, into)], LinkKind.MERGED, actor)
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
            _may_edit(version, tree, found, actor)
        else:
            rights = permissions.rights_of(actor)
            found = [item for item in found if may_edit_item(rights, version.ward, tree.owner_bodies(item))]
        return drafting.replace_text(tree, find, put, only=found)

    return _edit(version, actor, PlanVerb.TEXT_REPLACED, None, change, label=f"{find} → {put}")


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
        _may_edit(version, tree, changes, actor)
        for item, revision in (expected or {}).items():
            if tree.row(item).revision != revision:
                raise DraftingError(
                    _("「%(title)s」は、確かめているあいだにほかの人が直しました。もう一度、変わるところを確かめてください。")
                    % {"title": tree.row(item).title}
                )  # fmt: skip
        tree = drafting.edit_many(tree, changes)
        for place, (row, under) in enumerate(added, start=1):
            _may_add(version, tree, under, actor)
            after = (behind or {}).get(-place)
            tree = drafting.add(tree, replace(row, item=-place), under=under, after=after)
        return tree

    return _edit(version, actor, PlanVerb.ITEMS_PASTED, None, change, label=label)


@transaction.atomic
def undo_step(*, version: PlanVersion, actor: Person) -> Edited:
    """Take the actor's own latest step back. Undoing again goes one step further; `redo_step` is the reverse.

    Raises NothingToUndo where no step is left or somebody changed the same rows since.
    """
    step = _latest(version, actor, undone=False)
    return _take_back(version, step, actor)


@transaction.atomic
def redo_step(*, version: PlanVersion, actor: Person) -> Edited:
    """Do again what the actor has just undone. Raises NothingToUndo where there is nothing, or something came after."""
    last = version.steps.filter(actor=actor).order_by("-number").first()
    if last is None or last.verb != PlanVerb.STEP_UNDONE or last.undone_at is not None:
        raise NothingToUndo(_("やり直せる操作はありません。"))
    edited = _take_back(version, last, actor)
    if edited.step is not None:  # what was undone is done again: it can be undone once more
        DraftStep.objects.filter(pk=edited.step.pk).update(verb=PlanVerb.ITEM_EDITED, undoes=None)
    return edited


def _latest(version: PlanVersion, actor: Person, *, undone: bool) -> DraftStep:
    steps = version.steps.filter(actor=actor, undone_at__isnull=not undone).exclude(verb=PlanVerb.STEP_UNDONE)
    step = steps.order_by("-number").first()
    if step is None:
        raise NothingToUndo(_("元に戻せる自分の操作はありません。"))
    return step


def _take_back(version: PlanVersion, step: DraftStep, actor: Person) -> Edited:
    before = {int(item): Row.from_plain(row) if row else None for item, row in step.before["rows"].items()}
    after = {int(item): Row.from_plain(row) if row else None for item, row in step.after["rows"].items()}
    moved = step.before["order"] is not None
    later = version.steps.filter(number__gt=step.number, undone_at__isnull=True)
    later = later.exclude(undoes__number__gt=step.number)  # what was done and undone since cancels out
    if moved and any(each.before["order"] is not None for each in later):
        raise NothingToUndo(
            _("この操作のあとに項目の並びが変わったため、元に戻せません。手で動かし直してください。")
        )

    def change(tree: Tree) -> Tree:
        for item, row in after.items():
            now = tree.row(item) if item in tree else None
            if _content(now) != _content(row):
                raise NothingToUndo(
                    _(
                        "「%(title)s」はそのあとほかの人が直したため、元に戻せません。内容を見て手で直してください。"
                    )
                    % {"title": (row or before[item] or now).title}  # type: ignore[union-attr]
                )
        rows = {row.item: row for row in tree.rows}
        for item, row in before.items():
            if row is None:
                rows.pop(item, None)
            else:
                rows[item] = row
        if not moved:
            return drafting.build(rows[each.item] for each in tree.rows if each.item in rows)
        order = [item for item in step.before["order"] if item in rows]
        return drafting.build(
            rows[item] for item in [*order, *(item for item in rows if item not in set(order))]
        )

    edited = _edit(version, actor, PlanVerb.STEP_UNDONE, None, change, label=step.label)
    DraftStep.objects.filter(pk=step.pk).update(undone_at=timezone.now())
    if edited.step is not None:
        DraftStep.objects.filter(pk=edited.step.pk).update(undoes=step)
    return edited


def _content(row: Row | None) -> Row | None:
    return replace(row, revision=0, review="", review_note="") if row else None


def _edit(
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


def _remember(version: PlanVersion, pairs: Sequence[tuple[int, int]], kind: LinkKind, actor: Person) -> None:
    now = timezone.now()
    Link.objects.bulk_create(
        [
            Link(
                ward_id=version.ward_id,
                from_item_id=start,
                to_item_id=end,
                kind=kind,
                status=LinkStatus.CONFIRMED,
                confidence_percent=100,
                reason=str(kind.label),
                decided_at=now,
                decided_by=actor,
            )
            for start, end in pairs
        ],
        ignore_conflicts=True,
    )


def _may_edit(version: PlanVersion, tree: Tree, items: Iterable[int], actor: Person) -> None:
    rights = permissions.rights_of(actor)
    for item in items:
        permissions.require(may_edit_item(rights, version.ward, tree.owner_bodies(item)))


def _may_add(version: PlanVersion, tree: Tree, under: int | None, actor: Person) -> None:
    if under is None:
        _planner_only(version, actor)
    else:
        _may_edit(version, tree, [under], actor)


def _planner_only(version: PlanVersion, actor: Person) -> None:
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))


def _conflict(row: Row, clashes: Sequence[Clash], changes: Mapping[str, Any]) -> EditConflict:
    return EditConflict(
        _("「%(title)s」は、開いているあいだにほかの人が直しました。両方を見て、残すほうを選んでください。")
        % {"title": row.title},
        theirs=row,
        clashes=clashes,
        mine=dict(changes),
    )


def next_number(plan: Plan) -> int:
    """The number that the plan's next version gets."""
    return (plan.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def plan_label(plan: Plan) -> str:
    """令和3年度 予算 施策２."""
    return f"{wareki_year(plan.fiscal_year)} {PlanKind(plan.kind).label} {plan.part}".strip()
