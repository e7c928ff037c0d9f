"""Residents are asked in their language, and answer what everybody answers."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.portal.tests.test_activities import apply_at, at, written
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models import Application, Intake, Question, Reply, Session
from kusei.services.activities.operations import When, Wording
from kusei.services.activities.tests.ground import activity_of, in_days, intake_of
from tests.cast import signed_in

pytestmark = pytest.mark.slow

MEAL = Wording(QuestionKind.ONE, "お弁当", "食べるもの", choices=("肉", "魚"), is_for_each=True)
TOWN = Wording(QuestionKind.ONE, "どの町から", choices=tuple("あいうえおかきく"))
ENGLISH = {"text": "Lunch", "hint": "", "0": "Meat", "1": "Fish"}


@pytest.fixture
def intake(ground: Ground) -> Intake:
    made = intake_of(ground, 5)
    for wording in (MEAL, TOWN):
        activities.add_question(owner=made, wording=wording, actor=ground.cast.clerk)
    return made


def sent_of(question: Question, **said: str) -> dict[str, str]:
    question.refresh_from_db()
    return {f"q{question.pk}-{name}": text for name, text in said.items()} | {f"q{question.pk}-revision": str(question.revision)}  # fmt: skip


def translated(ground: Ground, address: str, *sent: dict[str, str]) -> None:
    clerk = signed_in(ground.cast.clerk)
    every = {name: text for each in sent for name, text in each.items()}
    done = clerk.post(f"{address}?in=en", every, follow=True)
    assert "質問の訳を1問変えました" in done.content.decode(), done.content.decode()


def words_at(ground: Ground, intake: Intake) -> str:
    return reverse("office:question_words", args=[ground.cast.ward.key, intake.activity_id, intake.pk])


def test_going_on_to_another_language_saves_what_was_written(ground: Ground, intake: Intake) -> None:
    meal, town = intake.questions.all()
    address, clerk = words_at(ground, intake), signed_in(ground.cast.clerk)
    page = clerk.get(f"{address}?in=en").content.decode()
    assert '<button type="submit" form="words" name="go" value="vi">' in page
    assert "?in=vi" not in page, "a link that loses what was written"
    written_so_far = sent_of(meal, **ENGLISH) | sent_of(town)
    answer = clerk.post(f"{address}?in=en", written_so_far | {"go": "vi"}, follow=True)
    assert answer.request["QUERY_STRING"] == "in=vi"
    assert "質問の訳を1問変えました（英語）" in answer.content.decode()
    assert [each.text for each in meal.translations.all()] == [ENGLISH["text"]]
    half = sent_of(meal, **ENGLISH | {"0": ""}) | sent_of(town) | {"go": "vi"}
    stays = clerk.post(f"{address}?in=en", half)
    assert (stays.status_code, ENGLISH["text"] in stays.content.decode()) == (422, True)
    untouched = clerk.post(
        f"{address}?in=vi", sent_of(meal) | sent_of(town) | {"go": "anything"}, follow=True
    )
    assert untouched.request["QUERY_STRING"] == "in=vi"


def test_who_applies_is_asked_in_their_language_and_answers_the_same(
    ground: Ground, intake: Intake, client: Client
) -> None:
    meal, town = intake.questions.all()
    translated(ground, words_at(ground, intake), sent_of(meal, **ENGLISH), sent_of(town))
    address = f"/en{apply_at(ground)}"
    page = client.get(address).content.decode()
    for words in (
        "<span>Lunch</span>", "<span>Fish</span>", 'lang="ja">食べるもの</p>', '<span lang="ja">どの町から</span>',
        '<option value="1" lang="ja">い</option>', "<span>No answer</span>",
    ):  # fmt: skip
        assert words in page, words
    assert "お弁当" not in page
    said = written(**{f"q{meal.pk}-0": "1", f"q{town.pk}": "2"})
    check = client.post(address, said | {"step": "check"}).content.decode()
    assert "<span>Lunch</span>: <span>Fish</span>" in check
    assert '<dt lang="ja">どの町から</dt><dd><span lang="ja">う</span></dd>' in check
    sent = client.post(address, said | {"step": "send"})
    application = Application.objects.get()
    given = activities.answers_of([application])[application.pk][0]
    assert (given.together, given.each) == ({town.pk: 2}, [{meal.pk: 1}])
    here = f"/en{at(ground, 'application_answers', sent['Location'].rstrip('/').split('/')[-1])}"
    changing = client.get(here).content.decode()
    assert "<span>Lunch</span>" in changing
    assert client.post(here, {f"q{meal.pk}-0": "0", f"q{town.pk}": "", "revision": "1"}).status_code == 302
    japanese = client.get(apply_at(ground)).content.decode()
    assert "<span>お弁当</span>" in japanese
    assert "Lunch" not in japanese
    counted, _unreadable = activities.count_answers(intake=intake, actor=ground.cast.clerk)
    assert counted[0][1].parts == (("肉", 1), ("魚", 0))
    Intake.objects.update(closes_at="2020-01-02T00:00Z", opens_at="2020-01-01T00:00Z")
    own = client.get(here).content.decode()
    assert "<span>Lunch</span></dt><dd><span>Meat</span></dd>" in own
    Question.objects.filter(pk=meal.pk).update(text="弁当")
    old = client.get(here).content.decode()
    assert '<span lang="ja">弁当</span></dt><dd><span lang="ja">肉</span></dd>' in old


@pytest.mark.slow
def test_a_questionnaire_asks_and_tells_its_own_questions_in_the_language(
    ground: Ground, client: Client
) -> None:
    clerk, cast = ground.cast.clerk, ground.cast
    activity = activity_of(ground)
    session = activities.add_sessions(activity=activity, whens=[When(in_days(-0.2), in_days(-0.1))], actor=clerk)[0]  # fmt: skip
    survey = activities.set_up_survey(activity=activity, actor=clerk)
    own = activities.add_question(owner=survey, wording=Wording(QuestionKind.ONE, "何で来ましたか", choices=("歩いて", "バス")), actor=clerk)  # fmt: skip
    office = reverse("office:survey_words", args=[cast.ward.key, activity.pk])
    translated(ground, office, sent_of(own, text="How did you come?", **{"0": "On foot", "1": "By bus"}))
    activities.start_survey(survey=survey, is_open=True, actor=clerk)
    activities.publish_survey(survey=survey, is_public=True, actor=clerk)
    here = f"/en{reverse('portal:survey', args=[survey.code])}"
    page = client.get(here).content.decode()
    assert "<span>How did you come?</span>" in page
    assert "<span>By bus</span>" in page
    satisfied = survey.questions.get(standard="satisfied")
    said = {"ticket": str(uuid4()), f"q{own.pk}": "1", f"q{satisfied.pk}": "5"}
    assert client.post(here, said).status_code == 302
    assert Reply.objects.get().said[str(own.pk)] == 1
    replies = [
        Reply(ward=cast.ward, survey=survey, session=Session(pk=session.pk), said={str(own.pk): 0}, received_on=timezone.localdate())
        for _each in range(5)
    ]  # fmt: skip
    Reply.objects.bulk_create(replies)
    public = client.get(f"/en{at(ground, 'activity', activity.public_id)}").content.decode()
    assert '<th scope="row">By bus</th><td class="num">1</td>' in public
    assert '<th scope="row">On foot</th><td class="num">5</td>' in public


@pytest.mark.slow
def test_the_office_shows_how_far_each_language_is(ground: Ground, intake: Intake) -> None:
    meal, town = intake.questions.all()
    here = words_at(ground, intake)
    client = signed_in(ground.cast.clerk)
    languages = reverse("office:activity_languages", args=[ground.cast.ward.key, intake.activity_id])
    assert here in client.get(languages).content.decode()
    assert here in client.get(reverse("office:questions_asked", args=[ground.cast.ward.key, intake.activity_id, intake.pk])).content.decode()  # fmt: skip
    half = client.post(f"{here}?in=en", sent_of(meal, **ENGLISH | {"1": ""}) | sent_of(town))
    assert half.status_code == 422
    assert "選ぶものの全部を訳して" in half.content.decode()
    assert 'value="Lunch"' in half.content.decode()
    translated(ground, here, sent_of(meal, **ENGLISH), sent_of(town))
    page = client.get(f"{here}?in=en").content.decode()
    assert "英語 1/2" in page
    assert 'lang="en"' in page
    assert "変わったところはありません" in client.post(f"{here}?in=en", sent_of(meal, **ENGLISH) | sent_of(town), follow=True).content.decode()  # fmt: skip
    Question.objects.filter(pk=meal.pk).update(hint="")
    old = client.get(f"{here}?in=en").content.decode()
    assert "日本語より古い" in old
    assert "この訳のままでよい" in old
    translated(ground, here, sent_of(meal, **ENGLISH, fits="on"), sent_of(town))
    assert "英語 1/2" in client.get(f"{here}?in=en").content.decode()
    assert signed_in(ground.cast.other_clerk).get(here).status_code == 403
    empty = reverse("office:survey_words", args=[ground.cast.ward.key, intake.activity_id])
    assert client.get(empty).status_code == 404
