"""A year's collection: opened, answered by three bodies, returned, approved, published, corrected."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.ledger.operations import CellChange, Proof
from kusei.notices.models import Notice
from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.errors import NothingChanged
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.rules import Entry
from kusei.results import operations as results
from kusei.results.enums import AnswerState
from kusei.results.errors import (
    AnswerClash,
    AnswerClosed,
    CollectionExists,
    DeadlinePassed,
    NotComplete,
    NothingToCollect,
    ResultError,
    TextTooLong,
)
from kusei.results.models import Answer, AnswerFile, Collection, Reminder, ReportedResult
from kusei.results.queries.answers import live_figures, waiting_for
from kusei.results.queries.boards import board_contents, counts_of
from kusei.wards.models import AuditEntry, Person
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

SOON = timezone.localdate() + timedelta(days=20)
OWNERS = (
    ("地域振興課",),
    ("福祉保健課", "みらい区社会福祉協議会", "地域振興課"),
    ("みらい区社会福祉協議会",),
    (),
)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    entries = [Entry(0, None, 0, "focus", "1", "つながり")]
    entries += [
        Entry(key, 0, 1, "action", str(key), f"取組{key}", owners=owners)
        for key, owners in enumerate(OWNERS, start=1)
    ]
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, entries=entries, title="計画"
    )  # fmt: skip
    return Plan.objects.get()


@pytest.fixture
def collection(cast: Cast, plan: Plan) -> Collection:
    return results.open_collection(plan=plan, due_on=SOON, actor=cast.planner)


def answer_at(collection: Collection, place: int) -> Answer:
    return collection.answers.order_by("pk")[place - 1]


def write(answer: Answer, actor: Person, **mine: str) -> Answer:
    was = {field: getattr(answer, field) for field in mine}
    return results.write_answer(answer=answer, was=was, mine=mine, actor=actor)


def finish(cast: Cast, collection: Collection) -> None:
    """Every answer written, sent in and approved by the planner."""
    for answer in collection.answers.all():
        write(answer, cast.planner, outcome="done", text="行った。")
        results.submit_answer(answer=answer, actor=cast.planner, without_contributions=True)
    approve(cast, *collection.answers.all())


def approve(cast: Cast, *answers: Answer) -> list[Answer]:
    shown = [(answer, Answer.objects.get(pk=answer.pk).revision) for answer in answers]
    return results.approve_answers(answers=shown, actor=cast.planner)


def test_every_action_has_a_lead_and_those_who_share_it(cast: Cast, collection: Collection) -> None:
    told = [
        (answer.lead.name if answer.lead else None, [each.body.name for each in answer.contributions.all()])
        for answer in collection.answers.order_by("pk")
    ]
    assert told == [
        ("地域振興課", []),
        ("福祉保健課", ["みらい区社会福祉協議会", "地域振興課"]),
        ("みらい区社会福祉協議会", []),
        (None, []),
    ]
    assert waiting_for(cast.ward, [cast.council.pk]).count() == 2
    assert counts_of(board_contents(collection).rows)[AnswerState.WAITING] == 4


def test_a_collection_is_opened_once_by_a_planner_with_days_left(cast: Cast, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        results.open_collection(plan=plan, due_on=SOON, actor=cast.clerk)
    with pytest.raises(DeadlinePassed):
        results.open_collection(plan=plan, due_on=timezone.localdate() - timedelta(days=1), actor=cast.planner)  # fmt: skip
    empty = Plan.objects.create(ward=cast.ward, fiscal_year=2030, kind="action_plan")
    with pytest.raises(NothingToCollect):
        results.open_collection(plan=empty, due_on=SOON, actor=cast.planner)
    results.open_collection(plan=plan, due_on=SOON, actor=cast.planner)
    with pytest.raises(CollectionExists):
        results.open_collection(plan=plan, due_on=SOON, actor=cast.planner)
    assert Collection.objects.count() == 1


def test_who_is_not_responsible_writes_nothing(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    for name in ("other_clerk", "partner", "resident", "stranger", "former", "administrator"):
        with pytest.raises(NotAllowed):
            write(first, getattr(cast, name), text="書いた")
    write(first, cast.colleague, text="書いた")
    write(answer_at(collection, 3), cast.partner, text="書いた")
    write(answer_at(collection, 2), cast.clerk, text="電話で聞いた")  # shares it: writes down what was told


def test_two_who_write_at_once_lose_nothing(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    write(first, cast.clerk, text="12回行った。")
    write(first, cast.planner, remark="来年も")  # another field, from a form opened before
    with pytest.raises(AnswerClash) as refused:
        write(first, cast.colleague, text="11回行った。")
    assert [(each.theirs, each.mine) for each in refused.value.clashes] == [("12回行った。", "11回行った。")]
    first.refresh_from_db()
    assert (first.text, first.remark, first.revision) == ("12回行った。", "来年も", 2)


def test_a_draft_may_be_incomplete_and_a_submission_may_not(cast: Cast, collection: Collection) -> None:
    second = answer_at(collection, 2)
    write(second, cast.other_clerk, text="行った。")
    with pytest.raises(NotComplete) as refused:
        results.submit_answer(answer=second, actor=cast.other_clerk)
    assert refused.value.missing == ("outcome", "contributions")
    second.refresh_from_db()
    write(second, cast.other_clerk, outcome="partly", reason="感染症のため")
    for part, who in zip(second.contributions.all(), (cast.partner, cast.clerk), strict=True):
        results.contribute(contribution=part, was="", text="手伝った", is_done=True, actor=who)
    results.submit_answer(answer=second, actor=cast.other_clerk)
    with pytest.raises(AnswerClosed):
        write(second, cast.other_clerk, text="もっと行った。")
    results.take_back(answer=second, actor=cast.other_clerk)
    second.refresh_from_db()
    write(second, cast.other_clerk, text="もっと行った。")


def test_texts_have_a_length(cast: Cast, collection: Collection) -> None:
    with pytest.raises(TextTooLong):
        write(answer_at(collection, 1), cast.clerk, text="あ" * 200_000)
    assert answer_at(collection, 1).text == ""


def test_a_planner_returns_with_a_reason_and_approves_what_was_shown(
    cast: Cast, collection: Collection
) -> None:
    first = answer_at(collection, 1)
    write(first, cast.clerk, outcome="done", text="行った。")
    results.submit_answer(answer=first, actor=cast.clerk)
    with pytest.raises(NotAllowed):
        results.return_answers(answers=[first], note="数を", actor=cast.clerk)
    with pytest.raises(ResultError, match="理由"):
        results.return_answers(answers=[first], note=" ", actor=cast.planner)
    assert results.return_answers(answers=[first], note="数を書いてください", actor=cast.planner) == 1
    first.refresh_from_db()
    assert (first.state, first.returned_note) == ("returned", "数を書いてください")
    write(first, cast.clerk, text="3回行った。")
    results.submit_answer(answer=first, actor=cast.clerk)
    assert (
        results.approve_answers(answers=[(first, 1)], actor=cast.planner) != []
    )  # shown before the last change
    assert approve(cast, first) == []
    first.refresh_from_db()
    assert (first.state, first.final_text, first.returned_note) == ("approved", "3回行った。", "")


def test_live_figures_follow_the_ledger_until_approved(cast: Cast, collection: Collection) -> None:
    first, times = answer_at(collection, 1), Metric.objects.get(key="times")

    def report(quantity: int) -> None:
        ledger.save_report(
            ward=cast.ward, fiscal_year=2026, item=first.item, body=cast.promotion, owners=[cast.promotion.pk],
            changes=[CellChange(times.pk, date(2026, 6, 1), quantity)], proof=Proof("form", date(2026, 7, 1)),
            revision=None, actor=cast.clerk,
        )  # fmt: skip

    write(first, cast.clerk, outcome="done", text="全《開催・実施の回数》開いた。")
    with pytest.raises(NotComplete) as refused:
        results.submit_answer(answer=first, actor=cast.clerk)
    assert refused.value.missing == ("figures",)
    report(11)
    report(12)
    results.submit_answer(answer=first, actor=cast.clerk)
    approve(cast, first)
    report(13)
    first.refresh_from_db()
    assert first.final_text == "全12回開いた。"
    assert live_figures(cast.ward, 2026, [first.item_id])[first.item_id][0].quantity == 13
    version = results.publish_results(collection=collection, actor=cast.planner, without_open=True)
    printed = version.reported_results.get(item=first.item)
    figure = printed.figures.get()
    assert (printed.text, figure.value, figure.unit, figure.metric, figure.entries) == ("全12回開いた。", Decimal(12), "回", times, 1)  # fmt: skip


def test_a_part_is_not_written_any_more_once_the_answer_was_sent_in(
    cast: Cast, collection: Collection
) -> None:
    second = answer_at(collection, 2)
    part = second.contributions.get(body=cast.council)
    write(second, cast.other_clerk, outcome="done", text="行った。")
    results.submit_answer(answer=second, actor=cast.other_clerk, without_contributions=True)
    with pytest.raises(AnswerClosed):
        results.contribute(contribution=part, was="", text="遅れて書いた。", is_done=True, actor=cast.partner)
    with pytest.raises(AnswerClosed):
        results.add_file(answer=second, name="後.pdf", content=b"late", actor=cast.other_clerk)
    part.refresh_from_db()
    assert (part.text, part.is_done, AnswerFile.objects.count()) == ("", False, 0)


def test_a_text_whose_figure_was_taken_back_since_is_not_approved(cast: Cast, collection: Collection) -> None:
    first, times = answer_at(collection, 1), Metric.objects.get(key="times")

    def report(quantity: int | None) -> None:
        ledger.save_report(
            ward=cast.ward, fiscal_year=2026, item=first.item, body=cast.promotion, owners=[cast.promotion.pk],
            changes=[CellChange(times.pk, date(2026, 6, 1), quantity)], proof=Proof("form", date(2026, 7, 1)),
            revision=None, actor=cast.clerk,
        )  # fmt: skip

    report(12)
    write(first, cast.clerk, outcome="done", text="全《開催・実施の回数》開いた。")
    results.submit_answer(answer=first, actor=cast.clerk)
    report(None)
    assert [each.pk for each in approve(cast, first)] == [first.pk]
    first.refresh_from_db()
    assert (first.state, first.final_text) == ("submitted", "")
    report(3)
    assert approve(cast, first) == []
    first.refresh_from_db()
    assert first.final_text == "全3回開いた。"


@pytest.mark.parametrize("outcome", ["finished-at-last", "unknown", "x"])
def test_a_status_that_is_none_is_refused_and_nothing_is_written(
    cast: Cast, collection: Collection, outcome: str
) -> None:
    first = answer_at(collection, 1)
    with pytest.raises(ResultError, match="状況"):
        write(first, cast.clerk, outcome=outcome, text="行った。")
    assert answer_at(collection, 1).text == ""


def test_a_sign_that_no_database_keeps_is_left_out(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 2)
    write(first, cast.planner, text="行\x00った。")
    part = first.contributions.first()
    results.contribute(contribution=part, was="", text="配\x00った。", is_done=False, actor=cast.planner)
    part.refresh_from_db()
    assert (answer_at(collection, 2).text, part.text) == ("行った。", "配った。")


def test_what_was_published_stays_and_a_correction_is_the_next_version(
    cast: Cast, collection: Collection
) -> None:
    with pytest.raises(NothingToCollect):
        results.publish_results(collection=collection, actor=cast.planner)
    finish(cast, collection)
    with pytest.raises(NotAllowed):
        results.publish_results(collection=collection, actor=cast.clerk)
    one = results.publish_results(collection=collection, actor=cast.planner)
    with pytest.raises(NothingChanged):
        results.publish_results(collection=collection, actor=cast.planner)
    first = answer_at(collection, 1)
    results.return_answers(answers=[first], note="数が違う", actor=cast.planner)
    first.refresh_from_db()
    write(first, cast.clerk, text="2回行った。")
    results.submit_answer(answer=first, actor=cast.clerk)
    with pytest.raises(NotComplete):
        results.publish_results(collection=collection, actor=cast.planner)
    approve(cast, first)
    two = results.publish_results(collection=collection, actor=cast.planner, note="回数の訂正")
    texts = ReportedResult.objects.filter(item=first.item).order_by("version__number")
    assert list(texts.values_list("version", "text")) == [(one.pk, "行った。"), (two.pk, "2回行った。")]
    assert two.texts.count() == 5
    assert PlanVersion.objects.filter(status="published").count() == 3


@pytest.mark.django_db(transaction=True)
def test_reminders_go_once_a_day_one_mail_a_person(cast: Cast, collection: Collection, mailoutbox) -> None:
    sent = results.remind(collection=collection, actor=cast.planner, site="https://ward.example.jp")
    assert {each.person for each in sent} == {cast.clerk, cast.colleague, cast.other_clerk, cast.partner}
    assert {each.answers for each in sent if each.person == cast.partner} == {2}
    assert results.remind(collection=collection, actor=cast.planner, site="https://ward.example.jp") == []
    assert (Reminder.objects.count(), Notice.objects.count(), len(mailoutbox)) == (4, 4, 4)
    assert "2件" in next(mail.body for mail in mailoutbox if mail.to == [cast.partner.email])
    assert AuditEntry.objects.filter(verb="results.remind").count() == 1


def test_papers_lie_beside_an_answer(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    for _twice in range(2):
        results.add_file(answer=first, name="写真.jpg", content=b"jpeg", actor=cast.clerk)
    with pytest.raises(NotAllowed):
        results.add_file(answer=first, name="写真.jpg", content=b"jpeg", actor=cast.other_clerk)
    results.remove_file(file=AnswerFile.objects.get(), actor=cast.clerk)
    assert not AnswerFile.objects.exists()


def test_another_lead_answers_and_new_actions_are_asked_for(
    cast: Cast, collection: Collection, plan: Plan
) -> None:
    last = answer_at(collection, 4)
    results.change_lead(answer=last, body=cast.welfare, actor=cast.planner)
    write(last, cast.other_clerk, text="行った。")
    draft = plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner)
    row = Row(item=-1, parent=None, kind="action", title="新しい取組")
    plans.add_item(version=draft, row=row, under=None, actor=cast.planner)
    plans.publish_draft(version=draft, actor=cast.planner)
    assert results.take_in_new_actions(collection=collection, actor=cast.planner) == 1
    assert results.take_in_new_actions(collection=collection, actor=cast.planner) == 0
    assert collection.answers.count() == 5


def test_a_long_reason_is_published_whole(cast: Cast, collection: Collection) -> None:
    first, reason = answer_at(collection, 1), "感染症の拡大を防ぐため、" * 12
    write(first, cast.clerk, outcome="cancelled", reason=reason)
    results.submit_answer(answer=first, actor=cast.clerk)
    approve(cast, first)
    version = results.publish_results(collection=collection, actor=cast.planner, without_open=True)
    assert version.reported_results.get(item=first.item).outcome_reason == reason
