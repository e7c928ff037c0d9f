"""Bodies outside are asked about items of a draft and answer once: by a signed link, or by telephone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from kusei.notices.enums import Closed
from kusei.notices.errors import LinkNotUsable
from kusei.notices.models import Notice
from kusei.plans import operations as plans
from kusei.plans.models import Comment, PlanVersion
from kusei.services.questions import operations as questions
from kusei.services.questions import queries
from kusei.services.questions.models import BodyRequest
from kusei.services.questions.tests.conftest import item_called
from kusei.wards.enums import Way
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast


def ask(cast: Cast, draft: PlanVersion, *titles: str, **words: Any) -> list[questions.Asked]:
    given: dict[str, Any] = {
        "version": draft, "items": [item_called(draft, title).pk for title in titles or ("見守り事業",)],
        "body": cast.council, "text": "回数はこれでよいですか。", "actor": cast.planner, "site": "https://kusei.example/",
    }  # fmt: skip
    return questions.ask_body(**(given | words))


def token(asked: questions.Asked) -> str:
    return asked.url.rstrip("/").rpartition("/")[2]


def test_a_body_is_asked_and_its_answer_waits_as_a_comment(cast: Cast, draft: PlanVersion) -> None:
    (asked,) = ask(cast, draft)
    found, _link = questions.open_request(token(asked))
    assert found == asked.request

    questions.answer_by_link(token(asked), is_confirmed=False, answer="月に2回です。", name="鈴木")

    comment = Comment.objects.get()
    assert (comment.author, comment.said_by, comment.text) == (
        None, "みらい区社会福祉協議会（鈴木）", "月に2回です。",
    )  # fmt: skip
    assert comment.item == item_called(draft, "見守り事業")
    assert [each.comment for each in queries.answers_waiting(cast.ward)] == [comment]
    plans.settle_comment(ward=cast.ward, comment_id=comment.pk, actor=cast.planner)
    assert queries.answers_waiting(cast.ward) == []
    entry = AuditEntry.objects.get(verb="questions.answer_request")
    assert (entry.way, entry.actor, entry.actor_name) == (Way.LINK, None, "みらい区社会福祉協議会")
    together = AuditEntry.objects.filter(request_id=entry.request_id).values_list("verb", "way")
    assert set(together) == {
        ("questions.answer_request", "link"), ("plans.comment", "link"), ("notices.use_link", "link"),
    }  # fmt: skip


def test_confirming_says_so_and_the_link_is_used(cast: Cast, draft: PlanVersion) -> None:
    (asked,) = ask(cast, draft)
    questions.answer_by_link(token(asked), is_confirmed=True, answer="")
    assert Comment.objects.get().text == "このままでよいとの回答です。"
    for act in (
        lambda: questions.answer_by_link(token(asked), is_confirmed=True, answer="x"),
        lambda: questions.open_request(token(asked)),
    ):
        with pytest.raises(LinkNotUsable) as caught:
            act()
        assert caught.value.reason == Closed.USED
    assert Comment.objects.count() == 1


def test_saying_nothing_is_refused_and_uses_nothing(cast: Cast, draft: PlanVersion) -> None:
    (asked,) = ask(cast, draft)
    with pytest.raises(questions.NotFitting):
        questions.answer_by_link(token(asked), is_confirmed=False, answer="  ")
    questions.open_request(token(asked))
    assert not Comment.objects.exists()


def test_each_item_has_a_link_of_its_own_and_one_mail_names_all(
    cast: Cast, draft: PlanVersion, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask(cast, draft, "見守り事業", "訪問", mail="shakyo@example.jp")
    assert [each.request.item_title for each in asked] == ["見守り事業", "訪問"]
    assert len(mail.outbox) == 1
    assert all(each.url in mail.outbox[0].body for each in asked)
    assert all(token(each) not in str(list(Notice.objects.values())) for each in asked)


@pytest.mark.parametrize("who", ["clerk", "partner", "administrator", "resident", "former", "stranger"])
def test_only_planners_ask(cast: Cast, draft: PlanVersion, who: str) -> None:
    (asked,) = ask(cast, draft)
    person = getattr(cast, who)
    for act in (
        lambda: ask(cast, draft, actor=person),
        lambda: questions.renew_request(request=asked.request, actor=person, site="https://x"),
        lambda: questions.withdraw_request(request=asked.request, actor=person),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert BodyRequest.objects.count() == 1
    questions.open_request(token(asked))


def test_what_makes_no_sense_is_refused(cast: Cast, draft: PlanVersion) -> None:
    from kusei.wards import operations as wards

    foreign = wards.add_body(cast.other_ward, "ほし区社会福祉協議会", actor=cast.operator)
    for words in (
        {"text": " "},
        {"body": cast.promotion},  # a division is called by a comment
        {"body": foreign},
        {"items": []},
        {"items": [999_999_999]},
        {"version": draft.base},  # published
    ):
        with pytest.raises(questions.NotFitting):
            ask(cast, draft, **words)
    assert not BodyRequest.objects.exists()


def test_a_new_link_closes_the_one_before(cast: Cast, draft: PlanVersion) -> None:
    (first,) = ask(cast, draft)
    second = questions.renew_request(request=first.request, actor=cast.planner, site="https://x")
    with pytest.raises(LinkNotUsable) as caught:
        questions.open_request(token(first))
    assert caught.value.reason == Closed.REVOKED
    questions.answer_by_link(token(second), is_confirmed=True, answer="")
    with pytest.raises(questions.RequestClosed):
        questions.renew_request(request=first.request, actor=cast.planner, site="https://x")


def test_a_withdrawn_request_takes_no_answer(cast: Cast, draft: PlanVersion) -> None:
    (asked,) = ask(cast, draft)
    questions.withdraw_request(request=asked.request, actor=cast.planner)
    with pytest.raises(LinkNotUsable):
        questions.answer_by_link(token(asked), is_confirmed=True, answer="")
    with pytest.raises(questions.RequestClosed):
        questions.note_request_answer(
            request=asked.request, is_confirmed=True, answer="", name="鈴木", actor=cast.clerk
        )
    assert not Comment.objects.exists()


def test_what_was_said_by_telephone_is_noted_as_such(cast: Cast, draft: PlanVersion) -> None:
    (asked,) = ask(cast, draft)
    for words in ({"name": ""}, {"answer": ""}):
        with pytest.raises(questions.NotFitting):
            questions.note_request_answer(
                **({"request": asked.request, "is_confirmed": False, "answer": "2回", "name": "鈴木", "actor": cast.clerk} | words)  # type: ignore[arg-type]
            )  # fmt: skip
    with pytest.raises(NotAllowed):
        questions.note_request_answer(
            request=asked.request, is_confirmed=False, answer="2回", name="鈴木", actor=cast.partner
        )
    done = questions.note_request_answer(
        request=asked.request, is_confirmed=False, answer="2回です", name="鈴木", actor=cast.clerk
    )
    assert (done.way, done.noted_by) == ("telephone", cast.clerk)
    assert Comment.objects.get().text == f"2回です\n（電話で聞き取り: {cast.clerk.display_name}）"
    with pytest.raises(LinkNotUsable):
        questions.open_request(token(asked))


def test_a_draft_that_was_thrown_away_still_takes_the_answer(cast: Cast, draft: PlanVersion) -> None:
    (asked,) = ask(cast, draft)
    plans.discard_draft(version=draft, actor=cast.planner)
    found, _link = questions.open_request(token(asked))
    assert queries.text_in_draft(found) is None
    questions.answer_by_link(token(asked), is_confirmed=False, answer="2回")
    assert BodyRequest.objects.get().answer == "2回"


def test_states_of_requests(cast: Cast, draft: PlanVersion) -> None:
    waiting, withdrawn, answered = ask(cast, draft, "見守り事業", "訪問", "健康事業")
    questions.withdraw_request(request=withdrawn.request, actor=cast.planner)
    questions.answer_by_link(token(answered), is_confirmed=True, answer="")
    states = {row.request.item_title: row.state for row in queries.requests_of(cast.ward, draft)}
    assert states == {"見守り事業": "waiting", "訪問": "withdrawn", "健康事業": "answered"}
    type(waiting.link).objects.filter(pk=waiting.link.pk).update(revoked_at=waiting.link.made_at)
    row = queries.request_row(cast.ward, waiting.request.pk)
    assert row is not None
    assert row.state == "expired"
    assert queries.request_row(cast.other_ward, waiting.request.pk) is None


def test_the_trail_keeps_that_a_body_answered_not_what_and_not_who(cast: Cast, draft: PlanVersion) -> None:
    """Nothing can ever be taken out of the trail."""
    by_link, by_telephone = ask(cast, draft, "見守り事業", "訪問")
    questions.answer_by_link(token(by_link), is_confirmed=False, answer="渡辺さん宅を除きます。", name="鈴木")
    questions.note_request_answer(
        request=by_telephone.request, is_confirmed=False, answer="田中さん宅だけです。", name="佐藤", actor=cast.clerk
    )  # fmt: skip

    lines = str(list(AuditEntry.objects.values()))
    assert not [name for name in ("渡辺", "鈴木", "田中", "佐藤") if name in lines]
    lengths = AuditEntry.objects.filter(verb="questions.answer_request").order_by("pk")
    assert [line.changes["answer_length"] for line in lengths] == [[0, 11], [0, 10]]


def test_a_mail_that_waits_does_not_go_once_nothing_in_it_is_open(cast: Cast, draft: PlanVersion) -> None:
    first, second = ask(cast, draft, "見守り事業", "訪問", mail="shakyo@example.jp")
    questions.withdraw_request(request=first.request, actor=cast.planner)
    assert Notice.objects.get().next_try_at is not None  # the other request is still open

    renewed = questions.renew_request(
        request=second.request, actor=cast.planner, site="https://x", mail="shakyo@example.jp"
    )
    old, new = Notice.objects.order_by("pk")
    assert (old.next_try_at, old.text_sealed) == (None, "")
    assert new.next_try_at is not None

    questions.withdraw_request(request=renewed.request, actor=cast.planner)
    new.refresh_from_db()
    assert new.next_try_at is None
