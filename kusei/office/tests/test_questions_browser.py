"""Asking and answering in a real browser: without JavaScript on a phone, and axe on every new page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from kusei.plans import operations as plans
from kusei.plans.models import Comment, PlanVersion
from kusei.plans.rules import Entry
from kusei.services.questions.models import Question
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import Cast, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, title="予算",
        entries=[Entry(0, None, 0, "project", "1", "見守り事業", text="月に1回訪ねる。", owners=("地域振興課",))],
    )  # fmt: skip
    version = plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)
    item = version.texts.get().item_id
    plans.edit_item(
        version=version, item=item, revision=1, changes={"text": "月に2回訪ねる。"}, actor=cast.clerk
    )
    return version


def enter(page: Page, url: str, person) -> None:
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def test_a_resident_asks_and_the_division_answers(
    cast: Cast, draft: PlanVersion, live_server, open_page
) -> None:
    phone = open_page(java_script_enabled=False, viewport=PHONE)
    item = draft.texts.get().item
    phone.goto(live_server.url + reverse("portal:item", args=[cast.ward.key, item.public_id]))
    phone.get_by_role("link", name="このページについて質問・まちがいの連絡").click()
    phone.get_by_label("内容").fill("いつ始まりますか。")
    phone.get_by_role("button", name="内容を確かめる").click()
    assert "を選んでください" in phone.locator(".form__errors").inner_text()
    assert phone.get_by_label("内容").input_value() == "いつ始まりますか。"
    phone.get_by_label("質問がある").check()
    phone.get_by_label("お名前").fill("山田花子")
    phone.get_by_role("button", name="内容を確かめる").click()
    phone.get_by_role("button", name="書き直す").click()
    assert phone.get_by_label("お名前").input_value() == "山田花子"
    phone.get_by_role("button", name="内容を確かめる").click()
    phone.get_by_role("button", name="送る").click()
    assert "第1号" in phone.locator("main").inner_text()

    desk = open_page(java_script_enabled=False)
    enter(desk, live_server.url, cast.clerk)
    desk.goto(f"{live_server.url}/office/{cast.ward.key}/")
    desk.get_by_role("link", name="第1号 質問").click()
    assert "山田花子" not in desk.content()
    desk.get_by_role("button", name="連絡先を見る").click()
    assert "山田花子" in desk.locator("main").inner_text()
    desk.locator("#id_answer").fill("6月です。")
    desk.get_by_role("button", name="回答を記録する").click()
    assert Question.objects.get().answer == "6月です。"


def test_a_body_answers_by_its_link_on_a_phone(
    cast: Cast, draft: PlanVersion, live_server, open_page
) -> None:
    desk = open_page(java_script_enabled=False)
    enter(desk, live_server.url, cast.planner)
    desk.goto(f"{live_server.url}/office/{cast.ward.key}/drafts/{draft.pk}/review/")
    desk.get_by_label("「見守り事業」を選ぶ").check()
    desk.get_by_role("button", name="選んだ項目を団体に確かめる").click()
    desk.get_by_label("尋ねる団体").select_option(label="みらい区社会福祉協議会")
    desk.get_by_label("尋ねたいこと").fill("回数はこれでよいですか。")
    desk.get_by_role("button", name="確認を頼む").click()
    link = desk.locator("input[readonly]").input_value()

    phone = open_page(java_script_enabled=False, viewport=PHONE)
    phone.goto(link)
    assert "月に2回訪ねる。" in phone.locator(".draft-item").inner_text()
    phone.get_by_label("直してほしいこと・伝えたいことがある").check()
    phone.get_by_role("button", name="回答を送る").click()
    assert "伝えたいことを書いてください" in phone.locator(".form__errors").inner_text()
    phone.locator("textarea").fill("月に3回にしてください。")
    phone.get_by_role("button", name="回答を送る").click()
    assert phone.locator("h1").inner_text() == "回答を受け取りました"
    assert Comment.objects.get().said_by == "みらい区社会福祉協議会"
    phone.goto(link)
    assert phone.locator("h1").inner_text() == "このリンクは使えません"


def test_every_new_page_passes_axe_and_fits_a_phone(
    cast: Cast, draft: PlanVersion, live_server, open_page
) -> None:
    page = open_page(viewport={"width": 375, "height": 800})
    key, url = cast.ward.key, live_server.url
    found = {}

    def look(name: str) -> None:
        found[name] = (axe_findings(page), fits(page))

    page.goto(f"{url}/w/{key}/ask/?about=/w/{key}/")
    look("ask")
    page.get_by_role("button", name="内容を確かめる").click()
    look("ask with errors")
    page.get_by_label("まちがいを知らせたい").check()
    page.get_by_label("内容").fill("回数が違います。")
    page.get_by_label("お名前").fill("山田")
    page.get_by_role("button", name="内容を確かめる").click()
    look("check")
    page.get_by_role("button", name="送る").click()
    look("thanks")

    enter(page, url, cast.planner)
    page.goto(f"{url}/office/{key}/drafts/{draft.pk}/ask/?item={draft.texts.get().item_id}")
    look("ask a body")
    page.get_by_label("尋ねる団体").select_option(label="みらい区社会福祉協議会")
    page.get_by_label("尋ねたいこと").fill("よいですか。")
    page.get_by_role("button", name="確認を頼む").click()
    look("requests")
    link = page.locator("input[readonly]").input_value()
    page.get_by_role("link", name="見守り事業").click()
    look("request")
    for name, path in (("questions", "questions/"), ("new question", "questions/new/"), ("work", "")):
        page.goto(f"{url}/office/{key}/{path}")
        look(name)
    page.goto(f"{url}/office/{key}/questions/{Question.objects.get().pk}/")
    look("question")
    page.goto(link)
    look("answer")
    page.get_by_label("このままでよい").check()
    page.get_by_role("button", name="回答を送る").click()
    look("answer thanks")
    page.goto(link)
    look("closed")
    assert {name: each for name, each in found.items() if each != ([], True)} == {}
