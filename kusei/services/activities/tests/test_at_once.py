"""200 people at once for the last ten places: real processes, each with its own connection to the database."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from kusei.ledger.tests.ground import Ground
from kusei.services.activities.models import Application, Intake, Quota, Seat
from kusei.services.activities.tests.ground import apply, complaints, intake_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORKERS, EACH, PLACES, SECONDS = 4, 50, 10, 120
_processes = multiprocessing.get_context("fork")


def apply_all_the_time(intake: Intake, together: Barrier) -> None:
    together.wait(SECONDS)
    for _turn in range(EACH):
        apply(intake)


def test_exactly_ten_of_two_hundred_get_the_last_ten_places(ground: Ground) -> None:
    intake = intake_of(ground, PLACES)
    together = _processes.Barrier(WORKERS)
    connections.close_all()
    running = [
        _processes.Process(target=apply_all_the_time, args=(intake, together), daemon=True)
        for _each in range(WORKERS)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    assert [process.exitcode for process in running] == [0] * WORKERS
    assert Application.objects.count() == WORKERS * EACH
    assert Quota.objects.get().taken == PLACES
    seats = list(Seat.objects.order_by("turn").values_list("turn", "application__number", "state"))
    assert [turn for turn, _number, _state in seats] == list(range(1, WORKERS * EACH + 1))
    assert [number for _turn, number, _state in seats] == list(range(1, WORKERS * EACH + 1))
    assert [state for _turn, _number, state in seats] == ["accepted"] * PLACES + ["waiting"] * (
        WORKERS * EACH - PLACES
    )
    assert complaints(intake) == []
