"""Several people press at once: real processes, each with its own connection to the database."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.models import Entry, Metric
from kusei.ledger.operations import Posted
from kusei.ledger.queries.figures import added_up, year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.ledger.tests.test_at_once import SECONDS, _processes, start
from kusei.notices.models import Notice
from kusei.plans.models import Plan, PlanVersion
from kusei.results import operations as results
from kusei.results.claims import claims_in
from kusei.results.errors import FigureRefused
from kusei.results.models import Answer, Collection, Reminder, TakenFigure, TypedFigure
from kusei.results.operations import CountAs, PrintedFigure, PrintedResult, Taking
from kusei.results.typed import keyed

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


def take(ground: Ground, taking: Taking, together: Barrier, meet: Barrier) -> None:
    """Before anything is posted all meet, if more than one can have come so far: then each has looked before any has posted."""
    version, post = PlanVersion.objects.get(), ledger.post_records

    def later(**given: Any) -> Posted:
        with suppress(BrokenBarrierError):
            meet.wait(1)
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
    together, meet = (_processes.Barrier(len(figures)) for _each in range(2))
    workers = [
        start(take, ground, Taking(item, place, ground.times.pk), together, meet)
        for place in range(len(figures))
    ]
    for worker in workers:
        worker.join(SECONDS)
    assert [worker.exitcode for worker in workers] == [0] * len(figures)
    assert TakenFigure.objects.count() == len(figures)
    assert list(discrepancies(ward, 2026)) == []
    assert year_figures(ward, 2026)[item, ground.times.pk].quantity == sum(range(1, 4))


def count(ground: Ground, metric: int, together: Barrier) -> None:
    answer = Answer.objects.select_related("collection__plan", "ward").get(item=ground.items[0])
    [(key, _claim)] = keyed(claims_in(answer.text, ()))
    together.wait(SECONDS)
    try:
        results.count_typed(answer=answer, key=key, count_as=CountAs(metric), actor=ground.cast.planner)
    except FigureRefused:
        raise SystemExit(7) from None


@pytest.mark.parametrize("is_same", [True, False])
def test_two_who_count_a_typed_figure_at_once_count_it_once(ground: Ground, is_same: bool) -> None:
    collection = results.open_collection(
        plan=Plan.objects.get(), due_on=timezone.localdate(), actor=ground.cast.planner
    )
    answer = collection.answers.get(item=ground.items[0])
    results.write_answer(answer=answer, was={"text": ""}, mine={"text": "149団体"}, actor=ground.cast.planner)
    groups = Metric.objects.get(ward=None, key="groups").pk
    own = ledger.add_metric(ward=ground.cast.ward, name="来た団体", unit="団体", actor=ground.cast.planner).pk
    together = _processes.Barrier(2)
    workers = [start(count, ground, metric, together) for metric in (groups, groups if is_same else own)]
    for worker in workers:
        worker.join(SECONDS)
    assert sorted(worker.exitcode for worker in workers) == ([0, 0] if is_same else [0, 7])
    assert TypedFigure.objects.count() == Entry.objects.count() == 1
    assert list(discrepancies(ground.cast.ward, 2026)) == []


def share(ground: Ground, first: int, together: Barrier) -> None:
    together.wait(SECONDS)
    places = [(ground.items[first].pk, 0), (ground.items[1].pk, 0), (ground.items[2 - first].pk, 0)]
    results.share_printed(version=PlanVersion.objects.get(), places=places, actor=ground.cast.planner)


def test_two_who_say_at_once_that_figures_are_the_same_leave_one(ground: Ground) -> None:
    results.record_printed_results(
        version=PlanVersion.objects.get(),
        results=[
            PrintedResult(item.pk, "459件", "done", "", (PrintedFigure(Decimal(459), "件"),))
            for item in ground.items
        ],
    )
    together = _processes.Barrier(2)
    workers = [start(share, ground, first, together) for first in (0, 2)]
    for worker in workers:
        worker.join(SECONDS)
    assert [worker.exitcode for worker in workers] == [0, 0]
    figures = year_figures(ground.cast.ward, 2026)
    assert [figure.quantity for figure in figures.values()] == [459, 459, 459]
    cases = Metric.objects.get(ward=None, key="cases")
    total = added_up(figures, [item.pk for item in ground.items], cases)
    assert (total.quantity, total.entries) == (459, 1)
    assert list(discrepancies(ground.cast.ward, 2026)) == []
