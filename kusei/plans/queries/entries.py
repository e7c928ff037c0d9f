"""What versions say, in the flat form in which they are compared, and how two versions of one plan differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from kusei.japanese.folding import fold_name
from kusei.plans import rules
from kusei.plans.models import ItemText
from kusei.plans.queries.versions import PublishedVersion
from kusei.plans.rules import Differences, Entry, Money


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """What a version says of an item, and which item it is. `body_ids` go with the entry's owners, name by name."""

    entry: Entry
    item_id: int
    public_id: UUID
    body_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """How a version differs from an older one of the same plan; everything is added where there is no older one.

    `entries` and `older_entries` are the trees whose indexes the differences speak of.
    """

    version: PublishedVersion
    older: PublishedVersion | None
    differences: Differences
    entries: tuple[StoredEntry, ...]
    older_entries: tuple[StoredEntry, ...]


def entries_of(version_ids: Iterable[int]) -> dict[int, list[StoredEntry]]:
    """By version, its items in printed order; four queries for any number of versions."""
    wanted = list(version_ids)
    texts: dict[int, list[ItemText]] = {version_id: [] for version_id in wanted}
    rows = ItemText.objects.filter(version_id__in=wanted).select_related("item")
    for text in rows.order_by("version_id", "position").prefetch_related("tags", "owners", "amounts"):
        texts[text.version_id].append(text)
    return {version_id: _entries(found) for version_id, found in texts.items()}


def _entries(texts: list[ItemText]) -> list[StoredEntry]:
    index_of = {text.pk: index for index, text in enumerate(texts)}
    return [
        StoredEntry(
            Entry(
                index=index,
                parent=index_of.get(text.parent_id) if text.parent_id else None,
                depth=text.depth,
                kind=text.kind,
                number=text.number,
                title=text.title,
                text=text.text,
                programme=text.programme,
                budget_source=text.budget_source,
                plan_bullets=tuple(text.plan_bullets),
                tags=tuple(tag.name for tag in text.tags.all()),
                owners=tuple(owner.printed_name for owner in text.owners.all()),
                money=tuple(
                    Money(
                        each.fiscal_year,
                        each.basis,
                        each.source,
                        each.amount_yen,
                        each.printed,
                        each.printed_unit,
                    )
                    for each in text.amounts.all()
                ),
                page=text.source_page,
                line=text.source_line,
                places=tuple(text.places),
            ),
            text.item_id,
            text.item.public_id,
            tuple(owner.body_id for owner in text.owners.all()),
        )
        for index, text in enumerate(texts)
    ]


def changes_between(
    pairs: Iterable[tuple[PublishedVersion, PublishedVersion | None]],
) -> list[VersionChanges]:
    """Each version compared with an older one of its plan, item by item; four queries for any number of pairs."""
    wanted = list(pairs)
    stored = entries_of({each.version_id for pair in wanted for each in pair if each is not None})
    return [
        _compared(
            version, older, stored[version.version_id], stored[older.version_id] if older is not None else []
        )
        for version, older in wanted
    ]


def _compared(
    version: PublishedVersion,
    older: PublishedVersion | None,
    new: list[StoredEntry],
    old: list[StoredEntry],
) -> VersionChanges:
    place_of = {each.item_id: each.entry.index for each in old}
    matches = {each.entry.index: place_of[each.item_id] for each in new if each.item_id in place_of}
    body_of = {
        name: body_id
        for each in (*old, *new)
        for name, body_id in zip(each.entry.owners, each.body_ids, strict=True)
    }
    differences = rules.compare(
        [each.entry for each in old],
        [each.entry for each in new],
        matches,
        owner_key=lambda name: body_of.get(name, fold_name(name)),
    )
    return VersionChanges(version, older, differences, tuple(new), tuple(old))
