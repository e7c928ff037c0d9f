"""Who gets a free seat: pure.

Seats lie in quotas (一般, 保育あり …), each with its capacity. People who want to come together or not at all are one party;
of those who take as many as fit each is a party of one. Seats are given in the order of turns; a party that is too large for
what is free keeps its turn and lets the next ones pass, so that no seat stays empty while somebody waits who fits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seat that is asked for: of which application, in which quota, whose turn it is. `together`: all of the application
    or none."""

    seat: int
    application: int
    quota: int
    turn: int
    together: bool


@dataclass(frozen=True, slots=True)
class Party:
    """Seats that are given together or not at all."""

    turn: int
    seats: tuple[int, ...]
    wants: Mapping[int, int]


def parties_of(wanted: Iterable[Wanted]) -> list[Party]:
    """The parties in the order of their turns."""
    groups: dict[tuple[int, int], list[Wanted]] = {}
    for each in wanted:
        groups.setdefault((each.application, 0 if each.together else each.seat), []).append(each)
    found = [
        Party(
            min(each.turn for each in group),
            tuple(each.seat for each in group),
            Counter(each.quota for each in group),
        )
        for group in groups.values()
    ]
    return sorted(found, key=lambda party: (party.turn, party.seats))


def given(free: Mapping[int, int], wanted: Iterable[Wanted]) -> list[int]:
    """The seats (their keys) that are given out of what is `free` in each quota, in the order of turns."""
    left = dict(free)
    seats: list[int] = []
    for party in parties_of(wanted):
        if all(left.get(quota, 0) >= count for quota, count in party.wants.items()):
            for quota, count in party.wants.items():
                left[quota] -= count
            seats += party.seats
    return seats
