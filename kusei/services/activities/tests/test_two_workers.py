"""Two workers at once: everybody is reminded once, and what is to be published is published once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.notices.models import Notice
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Activity, Telling
from kusei.services.activities.tests.ground import activity_of, apply, in_days, intake_of
from kusei.wards.models import AuditEntry

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORKERS, PEOPLE, SECONDS = 3, 20, 60
_processes = multiprocessing.get_context("fork")


def work(do: Callable[..., int], moment: datetime, together: Barrier) -> None:
    together.wait(SECONDS)
    do(now=moment)


def at_once(do: Callable[..., int], moment: datetime) -> list[int | None]:
    together = _processes.Barrier(WORKERS)
    connections.close_all()
    running = [
        _processes.Process(target=work, args=(do, moment, together), daemon=True) for _each in range(WORKERS)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    return [process.exitcode for process in running]


def test_everybody_is_reminded_once(ground: Ground) -> None:
    intake = intake_of(ground, PEOPLE)
    for number in range(PEOPLE):
        apply(intake, mail=f"a{number}@example.jp")
    before = Notice.objects.count()
    begins = timezone.localtime(intake.sessions.first().starts_at)
    moment = (begins - timedelta(days=1)).replace(hour=9)
    assert at_once(activities.remind, moment) == [0] * WORKERS
    assert Telling.objects.filter(occasion="reminder", by_mail=True).count() == PEOPLE
    assert Notice.objects.count() - before == PEOPLE


def test_what_is_due_is_published_once(ground: Ground) -> None:
    for number in range(4):
        activity = activity_of(ground, title=f"教室{number}", published=False)
        activities.publish_at(activity=activity, moment=in_days(1), actor=ground.cast.clerk)
    assert at_once(activities.publish_due, in_days(2)) == [0] * WORKERS
    assert set(Activity.objects.values_list("state", "revision")) == {("published", 2)}
    assert AuditEntry.objects.filter(verb="activities.publish").count() == 4
