"""Rows of tables take their place in the tree; a row that repeats an item of the text adds its money and bodies to it."""

from __future__ import annotations

from collections.abc import Iterable

from kusei.documents.reading.model import Draft, DraftItem, Unplaced
from kusei.documents.reading.rows import RowsRead
from kusei.japanese.folding import fold_name

_TOP = {"goal", "measure", "focus", "organisation", "stance", "division", "column"}


def known_items(items: Iterable[DraftItem]) -> dict[str, DraftItem]:
    """The items below `items` by their folded titles, as far as these are long enough to tell one item from another."""
    return {key: item for root in items for item in root.walk() if len(key := fold_name(item.title)) >= 4}


def merge_rows(draft: Draft, rows: RowsRead, *, under: DraftItem | None, known: dict[str, DraftItem]) -> None:
    """Put the items of a table into `draft`: under the heading it is printed under, or at the top.

    `known` are the items that are there; those of the table join them, for the next one.
    """
    draft.unplaced += rows.unplaced
    draft.warnings += rows.warnings
    fresh: list[DraftItem] = []
    for item in rows.items:
        _merge(draft, item, under, known, fresh)
    known.update(known_items(fresh))


def _merge(
    draft: Draft,
    item: DraftItem,
    under: DraftItem | None,
    known: dict[str, DraftItem],
    fresh: list[DraftItem],
) -> None:
    twin = known.get(fold_name(item.title))
    explains = item.plan == [item.title] and not item.result
    if twin is not None and (twin.kind == item.kind or explains or not item.plan):
        if explains and not twin.plan:
            item.plan = []
        absorb(twin, item)
        for child in item.children:
            _merge(draft, child, twin, known, fresh)
        return
    repeated = [child for child in item.children if fold_name(child.title) in known]
    if item.children and len(repeated) == len(item.children):
        for child in item.children:
            _merge(draft, child, under, known, fresh)
        return
    fresh.append(item)
    if (
        under is None
        or (under.kind == "goal" and item.kind in _TOP and item.kind != "measure")
        or (
            item.kind in _TOP
            and under.kind
            in {
                "project",
                "component",
                "action",
                "stance",
                "column",
                "division",
            }
        )
    ):
        draft.items.append(item)
    else:
        under.children.append(item)


def drop_empty_headings(draft: Draft, headings: Iterable[DraftItem]) -> None:
    """A heading that only announced a table whose rows all went elsewhere is no item: its words are kept as unplaced."""
    homes = {
        id(child): siblings
        for siblings in [draft.items, *(one.children for one in draft.walk())]
        for child in siblings
    }
    for heading in headings:
        if heading.children or heading.body or heading.amount or heading.kind in {"goal", "stance", "action"}:
            continue
        siblings = homes.pop(id(heading), None)
        if siblings is not None:
            siblings[:] = [one for one in siblings if one is not heading]
            if heading.source:
                draft.unplaced.append(Unplaced(heading.title, heading.source.page, heading.source.line))


def absorb(twin: DraftItem, item: DraftItem) -> None:
    """Add to `twin` what `item` knows and it does not."""
    twin.amount = twin.amount or item.amount
    twin.previous_amount = twin.previous_amount or item.previous_amount
    twin.programme = twin.programme or item.programme
    twin.budget_source = twin.budget_source or item.budget_source
    twin.body = twin.body or item.body
    twin.result = twin.result or item.result
    twin.plan = twin.plan or item.plan
    twin.figures = twin.figures or item.figures
    twin.owners += [owner for owner in item.owners if owner not in twin.owners]
    twin.tags += [tag for tag in item.tags if tag not in twin.tags]
    twin.places += item.places
