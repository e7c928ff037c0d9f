"""Writing a tree of rows into a version: what changed is written, and remembered so that it can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans import drafting
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import EDITABLE, OwnerRole, PlanVerb
from kusei.plans.errors import DraftingError, NotEditable
from kusei.plans.models import DraftStep, Item, ItemAmount, ItemOwner, ItemText, PlanVersion, Tag
from kusei.plans.queries.drafts import tree_of
from kusei.wards.models import Body, Person

_FAR = 10_000_000
"""Positions are unique in a version: rows that move are put out here before they come to their new places."""


def hold_version(version: PlanVersion, states: Sequence[str] = EDITABLE) -> bool:
    """Keep everybody else from changing, publishing or discarding the version until the transaction ends. False where it does
    not stand at one of `states` any more, whatever the object at hand says."""
    held = PlanVersion.objects.filter(pk=version.pk, status__in=states).update(edited_at=timezone.now())
    return bool(held)


def change_draft(
    *,
    version: PlanVersion,
    actor: Person,
    verb: PlanVerb,
    label: str,
    change: Callable[[Tree], Tree],
    touched: Callable[[Row, Row | None], Row] | None = None,
) -> tuple[Tree, DraftStep | None]:
    """Read the draft, let `change` make another tree of it, write the difference and remember the step.

    `touched` gives the last word on each changed row (its review state), told the row before. Others who edit the same
    draft wait meanwhile. Returns the tree as written, and None for the step where nothing changed. Raises NotEditable
    where the version was published or discarded meanwhile. ASSUMPTION: runs inside a transaction.
    """
    if not hold_version(version):
        raise NotEditable(
            _("この下書きは、もう公開されたか捨てられたため、直せません。計画の一覧から開き直してください。")
        )
    before = tree_of(version)
    after = change(before)
    old, new = drafting.changed_rows(before, after)
    _require_own_bodies(version, old, new)
    order_before = [row.item for row in before.rows]
    after = _with_identities(version, _marked(after, old, touched))
    renamed = {row.item for row in after.rows} - set(order_before)
    order_after = [row.item for row in after.rows]
    if not old and order_before == order_after:
        return before, None
    old, new = drafting.changed_rows(before, after)
    _delete(version, [item for item, row in new.items() if row is None])
    _insert(version, [row for row in after.rows if row.item in renamed])
    _update(version, [row for item, row in new.items() if row is not None and item not in renamed], old)
    _arrange(version, after)
    number = (DraftStep.objects.filter(version=version).aggregate(last=Max("number"))["last"] or 0) + 1
    same_order = order_before == order_after
    step = DraftStep.objects.create(
        ward_id=version.ward_id,
        version=version,
        number=number,
        actor=actor,
        verb=verb,
        label=label[:300],
        before={"rows": _plain(old), "order": None if same_order else order_before},
        after={"rows": _plain(new), "order": None if same_order else order_after},
    )
    return after, step


def _require_own_bodies(version: PlanVersion, old: dict[int, Row | None], new: dict[int, Row | None]) -> None:
    """No item is handed to a body of another ward. Raises DraftingError."""
    before, after = (
        {owner.body for row in rows.values() if row for owner in row.owners} for rows in (old, new)
    )
    fresh = after - before
    if fresh and Body.objects.filter(pk__in=fresh, ward=version.ward_id).count() < len(fresh):
        raise DraftingError(_("担当に、この区にない実施主体があります。担当を選び直してください。"))


def fill_version(version: PlanVersion, tree: Tree) -> Tree:
    """Write a whole tree into a version that has no item yet; new items (negative ids) get their identity."""
    tree = _with_identities(version, tree)
    _insert(version, tree.rows)
    _arrange(version, tree)
    return tree


def _marked(
    after: Tree, old: dict[int, Row | None], touched: Callable[[Row, Row | None], Row] | None
) -> Tree:
    rows = []
    for row in after.rows:
        if row.item in old:
            before = old[row.item]
            # What comes back after it was taken out goes on counting: its first revision is not what it says now.
            last = before.revision if before else row.revision if row.item > 0 else 0
            row = replace(row, revision=last + 1)
            row = touched(row, before) if touched else row
        rows.append(row)
    return Tree(tuple(rows))


def _with_identities(version: PlanVersion, tree: Tree) -> Tree:
    new = [row.item for row in tree.rows if row.item < 0]
    if not new:
        return tree
    made = Item.objects.bulk_create([Item(ward_id=version.ward_id, plan_id=version.plan_id) for _each in new])
    real = dict(zip(new, (item.pk for item in made), strict=True))
    return Tree(
        tuple(
            replace(
                row,
                item=real.get(row.item, row.item),
                parent=real.get(row.parent, row.parent) if row.parent is not None else None,
            )
            for row in tree.rows
        )
    )


def _plain(rows: dict[int, Row | None]) -> dict[str, object]:
    return {str(item): row.plain() if row else None for item, row in rows.items()}


def _delete(version: PlanVersion, items: Sequence[int]) -> None:
    if not items:
        return
    gone = ItemText.objects.filter(version=version, item_id__in=items)
    # What stays must not hang on what goes: deleting cascades to children.
    ItemText.objects.filter(version=version, parent__in=gone).update(parent=None)
    gone.delete()


def _insert(version: PlanVersion, rows: Sequence[Row]) -> None:
    made = ItemText.objects.bulk_create(
        [
            ItemText(
                ward_id=version.ward_id,
                version=version,
                item_id=row.item,
                position=_FAR * 2 + place,
                revision=row.revision,
                places=list(row.places),
                source_page=row.page,
                source_line=row.line,
                **_words(row),
            )
            for place, row in enumerate(rows)
        ],
        batch_size=500,
    )
    _write_parts(version, dict(zip((text.pk for text in made), rows, strict=True)))


def _update(version: PlanVersion, rows: Sequence[Row], old: dict[int, Row | None]) -> None:
    if not rows:
        return
    texts = {
        text.item_id: text
        for text in ItemText.objects.filter(version=version, item_id__in=[row.item for row in rows])
    }
    with_parts: dict[int, Row] = {}
    for row in rows:
        text, before = texts[row.item], old[row.item]
        for field, value in _words(row).items():
            setattr(text, field, value)
        text.revision, text.places = row.revision, list(row.places)
        if before is None or (before.tags, before.owners, before.money) != (row.tags, row.owners, row.money):
            with_parts[text.pk] = row
    ItemText.objects.bulk_update(texts.values(), [*_words(rows[0]), "revision", "places"], batch_size=200)
    for model in (ItemOwner, ItemAmount):
        model.objects.filter(text_id__in=with_parts).delete()
    ItemText.tags.through.objects.filter(itemtext_id__in=with_parts).delete()
    _write_parts(version, with_parts)


def _words(row: Row) -> dict[str, object]:
    return {
        "kind": row.kind,
        "number": row.number,
        "title": row.title,
        "text": row.text,
        "programme": row.programme,
        "budget_source": row.budget_source,
        "plan_bullets": list(row.plan_bullets),
        "review": row.review,
        "review_note": row.review_note,
    }


def _write_parts(version: PlanVersion, rows: dict[int, Row]) -> None:
    """Owners, amounts and tags of texts (by their key) that have none yet."""
    ward_id = version.ward_id
    ItemOwner.objects.bulk_create(
        [
            ItemOwner(
                ward_id=ward_id,
                text_id=text_id,
                body_id=owner.body,
                role=OwnerRole.SHARED if len(row.owners) > 1 else OwnerRole.LEAD,
                position=place,
                printed_name=owner.printed,
            )
            for text_id, row in rows.items()
            for place, owner in enumerate(row.owners, start=1)
        ],
        batch_size=500,
    )
    ItemAmount.objects.bulk_create(
        [
            ItemAmount(
                ward_id=ward_id,
                text_id=text_id,
                fiscal_year=money.fiscal_year,
                basis=money.basis,
                source=money.source,
                amount_yen=money.yen,
                printed=money.printed,
                printed_unit=money.unit,
            )
            for text_id, row in rows.items()
            for money in row.money
        ],
        batch_size=500,
    )
    names = {name for row in rows.values() for name in row.tags}
    if names:
        Tag.objects.bulk_create(
            [Tag(ward_id=ward_id, name=name) for name in sorted(names)], ignore_conflicts=True
        )
        tags = {tag.name: tag.pk for tag in Tag.objects.filter(ward_id=ward_id, name__in=names)}
        through = ItemText.tags.through
        through.objects.bulk_create(
            [
                through(itemtext_id=text_id, tag_id=tags[name])
                for text_id, row in rows.items()
                for name in dict.fromkeys(row.tags)
            ],
            batch_size=500,
        )


def _arrange(version: PlanVersion, tree: Tree) -> None:
    """Give every text its position, depth and parent in the tree; only those that differ are written.

    Rows that go the same way go together: moving one row shifts all between its places by one, and naming a new place for
    each of 2,000 rows takes Django a second, telling a few ways a hundredth of it.
    """
    found = ItemText.objects.filter(version=version).values_list(
        "item_id", "pk", "position", "depth", "parent_id"
    )
    texts = {item: (pk, (position, depth, parent)) for item, pk, position, depth, parent in found}
    depths: dict[int, int] = {}
    out: list[int] = []
    shifts: dict[int, list[int]] = defaultdict(list)
    places: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for position, row in enumerate(tree.rows):
        depth = depths[row.item] = depths[row.parent] + 1 if row.parent is not None else 0
        parent = texts[row.parent][0] if row.parent is not None else None
        pk, (was_position, was_depth, was_parent) = texts[row.item]
        if was_position != position:
            if was_position < _FAR:
                out.append(pk)
                was_position += _FAR
            shifts[position - was_position].append(pk)
        if (was_depth, was_parent) != (depth, parent):
            places[depth, parent].append(pk)
    of = ItemText.objects.filter(version=version)
    if out:
        of.filter(pk__in=out).update(position=F("position") + _FAR)
    for shift, moved in shifts.items():
        of.filter(pk__in=moved).update(position=F("position") + shift)
    for (depth, parent), placed in places.items():
        of.filter(pk__in=placed).update(depth=depth, parent_id=parent)
