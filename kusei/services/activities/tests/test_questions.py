"""The organiser's questions: set up, carried over from last year, answered, changed, counted, forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, QuestionKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting, NotOpen
from kusei.services.activities.models import AnswerSheet, Intake, Question
from kusei.services.activities.operations import Contact, Details, Given, Someone, Wording
from kusei.services.activities.tests.ground import apply, in_days, intake_of
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed

MEAL = Wording(
    QuestionKind.ONE, "お弁当はどれにしますか", choices=("肉", "魚"), is_required=True, is_for_each=True
)
HOW = Wording(QuestionKind.SHORT, "どこで知りましたか")


@pytest.fixture
def intake(ground: Ground) -> Intake:
    made = intake_of(ground, 5)
    for wording in (HOW, MEAL):
        activities.add_question(owner=made, wording=wording, actor=ground.cast.clerk)
    return made


def both(intake: Intake) -> tuple[Question, Question]:
    how, meal = intake.questions.all()
    return how, meal


def answered(intake: Intake, *meals: int | None, how: str = "") -> Given:
    first, second = both(intake)
    return Given({first.pk: how or None}, [{second.pk: each} for each in meals])


def test_questions_are_ordered_mended_and_taken_away(ground: Ground, intake: Intake) -> None:
    clerk = ground.cast.clerk
    how, meal = both(intake)
    activities.move_question(question=meal, up=True, actor=clerk)
    activities.move_question(question=meal, up=True, actor=clerk)
    assert [each.text for each in intake.questions.all()] == [MEAL.text, HOW.text]
    mended = Wording(QuestionKind.SEVERAL, "アレルギー", choices=("卵", "乳", "小麦"))
    activities.change_question(question=how, wording=mended, revision=1, actor=clerk)
    with pytest.raises(ChangedMeanwhile):
        activities.change_question(question=how, wording=HOW, revision=1, actor=clerk)
    assert not activities.remove_question(question=meal, revision=1, actor=clerk)
    assert [each.text for each in intake.questions.all()] == ["アレルギー"]


@pytest.mark.parametrize(
    "wording",
    [
        Wording(QuestionKind.SHORT, " "),
        Wording(QuestionKind.ONE, "どれ", choices=("一つ",)),
        Wording(QuestionKind.ONE, "どれ", choices=("同じ", "同じ")),
        Wording(QuestionKind.NUMBER, "いくつ", least=3, most=2),
        Wording(QuestionKind.NUMBER, "いくつ", least=3, most=10**12),
    ],
)
def test_a_question_that_nobody_can_answer_is_refused(
    ground: Ground, intake: Intake, wording: Wording
) -> None:
    with pytest.raises(NotFitting):
        activities.add_question(owner=intake, wording=wording, actor=ground.cast.clerk)
    assert intake.questions.count() == 2


def test_once_somebody_applied_only_the_words_change(ground: Ground, intake: Intake) -> None:
    clerk = ground.cast.clerk
    made = apply(intake, answers=answered(intake, 1, how="ちらし")).application
    how, meal = both(intake)
    with pytest.raises(NotFitting):
        activities.add_question(owner=intake, wording=HOW, actor=clerk)
    with pytest.raises(NotFitting):
        activities.change_question(question=meal, wording=HOW, revision=1, actor=clerk)
    clearer = Wording(
        QuestionKind.ONE, "お弁当", choices=("肉（牛）", "魚"), is_required=True, is_for_each=True
    )
    activities.change_question(question=meal, wording=clearer, revision=1, actor=clerk)
    assert activities.remove_question(question=how, revision=1, actor=clerk)
    activities.change_answers(application=made, given=answered(intake, 0), revision=1)
    given, revision = activities.answers_of([made])[made.pk]
    assert (given.together, given.each, revision) == ({how.pk: "ちらし"}, [{meal.pk: 0}], 2)


def test_others_set_up_no_questions_here(ground: Ground, intake: Intake) -> None:
    with pytest.raises(NotAllowed):
        activities.add_question(owner=intake, wording=HOW, actor=ground.cast.other_clerk)
    with pytest.raises(NotAllowed):
        activities.count_answers(intake=intake, actor=ground.cast.planner)


def test_a_new_year_asks_what_the_last_one_asked(ground: Ground, intake: Intake) -> None:
    last = intake.activity
    new = activities.add_activity(
        ward=last.ward, item=last.item, host=last.host, copied_from=last, actor=ground.cast.clerk,
        details=Details(ActivityKind.COURSE, "赤ちゃん教室"),
    )  # fmt: skip
    carried = activities.add_intake(
        activity=new, quotas={"": 3}, opens_at=in_days(1), closes_at=in_days(9), actor=ground.cast.clerk
    )
    assert [(each.text, each.choices, each.is_for_each) for each in carried.questions.all()] == [
        (HOW.text, [], False), (MEAL.text, ["肉", "魚"], True),
    ]  # fmt: skip
    assert intake.questions.count() == 2


def test_a_required_answer_is_required_of_each_but_staff_may_leave_it_open(
    ground: Ground, intake: Intake
) -> None:
    with pytest.raises(NotFitting, match="お弁当"):
        apply(intake, 2, answers=answered(intake, 1))
    with pytest.raises(NotFitting):
        apply(intake, answers=answered(intake, 7))
    assert intake.applications.count() == 0
    made = apply(intake, 2, actor=ground.cast.clerk).application
    assert not AnswerSheet.objects.filter(application=made).exists()


def test_answers_are_sealed_seen_by_hosts_counted_and_forgotten(ground: Ground, intake: Intake) -> None:
    made = apply(intake, 2, answers=answered(intake, 1, 0, how="ちらし")).application
    gone = apply(intake, 1, answers=answered(intake, 1)).application
    activities.cancel_seats(application=gone)
    assert "ちらし" not in AnswerSheet.objects.get(application=made).sealed
    how, meal = both(intake)
    seen = activities.see_applicants(intake=intake, actor=ground.cast.clerk)[made.pk].answers
    assert (seen.together[how.pk], [each[meal.pk] for each in seen.each]) == ("ちらし", [1, 0])
    assert AuditEntry.objects.filter(verb="activities.see_list").count() == 1
    counted = {
        question.pk: each
        for question, each in activities.count_answers(intake=intake, actor=ground.cast.clerk)[0]
    }
    assert counted[meal.pk].parts == (("肉", 1), ("魚", 1))
    assert counted[how.pk].answers == 1
    activities.forget_applicants(actor=ground.cast.operator, now=timezone.now() + timedelta(days=400))
    assert not AnswerSheet.objects.exists()


def test_answers_change_by_the_link_until_the_window_closes(intake: Intake) -> None:
    made = apply(intake, answers=answered(intake, 1)).application
    activities.change_answers(application=made, given=answered(intake, 0, how="友人"), revision=1)
    with pytest.raises(ChangedMeanwhile):
        activities.change_answers(application=made, given=answered(intake, 1), revision=1)
    with pytest.raises(NotFitting):
        activities.change_answers(application=made, given=answered(intake, None), revision=2)
    late = intake.closes_at + timedelta(minutes=1)
    with pytest.raises(NotOpen):
        activities.change_answers(application=made, given=answered(intake, 1), revision=2, now=late)
    how, meal = both(intake)
    given = activities.answers_of([made])[made.pk][0]
    assert (given.together[how.pk], given.each[0][meal.pk]) == ("友人", 0)


def test_who_is_outside_is_refused_kindly_and_staff_may_take_them_with_a_note(ground: Ground) -> None:
    intake = intake_of(ground, 5, min_age=6, max_age=12, reach="living")

    def send(age: int | None, belongs: bool | None, **more):
        return activities.apply_for(
            intake=intake, ticket=uuid4(), people=[Someone("泉 花子", age=age)], contact=Contact(telephone="045-111-2222"),
            answers=Given(belongs=belongs), **more,
        )  # fmt: skip

    for age, belongs, told in (
        (5, True, "対象の年齢"),
        (None, True, "年齢を書いて"),
        (8, None, "区内に住んでいる人のため"),
    ):
        with pytest.raises(NotFitting, match=told):
            send(age, belongs)
    assert send(8, True).application.number == 1
    staff = ground.cast.clerk
    assert send(None, None, actor=staff)
    with pytest.raises(NotFitting, match="メモに理由"):
        send(13, True, actor=staff)
    taken = send(13, False, actor=staff, note="きょうだいが参加するため").application
    assert taken.note == "きょうだいが参加するため"
    assert AuditEntry.objects.filter(verb="activities.exception").count() == 1
