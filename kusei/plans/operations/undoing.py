"""Undoing and redoing: a person's own latest step of a draft, as long as nobody changed the same rows since."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans import drafting
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import PlanVerb
from kusei.plans.errors import NothingToUndo
from kusei.plans.models import DraftStep, PlanVersion
from kusei.plans.operations.steps import (
    Edited,
    links_in,
    require_add,
    require_edit,
    require_planner,
    take_links_away,
    take_step,
    write_links,
)
from kusei.wards.models import Person


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


_OF_PLANNERS = (PlanVerb.ITEM_MOVED, PlanVerb.ITEM_REMOVED, PlanVerb.ITEM_SPLIT, PlanVerb.ITEMS_MERGED)


def _require_for(version: PlanVersion, tree: Tree, step: DraftStep, actor: Person) -> None:
    """What it takes to do something, it takes to undo it: somebody's role may have changed since. Raises NotAllowed."""
    if (step.undoes or step).verb in _OF_PLANNERS:
        require_planner(version, actor)
        return
    for key in step.after["rows"]:
        before = step.before["rows"].get(key)
        if int(key) in tree:
            require_edit(version, tree, [int(key)], actor)
        elif before is not None:
            require_add(version, tree, before["parent"] if before["parent"] in tree else None, actor)


def _take_back(version: PlanVersion, step: DraftStep, actor: Person) -> Edited:
    if (
        step.verb == PlanVerb.FORCE_TAKEN
    ):  # the draft counts as begun from that version now: undone, it would revert it
        raise NothingToUndo(
            _(
                "公開中の版を取り入れた操作は、元に戻せません。それより前の操作も戻せないので、手で直してください。"
            )
        )
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
        _require_for(version, tree, step, actor)
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

    edited = take_step(version, actor, PlanVerb.STEP_UNDONE, None, change, label=step.label)
    DraftStep.objects.filter(pk=step.pk).update(undone_at=timezone.now())
    if edited.step is not None:
        DraftStep.objects.filter(pk=edited.step.pk).update(undoes=step)
        take_links_away(edited.step, links_in(step.after))
        write_links(edited.step, links_in(step.before), actor)
    return edited


def _content(row: Row | None) -> Row | None:
    return replace(row, revision=0, review="", review_note="") if row else None
