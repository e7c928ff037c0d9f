"""Pure rules on documents that come in: what to ask for, and which items of a draft carry a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kusei.plans.enums import PlanKind

UNKNOWN_KIND = PlanKind.OTHER.value


def walk(draft: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every item of a draft in printed order: the order in which `plans.rules.flatten_draft` numbers them."""
    pending = list(reversed(draft.get("items") or []))
    while pending:
        item = pending.pop()
        yield item
        pending.extend(reversed(item.get("children") or []))


def rows_with_results(draft: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The items (with their number in printed order) that have a printed result, or a plan in a document that prints
    results: an action whose result cell is empty is reported as such. None in a document without results."""
    rows = [(at, item) for at, item in enumerate(walk(draft)) if item.get("plan") or item.get("result")]
    return rows if any(item.get("result") for _, item in rows) else []


def all_text(draft: dict[str, Any]) -> str:
    """The words of a draft in one string, to see what it speaks of (which city, which bodies)."""
    parts: list[str] = [draft.get("title") or "", draft.get("ward") or ""]
    for item in walk(draft):
        parts.extend(
            filter(None, (item.get("title"), item.get("body"), item.get("programme"), item.get("result")))
        )
        parts.extend(item.get("plan") or [])
    parts.extend(piece.get("text", "") for piece in draft.get("unplaced") or [])
    return "\n".join(parts)


def count_by_kind(items: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many items of each kind, the kinds in order of first appearance."""
    counts: dict[str, int] = {}
    for item in items:
        counts[item["kind"]] = counts.get(item["kind"], 0) + 1
    return counts
