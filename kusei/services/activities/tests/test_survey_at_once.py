"""One mailed link is one answer, whatever two processes do at the same moment."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Reply, Session, Survey, SurveyLink
from kusei.services.activities.tests.ground import apply, in_days, intake_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

_processes = multiprocessing.get_context("fork")


def answer(survey: Survey, link: SurveyLink, question: int, together: Barrier) -> None:
    together.wait(60)
    activities.reply_to(survey=survey, session=link.session, said={question: 5}, ticket=uuid4(), link=link)


def test_of_two_processes_one_answers(ground: Ground) -> None:
    intake = intake_of(ground)
    application = apply(intake, mail="a@example.jp").application
    Session.objects.update(starts_at=in_days(-1), ends_at=timezone.now())
    survey = activities.set_up_survey(activity=intake.activity, actor=ground.cast.clerk)
    survey = activities.start_survey(survey=survey, is_open=True, actor=ground.cast.clerk)
    link = SurveyLink.objects.create(
        ward=survey.ward,
        survey=survey,
        session=intake.sessions.all()[0],
        application=application,
        token_hash="x",
    )
    question = survey.questions.all()[0].pk
    together = _processes.Barrier(2)
    connections.close_all()
    running = [
        _processes.Process(target=answer, args=(survey, link, question, together), daemon=True)
        for _each in range(2)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0, 0]
    assert Reply.objects.count() == 1
    assert SurveyLink.objects.get().is_used
