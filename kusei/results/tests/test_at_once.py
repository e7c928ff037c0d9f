"""Several people press at once: real processes, each with its own connection to the database."""

from __future__ import annotations

from decimal import Decimal
from multiprocessing.synchronize import Barrier
from time import sleep
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.operations import Posted
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.ledger.tests.test_at_once import SECONDS, _processes, start
from kusei.notices.models import Notice
from kusei.plans.models import Plan, PlanVersion
from kusei.results import operations as results
from kusei.results.models import Collection, Reminder, TakenFigure
from kusei.results.operations import PrintedFigure, PrintedResult, Taking

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def remind(ground: Ground, together: Barrier) -> None:
    collection = Collection.objects.get()
    together.wait(SECONDS)
    results.remind(collection=collection, actor=ground.cast.planner, site="https://ward.example.jp")


def test_two_who_remind_at_once_send_one_mail_a_person(ground: Ground) -> None:
    results.open_collection(plan=Plan.objects.get(), due_on=timezone.localdate(), actor=ground.cast.planner)
    together = _processes.Barrier(3)
    workers = [start(remind, ground, together) for _number in range(3)]
    for worker in workers:
        worker.join(SECONDS)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert Reminder.objects.count() == Notice.objects.count() == 2


def take(ground: Ground, taking: Taking, together: Barrier) -> None:
    """Slowly: what is posted was looked up a while before."""
    version, post = PlanVersion.objects.get(), ledger.post_records

    def later(**given: Any) -> Posted:
        sleep(0.5)
        return post(**given)

    together.wait(SECONDS)
    with patch.object(ledger, "post_records", later):
        results.take_figures(version=version, takings=[taking], actor=ground.cast.planner)


def test_figures_of_one_action_taken_at_once_are_all_counted(ground: Ground) -> None:
    item, ward = ground.items[0].pk, ground.cast.ward
    figures = tuple(PrintedFigure(Decimal(number), "回") for number in range(1, 4))
    results.record_printed_results(
        version=PlanVersion.objects.get(), results=[PrintedResult(item, "結果", "done", "", figures)]
    )
    together = _processes.Barrier(len(figures))
    workers = [
        start(take, ground, Taking(item, place, ground.times.pk), together) for place in range(len(figures))
    ]
    for worker in workers:
        worker.join(SECONDS)
    assert [worker.exitcode for worker in workers] == [0] * len(figures)
    assert TakenFigure.objects.count() == len(figures)
    assert list(discrepancies(ward, 2026)) == []
    assert year_figures(ward, 2026)[item, ground.times.pk].quantity == sum(range(1, 4))
