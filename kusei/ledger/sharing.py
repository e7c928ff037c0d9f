"""Sets of entries that belong to one action and are seen from others too: what a total over actions takes of them. Pure.

The rule, for every figure of one action, total, month, body and district: it is made of the entries that belong to the
actions and of the sets that these actions see, each set once, and not at all where the action that it belongs to is among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """A set that belongs to `home`, as it is seen from another action."""

    shared_id: int
    home: int
    quantity: int
    entries: int


def counted_once(seen: Iterable[Seen], items: Collection[int]) -> tuple[Seen, ...]:
    """The sets that a total over `items` takes beside what belongs to them."""
    own = set(items)
    return tuple({each.shared_id: each for each in seen if each.home not in own}.values())
