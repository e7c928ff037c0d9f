"""Asking about a page and answering behind a signed link, as people meet them."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kusei.plans import operations as plans
from kusei.plans.models import Comment, PlanVersion
from kusei.plans.rules import Entry
from kusei.portal.views.questions import QUESTIONS_AN_HOUR
from kusei.services.questions import operations as questions
from kusei.services.questions.models import BodyRequest, Question
from kusei.services.questions.operations.contacts import contact_of
from kusei.wards.models import AuditEntry
from tests.cast import Cast

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, title="予算",
        entries=[
            Entry(0, None, 0, "project", "1", "見守り事業", text="月に1回訪ねる。", owners=("地域振興課",)),
            Entry(1, None, 0, "project", "2", "健康事業", text="体操をする。"),
        ],
    )  # fmt: skip
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def item_page(draft: PlanVersion) -> str:
    return reverse("portal:item", args=[draft.ward.key, draft.texts.get(title="見守り事業").item.public_id])


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found
    return found.group(1)


def send(client: Client, about: str, key: str, step: str = "send", **words: str):  # type: ignore[no-untyped-def]
    address = reverse("portal:ask", args=[key])
    page = client.get(address, {"about": about}).content.decode()
    data = {
        "kind": "question",
        "text": "いつ始まりますか。",
        "about": hidden(page, "about"),
        "ticket": hidden(page, "ticket"),
    }
    return client.post(address, data | {"step": step} | words)


def test_every_page_of_a_ward_leads_to_asking_about_it(draft: PlanVersion, cast: Cast) -> None:
    client = Client()
    for address in (reverse("portal:year", args=[cast.ward.key, 2026]), item_page(draft)):
        page = client.get(address).content.decode()
        assert f"/w/{cast.ward.key}/ask/?about={address.replace('/', '%2F')}" in page
    assert "それぞれの区のページの下から" in client.get(reverse("portal:home")).content.decode()


def test_a_question_goes_to_the_item_s_division_after_a_last_look(draft: PlanVersion, cast: Cast) -> None:
    client, about = Client(), item_page(draft)
    check = send(client, about, cast.ward.key, step="check", name="山田", mail="h@example.jp")
    assert check.status_code == 200
    assert "見守り事業" in check.content.decode()
    assert not Question.objects.exists()

    done = send(client, about, cast.ward.key, name="山田", mail="h@example.jp")

    question = Question.objects.get()
    assert (question.body, question.item, question.about_path, question.has_mail) == (
        cast.promotion, draft.texts.get(title="見守り事業").item, about, True,
    )  # fmt: skip
    assert done.status_code == 302
    thanks = client.get(done["Location"]).content.decode()
    assert "第1号" in thanks
    assert about in thanks


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"text": " "}, "内容を書いてください"),
        ({"kind": ""}, "を選んでください"),
        ({"mail": "nobody"}, "メールアドレスの形ではありません"),
        ({"text": "あ" * 4001}, "長すぎます"),
        ({"website": "http://spam.example"}, "欄を空にしてください"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    draft: PlanVersion, cast: Cast, words: dict[str, str], said: str
) -> None:
    answer = send(
        Client(), item_page(draft), cast.ward.key, **({"text": "大事な質問", "name": "山田"} | words)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "山田" in page
    assert "大事な質問" in page or "text" in words
    assert not Question.objects.exists()


def test_going_back_keeps_what_was_written(draft: PlanVersion, cast: Cast) -> None:
    page = send(Client(), item_page(draft), cast.ward.key, step="edit", text="大事な質問").content.decode()
    assert "大事な質問</textarea>" in page
    assert not Question.objects.exists()


def test_sent_twice_is_one_question(draft: PlanVersion, cast: Cast) -> None:
    client, address = Client(), reverse("portal:ask", args=[cast.ward.key])
    page = client.get(address).content.decode()
    data = {"kind": "error", "text": "x", "ticket": hidden(page, "ticket"), "step": "send"}
    assert [client.post(address, data).status_code for _ in range(2)] == [302, 302]
    assert Question.objects.count() == 1


@pytest.mark.slow
def test_too_many_from_one_address_wait_and_keep_their_words(draft: PlanVersion, cast: Cast) -> None:
    client = Client()
    for _ in range(QUESTIONS_AN_HOUR):
        assert send(client, "", cast.ward.key).status_code == 302
    answer = send(client, "", cast.ward.key, text="もう一つの質問")
    assert answer.status_code == 429
    assert "もう一つの質問" in answer.content.decode()
    assert Question.objects.count() == QUESTIONS_AN_HOUR
    other = Client(REMOTE_ADDR="203.0.113.7")
    assert send(other, "", cast.ward.key).status_code == 302


@pytest.mark.slow
@pytest.mark.parametrize(
    "about", ["", "https://evil.example/w/x/", "//evil.example", "/office/", "/w/other/", "%00", "javascript:alert(1)", "/w/" + "x" * 900]
)  # fmt: skip
def test_an_address_that_is_no_page_of_the_ward_is_its_front_page(
    draft: PlanVersion, cast: Cast, about: str
) -> None:
    send(Client(), about, cast.ward.key)
    assert Question.objects.get().about_path == reverse("portal:ward", args=[cast.ward.key])


def test_a_receipt_cannot_be_made_up(draft: PlanVersion, cast: Cast) -> None:
    address = reverse("portal:ask_thanks", args=[cast.ward.key])
    for receipt in ("", "1", "WzIwMjYsMSxmYWxzZV0:x:y"):
        assert Client().get(address, {"receipt": receipt}).status_code == 404


def test_a_published_answer_stands_on_the_item_s_page_without_the_asker(
    draft: PlanVersion, cast: Cast
) -> None:
    send(Client(), item_page(draft), cast.ward.key, name="山田花子", mail="h@example.jp")
    question = Question.objects.get()
    questions.answer_question(question=question, answer="6月です。", by_mail=False, actor=cast.clerk)
    questions.publish_question(
        question=question, public_question="始まりはいつ？", public_answer="6月です。", actor=cast.clerk
    )
    page = Client().get(item_page(draft)).content.decode()
    assert "始まりはいつ？" in page
    assert "山田" not in page


def asked(cast: Cast, draft: PlanVersion) -> str:
    (one,) = questions.ask_body(
        version=draft, items=[draft.texts.get(title="見守り事業").item_id], body=cast.council, text="これでよいですか。",
        actor=cast.planner, site="http://testserver",
    )  # fmt: skip
    return one.url.removeprefix("http://testserver")


def test_the_link_shows_that_item_only_and_takes_one_answer(draft: PlanVersion, cast: Cast) -> None:
    address, client = asked(cast, draft), Client(enforce_csrf_checks=True)
    answer = client.get(address)
    page = answer.content.decode()
    assert "月に1回訪ねる。" in page
    assert "健康事業" not in page
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in answer["Cache-Control"]
    token = address.split("/")[2]
    assert token not in page  # no link of the page carries it on

    wrong = client.post(address, {"verdict": "answer", "text": " ", "name": "鈴木"})
    assert wrong.status_code == 422
    assert "鈴木" in wrong.content.decode()
    done = client.post(address, {"verdict": "answer", "text": "月に2回です。", "name": "鈴木"})
    assert (done.status_code, done["Location"], done["Referrer-Policy"]) == (
        302,
        "/answer/thanks/",
        "no-referrer",
    )
    assert "届きました" in client.get(done["Location"]).content.decode()
    assert Comment.objects.get().text == "月に2回です。"

    late = client.post(address, {"verdict": "answer", "text": "やはり3回です。"})
    assert late.status_code == 404
    assert "もう回答をいただいています" in late.content.decode()
    assert "やはり3回です。" in late.content.decode()  # not lost
    assert BodyRequest.objects.get().answer == "月に2回です。"


@pytest.mark.slow
def test_guesses_are_answered_alike_and_slowed_down(draft: PlanVersion, cast: Cast) -> None:
    address, guesser = asked(cast, draft), Client(REMOTE_ADDR="203.0.113.9")
    before = AuditEntry.objects.count()
    said = {guesser.get(f"/answer/guess{n}/").status_code for n in range(30)}
    assert said == {404}
    assert guesser.get("/answer/guess/").status_code == 429
    assert guesser.get(address).status_code == 429
    assert Client().get(address).status_code == 200  # others need not wait
    assert AuditEntry.objects.count() == before + 1  # the one opening


def test_no_log_holds_the_token(draft: PlanVersion, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    from kusei.notices.redaction import HideTokens

    address = asked(cast, draft)
    questions.withdraw_request(request=BodyRequest.objects.get(), actor=cast.planner)
    caplog.handler.addFilter(HideTokens())  # as config.settings puts it before every handler
    assert Client().get(address).status_code == 404
    assert "/answer/…/" in caplog.text
    assert address.split("/")[2] not in caplog.text


@pytest.mark.slow
def test_where_no_mail_goes_out_the_resident_is_told_before_giving_an_address(
    draft: PlanVersion, cast: Cast, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client = Client()
    page = client.get(reverse("portal:ask", args=[cast.ward.key])).content.decode()
    assert "いまは、メールで返事を送ることができません" in page
    assert 'name="mail"' not in page
    check = send(client, item_page(draft), cast.ward.key, step="check", telephone="06-0000-0000")
    assert "06-0000-0000" in check.content.decode()

    done = send(client, item_page(draft), cast.ward.key, telephone="06-0000-0000", mail="h@example.jp")

    thanks = client.get(done["Location"]).content.decode()
    assert "メールは送りません" in thanks
    question = Question.objects.get()
    assert not question.has_mail
    assert contact_of(question) == questions.Contact(telephone="06-0000-0000")


@pytest.mark.parametrize("about", ["//[", "http://[::1", "/w/%00/", "%2500"])
def test_an_address_that_is_none_is_about_the_ward(draft: PlanVersion, cast: Cast, about: str) -> None:
    address = reverse("portal:ask", args=[cast.ward.key])
    client = Client()
    assert client.get(address, {"about": about}).status_code == 200
    asked = {"kind": "question", "text": "いつですか。", "ticket": str(uuid.uuid4()), "step": "send"}
    client.post(address, {**asked, "about": about})
    assert Question.objects.get().about_path == f"/w/{cast.ward.key}/"
