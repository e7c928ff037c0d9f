"""From draft to published: divisions submit, a planner approves or returns item by item, then the plan is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans import drafting
from kusei.plans.drafting import Clash, Row, Tree
from kusei.plans.enums import EDITABLE, OPEN, PlanStatus, PlanVerb, ReviewState
from kusei.plans.errors import (
    ChangedSinceSeen,
    NotEditable,
    NothingChanged,
    NotReady,
    PlanChangedMeanwhile,
    PlanError,
)
from kusei.plans.models import Item, ItemText, PlanVersion
from kusei.plans.operations.drafts import next_number, plan_label
from kusei.plans.operations.versions import hold_plan, version_in_force
from kusei.plans.operations.writing import change_draft, hold_version
from kusei.plans.permissions import may_edit_item, may_plan, may_publish
from kusei.plans.queries.drafts import tree_of
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_MOVES = {
    # what is asked for: from which states an item comes there
    ReviewState.SUBMITTED: (
        ReviewState.KEPT,
        ReviewState.UNSEEN,
        ReviewState.WORKING,
        ReviewState.RETURNED,
    ),
    ReviewState.APPROVED: (
        ReviewState.KEPT,
        ReviewState.UNSEEN,
        ReviewState.WORKING,
        ReviewState.SUBMITTED,
        ReviewState.RETURNED,
    ),
    ReviewState.RETURNED: (
        ReviewState.KEPT,
        ReviewState.UNSEEN,
        ReviewState.SUBMITTED,
        ReviewState.APPROVED,
        ReviewState.WORKING,
    ),
}


@transaction.atomic
def submit_items(*, version: PlanVersion, items: Sequence[int], actor: Person, note: str = "") -> int:
    """A division says that its items are ready to be looked at; returns how many changed. Raises NotAllowed, NotEditable."""
    tree = _editable_tree(version)
    rights = permissions.rights_of(actor)
    for item in items:
        permissions.require(may_edit_item(rights, version.ward, tree.owner_bodies(item)))
    return _set(version, tree, items, ReviewState.SUBMITTED, PlanVerb.SUBMITTED, actor, note)


@transaction.atomic
def approve_items(
    *,
    version: PlanVersion,
    items: Sequence[int],
    actor: Person,
    note: str = "",
    seen: Mapping[int, int | None] | None = None,
) -> int:
    """A planner says that items are right as they are; returns how many changed. Raises NotAllowed, NotEditable.

    `seen` gives by item the revision that the planner has looked at, where that is known: where one of the items says
    something else by now, none is approved. Raises ChangedSinceSeen.
    """
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
    tree = _editable_tree(version)
    rows = [tree.row(item) for item in dict.fromkeys(items)]
    known = {item: revision for item, revision in (seen or {}).items() if revision is not None}
    changed = [row.title for row in rows if known.get(row.item, row.revision) != row.revision]
    if changed:
        raise ChangedSinceSeen(
            _("「%(titles)s」は、このページを開いたあとに直されました。どの項目も確認済みにしていません。いまの内容を見てから、もう一度押してください。")
            % {"titles": "」「".join(changed[:5])}
        )  # fmt: skip
    return _set(version, tree, items, ReviewState.APPROVED, PlanVerb.APPROVED, actor, note)


@transaction.atomic
def return_items(*, version: PlanVersion, items: Sequence[int], actor: Person, note: str) -> int:
    """A planner sends items back to their division with a reason. Raises PlanError without one, NotAllowed, NotEditable."""
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
    if not note.strip():
        raise PlanError(_("差し戻す理由を書いてください。担当の課は、それを読んで直します。"))
    return _set(version, _editable_tree(version), items, ReviewState.RETURNED, PlanVerb.RETURNED, actor, note)


@transaction.atomic
def set_due(*, version: PlanVersion, due_on: date | None, actor: Person) -> None:
    """Say until when the divisions' items are to be ready. Raises NotAllowed, NotEditable."""
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
    _editable_tree(version)
    before, version.due_on = version.due_on, due_on
    version.save(update_fields=["due_on"])
    audit.record(
        ward=version.ward, actor=actor, verb=PlanVerb.DUE_SET, target=version.plan, label=plan_label(version.plan),
        changes={"due_on": (before, due_on)},
    )  # fmt: skip


@transaction.atomic
def publish_draft(*, version: PlanVersion, actor: Person, note: str = "") -> PlanVersion:
    """Put an open draft before residents as the plan's next version; from then on it is never changed.

    Raises NotReady with what is missing, NothingChanged where it says what is in force, PlanChangedMeanwhile where
    another version was published since the draft began (see `take_in_force`), NotEditable, NotAllowed.
    """
    permissions.require(may_publish(permissions.rights_of(actor), version.ward))
    tree = _editable_tree(version, OPEN)
    version.refresh_from_db()
    plan = version.plan
    hold_plan(plan)
    force = version_in_force(plan)
    if (force.pk if force else None) != version.base_id:
        raise PlanChangedMeanwhile(
            _(
                "下書きを始めたあとに、この計画の新しい版が公開されました。まず、その版で変わったところを下書きに取り入れてください。"
            )
        )
    if missing := drafting.gaps(tree):
        raise NotReady(
            _("まだ公開できません。直すところが%(count)d件あります。") % {"count": len(missing)}, missing
        )
    if force is not None and force.title == version.title and _said(tree_of(force)) == _said(tree):
        raise NothingChanged(_("公開中の版と同じ内容です。直してから公開してください。"))
    version.texts.update(review=ReviewState.KEPT, review_note="")
    before = version.number
    last = next_number(plan) - 1
    version.number = before if before == last else last + 1
    version.status, version.note = PlanStatus.PUBLISHED, note.strip()[:300]
    version.published_at, version.published_by = timezone.now(), actor
    version.save(update_fields=["number", "status", "note", "published_at", "published_by"])
    _drop_links_of_nothing(version)
    audit.record(
        ward=version.ward, actor=actor, verb=PlanVerb.PUBLISHED, target=plan, label=plan_label(plan),
        changes={"version": (force.number if force else None, version.number), "items": (None, len(tree.rows))},
        reason=note,
    )  # fmt: skip
    return version


def _drop_links_of_nothing(version: PlanVersion) -> None:
    """A piece that was cut off in the draft and taken out again before publishing leaves no link behind."""
    known = ItemText.objects.filter(version__plan=version.plan_id, version__status=PlanStatus.PUBLISHED)
    version.links.exclude(from_item__in=known.values("item_id")).delete()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of taking a newer version into a draft: items changed in the draft by it, and fields that both had
    changed: there the draft's own words stand, and a person looks at them (item, clashes)."""

    changed: tuple[int, ...]
    clashes: tuple[tuple[Row, tuple[Clash, ...]], ...]


@transaction.atomic
def take_in_force(*, version: PlanVersion, actor: Person) -> TakenIn:
    """Bring what was published since the draft began into the draft, so that publishing it loses nothing.

    Fields that the draft has not touched follow the version in force; items that are new there are added; items that
    the draft and the version changed differently keep the draft's words and are told. Items taken out there stay in the
    draft. Raises NotAllowed, NotEditable.
    """
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
    force = version_in_force(version.plan)
    base = tree_of(version.base) if version.base_id and version.base else Tree(())
    if force is None or force.pk == version.base_id:
        return TakenIn((), ())
    newer = tree_of(force)
    changed: list[int] = []
    clashes: list[tuple[Row, tuple[Clash, ...]]] = []

    def change(tree: Tree) -> Tree:
        for row in newer.rows:
            if row.item in tree:
                was = base.row(row.item) if row.item in base else tree.row(row.item)
                said = {field: getattr(row, field) for field in drafting.EDITABLE_FIELDS}
                wanted, both = drafting.merge_edits(was, tree.row(row.item), said)
                if wanted:
                    tree = drafting.edit(tree, row.item, wanted)
                    changed.append(row.item)
                if both:
                    clashes.append((tree.row(row.item), tuple(both)))
            elif row.item not in base:
                under = row.parent if row.parent is not None and row.parent in tree else None
                tree = drafting.add(tree, replace(row, revision=0), under=under)
                changed.append(row.item)
        return tree

    change_draft(
        version=version, actor=actor, verb=PlanVerb.FORCE_TAKEN, label=plan_label(version.plan), change=change
    )
    PlanVersion.objects.filter(pk=version.pk).update(base=force)
    version.base = force
    audit.record(
        ward=version.ward, actor=actor, verb=PlanVerb.FORCE_TAKEN, target=version.plan, label=plan_label(version.plan),
        changes={"items": (None, len(changed)), "clashes": (None, len(clashes))},
    )  # fmt: skip
    return TakenIn(tuple(changed), tuple(clashes))


def _editable_tree(version: PlanVersion, states: Sequence[str] = EDITABLE) -> Tree:
    """The draft's tree, held against others' changes until the transaction ends."""
    if not hold_version(version, states):
        raise NotEditable(_("この下書きは、もう公開されたか捨てられたため、変えられません。"))
    return tree_of(version)


def _set(
    version: PlanVersion,
    tree: Tree,
    items: Sequence[int],
    state: ReviewState,
    verb: PlanVerb,
    actor: Person,
    note: str,
) -> int:
    rows = [tree.row(item) for item in dict.fromkeys(items)]
    wanted = [row for row in rows if row.review in _MOVES[state]]
    ItemText.objects.filter(version=version, item_id__in=[row.item for row in wanted]).update(
        review=state, review_note=note.strip()
    )
    identities = Item.objects.in_bulk([row.item for row in wanted])
    for row in wanted:
        audit.record(
            ward=version.ward,
            actor=actor,
            verb=verb,
            target=identities[row.item],
            label=row.title,
            changes={"review": (str(ReviewState(row.review).label), str(state.label))},
            reason=note,
        )
    return len(wanted)


def _said(tree: Tree) -> list[tuple[object, ...]]:
    return [
        (row.item, row.parent, *(getattr(row, field) for field in drafting.EDITABLE_FIELDS))
        for row in tree.rows
    ]
