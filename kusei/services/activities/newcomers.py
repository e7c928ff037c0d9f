"""Who is there for the first time: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Came:
    """One person at one session that was held: their seat, and the blind key by which they are known elsewhere ("": by nothing)."""

    session: int
    starts_at: datetime
    intake: int
    seat: int
    blind: str


@dataclass(frozen=True, slots=True)
class First:
    """How many came to a session for the first time: in their intake, and in everything that was given."""

    in_intake: int = 0
    in_all: int = 0


def firsts(came: Iterable[Came]) -> dict[int, First]:
    """By session, newcomers of one item's year. Within an intake a seat is a person; across intakes a blind key is."""
    seats: set[int] = set()
    people: set[Hashable] = set()
    in_intake: Counter[int] = Counter()
    in_all: Counter[int] = Counter()
    met: list[int] = []
    for each in sorted(came, key=lambda one: (one.starts_at, one.session, one.seat)):
        met.append(each.session)
        if each.seat not in seats:
            seats.add(each.seat)
            in_intake[each.session] += 1
        person: Hashable = each.blind or each.seat
        if person not in people:
            people.add(person)
            in_all[each.session] += 1
    return {session: First(in_intake[session], in_all[session]) for session in met}
