"""A worker: takes jobs one by one, shows a sign of life while they run, and tries again what broke off."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone

from kusei.jobs import operations, rules
from kusei.jobs.enums import JobStatus
from kusei.jobs.models import Job
from kusei.jobs.registry import surroundings, work_called

logger = logging.getLogger(__name__)
_TOLD_EVERY = 0.5
_REST_SECONDS = 1.0


class LeaseLost(Exception):
    """Another worker has taken the job up: this run must not write anything more."""


@dataclass
class Run:
    """One run of a job, as its function sees it."""

    job: Job
    _told_at: float = field(default=0.0)

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.job.arguments)

    def tell(self, done: int, total: int | None) -> None:
        """How far the work is; a sign of life, too. Raises LeaseLost. ASSUMPTION: called outside a transaction."""
        now = time.monotonic()
        if now - self._told_at < _TOLD_EVERY and done != total:
            return
        self._told_at = now
        if not operations.renew(self.job, done=done, total=total):
            raise LeaseLost

    def is_mine(self) -> bool:
        """Whether this run still owns its job; ask inside the transaction that writes the outcome."""
        mine = Job.objects.select_for_update().filter(
            pk=self.job.pk, status=JobStatus.RUNNING, attempts=self.job.attempts
        )
        return mine.first() is not None


def run_next(*, heartbeat: bool = True) -> bool:
    """Do the next job that waits, if there is one. What goes wrong in it is written down, never raised."""
    for lost in operations.give_up_lost():
        _tell_given_up(lost)
    job = operations.claim()
    if job is None:
        return False
    stop = threading.Event()
    if heartbeat:
        threading.Thread(target=_beat, args=(job, stop), daemon=True).start()
    try:
        _run(job)
    finally:
        stop.set()
    return True


def work_off(limit: int = 100) -> int:
    """Do what waits now, in this process; returns how many jobs were run. For tests and for commands."""
    for count in range(limit):
        if not run_next(heartbeat=False):
            return count
    return limit


@dataclass
class Regular:
    """Something to do every so many seconds, beside the jobs; the first time at once."""

    every: float
    do: Callable[[], object]
    _due: float = field(default=0.0)

    def run_if_due(self) -> None:
        """What goes wrong is written down, never raised: the next time comes."""
        if time.monotonic() < self._due:
            return
        try:
            with surroundings():
                self.do()
        except Exception:  # told in the log; the jobs, which the same worker does, must go on
            logger.exception("What a worker does regularly broke off")
        self._due = time.monotonic() + self.every


def work_until(stopped: Callable[[], bool], beside: Sequence[Regular] = ()) -> None:
    """Work until somebody says stop: the loop of `kusei worker`."""
    while not stopped():
        close_old_connections()
        for each in beside:
            each.run_if_due()
        try:
            busy = run_next()
        except Exception:  # the database is away for a moment: the worker stays
            logger.exception("The worker could not look for work")
            busy = False
        if not busy and not stopped():
            time.sleep(_REST_SECONDS)


def _run(job: Job) -> None:
    work = work_called(job.work)
    try:
        with surroundings():
            if work is None:
                raise LookupError(f"no such work: {job.work}")
            work.do(Run(job))
    except LeaseLost:
        logger.warning("Job %s was taken up by another worker", job.pk)
    except Exception as error:
        logger.exception("Job %s (%s) broke off", job.pk, job.work)
        if operations.stumble(job, f"{type(error).__name__}: {error}"[:500]):
            _tell_given_up(job)
    else:
        operations.finish(job)


def _tell_given_up(job: Job) -> None:
    work = work_called(job.work)
    if work is None:
        return
    try:
        with surroundings():
            work.given_up(dict(job.arguments), operations.given_up_message())
    except Exception:  # the job is over either way, and its room's failure must not end the worker
        logger.exception("Nobody could be told that job %s was given up", job.pk)


def _beat(job: Job, stop: threading.Event) -> None:
    """Renew the lease from a thread of its own, for a page can take longer than a lease."""
    end = timezone.now() + rules.LONGEST
    try:
        while not stop.wait(rules.LEASE.total_seconds() / 4):
            if timezone.now() > end:
                return
            try:
                if not operations.renew(job):
                    return
            except Exception:  # a busy database: the next beat comes soon
                logger.warning("The sign of life of job %s was late", job.pk)
    finally:
        connection.close()
