"""Two counters give one prize at once, and one telephone stamps twice at once: real processes, each with its own connection."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from uuid import UUID

import pytest
from django.db import connections

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Card, DayCount, Rally, Stamp
from kusei.services.activities.tests.rally_ground import card_on, rally_of
from kusei.wards.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS, TIMES = 60, 8
_processes = multiprocessing.get_context("fork")


def at_once(do: Callable[..., None], *arguments: object) -> list[int | None]:
    """Run it in three processes; how they ended."""
    together = _processes.Barrier(3)
    connections.close_all()
    running = [
        _processes.Process(target=do, args=(*arguments, number, together), daemon=True) for number in range(3)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    return [process.exitcode for process in running]


def give_all(rally: Rally, codes: list[str], actor: Person, _number: int, together: Barrier) -> None:
    together.wait(SECONDS)
    for code in codes:
        try:
            activities.give_prize(rally=rally, finish_code=code, actor=actor)
        except NotFitting:
            continue


def stamp_all(rally: Rally, codes: list[str], number: int, together: Barrier) -> None:
    """The same form sent three times, then a card of one's own: every station, one after the other."""
    together.wait(SECONDS)
    for ticket in (UUID(int=1), UUID(int=10 + number)):
        card, _shown = activities.start_card(rally=rally, ticket=ticket)
        for code in codes:
            activities.collect_stamp(card=card, code=code)


def test_prizes_and_stamps_are_counted_once_however_many_press_at_once(ground: Ground) -> None:
    rally = rally_of(ground, stations=2, needed=2, prize_total=TIMES - 2)
    codes = list(rally.stations.values_list("code", flat=True))
    assert at_once(stamp_all, rally, codes) == [0, 0, 0]
    assert (Card.objects.count(), Stamp.objects.count()) == (4, 8)
    assert sorted(DayCount.objects.values_list("what", "quantity")) == [
        ("cards", 4), ("finished", 4), ("stamps", 4), ("stamps", 4),
    ]  # fmt: skip
    for _each in range(TIMES - 4):
        card_on(rally, 2)
    finished = list(Card.objects.values_list("finish_code", flat=True))
    assert at_once(give_all, rally, finished, ground.cast.clerk) == [0, 0, 0]
    assert Card.objects.filter(prize_at__isnull=False).count() == TIMES - 2
    assert DayCount.objects.get(what="prizes").quantity == TIMES - 2
