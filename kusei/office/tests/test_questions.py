"""The office's pages about questions and requests: who sees what, and what each button does."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.notices.models import Notice
from kusei.office.operations import join_bodies
from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.plans.rules import Entry
from kusei.services.questions import operations as questions
from kusei.services.questions.enums import QuestionKind
from kusei.services.questions.models import BodyRequest, Question
from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

NAME, MAIL = "山田花子", "hanako@example.jp"


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, title="予算",
        entries=[Entry(0, None, 0, "project", "1", "見守り事業", text="月に1回", owners=("地域振興課",))],
    )  # fmt: skip
    version = plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)
    text = version.texts.get()
    plans.edit_item(
        version=version, item=text.item_id, revision=1, changes={"text": "月に2回"}, actor=cast.clerk
    )
    return version


@pytest.fixture
def question(cast: Cast, draft: PlanVersion) -> Question:
    return receive(cast, draft)


def receive(cast: Cast, draft: PlanVersion) -> Question:
    return questions.receive_question(
        ward=cast.ward, kind=QuestionKind.QUESTION, text="いつ始まりますか。", about_path=f"/w/{cast.ward.key}/",
        item=draft.texts.get().item, ticket=uuid.uuid4(), contact=questions.Contact(NAME, MAIL),
    )  # fmt: skip


def address(name: str, cast: Cast, *more: object) -> str:
    return reverse(f"office:{name}", args=[cast.ward.key, *more])


def do(client: Any, cast: Cast, question: Question, verb: str, **words: object) -> Any:
    question.refresh_from_db()
    return client.post(
        address("question", cast, question.pk),
        {"do": verb, "revision": question.revision, **words},
        follow=True,
    )


def test_only_planners_and_the_body_in_charge_see_a_question(cast: Cast, question: Question) -> None:
    for person in (cast.clerk, cast.colleague, cast.planner):
        client = signed_in(person)
        assert "いつ始まりますか。" in client.get(address("questions", cast)).content.decode()
        assert client.get(address("question", cast, question.pk)).status_code == 200
    other = signed_in(cast.other_clerk)
    assert "いつ始まりますか。" not in other.get(address("questions", cast)).content.decode()
    assert other.get(address("question", cast, question.pk)).status_code == 403
    assert other.post(address("question_contact", cast, question.pk), {"reason": "answer"}).status_code == 403
    assert not AuditEntry.objects.filter(verb="questions.see_contact").exists()


def test_the_contact_is_shown_for_a_reason_and_the_look_is_recorded(cast: Cast, question: Question) -> None:
    clerk = signed_in(cast.clerk)
    page = clerk.get(address("question", cast, question.pk)).content.decode()
    assert NAME not in page
    assert MAIL not in page
    clerk.post(address("question_contact", cast, question.pk), {"reason": ""})
    assert not AuditEntry.objects.filter(verb="questions.see_contact").exists()
    shown = clerk.post(address("question_contact", cast, question.pk), {"reason": "ask_back"})
    assert NAME in shown.content.decode()
    assert MAIL in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = AuditEntry.objects.get(verb="questions.see_contact")
    assert (entry.actor, entry.reason) == (cast.clerk, "内容を確かめるため")
    do(clerk, cast, question, "forget")
    question.refresh_from_db()
    assert question.contact_sealed == ""


def test_a_question_s_way_through_the_office(cast: Cast, question: Question) -> None:
    clerk, welfare = signed_in(cast.clerk), signed_in(cast.other_clerk)
    assert "第1号 質問" in clerk.get(address("work", cast)).content.decode()
    assert "第1号 質問" not in welfare.get(address("work", cast)).content.decode()
    said = do(clerk, cast, question, "hand_over", body=cast.welfare.pk, note="体操の件")
    assert "別の担当に回しました" in said.content.decode()
    assert "体操の件" in welfare.get(address("question", cast, question.pk)).content.decode()
    said = do(welfare, cast, question, "answer", answer="6月です。", by_mail="on")
    # Nothing goes out before the test's own transaction ends: the page must not say that it did.
    assert "メールで送りました" not in said.content.decode()
    assert "メールはまだ送れていません" in said.content.decode()
    assert Notice.objects.count() == 1
    wrong = do(welfare, cast, question, "publish", public_question=f"{NAME}の質問", public_answer="6月")
    assert wrong.status_code == 422
    assert f"{NAME}の質問" in wrong.content.decode()
    do(welfare, cast, question, "publish", public_question="いつ？", public_answer="6月")
    do(welfare, cast, question, "settle")
    question.refresh_from_db()
    assert (question.state, question.published_at is not None) == ("settled", True)
    assert "第1号 質問" not in welfare.get(address("work", cast)).content.decode()


def test_the_second_of_two_is_told_and_keeps_the_words(cast: Cast, question: Question) -> None:
    shown = question.revision
    do(signed_in(cast.colleague), cast, question, "answer", answer="6月です。")
    answer = signed_in(cast.clerk).post(
        address("question", cast, question.pk), {"do": "answer", "revision": shown, "answer": "7月です。"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "先にこの質問を変えました" in page
    assert "7月です。" in page
    question.refresh_from_db()
    assert question.answer == "6月です。"


@pytest.mark.parametrize("data", [{}, {"do": "nonsense"}, {"do": "answer", "revision": "x"}, {"do": "hand_over", "body": "999"}])  # fmt: skip
def test_nonsense_changes_nothing(cast: Cast, question: Question, data: dict[str, str]) -> None:
    before = Question.objects.values().get()
    status = signed_in(cast.clerk).post(address("question", cast, question.pk), data).status_code
    assert status in {404, 422}
    assert Question.objects.values().get() == before


def test_what_was_asked_by_telephone_is_written_down(cast: Cast, draft: PlanVersion) -> None:
    item = draft.texts.get().item
    page = f"https://kusei.example/w/{cast.ward.key}/items/{item.public_id}/"
    said = signed_in(cast.other_clerk).post(
        address("new_question", cast),
        {"way": "telephone", "kind": "error", "text": "回数が違う", "about": page, "telephone": "045-000-0000",
         "ticket": str(uuid.uuid4())},
        follow=True,
    )  # fmt: skip
    question = Question.objects.get()
    assert (question.way, question.item, question.body, question.received_by) == (
        "telephone", item, cast.promotion, cast.other_clerk,
    )  # fmt: skip
    assert "渡しました" in said.content.decode()


@pytest.mark.slow
def test_a_planner_asks_a_body_and_sees_its_answer(cast: Cast, draft: PlanVersion) -> None:
    planner, item = signed_in(cast.planner), draft.texts.get().item_id
    nothing = planner.get(address("ask_body", cast, draft.pk), follow=True)
    assert "選ばれていません" in nothing.content.decode()
    form = planner.post(address("decide", cast, draft.pk), {"item": item, "decision": "ask"})
    assert form["Location"] == f"{address('ask_body', cast, draft.pk)}?item={item}"
    assert "見守り事業" in planner.get(form["Location"]).content.decode()
    wrong = planner.post(form["Location"], {"body": "", "text": "よいですか", "mail": "x"})
    assert wrong.status_code == 422
    assert "よいですか" in wrong.content.decode()

    shown = planner.post(form["Location"], {"body": cast.council.pk, "text": "よいですか"}, follow=True)
    page = shown.content.decode()
    url = page.split('readonly value="')[1].split('"')[0]
    assert url.startswith("http://testserver/answer/")
    assert url not in planner.get(address("requests", cast)).content.decode()  # once

    assert planner.get(url).status_code == 200
    planner.post(url, {"verdict": "confirm"})
    work = planner.get(address("work", cast)).content.decode()
    assert "団体からの回答" in work
    assert "このままでよい" in work
    assert "団体からの回答" not in signed_in(cast.clerk).get(address("work", cast)).content.decode()
    request = BodyRequest.objects.get()
    planner.post(address("settle_mention", cast, request.comment_id))
    assert "団体からの回答" not in planner.get(address("work", cast)).content.decode()


def test_an_answer_by_telephone_and_a_new_link(cast: Cast, draft: PlanVersion) -> None:
    (asked,) = questions.ask_body(
        version=draft, items=[draft.texts.get().item_id], body=cast.council, text="?", actor=cast.planner, site="http://x"
    )  # fmt: skip
    planner, clerk = signed_in(cast.planner), signed_in(cast.clerk)
    page = address("request", cast, asked.request.pk)
    assert "新しいリンクを作る" not in clerk.get(page).content.decode()
    assert clerk.post(page, {"do": "renew"}).status_code == 403
    renewed = planner.post(page, {"do": "renew"}, follow=True).content.decode()
    assert 'readonly value="http://testserver/answer/' in renewed
    wrong = clerk.post(page, {"do": "note", "name": "鈴木", "answer": ""})
    assert wrong.status_code == 422
    assert "鈴木" in wrong.content.decode()
    done = clerk.post(page, {"do": "note", "name": "鈴木", "answer": "2回"}, follow=True).content.decode()
    assert "電話" in done
    assert "聞き取り" in done
    late = planner.post(page, {"do": "withdraw"}, follow=True).content.decode()
    assert "もう回答があったか" in late


def test_lists_need_the_same_queries_for_one_and_three(cast: Cast, draft: PlanVersion) -> None:
    planner = signed_in(cast.planner)
    planner.get(address("work", cast))
    counts: list[list[int]] = []
    for more in (1, 2):
        for _ in range(more):
            receive(cast, draft)
            asked = questions.ask_body(
                version=draft, items=[draft.texts.get().item_id], body=cast.council, text="?", actor=cast.planner, site="http://x"
            )  # fmt: skip
            questions.answer_by_link(asked[0].url.split("/")[-2], is_confirmed=True, answer="")
        counts.append([])
        for name in ("questions", "requests", "work"):
            with CaptureQueriesContext(connection) as queries:
                assert planner.get(address(name, cast)).status_code == 200
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]


def test_joined_bodies_keep_their_questions_and_requests(
    cast: Cast, question: Question, draft: PlanVersion
) -> None:
    (asked,) = questions.ask_body(
        version=draft, items=[question.item_id], body=cast.council, text="?", actor=cast.planner, site="http://x"  # type: ignore[list-item]
    )  # fmt: skip
    other = wards.add_body(cast.ward, "みらい社協", actor=cast.operator)
    join_bodies(duplicate=cast.promotion, into=cast.welfare, actor=cast.planner)
    join_bodies(duplicate=cast.council, into=other, actor=cast.planner)
    question.refresh_from_db()
    asked.request.refresh_from_db()
    asked.link.refresh_from_db()
    assert (question.body, asked.request.body, asked.link.body) == (cast.welfare, other, other)


CONSOLE = "django.core.mail.backends.console.EmailBackend"
BROKEN = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.django_db(transaction=True)
def test_an_answer_says_that_the_mail_went_out(cast: Cast, question: Question) -> None:
    said = do(signed_in(cast.clerk), cast, question, "answer", answer="6月です。", by_mail="on")
    assert "回答を記録し、メールで送りました" in said.content.decode()
    assert [each.to for each in mail.outbox] == [[MAIL]]


@pytest.mark.django_db(transaction=True)
def test_an_answer_says_that_the_mail_server_was_away(cast: Cast, question: Question, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = BROKEN, "127.0.0.1", 1
    said = do(
        signed_in(cast.clerk), cast, question, "answer", answer="6月です。", by_mail="on"
    ).content.decode()
    assert "回答を記録しました" in said
    assert "まだ送れていません" in said
    assert "メールで送りました" not in said


def test_an_office_without_mail_promises_none(cast: Cast, question: Question, settings: Any) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    clerk = signed_in(cast.clerk)
    page = clerk.get(address("question", cast, question.pk)).content.decode()
    assert "いまはメールを送れない設定です" in page
    box = re.search(r'<input[^>]*name="by_mail"[^>]*>', page)
    assert box is not None
    assert "disabled" in box[0]
    assert "checked" not in box[0]

    said = do(clerk, cast, question, "answer", answer="6月です。", by_mail="on").content.decode()

    assert "メールは送っていません。電話など" in said
    assert not Notice.objects.exists()


def test_links_for_a_body_are_not_said_to_be_mailed_where_they_are_not(
    cast: Cast, draft: PlanVersion, settings: Any
) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    planner = signed_in(cast.planner)
    where = f"{address('ask_body', cast, draft.pk)}?item={draft.texts.get().item_id}"
    assert "いまはメールを送れない設定です" in planner.get(where).content.decode()
    said = planner.post(
        where, {"body": cast.council.pk, "text": "よいですか", "mail": "c@example.jp"}, follow=True
    ).content.decode()
    assert "メールは送っていません。次のリンクを" in said
    assert not Notice.objects.exists()


def test_a_question_for_a_division_without_people_is_the_planners_work(
    cast: Cast, draft: PlanVersion, question: Question
) -> None:
    planner = signed_in(cast.planner)
    assert "第1号 質問" not in planner.get(address("work", cast)).content.decode()
    for person in (cast.clerk, cast.colleague):
        wards.end_role(grant=person.role_grants.get(), actor=cast.administrator, reason="異動")
    work = planner.get(address("work", cast)).content.decode()
    assert "第1号 質問" in work
    assert "地域振興課には利用者がいないため、企画担当が受け持ちます" in work
    assert "利用者がいません" in planner.get(address("question", cast, question.pk)).content.decode()


def test_a_question_that_waits_too_long_is_shown_to_the_planners(cast: Cast, question: Question) -> None:
    Question.objects.update(received_at=timezone.now() - timedelta(days=15))
    work = signed_in(cast.planner).get(address("work", cast)).content.decode()
    assert "第1号 質問" in work
    assert "担当: 地域振興課" in work
    assert "第1号 質問" not in signed_in(cast.other_clerk).get(address("work", cast)).content.decode()


def test_notes_that_stay_in_the_trail_say_so(cast: Cast, question: Question) -> None:
    page = signed_in(cast.planner).get(address("question", cast, question.pk)).content.decode()
    assert page.count("あとから消せません。質問した人の名前や連絡先は書かないでください。") == 2
