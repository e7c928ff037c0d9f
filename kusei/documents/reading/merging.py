"""Rows of tables take their place in the tree; a row that repeats an item of the text adds its money and bodies to it."""

from __future__ import annotations

from collections.abc import Iterable

from kusei.documents.reading.model import Draft, DraftItem, Unplaced
from kusei.documents.reading.rows import RowsRead
from kusei.japanese.folding import fold_name

_TOP = {"goal", "measure", "focus", "organisation", "stance", "division", "column"}


def merge_rows(draft: Draft, rows: RowsRead, *, under: DraftItem | None) -> None:
    """Put the items of a table into `draft`: under the heading it is printed under, or at the top."""
    draft.unplaced += rows.unplaced
    draft.warnings += rows.warnings
    known = {fold_name(item.title): item for item in draft.walk() if len(fold_name(item.title)) >= 4}
    for item in rows.items:
        _merge(draft, item, under, known)


def _merge(draft: Draft, item: DraftItem, under: DraftItem | None, known: dict[str, DraftItem]) -> None:
    twin = known.get(fold_name(item.title))
    if twin is not None and (twin.kind == item.kind or not item.plan):
        absorb(twin, item)
        for child in item.children:
            _merge(draft, child, twin, known)
        return
    repeated = [child for child in item.children if fold_name(child.title) in known]
    if item.children and len(repeated) == len(item.children):
        for child in item.children:
            _merge(draft, child, under, known)
        return
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
    for heading in headings:
        if heading.children or heading.body or heading.amount or heading.kind in {"goal", "stance"}:
            continue
        for siblings in [draft.items, *(item.children for item in draft.walk())]:
            if any(one is heading for one in siblings):
                siblings[:] = [one for one in siblings if one is not heading]
                if heading.source:
                    draft.unplaced.append(Unplaced(heading.title, heading.source.page, heading.source.line))
                break


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
