"""The organiser's questions in other languages: translated, grown old, taken along, and counted by the Japanese."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, QuestionKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Activity, Intake, Question, QuestionTranslation
from kusei.services.activities.operations import Details, QuestionWords, Wording
from kusei.services.activities.operations.asking import Owner
from kusei.services.activities.queries.asking import asked_now
from kusei.services.activities.queries.languages import questions_in
from kusei.services.activities.queries.surveys import survey_questions
from kusei.services.activities.tests.ground import in_days, intake_of
from kusei.services.activities.translating import question_hash, question_in_words
from kusei.wards.audit import field_label
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed

MEAL = Wording(QuestionKind.ONE, "お弁当", "食べるもの", choices=("肉", "魚"))
IN_ENGLISH = QuestionWords("Lunch", choices=("Meat", "Fish"), revision=1)


@pytest.fixture
def meal(ground: Ground) -> Question:
    return activities.add_question(owner=intake_of(ground), wording=MEAL, actor=ground.cast.clerk)


def put(ground: Ground, question: Question, said: QuestionWords, *, language: str = "en", who=None) -> int:
    return activities.translate_questions(
        owner=question.owner, language=language, words={question.pk: said}, actor=who or ground.cast.clerk
    )


def read(owner: Owner, language: str = "en") -> list[tuple[str, str, list[str]]]:
    questions = asked_now(owner) if isinstance(owner, Intake) else survey_questions(owner)
    return [(each.words, each.hint, each.choices) for each in questions_in(language, questions)]


def test_a_question_reads_in_its_language_until_its_japanese_changes(ground: Ground, meal: Question) -> None:
    intake = meal.owner
    assert put(ground, meal, IN_ENGLISH) == 1
    assert read(intake) == [("Lunch", "食べるもの", ["Meat", "Fish"])]
    assert read(intake, "vi") == [("お弁当", "食べるもの", ["肉", "魚"])]
    turned = Wording(QuestionKind.ONE, "お弁当", "食べるもの", choices=("魚", "肉"))
    meal = activities.change_question(question=meal, wording=turned, revision=2, actor=ground.cast.clerk)
    assert read(intake) == [("お弁当", "食べるもの", ["魚", "肉"])]
    same = QuestionWords("Lunch", choices=("Meat", "Fish"), revision=3)
    assert put(ground, meal, same) == 0  # left as it was on a page with others: still old
    assert read(intake)[0][0] == "お弁当"
    assert put(ground, meal, QuestionWords("Lunch", choices=("Fish", "Meat"), revision=3)) == 1
    assert read(intake)[0][2] == ["Fish", "Meat"]
    activities.change_question(
        question=meal, wording=Wording(QuestionKind.ONE, "お弁当は", choices=("魚", "肉")), revision=4, actor=ground.cast.clerk
    )  # fmt: skip
    fits = QuestionWords("Lunch", choices=("Fish", "Meat"), revision=5, still_fits=True)
    assert put(ground, meal, fits) == 1
    assert read(intake)[0][0] == "Lunch"
    first, *more = AuditEntry.objects.filter(verb="activities.translate_questions").order_by("pk")
    assert len(more) == 2
    assert first.changes == {
        "language": [None, "en"],
        "question": ["", "Lunch"],
        "choices": ["", "Meat、Fish"],
    }
    assert {field_label(each, first.verb) for each in first.changes} == {"言語", "質問", "選ぶもの"}


def test_a_hint_that_went_makes_no_old_translation_current(ground: Ground, meal: Question) -> None:
    hinted = QuestionWords("Lunch", "What you eat", ("Meat", "Fish"), revision=1)
    put(ground, meal, hinted)
    other = Wording(QuestionKind.ONE, "飲み物", choices=("肉", "魚"))
    activities.change_question(question=meal, wording=other, revision=2, actor=ground.cast.clerk)
    shown = QuestionWords("Lunch", choices=("Meat", "Fish"), revision=3)  # its form asks for no hint any more
    assert put(ground, meal, shown) == 0
    assert put(ground, meal, replace(hinted, revision=2)) == 0  # from a page that was open before
    assert read(meal.owner)[0][0] == "飲み物"
    assert put(ground, meal, replace(shown, still_fits=True)) == 1
    assert read(meal.owner) == [("Lunch", "", ["Meat", "Fish"])]


def test_a_choice_that_came_later_holds_up_no_other_question(ground: Ground, meal: Question) -> None:
    put(ground, meal, IN_ENGLISH)
    more = Wording(QuestionKind.ONE, "お弁当", "食べるもの", choices=("肉", "魚", "野菜"))
    activities.change_question(question=meal, wording=more, revision=2, actor=ground.cast.clerk)
    assert put(ground, meal, QuestionWords("Lunch", choices=("Meat", "Fish", ""), revision=3)) == 0
    with pytest.raises(NotFitting, match="選ぶものの全部"):
        put(ground, meal, QuestionWords("Lunch", choices=("Meat", "Fish", ""), revision=3, still_fits=True))
    assert read(meal.owner)[0][2] == ["肉", "魚", "野菜"]


def test_a_question_is_translated_as_a_whole_or_not_at_all(ground: Ground, meal: Question) -> None:
    assert put(ground, meal, QuestionWords(revision=1)) == 0
    for half in (QuestionWords("Lunch", choices=("Meat", ""), revision=1), QuestionWords("", choices=("Meat", "Fish"), revision=1)):  # fmt: skip
        with pytest.raises(NotFitting, match="選ぶものの全部"):
            put(ground, meal, half)
    with pytest.raises(NotFitting, match="一覧から"):
        put(ground, meal, IN_ENGLISH, language="fr")
    put(ground, meal, IN_ENGLISH)
    assert put(ground, meal, QuestionWords(choices=("", ""), revision=2)) == 1
    assert not QuestionTranslation.objects.exists()


def test_of_two_who_translate_at_once_the_second_is_told(ground: Ground, meal: Question) -> None:
    put(ground, meal, IN_ENGLISH)
    with pytest.raises(ChangedMeanwhile, match="「お弁当」を変えました"):
        put(ground, meal, QuestionWords("Bento", choices=("Meat", "Fish"), revision=1))
    activities.remove_question(question=meal, revision=2, actor=ground.cast.clerk)
    with pytest.raises(ChangedMeanwhile, match="外しました"):
        put(ground, meal, IN_ENGLISH)


@pytest.mark.parametrize("name", ["other_clerk", "partner", "resident", "stranger"])
def test_who_does_not_host_translates_nothing(ground: Ground, meal: Question, name: str) -> None:
    with pytest.raises(NotAllowed):
        put(ground, meal, IN_ENGLISH, who=getattr(ground.cast, name))


def test_what_is_made_like_another_asks_in_the_same_languages(ground: Ground, meal: Question) -> None:
    cast, clerk = ground.cast, ground.cast.clerk
    before: Activity = meal.owner.activity
    survey = activities.set_up_survey(activity=before, actor=clerk)
    own = activities.add_question(owner=survey, wording=Wording(QuestionKind.SHORT, "また何をしたいですか"), actor=clerk)  # fmt: skip
    put(ground, meal, IN_ENGLISH)
    put(ground, own, QuestionWords("What next?", revision=1))
    made = activities.add_activity(
        ward=cast.ward, item=ground.items[0], host=cast.promotion, copied_from=before,
        details=Details(ActivityKind.COURSE, "赤ちゃん教室"), actor=clerk,
    )  # fmt: skip
    intake = activities.add_intake(activity=made, quotas={"": 3}, opens_at=in_days(-1), closes_at=in_days(9), actor=clerk)  # fmt: skip
    assert read(intake) == [("Lunch", "食べるもの", ["Meat", "Fish"])]
    assert read(made.survey)[-1][0] == "What next?"
    assert QuestionTranslation.objects.count() == 4


def test_choices_in_another_order_are_other_words() -> None:
    question = Question(text="お弁当", choices=["肉", "魚"])
    said = QuestionTranslation(text="Lunch", choices=["Meat", "Fish"], source_hash=question_hash(question))
    assert question_in_words(question, said).words == "Lunch"
    assert question.text == "お弁当"
    assert question_in_words(Question(text="お 弁当", choices=["肉", "魚"]), said).told is said
    for other in (Question(text="お弁当", choices=["魚", "肉"]), Question(text="お弁当", hint="?", choices=["肉", "魚"])):  # fmt: skip
        assert question_in_words(other, said) is other
