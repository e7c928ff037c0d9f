"""The page behind a signed link on which a body outside tells what was done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kusei.notices.models import Notice, SignedLink
from kusei.plans import operations as plans
from kusei.plans.models import Plan
from kusei.plans.rules import Entry
from kusei.results import operations as results
from kusei.results.errors import ResultError
from kusei.results.models import Answer, Collection
from kusei.wards.enums import BodyKind
from kusei.wards.models import AuditEntry, Body
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

pytestmark = pytest.mark.slow

SITE = "https://ward.example.jp"


def collection_of(cast: Cast, extra: int = 0) -> Collection:
    Body.objects.filter(pk=cast.council.pk).update(kind=BodyKind.PARTNER)
    owners = [("みらい区社会福祉協議会",), ("福祉保健課", "みらい区社会福祉協議会"), ("地域振興課",)]
    owners += [("みらい区社会福祉協議会",)] * extra
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="計画",
        entries=[
            Entry(key - 1, None, key, "action", str(key), f"取組{key}番", owners=each, plan_bullets=("年4回配る",))
            for key, each in enumerate(owners, start=1)
        ],
    )  # fmt: skip
    return results.open_collection(
        plan=Plan.objects.get(), due_on=timezone.localdate() + timedelta(days=5), actor=cast.planner
    )


@pytest.fixture
def collection(cast: Cast) -> Collection:
    return collection_of(cast)


def link_for(cast: Cast, collection: Collection, body: Body | None = None) -> str:
    made = results.make_answer_link(
        collection=collection,
        body=Body.objects.get(pk=(body or cast.council).pk),
        actor=cast.planner,
        site=SITE,
    )
    return made.url.removeprefix(SITE)


def text(answer) -> str:
    return answer.content.decode()


def answers(collection: Collection) -> list[Answer]:
    return list(collection.answers.order_by("pk"))


def fields(answer: Answer, **mine: str) -> dict[str, str]:
    """What the page sends for one answer; `mine` is what was typed."""
    shown = {name: getattr(answer, name) for name in ("outcome", "reason", "text", "remark")}
    return {f"was-{name}-{answer.pk}": value for name, value in shown.items()} | {
        f"{name}-{answer.pk}": value for name, value in (shown | mine).items()
    }


def test_a_body_reads_saves_and_sends_all_its_answers_by_one_link(cast: Cast, collection: Collection) -> None:
    first, second, other = answers(collection)
    part = second.contributions.get()
    address, visitor = link_for(cast, collection), Client()
    page = visitor.get(address)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "取組1番" in text(page)
    assert "取組2番" in text(page)
    assert "取組3番" not in text(page)
    saved = visitor.post(
        address,
        {
            **fields(first, text="配食を\r\n始めた。"),
            f"was-part-{part.pk}": "",
            f"part-{part.pk}": "",
            "do": "save",
        },
    )
    assert "同じリンクから続きを書けます" in text(visitor.get(saved["Location"]))
    first.refresh_from_db()
    assert (first.text, first.state, first.way, first.edited_by_name) == (
        "配食を\n始めた。",
        "writing",
        "link",
        "みらい区社会福祉協議会",
    )

    missing = visitor.post(
        address, {**fields(first), f"was-part-{part.pk}": "", f"part-{part.pk}": "", "do": "send"}
    )
    assert missing.status_code == 422
    assert "状況（実施・中止など）を選んでください" in text(missing)
    assert "行ったことを書いてください" not in text(missing)  # what is empty waits
    done = visitor.post(address, {
        **fields(first, outcome="done"), f"was-part-{part.pk}": "", f"part-{part.pk}": "見守った。", "name": "田中", "do": "send",
    })  # fmt: skip
    assert done["Location"] == "/answer/thanks/results/"
    assert "すべて提出されました" in text(visitor.get(done["Location"]))
    first.refresh_from_db()
    part.refresh_from_db()
    assert (first.state, first.edited_by_name) == ("submitted", "みらい区社会福祉協議会（田中）")
    assert (part.is_done, part.text, part.way) == (True, "見守った。", "link")
    assert visitor.get(address).status_code == 404
    assert set(AuditEntry.objects.filter(way="link").values_list("verb", flat=True)) >= {
        "results.answer",
        "results.submit",
        "results.contribute",
        "notices.use_link",
    }
    other.refresh_from_db()
    assert other.state == "waiting"


def test_one_of_two_is_sent_in_and_the_link_goes_on(cast: Cast) -> None:
    collection = collection_of(cast, extra=1)
    first, _second, _third, fourth = answers(collection)
    address, visitor = link_for(cast, collection), Client()
    nothing = visitor.post(address, {**fields(first), **fields(fourth), "do": "send"})
    assert (nothing.status_code, text(nothing).count('form__error"')) == (422, 1)
    half = visitor.post(
        address, {**fields(first, outcome="done", text="配った。"), **fields(fourth), "do": "send"}
    )
    assert half.status_code == 302
    told = text(visitor.get(half["Location"]))
    assert ("1件は提出しました" in told, "続きを書けます" in told, "form__errors" in told) == (
        True,
        True,
        False,
    )
    assert [answer.state for answer in answers(collection)] == ["submitted", "waiting", "waiting", "waiting"]
    assert "取組4番" in text(visitor.get(address))


def test_a_link_opens_nothing_of_another_body_or_collection(cast: Cast, collection: Collection) -> None:
    first, _second, other = answers(collection)
    address, visitor = link_for(cast, collection), Client()
    refused = visitor.post(
        address, {**fields(first, text="混ぜた。"), **fields(other, text="書き換えた。"), "do": "save"}
    )
    assert refused.status_code == 404
    assert "書き換えた。" in text(refused)  # to be copied
    assert [answer.text for answer in answers(collection)] == ["", "", ""]


def test_what_somebody_else_wrote_meanwhile_is_shown_and_nothing_is_lost(
    cast: Cast, collection: Collection
) -> None:
    first = answers(collection)[0]
    address, visitor = link_for(cast, collection), Client()
    opened = fields(first, text="4回配った。")
    results.write_answer(answer=first, was={"text": ""}, mine={"text": "5回配った。"}, actor=cast.partner)
    clash = visitor.post(address, opened | {"do": "save"})
    assert clash.status_code == 422
    assert "ほかの人が同じところを書き換えました" in text(clash)
    assert text(clash).count("5回配った。") == 2  # beside the field, and as what it stands on now
    assert "4回配った。" in text(clash)
    visitor.post(
        address,
        opened
        | {f"was-text-{first.pk}": "5回配った。", f"text-{first.pk}": "4回か5回配った。", "do": "save"},
    )
    first.refresh_from_db()
    assert first.text == "4回か5回配った。"


def test_what_was_written_for_an_answer_that_was_sent_in_meanwhile_can_be_copied(cast: Cast) -> None:
    collection = collection_of(cast, extra=1)
    first, second, _third, _fourth = answers(collection)
    address, visitor = link_for(cast, collection), Client()
    opened = fields(first, text="電話のあとで書き足した長い文。", reason="雨のため")
    part = second.contributions.get(body=cast.council)
    results.write_answer(
        answer=first, was={}, mine={"outcome": "done", "text": "電話で聞いた。"}, actor=cast.planner
    )
    results.submit_answer(answer=first, actor=cast.planner)
    results.write_answer(
        answer=second, was={}, mine={"outcome": "done", "text": "行った。"}, actor=cast.planner
    )
    results.submit_answer(answer=second, actor=cast.planner, without_contributions=True)
    late = visitor.post(
        address, opened | {f"was-part-{part.pk}": "", f"part-{part.pk}": "分担の文。", "do": "save"}
    )
    assert late.status_code == 422
    for words in ("電話のあとで書き足した長い文。", "雨のため", "分担の文。", "もう提出されています"):
        assert words in text(late)
    assert "取組4番" in text(late)


@pytest.mark.slow
def test_a_body_with_very_many_actions_and_long_texts_can_send_them_all(cast: Cast) -> None:
    collection = collection_of(cast, extra=160)
    address, visitor, words = link_for(cast, collection), Client(), "年4回、配って回った。" * 150
    mine = collection.answers.filter(lead=cast.council)
    given = {"do": "save"}
    for answer in mine:
        given |= fields(answer, outcome="done", text=words)
    assert visitor.post(address, given).status_code == 302
    assert set(mine.values_list("text", flat=True)) == {words}
    assert visitor.post(address, given).status_code == 302  # with what stood there beside it


def test_who_sends_twice_hears_that_it_has_arrived(cast: Cast) -> None:
    collection = collection_of(cast, extra=1)
    first, second, _third, last = answers(collection)
    address, visitor = link_for(cast, collection), Client()
    one = fields(first, outcome="done", text="4回配った。") | {"do": "send"}
    for _twice in range(2):
        assert visitor.post(address, one).status_code == 302
    part = second.contributions.get(body=cast.council)
    rest = fields(last, outcome="done", text="行った。") | {f"was-part-{part.pk}": "", f"part-{part.pk}": "見守った。", "do": "send"}  # fmt: skip
    for _twice in range(2):
        assert visitor.post(address, rest)["Location"] == "/answer/thanks/results/"
    late = visitor.post(address, rest | {f"text-{last.pk}": "行わなかった。"})
    assert (late.status_code, "行わなかった。" in text(late)) == (404, True)
    assert visitor.get(address).status_code == 404
    assert visitor.post("/answer/guessed/results/", rest).status_code == 404


def test_closed_links_open_nothing_and_show_what_was_typed(cast: Cast, collection: Collection) -> None:
    first = answers(collection)[0]
    old, visitor = link_for(cast, collection), Client()
    new = link_for(cast, collection)
    assert visitor.get(old).status_code == 404
    assert visitor.get(new).status_code == 200
    results.revoke_answer_link(collection=collection, body=cast.council, actor=cast.planner)
    late = visitor.post(new, fields(first, text="消えない。") | {"do": "save"})
    assert (late.status_code, "消えない。" in text(late)) == (404, True)
    assert visitor.get("/answer/guessed/results/").status_code == 404
    assert answers(collection)[0].text == ""


def test_it_lasts_two_weeks_beyond_the_deadline(cast: Cast, collection: Collection) -> None:
    link_for(cast, collection)
    left = SignedLink.objects.get().expires_at - timezone.now()
    assert timedelta(days=19) <= left <= timedelta(days=20)


def test_who_may_make_a_link_and_for_whom(cast: Cast, collection: Collection) -> None:
    council = Body.objects.get(pk=cast.council.pk)
    for who in (cast.clerk, cast.partner, cast.administrator, cast.stranger):
        with pytest.raises(NotAllowed):
            results.make_answer_link(collection=collection, body=council, actor=who, site=SITE)
        with pytest.raises(NotAllowed):
            results.revoke_answer_link(collection=collection, body=council, actor=who)
    with pytest.raises(ResultError, match="区役所の外の団体"):
        link_for(cast, collection, cast.promotion)
    idle = Body.objects.create(ward=cast.ward, name="何もない会", folded="何もない会", kind=BodyKind.GROUP)
    with pytest.raises(ResultError, match="いま書いてもらうものがありません"):
        link_for(cast, collection, idle)
    assert not SignedLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_brings_the_link(cast: Cast, collection: Collection, mailoutbox) -> None:
    made = results.make_answer_link(
        collection=collection,
        body=Body.objects.get(pk=cast.council.pk),
        actor=cast.planner,
        site=SITE,
        mail="shakyo@example.jp",
    )
    (mail,) = mailoutbox
    assert made.url in mail.body
    assert "書いていただくもの: 2件" in mail.body
    assert Notice.objects.get() == made.notice


def test_the_page_asks_the_same_number_of_questions_for_three_answers_and_for_thirty(cast: Cast) -> None:
    collection = collection_of(cast, extra=30)
    address, visitor = link_for(cast, collection), Client()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get(address).status_code == 200
        return len(asked)

    queries()
    thirty = queries()
    Answer.objects.filter(lead=cast.council, pk__gt=answers(collection)[4].pk).update(state="submitted")
    assert queries() == thirty


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Tell what was done"),
        ("ja-easy", "したことを 書く"),
        ("zh-hans", "填写实施结果"),
        ("vi", "Viết kết quả thực hiện"),
    ],
)
def test_the_page_speaks_every_language(
    cast: Cast, collection: Collection, language: str, title: str
) -> None:
    visitor = Client()
    address = link_for(cast, collection)
    page = visitor.get(f"/{language}{address}")
    assert page.status_code == 200
    assert page.context["page_title"] == title
