"""Several processes post at once, one of them dies: real ones, each with its own connection to the database."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier, Event
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connections

from kusei.ledger import operations as ledger
from kusei.ledger import sources
from kusei.ledger.models import Entry
from kusei.ledger.operations import posting
from kusei.ledger.queries.figures import figures_from_entries, year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KIND = "test.at_once"
WORKERS = 4
ROUNDS = 10
SHARED = [Source(KIND, number) for number in (1, 2, 3)]
SECONDS = 90
_processes = multiprocessing.get_context("fork")


def start(work: Callable[..., None], *values: Any) -> BaseProcess:
    """A process of its own; it must not share a connection with ours."""
    connections.close_all()
    process = _processes.Process(target=work, args=values, daemon=True)
    process.start()
    return process


def lines_of(ground: Ground, number: int) -> list[Line]:
    """Five lines, every record's on the same sums: two months of a metric that adds up, a last value of every body."""
    return [
        ground.line("june", number),
        ground.line("july", number + 1, on=date(2026, 7, 1)),
        ground.line("other", 1, item_id=ground.items[1].pk),
        ground.line("members", number, metric_id=ground.members.pk, on=date(2026, 6, 1 + number % 28)),
        ground.line("theirs", 2, metric_id=ground.members.pk, body_id=ground.body.pk),
    ]


def post_all_the_time(ground: Ground, worker: int, together: Barrier) -> None:
    """Own records, each posted once, and the shared ones, said differently each time and in another order by every second."""
    together.wait(SECONDS)
    for turn in range(ROUNDS):
        number = 1000 * (worker + 1) + turn
        records = [(source, lines_of(ground, 10 * worker + turn)) for source in SHARED]
        records.append((Source(KIND, number), lines_of(ground, number)))
        if worker % 2:
            records.reverse()
        ledger.post_records(ward=ground.cast.ward, records=records, actor=None)


def post_and_stay_in_the_middle(ground: Ground, numbers: list[int], reached: Event) -> None:
    """Entries are written, sums not yet, and there it stays until it is killed."""

    def stay(ward: int, entries: object) -> None:
        reached.set()
        signal.pause()

    records = [(Source(KIND, number), lines_of(ground, number)) for number in numbers]
    with patch.object(posting, "keep_sums", stay):
        ledger.post_records(ward=ground.cast.ward, records=records, actor=None)


@contextmanager
def told(ground: Ground, numbers: list[int]) -> Iterator[None]:
    """What the records say, for reconciling."""
    said = {number: lines_of(ground, number) for number in numbers}
    kind = sources.Kind("記録", tell=lambda _ward, _year: said.items(), describe=lambda _ward, _numbers: {})
    sources.register(KIND, kind)
    try:
        yield
    finally:
        sources._kinds.pop(KIND)


def agree(ground: Ground, numbers: list[int]) -> None:
    """Sums, entries and records say the same."""
    ward = ground.cast.ward
    kept = year_figures(ward, 2026)
    assert kept[ground.items[0].pk, ground.times.pk].quantity == sum(2 * number + 1 for number in numbers)
    assert kept[ground.items[1].pk, ground.times.pk].quantity == len(numbers)
    assert kept == figures_from_entries(ward, 2026)
    with told(ground, numbers):
        assert list(discrepancies(ward, 2026)) == []


def test_workers_at_once_leave_sums_right(ground: Ground) -> None:
    together = _processes.Barrier(WORKERS)
    workers = [start(post_all_the_time, ground, number, together) for number in range(WORKERS)]
    for worker in workers:
        worker.join(SECONDS)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS
    own = [1000 * (worker + 1) + turn for worker in range(WORKERS) for turn in range(ROUNDS)]
    standing = {
        Source(KIND, number)
        for number in Entry.objects.filter(reverses__isnull=True).values_list("source_id", flat=True)
    }
    assert standing == {*SHARED, *(Source(KIND, number) for number in own)}
    assert year_figures(ground.cast.ward, 2026) == figures_from_entries(ground.cast.ward, 2026)
    records = [(source, lines_of(ground, source.id)) for source in SHARED]
    ledger.post_records(ward=ground.cast.ward, records=records, actor=None)
    agree(ground, [*own, *(source.id for source in SHARED)])


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(ground: Ground) -> None:
    ledger.post(ward=ground.cast.ward, source=Source(KIND, 1), lines=lines_of(ground, 1), actor=None)
    reached = _processes.Event()
    doomed = start(post_and_stay_in_the_middle, ground, [1, 2, 3, 4], reached)
    assert reached.wait(SECONDS)
    together = _processes.Barrier(2)
    workers = [start(post_all_the_time, ground, number, together) for number in range(2)]
    assert doomed.pid is not None
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.join(SECONDS)
    assert doomed.exitcode == -signal.SIGKILL
    for worker in workers:
        worker.join(SECONDS)
    assert [worker.exitcode for worker in workers] == [0, 0]
    own = [1000 * (worker + 1) + turn for worker in range(2) for turn in range(ROUNDS)]
    assert not Entry.objects.filter(source_id=4).exists()
    again = [(Source(KIND, number), lines_of(ground, number)) for number in (1, 2, 3, 4)]
    for _twice in range(2):
        ledger.post_records(ward=ground.cast.ward, records=again, actor=None)
    agree(ground, [*own, 1, 2, 3, 4])
