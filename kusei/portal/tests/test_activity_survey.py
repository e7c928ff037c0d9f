"""A questionnaire on a phone in the room, and by the link that was mailed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.notices.operations import hash_of
from kusei.portal.tests.test_activities import at, text
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models import Reply, Session, Survey, SurveyLink
from kusei.services.activities.operations import Wording
from kusei.services.activities.tests.ground import apply, intake_of

pytestmark = pytest.mark.slow


@pytest.fixture
def survey(ground: Ground) -> Survey:
    intake = intake_of(ground)
    apply(intake)
    now = timezone.now()
    for days, session in enumerate(intake.sessions.order_by("starts_at")[:2]):
        begin = now - timedelta(days=3 - 2 * days)
        Session.objects.filter(pk=session.pk).update(starts_at=begin, ends_at=begin + timedelta(hours=2))
    made = activities.set_up_survey(activity=intake.activity, actor=ground.cast.clerk)
    activities.add_question(
        owner=made, wording=Wording(QuestionKind.NUMBER, "何人で", least=1, most=9), actor=ground.cast.clerk
    )
    return activities.start_survey(survey=made, is_open=True, actor=ground.cast.clerk)


def fields(survey: Survey) -> list[str]:
    return [f"q{pk}" for pk in survey.questions.values_list("pk", flat=True)]


def test_in_the_room_the_session_that_began_last_is_answered(survey: Survey, client: Client) -> None:
    address = reverse("portal:survey", args=[survey.code])
    page = text(client.get(address))
    assert "名前は残りません" in page
    assert "別の日の回に答える" in page
    points, _clear, _again, free, people = fields(survey)
    wrong = client.post(address, {free: "楽しかったです", people: "大勢", "ticket": str(uuid4())})
    assert wrong.status_code == 422
    assert "答えてください" in text(wrong)
    assert "楽しかったです" in wrong.content.decode()
    assert 'value="大勢"' in wrong.content.decode()
    good = {points: "5", free: "楽しかったです", people: "2", "ticket": str(uuid4())}
    for _click in range(2):
        assert "ありがとうございました" in text(client.post(address, good, follow=True))
    newest = survey.activity.sessions.filter(starts_at__lte=timezone.now()).order_by("-starts_at")[0]
    assert Reply.objects.get().session == newest
    other = survey.activity.sessions.exclude(pk=newest.pk).order_by("starts_at")[0]
    client.post(reverse("portal:survey", args=[survey.code, other.pk]), good | {"ticket": str(uuid4())})
    assert Reply.objects.filter(session=other).count() == 1
    assert "受け付けていません" in text(client.get(reverse("portal:survey", args=[survey.code, 999999])))
    assert client.get(reverse("portal:survey", args=["nowhere"])).status_code == 404
    english = client.get(f"/en{address}").content.decode()
    assert "How was this event" in english


def test_a_mailed_link_is_answered_once(survey: Survey, client: Client) -> None:
    session = survey.activity.sessions.filter(starts_at__lte=timezone.now())[0]
    application = survey.activity.intakes.get().applications.get()
    SurveyLink.objects.create(
        ward=survey.ward, survey=survey, session=session, application=application, token_hash=hash_of("token")
    )
    address = reverse("portal:survey_link", args=["token"])
    assert "リンクを使ったことだけを" in text(client.get(address))
    points = fields(survey)[0]
    for points_given in ("4", "1"):
        done = client.post(address, {points: points_given, "ticket": str(uuid4())}, follow=True)
        assert "ありがとうございました" in text(done)
    assert list(Reply.objects.values_list("points", flat=True)) == [4]
    assert "ありがとうございました" in text(client.get(address, follow=True))
    assert client.get(reverse("portal:survey_link", args=["other"])).status_code == 404


def test_results_are_on_the_page_when_the_host_shows_them(
    ground: Ground, survey: Survey, client: Client
) -> None:
    page = at(ground, "activity", survey.activity.public_id)
    first = survey.questions.all()[0].pk
    session = survey.activity.sessions.filter(starts_at__lte=timezone.now())[0]
    for _each in range(5):
        activities.reply_to(survey=survey, session=session, said={first: 4}, ticket=uuid4())
    assert "参加した人の声" not in text(client.get(page))
    activities.publish_survey(survey=survey, is_public=True, actor=ground.cast.clerk)
    shown = text(client.get(page))
    assert "平均 4.0" in shown
    assert "5がいちばんよい" in shown
    assert "アンケート5枚から" in shown


def test_a_machine_that_sends_all_the_time_is_slowed_down(
    survey: Survey, client: Client, monkeypatch
) -> None:
    monkeypatch.setattr("kusei.portal.views.activity_survey.REPLIES_AN_HOUR", 1)
    address = reverse("portal:survey", args=[survey.code])
    points = fields(survey)[0]
    sent = [client.post(address, {points: "5", "ticket": str(uuid4())}).status_code for _each in range(2)]
    assert sent == [302, 429]
