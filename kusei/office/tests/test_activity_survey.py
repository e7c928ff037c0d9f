"""Questionnaires in the office: set up, started, typed from paper, read as numbers and texts, taken out as files."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_activities import at, text
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Reply, Session, Survey
from kusei.services.activities.tests.ground import intake_of
from tests.cast import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


@pytest.fixture
def session(ground: Ground) -> Session:
    made = intake_of(ground).sessions.all()[0]
    begin = timezone.now() - timedelta(days=1)
    Session.objects.filter(pk=made.pk).update(starts_at=begin, ends_at=begin + timedelta(hours=2))
    return Session.objects.get(pk=made.pk)


def test_it_is_set_up_started_and_handed_out(ground: Ground, client: Client, session: Session) -> None:
    here = at(ground, "survey", session.activity_id)
    assert "アンケートはまだありません" in text(client.get(here))
    assert client.get(at(ground, "survey_results", session.activity_id)).status_code == 404
    assert "受付を始めてください" in text(client.post(here, {"do": "set_up"}, follow=True))
    wrong = client.post(here, {"do": "save", "text": ""})
    assert wrong.status_code == 422
    assert "どこで知りましたか" in text(wrong)
    assert "一人ずつ尋ねる" not in text(wrong)
    client.post(here, {"do": "save", "text": "何で知りましたか", "kind": "one", "choices": "広報\n友人"})
    survey = Survey.objects.get()
    own = survey.questions.get(standard="")
    client.post(here, {"do": f"up-{own.pk}"})
    assert survey.questions.all()[3] == own
    assert "受付中" in text(client.post(here, {"do": "start"}, follow=True))
    poster = client.get(at(ground, "survey_poster", session.activity_id))
    assert "<svg" in poster.content.decode()
    assert survey.code in text(poster)
    for verb, told in (
        ("publish", "公開しました"),
        ("hide", "公開をやめました"),
        ("stop", "受付を止めました"),
    ):
        assert told in text(client.post(here, {"do": verb}, follow=True))
    assert client.post(here, {"do": "nonsense"}).status_code == 404
    assert signed_in(ground.cast.other_clerk).get(here).status_code == 403


def test_papers_are_typed_and_read(ground: Ground, client: Client, session: Session) -> None:
    survey = activities.set_up_survey(activity=session.activity, actor=ground.cast.clerk)
    here = at(ground, "survey_papers", session.activity_id, session.pk)
    points, clear, again, free = survey.questions.values_list("pk", flat=True)
    grid = {
        "ticket": str(uuid4()),
        f"p0-{points}": "5",
        f"p0-{again}": "1",
        f"p0-{free}": "泉先生に感謝",
        f"p2-{points}": "４",
    }
    wrong = client.post(here, grid | {f"p1-{clear}": "9"})
    assert wrong.status_code == 422
    assert "2行目" in text(wrong)
    assert 'value="泉先生に感謝"' in wrong.content.decode()
    assert Reply.objects.count() == 0
    assert "Excelで取り出す" not in text(client.get(at(ground, "survey_results", session.activity_id)))
    for _click in range(2):
        client.post(here, grid)
    assert sorted(Reply.objects.values_list("points", flat=True)) == [4, 5]
    results = at(ground, "survey_results", session.activity_id)
    assert "Excelで取り出す" in text(client.get(results))
    shown = text(client.get(f"{results}?session={session.pk}"))
    for words in ("平均 4.5", "はい 1", "泉先生に感謝"):
        assert words in shown, words
    planner = text(signed_in(ground.cast.planner).get(results))
    assert "平均 4.5" in planner
    assert "泉先生" not in planner
    table = client.get(at(ground, "survey_file", session.activity_id, "csv")).content.decode()
    assert "泉先生に感謝" in table
    assert (
        "泉先生"
        not in signed_in(ground.cast.planner)
        .get(at(ground, "survey_file", session.activity_id, "csv"))
        .content.decode()
    )
    book = load_workbook(
        io.BytesIO(client.get(at(ground, "survey_file", session.activity_id, "xlsx")).content)
    )
    assert sorted(row[2] for row in book.active.iter_rows(min_row=2, values_only=True)) == [4, 5]
    assert "泉先生" not in text(signed_in(ground.cast.planner).get(here))
    client.post(here, {"remove": str(Reply.objects.filter(points=5).get().pk)})
    assert list(Reply.objects.values_list("points", flat=True)) == [4]
