"""Background work: owned by one worker, tried again, given up, never done twice at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kusei.jobs import operations, registry, rules
from kusei.jobs.models import Job
from kusei.jobs.running import LeaseLost, Run, work_off
from tests.cast import Cast


class Bench:
    """A kind of work that notes what happens to it."""

    def __init__(self) -> None:
        self.ran: list[dict[str, object]] = []
        self.given_up: list[str] = []
        self.fail = False

    def do(self, run: Run) -> None:
        self.ran.append(run.arguments)
        run.tell(1, 2)
        if self.fail:
            raise RuntimeError("broken")

    def stop(self, _arguments: dict[str, object], why: str) -> None:
        self.given_up.append(why)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    one = Bench()
    monkeypatch.setitem(registry._work, "bench", registry.Work(one.do, one.stop))
    return one


def ask(cast: Cast, key: str = "1") -> Job:
    return operations.enqueue("bench", ward_id=cast.ward.pk, key=key, arguments={"key": key})


def later(**changes: object) -> None:
    Job.objects.update(not_before=timezone.now() - timedelta(seconds=1), **changes)


def test_work_is_done_once_and_in_order(cast: Cast, bench: Bench) -> None:
    first, second = ask(cast, "1"), ask(cast, "2")
    assert work_off() == 2
    assert bench.ran == [{"key": "1"}, {"key": "2"}]
    first.refresh_from_db()
    second.refresh_from_db()
    assert [(job.status, job.done, job.total, job.attempts) for job in (first, second)] == [
        ("done", 1, 2, 1)
    ] * 2
    assert work_off() == 0


def test_the_same_work_waits_once(cast: Cast, bench: Bench) -> None:
    assert ask(cast).pk == ask(cast).pk
    work_off()
    assert len(bench.ran) == 1
    again = ask(cast)  # it is done: now it can be asked for again
    work_off()
    assert (len(bench.ran), Job.objects.count(), again.attempts) == (2, 2, 0)


def test_what_is_rolled_back_is_not_asked_for(cast: Cast, bench: Bench) -> None:
    with transaction.atomic():
        ask(cast)
        transaction.set_rollback(True)
    assert work_off() == 0


def test_broken_work_is_tried_again_after_a_pause_and_then_given_up(cast: Cast, bench: Bench) -> None:
    bench.fail = True
    job = ask(cast)
    for attempt in range(1, rules.ATTEMPTS + 1):
        assert work_off() == 1  # and not a second time at once: there is a pause
        job.refresh_from_db()
        assert job.attempts == attempt
        later()
    assert (job.status, job.problem) == ("failed", "RuntimeError: broken")
    assert [f"{rules.ATTEMPTS}回" in why for why in bench.given_up] == [True]
    assert work_off() == 0


def test_work_of_a_lost_worker_is_taken_up_by_another(cast: Cast, bench: Bench) -> None:
    ask(cast)
    lost = operations.claim()
    assert lost is not None
    assert operations.claim() is None  # owned
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    assert work_off() == 1
    assert bench.ran == [{"key": "1"}]
    # The first worker comes back late: it owns nothing any more.
    assert not operations.renew(lost)
    assert not operations.finish(lost)
    with pytest.raises(LeaseLost):
        Run(lost).tell(1, 1)
    assert not Run(lost).is_mine()


def test_work_that_kills_every_worker_is_given_up(cast: Cast, bench: Bench) -> None:
    job = ask(cast)
    for _attempt in range(rules.ATTEMPTS):
        assert operations.claim() is not None
        Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert work_off() == 0
    job.refresh_from_db()
    assert (job.status, job.problem, len(bench.given_up), bench.ran) == ("failed", operations.LOST, 1, [])


def test_work_that_the_code_knows_no_longer_fails_and_says_so(cast: Cast) -> None:
    job = operations.enqueue("gone", ward_id=cast.ward.pk, key="1")
    for _attempt in range(rules.ATTEMPTS):
        work_off()
        later()
    job.refresh_from_db()
    assert (job.status, "no such work: gone" in job.problem) == ("failed", True)


@pytest.mark.parametrize(("attempts", "spent", "seconds"), [(1, False, 10), (2, False, 120), (3, True, 120)])
def test_pauses(attempts: int, spent: bool, seconds: int) -> None:
    assert rules.is_spent(attempts) is spent
    assert rules.pause_after(attempts) == timedelta(seconds=seconds)
