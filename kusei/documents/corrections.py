"""What the office says otherwise than the document: what was read beside what a version says, and beside what is printed.

At the desk two things look alike: putting a slip of the reading right, and saying something else than the document does. Only
the second is told to residents. So a value counts as corrected where it is not printed at the item's place; and where the
printed text could mean either, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kusei.documents.models import SourceDocument
from kusei.documents.queries import Document, PageText, text_of_pages
from kusei.documents.rules import walk as walk_draft
from kusei.japanese.folding import fold, fold_name
from kusei.plans.enums import AmountBasis
from kusei.plans.queries import Node
from kusei.plans.rules import Entry, flatten_draft

Spot = tuple[int | None, int | None]
"""Page and line; pages are None in formats without any."""

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_UNITS = (1, 1_000, 10_000, 1_000_000)
_AROUND = 8
_LONGEST = 60
_TELLING = 4
"""So many characters of their own are looked for without the ones beside them."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One value; `field` names it as places do. Amounts are whole yen; None where the one or the other has none."""

    field: str
    read: str | int | None
    now: str | int | None


def corrections_of(
    document: Document,
    nodes: Sequence[Node],
    *,
    only: int | None = None,
    pages: Sequence[PageText] | None = None,
) -> dict[int, tuple[Correction, ...]]:
    """By item id, what `nodes` (all of a version, flat) say otherwise than the document, for items on `pages`.

    `only` asks for one item alone. Without `pages` those of its places are fetched. Two queries at most.
    """
    beside: dict[Spot, list[Node]] = {}
    for node in nodes:
        if node.source_line:
            beside.setdefault((node.source_page, node.source_line), []).append(node)
    wanted = [node for node in nodes if node.source_line and only in (None, node.item_id)]
    read: dict[Spot, list[dict[str, Any]]] = {}
    spots = {(node.source_page, node.source_line) for node in wanted}
    for item in walk_draft({"items": _items_of(document) if wanted else []}):
        source = item.get("source") or {}
        spot = (source.get("page"), source.get("line"))
        if spot in spots:
            read.setdefault(spot, []).append(item)
    if pages is None:
        pages = text_of_pages(document, {page for node in wanted for page, _line in _lines_of(node)})
    lines = {(page.number, number): text for page in pages for number, text in page.lines}
    whole = {page.number: fold_name("".join(text for _number, text in page.lines)) for page in pages}
    found: dict[int, tuple[Correction, ...]] = {}
    for node in wanted:
        spot = (node.source_page, node.source_line)
        twin = _twin(node, read.get(spot, []), beside[spot])
        spots_of_node = _lines_of(node)
        printed_on = {page for page, _line in spots_of_node}
        if twin is None or not printed_on <= whole.keys():
            continue
        entry = flatten_draft({"items": [{**twin, "children": []}]}, fiscal_year=document.fiscal_year)[0][0]
        near = "\n".join(lines.get(each, "") for each in sorted(spots_of_node))
        page_text = "".join(whole[page] for page in sorted(printed_on))
        if corrections := tuple(compared(entry, node, near=near, page=page_text)):
            found[node.item_id] = corrections
    return found


def compared(entry: Entry, node: Node, *, near: str, page: str) -> Iterable[Correction]:
    """What `node` says otherwise than was read (`entry`) and than is printed: `near` the item's lines, `page` folded."""
    for field, old, new in (
        ("title", entry.title, node.title),
        ("body", entry.text, node.text),
        ("plan", "\n".join(entry.plan_bullets), "\n".join(node.plan_bullets)),
    ):
        yield from _text(field, old, new, page)
    for field, basis, yen in (
        ("amount", AmountBasis.CURRENT, node.current_yen),
        ("previous_amount", AmountBasis.PREVIOUS, node.previous_yen),
    ):
        known = [money.yen for money in entry.money if money.basis == basis and money.yen is not None]
        yield from _amount(field, sum(known) if known else None, yen, near)
    yield from _names("owner", entry.owners, [(each.name, each.printed_name) for each in node.owners], near)
    yield from _names("tag", entry.tags, [(tag, tag) for tag in node.tags], near)


def _text(field: str, old: str, new: str, page: str) -> Iterable[Correction]:
    if fold_name(old) == fold_name(new):
        return
    start = next(
        (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    rest_old, rest_new = old[start:][::-1], new[start:][::-1]
    end = next(
        (at for at, (a, b) in enumerate(zip(rest_old, rest_new, strict=False)) if a != b),
        min(len(rest_old), len(rest_new)),
    )
    own = new[start : len(new) - end]
    if not fold_name(own) and (not start or not end):
        return  # words taken off an end: they may have gone into another item
    probe = own if len(fold_name(own)) >= _TELLING else new[max(start - 2, 0) : len(new) - end + 2]
    if fold_name(probe) in page:
        return
    yield Correction(field, _piece(old, start, end) or None, _piece(new, start, end) or None)


def _piece(text: str, start: int, end: int) -> str:
    """The differing middle with a few characters around it, or the whole of a short text."""
    if len(text) <= _LONGEST // 2:
        return text
    first, last = max(start - _AROUND, 0), min(len(text) - end + _AROUND, len(text))
    last = min(last, first + _LONGEST)
    return ("…" if first else "") + text[first:last].strip() + ("…" if last < len(text) else "")


def _amount(field: str, old: int | None, new: int | None, near: str) -> Iterable[Correction]:
    if old == new:
        return
    printed = {Decimal(number.replace(",", "")) for number in _NUMBER.findall(fold(near))}

    def is_printed(yen: int) -> bool:
        return any(Decimal(yen) / unit in printed for unit in _UNITS)

    if (new is not None and is_printed(new)) or (old is not None and not is_printed(old)):
        return
    yield Correction(field, old, new)


def _names(field: str, old: Sequence[str], new: list[tuple[str, str]], near: str) -> Iterable[Correction]:
    """Names that were put in; those that were only taken out may have been read by mistake."""
    read, printed = {fold_name(name) for name in old}, fold_name(near)
    added = [
        names
        for names in new
        if not any(fold_name(name) in read or fold_name(name) in printed for name in names)
    ]
    if added:
        yield Correction(field, "、".join(old) or None, "、".join(name for name, _printed in new))


def _items_of(document: Document) -> list[dict[str, Any]]:
    rows = SourceDocument.objects.filter(pk=document.document_id).values_list("draft__items", flat=True)
    return rows[0] or []


def _lines_of(node: Node) -> set[tuple[int, int]]:
    """Page and line of everything that the item was read from, and the lines between on one page."""
    spans: dict[int, list[int]] = {}
    for place in [{"page": node.source_page, "line": node.source_line}, *node.places]:
        if line := place.get("line"):
            spans.setdefault(place.get("page") or 1, []).extend([line, place.get("end_line") or line])
    return {(page, line) for page, ends in spans.items() for line in range(min(ends), max(ends) + 1)}


def _twin(node: Node, read: list[dict[str, Any]], beside: list[Node]) -> dict[str, Any] | None:
    """What was read of an item: alone at its place, or there the only one of its kind and title."""
    if len(read) == 1 and len(beside) == 1:
        return read[0]
    alike = [item for item in read if (item["kind"], item["title"]) == (node.kind, node.title)]
    return alike[0] if len(alike) == 1 else None
