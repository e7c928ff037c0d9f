"""Asking for work, and owning it while it is done. Everything that decides is a conditional update: whoever changes the
row first wins, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.jobs import rules
from kusei.jobs.enums import JobStatus
from kusei.jobs.models import Job

LOST = "lost"


def enqueue(
    work: str,
    *,
    ward_id: int,
    key: str,
    arguments: dict[str, Any] | None = None,
    asked_by_id: int | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Ask for work, inside the caller's transaction: where that is rolled back, nothing waits. It begins at `not_before`
    (at once).

    The same work (`key`) that waits or runs already is not asked for twice: that job is returned.
    """
    try:
        with transaction.atomic():
            return Job.objects.create(
                work=work,
                key=key,
                ward_id=ward_id,
                arguments=arguments or {},
                asked_by_id=asked_by_id,
                not_before=not_before or timezone.now(),
            )
    except IntegrityError:
        waiting = Job.objects.filter(
            work=work, key=key, status__in=[JobStatus.WAITING, JobStatus.RUNNING]
        ).first()
        if waiting is None:  # another reason than the constraint
            raise
        return waiting


def enqueue_many(
    work: str, *, ward_id: int, jobs: Sequence[tuple[str, dict[str, Any]]], not_before: datetime
) -> None:
    """`enqueue` for many (key, arguments) that nobody can have asked for yet, in one statement."""
    Job.objects.bulk_create(
        [
            Job(work=work, key=key, ward_id=ward_id, arguments=arguments, not_before=not_before)
            for key, arguments in jobs
        ]
    )


def claim(*, now: datetime | None = None) -> Job | None:
    """Take the oldest job whose time has come, or whose worker gave no sign of life; None where there is none.

    A job that was begun too often is not begun again: see `spent_jobs`.
    """
    moment = now or timezone.now()
    ready = Q(status=JobStatus.WAITING, not_before__lte=moment)
    lost = Q(status=JobStatus.RUNNING, leased_until__lt=moment)
    for job in Job.objects.filter(ready | lost, attempts__lt=rules.ATTEMPTS).order_by("not_before", "pk")[:5]:
        taken = Job.objects.filter(ready | lost, pk=job.pk, attempts=job.attempts).update(
            status=JobStatus.RUNNING,
            attempts=F("attempts") + 1,
            started_at=moment,
            leased_until=moment + rules.LEASE,
            done=0,
            total=None,
        )
        if taken:  # otherwise another worker was first
            job.refresh_from_db()
            return job
    return None


def renew(job: Job, *, done: int | None = None, total: int | None = None) -> bool:
    """A sign of life, with how far the work is. False where the job is no longer this worker's."""
    changes: dict[str, Any] = {"leased_until": timezone.now() + rules.LEASE}
    if done is not None:
        changes |= {"done": done, "total": total}
    return bool(_mine(job).update(**changes))


def finish(job: Job) -> bool:
    """The work is done. False where another worker has taken it up meanwhile."""
    return bool(
        _mine(job).update(status=JobStatus.DONE, ended_at=timezone.now(), leased_until=None, problem="")
    )


def stumble(job: Job, problem: str) -> bool:
    """The work broke off: it is tried again after a pause, or given up. True where it was given up now."""
    now = timezone.now()
    if rules.is_spent(job.attempts):
        return bool(
            _mine(job).update(status=JobStatus.FAILED, ended_at=now, leased_until=None, problem=problem)
        )
    _mine(job).update(
        status=JobStatus.WAITING,
        not_before=now + rules.pause_after(job.attempts),
        leased_until=None,
        problem=problem,
    )
    return False


def give_up_lost() -> list[Job]:
    """Jobs whose worker vanished on their last attempt; they count as failed now. Each is returned to one caller only."""
    now = timezone.now()
    found = []
    lost = Job.objects.filter(status=JobStatus.RUNNING, leased_until__lt=now, attempts__gte=rules.ATTEMPTS)
    for job in lost:
        ended = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, leased_until__lt=now).update(
            status=JobStatus.FAILED, ended_at=now, leased_until=None, problem=LOST
        )
        if ended:
            found.append(job)
    return found


def given_up_message() -> str:
    """Why a job was given up, for the person who waits for it."""
    return _(
        "処理が%(times)d回続けて途中で止まったため、やめました。もう一度試しても同じときは、システムの担当者に知らせてください。"
    ) % {"times": rules.ATTEMPTS}


def _mine(job: Job):  # type: ignore[no-untyped-def]
    return Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, attempts=job.attempts)
