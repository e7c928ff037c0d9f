"""Two telephones at one door, two sessions counted in the same moment: real processes, each with its own connection."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Presence, Seat, Session
from kusei.services.activities.tests.ground import apply, intake_of
from kusei.services.activities.tests.test_door import agrees, count, on_the_day, said

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PEOPLE, SECONDS = 4, 120
_processes = multiprocessing.get_context("fork")


def tap_and_count(ground: Ground, session: Session, together: Barrier) -> None:
    seats = list(Seat.objects.order_by("pk"))
    together.wait(SECONDS)
    for seat in seats:
        activities.mark_presence(session=session, seat=seat, is_present=True, actor=ground.cast.clerk)
    count(session, PEOPLE, ground)


def tap(ground: Ground, session: Session, together: Barrier) -> None:
    seats = list(Seat.objects.order_by("pk"))
    together.wait(SECONDS)
    for seat in seats:
        activities.mark_presence(session=session, seat=seat, is_present=True, actor=ground.cast.clerk)


def test_who_comes_twice_is_one_person_whoever_counts_first(ground: Ground) -> None:
    intake = intake_of(ground, PEOPLE)
    apply(intake, PEOPLE)
    first, second, _third = on_the_day(intake)
    together = _processes.Barrier(3)
    connections.close_all()
    running = [
        _processes.Process(target=work, args=(ground, session, together), daemon=True)
        for work, session in ((tap_and_count, first), (tap_and_count, second), (tap, first))
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    assert [process.exitcode for process in running] == [0, 0, 0]
    assert Presence.objects.filter(is_present=True).count() == 2 * PEOPLE
    assert said(ground) == {
        "times": 2, "attendances": 2 * PEOPLE, "persons_of_course": PEOPLE, "persons_of_item": PEOPLE,
    }  # fmt: skip
    assert agrees(ground)
