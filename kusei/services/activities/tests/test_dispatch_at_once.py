"""Two divisions want the same interpreter in the same minute, and two interpreters say yes at once: real processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Assignment
from kusei.services.activities.tests.dispatch_ground import ask, complaints, envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import activity_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS = 60
_processes = multiprocessing.get_context("fork")


def each_at_once(works: Sequence[Callable[[], object]]) -> list[int | None]:
    """Each in a process of its own with its own connection; 0 done, 3 refused."""
    together = _processes.Barrier(len(works))

    def run(work: Callable[[], object], together: Barrier) -> None:
        together.wait(SECONDS)
        try:
            work()
        except NotFitting:
            raise SystemExit(3) from None

    connections.close_all()
    running = [_processes.Process(target=run, args=(work, together), daemon=True) for work in works]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    return sorted(process.exitcode if process.exitcode is not None else -1 for process in running)


def test_four_who_want_one_person_at_once_get_one_promise(ground: Ground) -> None:
    activity, envoy = activity_of(ground), envoy_of(ground)
    needs = [need_of(ground, session_in(ground, 5 + 0.01 * place, activity=activity)) for place in range(4)]
    assert each_at_once([lambda need=need: ask(ground, need, envoy) for need in needs]) == [0, 3, 3, 3]
    assert Assignment.objects.count() == 1
    assert complaints() == []


def test_three_who_say_yes_at_once_to_one_place_are_one(ground: Ground) -> None:
    need = need_of(ground, session_in(ground, 5))
    made = [ask(ground, need, envoy_of(ground, f"見本 {number}")) for number in range(3)]
    works = [lambda each=each: activities.accept_assignment(assignment=each) for each in made]
    assert each_at_once(works) == [0, 3, 3]
    assert sorted(Assignment.objects.values_list("state", flat=True)) == ["accepted", "released", "released"]
    assert complaints() == []
