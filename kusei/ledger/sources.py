"""The kinds of records that entries come from. Each room registers its own when the application starts: the ledger knows
none of them, but can name a record, lead to it, and compare what it says with what was posted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kusei.ledger.rules import Line
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class Source:
    """One record: its kind as registered, and its number within that kind."""

    kind: str
    id: int


Told = Iterable[tuple[int, Sequence[Line]]]
"""(number of the record, what it says)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is what people call such a record. `tell` gives what all records of a ward's year say now, in any order, those
    that say nothing left out; `describe` names single records: {number: label}. `tells_places`: each place (slot) of such a
    record tells one thing of its own, so it can be said to be the same as another's without the rest. `knows_months`: its
    entries' days tell at least in which month something happened, not the year alone."""

    name: Any
    tell: Callable[[Ward, int], Told]
    describe: Callable[[Ward, Sequence[int]], dict[int, str]]
    tells_places: bool = False
    knows_months: bool = True


_kinds: dict[str, Kind] = {}


def register(key: str, kind: Kind) -> None:
    """Called by a room's AppConfig; `key` stands in `Entry.source_kind` (at most 24 characters) for ever."""
    _kinds[key] = kind


def kind_called(key: str) -> Kind | None:
    """None for a kind that the code knows no longer."""
    return _kinds.get(key)


def kinds() -> Iterator[tuple[str, Kind]]:
    """All kinds, with their keys."""
    yield from _kinds.items()
