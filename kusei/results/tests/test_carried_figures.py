"""What documents printed goes on with the text that was taken over from them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kusei.ledger.tests.ground import Ground, ground
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.queries import published_versions
from kusei.results import operations as results
from kusei.results.models import Answer, Collection
from kusei.results.operations import PrintedFigure, PrintedResult
from kusei.results.queries import corrections_of

__all__ = ["ground"]


@pytest.fixture
def collection(ground: Ground) -> Collection:
    figures = (PrintedFigure(Decimal(12), "回"), PrintedFigure(Decimal(348), "延べ人", "参加"))
    results.record_printed_results(
        version=PlanVersion.objects.get(),
        results=[
            PrintedResult(
                ground.items[0].pk, "全12回、延べ348人参加した。", "done", "", figures, page=3, line=7
            )
        ],
    )
    return results.open_collection(
        plan=Plan.objects.get(), due_on=timezone.localdate() + timedelta(days=9), actor=ground.cast.planner
    )


def published(ground: Ground, collection: Collection) -> PlanVersion:
    sent = [(answer, answer.revision) for answer in Answer.objects.filter(state="submitted")]
    assert results.approve_answers(answers=sent, actor=ground.cast.planner) == []
    return results.publish_results(collection=collection, actor=ground.cast.planner, without_open=True)


def test_a_text_that_was_taken_over_keeps_its_figures_and_is_no_correction(
    ground: Ground, collection: Collection
) -> None:
    answers = list(collection.answers.all())
    results.take_over_printed(answers=answers, actor=ground.cast.planner)
    other = answers[1]
    results.write_answer(
        answer=other, was={}, mine={"outcome": "done", "text": "行った。"}, actor=ground.cast.planner
    )
    results.submit_answer(answer=other, actor=ground.cast.planner)
    version = published(ground, collection)
    told = version.reported_results.get(item=ground.items[0])
    assert [(each.value, each.unit) for each in told.figures.all()] == [(12, "回"), (348, "延べ人")]
    assert corrections_of(published_versions(ground.cast.ward)) == {}
