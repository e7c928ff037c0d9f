"""Pillars inside a table: numbered rows that hold the sums of numbered rows, which hold rows of their own (１, （１）, ①)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from kusei.documents.reading.model import DraftItem
from kusei.documents.reading.totals import value_of

_ONE_HIGHER = {"project": "measure", "component": "project", "subcomponent": "component"}


def raise_pillars(items: Sequence[DraftItem]) -> None:
    """Make the outermost of three levels of rows measures, and what stands below them projects and components.

    They are pillars where all are numbered alike, all hold rows, and their money is that of these rows.
    """
    if len(items) < 2 or any(item.kind != "project" or not item.children for item in items):
        return
    forms = {
        re.sub(r"[0-9]+|[IVX]+|[一二三四五六七八九十]+|[ア-ンa-zA-Z]", "#", item.number or "")
        for item in items
    }
    if len(forms) != 1 or forms == {""}:
        return
    if not any(row.children for item in items for row in item.children):
        return
    if sum(_adds_up(item) for item in items) * 2 <= len(items):
        return
    for item in items:
        for row in item.walk():
            row.kind = _ONE_HIGHER.get(row.kind, row.kind)


def _adds_up(item: DraftItem) -> bool:
    """Whether the rows under an item have its money, but for rounding."""
    whole = value_of(item.amount)
    parts = [value_of(row.amount) for row in item.children]
    if whole is None or None in parts:
        return False
    total = sum((part for part in parts if part is not None), Decimal(0))
    return abs(total - whole) * 100 <= abs(whole)
