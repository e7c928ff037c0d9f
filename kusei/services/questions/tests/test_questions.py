"""A resident's question: whose it is, who sees it, what is done to it, and when its contact goes."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from kusei.plans.models import PlanVersion
from kusei.services.questions import operations as questions
from kusei.services.questions import queries
from kusei.services.questions.enums import Arrival, ContactReason, QuestionKind, QuestionState
from kusei.services.questions.models import Question
from kusei.services.questions.tests.conftest import item_called
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed, rights_of
from tests.cast import Cast

NAME, MAIL = "山田花子", "hanako@example.jp"


def receive(cast: Cast, **words: Any) -> Question:
    given: dict[str, Any] = {
        "ward": cast.ward, "kind": QuestionKind.QUESTION, "text": "いつ始まりますか。", "about_path": "/w/x/", "ticket": uuid.uuid4(),
        "contact": questions.Contact(NAME, MAIL),
    }  # fmt: skip
    return questions.receive_question(**(given | words))


def fresh(question: Question) -> Question:
    return Question.objects.get(pk=question.pk)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("見守り事業", "promotion"),
        ("訪問", "promotion"),  # what stands under it
        ("健康事業", None),  # a partner is no body of the office: the planning division
        ("つながり", None),
    ],
)
def test_the_body_in_charge_is_the_item_s_division(
    cast: Cast, draft: PlanVersion, title: str, body: str | None
) -> None:
    question = receive(cast, item=item_called(draft, title))
    assert question.body == (getattr(cast, body) if body else None)


def test_without_an_item_the_ward_s_contact_answers(cast: Cast) -> None:
    assert receive(cast).body is None
    cast.ward.contact_office = "福祉保健課 企画係"
    cast.ward.save()
    assert receive(cast).body == cast.welfare


def test_numbers_run_by_ward_and_year_and_one_ticket_is_one_question(cast: Cast) -> None:
    ticket = uuid.uuid4()
    first, again, second = receive(cast, ticket=ticket), receive(cast, ticket=ticket), receive(cast)
    elsewhere = receive(cast, ward=cast.other_ward)
    assert (first.pk, first.number, second.number, elsewhere.number) == (again.pk, 1, 2, 1)
    assert Question.objects.count() == 3


def test_the_contact_is_sealed_and_never_in_the_trail(cast: Cast, draft: PlanVersion) -> None:
    question = receive(cast, item=item_called(draft, "見守り事業"))
    kept = str(Question.objects.values().get()) + str(list(AuditEntry.objects.values()))
    assert NAME not in kept
    assert MAIL not in kept
    assert question.has_mail
    seen = questions.see_contact(question=question, reason=ContactReason.ANSWER, actor=cast.clerk)
    assert (seen.name, seen.mail) == (NAME, MAIL)
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.verb, entry.actor, entry.reason) == ("questions.see_contact", cast.clerk, "回答するため")


OUTSIDE = ["other_clerk", "partner", "administrator", "resident", "former", "stranger"]


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_else_sees_or_does_anything(cast: Cast, draft: PlanVersion, who: str) -> None:
    question, person = receive(cast, item=item_called(draft, "見守り事業")), getattr(cast, who)
    assert not queries.questions_for(cast.ward, rights_of(person)).exists()
    assert queries.questions_for(cast.ward, rights_of(cast.clerk)).count() == 1
    before = Question.objects.values().get()
    for act in (
        lambda: questions.see_contact(question=question, reason=ContactReason.ANSWER, actor=person),
        lambda: questions.forget_contact(question=question, actor=person),
        lambda: questions.answer_question(question=question, answer="x", by_mail=True, actor=person),
        lambda: questions.hand_over_question(question=question, body=None, note="x", actor=person),
        lambda: questions.settle_question(question=question, note="x", actor=person),
        lambda: questions.publish_question(question=question, public_question="x", public_answer="y", actor=person),
        lambda: questions.withdraw_question(question=question, actor=person),
        lambda: questions.purge_contacts(actor=person),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    assert Question.objects.values().get() == before


@pytest.mark.parametrize("who", ["partner", "administrator", "resident", "former", "stranger"])
def test_only_staff_and_planners_write_questions_down(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        receive(cast, actor=getattr(cast, who), way=Arrival.TELEPHONE)
    assert receive(cast, actor=cast.clerk, way=Arrival.TELEPHONE, body=cast.welfare).received_by == cast.clerk


def test_empty_or_foreign_questions_are_refused(cast: Cast, draft: PlanVersion) -> None:
    for words in ({"text": " \n"}, {"ward": cast.other_ward, "item": item_called(draft, "訪問")}):
        with pytest.raises(questions.NotFitting):
            receive(cast, **words)
    assert not Question.objects.exists()


def test_handing_over_takes_a_note_and_moves_the_right_to_see(cast: Cast, draft: PlanVersion) -> None:
    question = receive(cast, item=item_called(draft, "見守り事業"))
    for body, note in ((cast.welfare, " "), (cast.promotion, "n")):
        with pytest.raises(questions.NotFitting):
            questions.hand_over_question(question=fresh(question), body=body, note=note, actor=cast.clerk)
    questions.hand_over_question(question=question, body=cast.welfare, note="体操の件です", actor=cast.clerk)
    assert queries.questions_for(cast.ward, rights_of(cast.other_clerk)).get() == question
    with pytest.raises(NotAllowed):
        questions.see_contact(question=fresh(question), reason=ContactReason.ANSWER, actor=cast.clerk)
    entry = AuditEntry.objects.get(verb="questions.hand_over")
    assert (entry.changes["in_charge"], entry.reason) == (["地域振興課", "福祉保健課"], "体操の件です")


def test_an_answer_is_mailed_and_can_be_corrected(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    question = receive(cast)
    with django_capture_on_commit_callbacks(execute=True):
        assert questions.answer_question(
            question=question, answer="6月です。", by_mail=True, actor=cast.planner
        )
    assert mail.outbox[0].to == [MAIL]
    assert "6月です。" in mail.outbox[0].body
    assert "いつ始まりますか。" in mail.outbox[0].body
    with django_capture_on_commit_callbacks(execute=True):
        assert not questions.answer_question(
            question=fresh(question), answer="7月です。", by_mail=False, actor=cast.planner
        )
    assert (fresh(question).state, fresh(question).answer, len(mail.outbox)) == ("answered", "7月です。", 1)


def test_of_two_who_answer_the_second_is_told(cast: Cast) -> None:
    mine = receive(cast)
    theirs = fresh(mine)
    questions.answer_question(question=theirs, answer="6月です。", by_mail=False, actor=cast.planner)
    with pytest.raises(questions.ChangedMeanwhile):
        questions.answer_question(question=mine, answer="7月です。", by_mail=True, actor=cast.operator)
    assert fresh(mine).answer == "6月です。"
    assert mail.outbox == []


def test_settling_without_an_answer_takes_a_reason(cast: Cast) -> None:
    question = receive(cast)
    with pytest.raises(questions.NotFitting):
        questions.settle_question(question=question, note="", actor=cast.planner)
    questions.settle_question(question=question, note="宣伝のため", actor=cast.planner)
    for act in (
        lambda: questions.settle_question(question=fresh(question), note="x", actor=cast.planner),
        lambda: questions.answer_question(question=fresh(question), answer="x", by_mail=False, actor=cast.planner),
        lambda: questions.hand_over_question(question=fresh(question), body=cast.welfare, note="x", actor=cast.planner),
    ):  # fmt: skip
        with pytest.raises(questions.NotFitting):
            act()
    assert fresh(question).state == QuestionState.SETTLED


@pytest.mark.parametrize(("days", "gone"), [(364, 0), (365, 1), (400, 1)])
def test_contacts_go_a_year_after_the_end_and_not_before(cast: Cast, days: int, gone: int) -> None:
    settled, still_open = receive(cast), receive(cast)
    questions.settle_question(question=settled, note="x", actor=cast.planner)
    moment = fresh(settled).settled_at + timedelta(days=days)  # type: ignore[operator]
    assert questions.purge_contacts(actor=cast.operator, now=moment) == gone
    assert (fresh(settled).contact_sealed == "", fresh(settled).has_mail) == (bool(gone), not gone)
    assert fresh(still_open).contact_sealed
    with pytest.raises(questions.NotFitting) if gone else _nothing():
        questions.see_contact(question=fresh(settled), reason=ContactReason.ANSWER, actor=cast.planner)


class _nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def test_publishing_needs_an_item_an_answer_and_words_that_name_nobody(
    cast: Cast, draft: PlanVersion
) -> None:
    question = receive(cast, item=item_called(draft, "見守り事業"))

    def publish(asked: str, answered: str, one: Question = question) -> None:
        questions.publish_question(
            question=fresh(one), public_question=asked, public_answer=answered, actor=cast.clerk
        )

    with pytest.raises(questions.NotFitting):
        publish("いつ？", "6月です。")
    questions.answer_question(question=question, answer="6月です。", by_mail=False, actor=cast.clerk)
    for asked, answered in (("", "a"), ("q", " ")):
        with pytest.raises(questions.NotFitting):
            publish(asked, answered)
    for asked, answered in (
        (f"{NAME}です。いつ？", "6月"),
        (f"返事は{MAIL}へ", "6月"),
        ("いつ？", f"{NAME}様、6月です"),
    ):
        with pytest.raises(questions.LooksPersonal):
            publish(asked, answered)
    assert queries.published_questions(cast.ward, question.item_id) == []  # type: ignore[arg-type]
    publish("いつ始まりますか。", "6月です。電話 045-000-0000")
    shown = queries.published_questions(cast.ward, question.item_id)  # type: ignore[arg-type]
    assert [each[:2] for each in shown] == [("いつ始まりますか。", "6月です。電話 045-000-0000")]
    questions.withdraw_question(question=fresh(question), actor=cast.clerk)
    assert queries.published_questions(cast.ward, question.item_id) == []  # type: ignore[arg-type]

    about_no_item = receive(cast)
    questions.answer_question(question=about_no_item, answer="x", by_mail=False, actor=cast.planner)
    with pytest.raises(questions.NotFitting):
        questions.publish_question(
            question=about_no_item, public_question="q", public_answer="a", actor=cast.planner
        )


def test_filters_narrow_and_nonsense_narrows_nothing(cast: Cast) -> None:
    old, new = receive(cast), receive(cast, kind=QuestionKind.ERROR)
    Question.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=10))
    all_ = queries.questions_for(cast.ward, rights_of(cast.planner))
    assert list(queries.filtered(all_, state="open")) == [old, new]
    assert list(queries.filtered(all_, older_than_days="7")) == [old]
    assert list(queries.filtered(all_, kind="error")) == [new]
    assert list(queries.filtered(all_, body="planning", state="settled")) == []
    assert len(queries.filtered(all_, state="x", body="x", older_than_days="-1")) == 2


def test_the_trail_keeps_that_a_resident_was_answered_not_what_was_said(cast: Cast) -> None:
    """Nothing can ever be taken out of the trail; a resident's question and its answer can."""
    question = receive(cast)
    for answer in ("渡辺さんの件は7月です。", "渡辺さんの件は、8月になりました。"):
        questions.answer_question(question=question, answer=answer, actor=cast.planner, by_mail=False)
        question.refresh_from_db()

    lines = AuditEntry.objects.filter(verb="questions.answer").order_by("pk")
    assert [line.changes for line in lines] == [{"answer_length": [0, 12]}, {"answer_length": [12, 17]}]
