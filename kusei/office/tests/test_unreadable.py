"""What was sealed with a key that is gone: pages say so and whom to tell, lists show their other rows."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_dispatch import at, text, written
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Session, Survey
from kusei.services.activities.operations import meetings, visiting
from kusei.services.activities.operations.meetings import MemberWords
from kusei.services.activities.tests import test_questions as questions
from kusei.services.activities.tests import test_surveys as surveys
from kusei.services.activities.tests import visits
from kusei.services.activities.tests.dispatch_ground import ask, envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import apply, intake_of
from kusei.services.activities.tests.test_meetings import council, minutes_of
from tests.cast import signed_in

pytestmark = pytest.mark.slow

WHOM = "機械の操作者に知らせてください"
LoseTheKey = Callable[[], Client]


@pytest.fixture
def lose_the_key(ground: Ground, settings) -> LoseTheKey:
    """A browser of the host after the site's key was changed."""

    def lose() -> Client:
        settings.SECRET_KEY = "another one, longer than thirty-two characters"
        return signed_in(ground.cast.clerk)

    return lose


def test_a_councils_other_members_are_shown_and_written_to(ground: Ground, lose_the_key: LoseTheKey) -> None:
    activity = council(ground)
    minutes = minutes_of(ground, activity, 5)
    client = lose_the_key()
    words = MemberWords(ground.cast.council, mail="council@example.jp")
    meetings.add_member(activity=activity, words=words, actor=ground.cast.clerk)
    page = text(client.get(at(ground, "members", activity.pk)))
    assert "2件は、封じた鍵" in page
    assert WHOM in page
    assert "council@example.jp" in page
    here = at(ground, "minutes", activity.pk, minutes.session_id)
    assert "1件は、封じた鍵" in text(client.get(here))
    assert "2件はメールがない" in text(client.post(here, {"do": "invite"}, follow=True))
    gone = activity.members.get(body=ground.cast.welfare)
    again = {"member": gone.pk, "do": "save", "body": gone.body_id, "mail": "new@example.jp", "people": 2}
    assert "new@example.jp" in text(client.post(at(ground, "members", activity.pk), again, follow=True))


def test_the_register_shows_the_others_and_takes_new_people(ground: Ground, lose_the_key: LoseTheKey) -> None:
    gone = envoy_of(ground, "見本 さち")
    session = session_in(ground, 3)
    assignment = ask(ground, need_of(ground, session, 2), gone)
    client = lose_the_key()
    new = written(name="見本 ひろし")
    unsure = client.post(at(ground, "new_envoy"), new)
    assert unsure.status_code == 422
    assert "登録番号1の人は、封じた鍵" in text(unsure)
    assert 'name="is_other"' in unsure.content.decode()
    assert client.post(at(ground, "new_envoy"), new | {"is_other": "1"}).status_code == 302
    page = text(client.get(at(ground, "envoys")))
    assert "1件は、封じた鍵" in page
    assert WHOM in page
    assert "見本 ひろし" in page
    people = at(ground, "session_people", session.activity_id, session.pk)
    page = text(client.get(people))
    assert "1件は、封じた鍵" in page
    assert "見本 ひろし" in page
    assert client.post(people, {"do": f"release-{assignment.pk}"}).status_code == 302
    one = client.get(at(ground, "envoy", gone.pk))
    assert one.status_code == 503
    assert WHOM.removesuffix("に知らせてください") in text(one)
    rows = load_workbook(io.BytesIO(client.get(at(ground, "envoy_file")).content)).active
    assert {cell.value for cell in rows["B"]} >= {"見本 ひろし", "（開けません）"}
    pasted = f"登録番号\t名前\n{gone.number}\t見本 さち"
    assert WHOM in text(client.post(at(ground, "envoy_table"), {"table": pasted}))
    for name in ("dispatch_years", "dispatch_year_file"):
        assert client.get(at(ground, name)).status_code == 200
    assert "（開けません）" in text(client.get(at(ground, "envoy_year", gone.pk, 2026)))


@pytest.fixture
def over(ground: Ground) -> Survey:
    """A questionnaire about sessions of which the last is just over."""
    intake = intake_of(ground)
    for back, session in enumerate(intake.sessions.order_by("-starts_at")):
        end = timezone.now() - timedelta(hours=1, days=7 * back)
        Session.objects.filter(pk=session.pk).update(starts_at=end - timedelta(hours=2), ends_at=end)
    made = activities.set_up_survey(activity=intake.activity, actor=ground.cast.clerk)
    return activities.start_survey(survey=made, is_open=True, actor=ground.cast.clerk)


def test_what_was_written_in_a_questionnaire_says_that_it_cannot_be_read(
    ground: Ground, over: Survey, lose_the_key: LoseTheKey
) -> None:
    surveys.reply(over, 5, 4, True, "前の鍵の感想")
    client = lose_the_key()
    surveys.reply(over, 3, 4, True, "今の鍵の感想")
    page = text(client.get(at(ground, "survey_results", over.activity_id)))
    assert page.count(WHOM) == 1
    assert "今の鍵の感想" in page
    assert "前の鍵の感想" not in page
    table = client.get(at(ground, "survey_file", over.activity_id, "csv")).content.decode("utf-8-sig")
    assert WHOM in table
    assert "今の鍵の感想" in table


def test_answers_are_counted_without_those_that_cannot_be_read(
    ground: Ground, lose_the_key: LoseTheKey
) -> None:
    intake = intake_of(ground)
    for wording in (questions.HOW, questions.MEAL):
        activities.add_question(owner=intake, wording=wording, actor=ground.cast.clerk)
    apply(intake, answers=questions.answered(intake, 1))
    client = lose_the_key()
    apply(intake, answers=questions.answered(intake, 0))
    page = text(client.get(at(ground, "answer_counts", intake.activity_id, intake.pk)))
    assert "1件は、封じた鍵" in page
    counted, unreadable = activities.count_answers(intake=intake, actor=ground.cast.clerk)
    assert ([each.answers for _question, each in counted][-1], unreadable) == (1, 1)
    listed = text(client.get(at(ground, "applicants", intake.activity_id, intake.pk)))
    assert "（開けません）" in listed
    assert "（消しました）" not in listed


def test_whatever_else_needs_the_key_says_whom_to_call(ground: Ground, lose_the_key: LoseTheKey) -> None:
    request = visits.ask(visits.theme_of(ground), mail="a@example.jp").request
    client = lose_the_key()
    seen = client.post(at(ground, "visit", request.pk), {"do": "see"})
    assert seen.status_code == 503
    assert "封じた内容を開けません" in text(seen)
    told = visiting.decline_visit(request=request, reason="人手", revision=1, actor=ground.cast.clerk)
    assert told.to_telephone == 1
