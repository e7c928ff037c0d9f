"""Collecting a year's results in a real browser: three bodies answer in three ways, one is returned, a resident reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kusei.office.tests.collecting import answer_at, collecting, published, report, sent, write
from kusei.results import operations as results
from kusei.results.models import Answer, Collection
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import Cast, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page: Page, url: str, person) -> None:
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def said(page: Page) -> str:
    return page.locator("[role=status]").first.inner_text()


def test_three_bodies_answer_one_is_returned_and_a_resident_reads_it(
    cast: Cast, live_server, open_page
) -> None:
    """Without JavaScript from the first page to the last."""
    plan = published(cast)
    office = f"{live_server.url}/office/{cast.ward.key}/"
    planner = open_page(java_script_enabled=False)
    enter(planner, live_server.url, cast.planner)
    planner.goto(f"{office}plans/")
    planner.get_by_role("link", name="取組結果を集める").click()
    planner.get_by_label("しめきり").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    planner.get_by_role("button", name="取りまとめを始める").click()
    assert "あと20日" in said(planner)
    collection = Collection.objects.get(plan=plan)
    board = planner.url

    # a division, by the form; its figure comes from the ledger
    report(cast, answer_at(collection, 1).item, 12)
    clerk = open_page(java_script_enabled=False)
    enter(clerk, live_server.url, cast.clerk)
    clerk.goto(office)
    clerk.get_by_role("link", name="健康教室を開く").click()
    clerk.get_by_label("実施した取組結果").fill("全《開催・実施の回数》開いた。")
    clerk.get_by_role("button", name="提出する").click()
    assert "まだ提出していません" in clerk.locator("#errors").inner_text()
    clerk.get_by_role("link", name="状況（実施・中止など）を選んでください。").click()
    clerk.get_by_label("実施", exact=True).check()
    clerk.get_by_role("button", name="提出する").click()
    assert "企画担当が確認します" in said(clerk)

    # a facility on the telephone, written down by the planner
    planner.goto(board)
    planner.get_by_role("link", name="介護者のつどいを開く").click()
    assert planner.get_by_label("どのように聞きましたか").input_value() == "telephone"
    planner.get_by_label("中止", exact=True).check()
    planner.get_by_label("理由", exact=True).fill("感染症の拡大を防ぐため")
    planner.get_by_role("button", name="提出する").click()

    # the council by a link, on a phone
    planner.goto(f"{board}bodies/")
    row = planner.get_by_role("row").filter(has_text="みらい区社会福祉協議会")
    row.get_by_role("link", name="リンクを作る").click()
    planner.get_by_role("button", name="リンクを作る").click()
    link = planner.get_by_label("リンク", exact=True).input_value()
    phone = open_page(java_script_enabled=False, viewport=PHONE)
    phone.goto(link)
    phone.get_by_label("行ったこと", exact=True).fill("配食を毎週続けた。")
    phone.get_by_role("button", name="途中まで保存する").click()
    assert "同じリンクから続きを書けます" in said(phone)
    phone.get_by_label("実施", exact=True).check()
    phone.get_by_label("あなたの団体が行ったこと").fill("見守りの人を集めた。")
    phone.get_by_role("button", name="提出する").click()
    assert phone.locator("h1").inner_text() == "取組結果を受け取りました"

    # returned once, sent in again, approved with the others, published
    planner.goto(f"{board}?state=submitted")
    planner.get_by_label("「配食を続ける」を選ぶ").check()
    planner.get_by_label("差し戻す理由").fill("人数も書いてください。")
    planner.get_by_role("button", name="選んだものを差し戻す").click()
    assert "1件を差し戻しました" in said(planner)
    partner = open_page(java_script_enabled=False)
    enter(partner, live_server.url, cast.partner)
    partner.goto(office)
    partner.get_by_role("link", name="配食を続ける").click()
    assert "人数も書いてください。" in partner.locator("main").inner_text()
    partner.get_by_label("実施した取組結果").fill("配食を毎週、延べ480人に続けた。")
    partner.get_by_role("button", name="提出する").click()
    planner.goto(f"{board}?state=submitted")
    for title in ("健康教室を開く", "配食を続ける", "介護者のつどいを開く"):
        planner.get_by_label(f"「{title}」を選ぶ").check()
    planner.get_by_role("button", name="選んだものを確認済みにする").click()
    assert "3件を確認済みにしました" in said(planner)
    planner.goto(board)
    planner.get_by_role("link", name="公開の準備へ進む").click()
    planner.get_by_label("確認していない1件を除いて公開する").check()
    planner.get_by_role("button", name="公開する").click()
    planner.get_by_role("link", name="住民のページで見る", exact=True).click()
    shown = planner.locator("main").inner_text()
    assert "全12回開いた。" in shown
    assert "配食を毎週、延べ480人に続けた。" in shown
    assert "中止" in shown
    ways = collection.answers.order_by("pk").values_list("state", "way")
    assert list(ways) == [
        ("approved", "form"),
        ("writing", "form"),
        ("approved", "form"),
        ("approved", "telephone"),
    ]


def test_an_answer_saves_itself_and_survives_a_dropped_line(cast: Cast, live_server, open_page) -> None:
    collection = collecting(cast)
    first = answer_at(collection, 1)
    report(cast, first.item, 12)
    page = open_page()
    enter(page, live_server.url, cast.clerk)
    page.goto(f"{live_server.url}/office/{cast.ward.key}/answers/{first.pk}/")
    status = page.locator(".answer-form [data-status]")
    page.get_by_label("実施した取組結果").fill("全")
    page.get_by_role("button", name="文に入れる").click()
    status.get_by_text("保存しました").wait_for()
    assert Answer.objects.get(pk=first.pk).text == "全《開催・実施の回数》"
    assert page.locator("[data-preview]").inner_text() == "全12回"

    page.context.set_offline(True)
    page.get_by_label("実施した取組結果").fill("全《開催・実施の回数》開いた。")
    status.get_by_text("つながっていません").wait_for()
    page.context.set_offline(False)
    status.get_by_text("保存しました").wait_for()
    assert Answer.objects.get(pk=first.pk).text == "全《開催・実施の回数》開いた。"

    # What a colleague writes elsewhere appears; the same place written by both is asked about.
    write(Answer.objects.get(pk=first.pk), cast.colleague, remark="来年は回数を増やす。")
    page.get_by_label("実施した取組結果").fill("全《開催・実施の回数》開いたよ。")
    status.get_by_text("さんの変更を取り入れました").wait_for()
    assert page.get_by_label("次の年度への申し送り").input_value() == "来年は回数を増やす。"
    write(Answer.objects.get(pk=first.pk), cast.colleague, text="同僚の文。")
    page.get_by_label("実施した取組結果").fill("自分の文。")
    status.get_by_text("どちらを残すか選べます").wait_for()
    page.get_by_role("button", name="途中まで保存する").click()
    assert page.locator("h1").inner_text() == "ほかの人の変更と重なりました"
    assert axe_findings(page) == []
    page.get_by_label("自分の変更にする").check()
    page.get_by_role("button", name="選んだとおりに保存する").click()
    assert "保存しました" in said(page)
    assert Answer.objects.get(pk=first.pk).text == "自分の文。"


def test_every_page_passes_axe_and_fits_a_phone(cast: Cast, live_server, open_page) -> None:
    page = open_page(viewport={"width": 375, "height": 800})
    url, key = live_server.url, cast.ward.key
    found = {}

    def look(name: str, address: str = "") -> None:
        if address:
            page.goto(f"{url}{address}")
        found[name] = (axe_findings(page), fits(page))

    enter(page, url, cast.planner)
    look("empty list", f"/office/{key}/results/")
    plan = published(cast)
    look("begin", f"/office/{key}/results/open/?plan={plan.pk}")
    page.get_by_role("button", name="取りまとめを始める").click()
    look("begin with errors")
    collection = results.open_collection(
        plan=plan, due_on=timezone.localdate() + timedelta(days=3), actor=cast.planner, note="延べ人数で"
    )
    first, second, third = (answer_at(collection, place) for place in (1, 2, 3))
    report(cast, first.item, 12)
    write(first, cast.clerk, text="全《開催・実施の回数》。《ない数》も。")
    sent(third, cast.partner)
    board = f"/office/{key}/results/{collection.pk}/"
    look("list", f"/office/{key}/results/")
    look("board", board)
    look("nothing on the board", f"{board}?q=ない言葉")
    look("bodies", f"{board}bodies/")
    look("link", f"{board}links/?body={cast.council.pk}")
    page.get_by_role("button", name="リンクを作る").click()
    look("link made")
    link = page.get_by_label("リンク", exact=True).input_value()
    look("nothing to publish", f"{board}publish/")
    look("answer", f"/office/{key}/answers/{first.pk}/")
    page.get_by_role("button", name="提出する").click()
    look("answer with errors")
    look("shared answer", f"/office/{key}/answers/{second.pk}/")
    look("answer sent in", f"/office/{key}/answers/{third.pk}/")
    page.get_by_role("button", name="確認済みにする").click()
    look("publish", f"{board}publish/")
    look("work", f"/office/{key}/")
    page.goto(link)
    look("by link")
    page.get_by_role("button", name="提出する").click()
    look("by link with errors")
    page.goto(f"{url}/answer/thanks/results/")
    look("thanks")
    assert {name: each for name, each in found.items() if each != ([], True)} == {}
