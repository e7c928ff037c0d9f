"""Writing an answer in a real browser: figures held against the ledger, with and without JavaScript, at a desk and on a phone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from kusei.ledger.models import Entry
from kusei.office.tests.collecting import answer_at, collecting, report, sent
from kusei.plans.models import PlanVersion
from kusei.results import operations as results
from kusei.results.models import Answer, Collection
from kusei.results.operations import PrintedFigure, PrintedResult
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import Cast, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "全11回、149団体が参加した。"


def enter(page: Page, url: str, person) -> None:
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


@pytest.fixture
def collection(cast: Cast) -> Collection:
    found = collecting(cast)
    report(cast, answer_at(found, 1).item, 12)
    return found


def test_figures_are_replaced_counted_and_sent_without_javascript(
    cast: Cast, collection: Collection, live_server, open_page
) -> None:
    first = answer_at(collection, 1)
    here = f"{live_server.url}/office/{cast.ward.key}/answers/{first.pk}/"
    page = open_page(java_script_enabled=False, viewport=PHONE)
    enter(page, live_server.url, cast.clerk)
    page.goto(here)
    page.get_by_label("実施した取組結果").fill(TEXT)
    page.get_by_role("button", name="保存して、文の中の数を台帳と比べる").click()
    assert "文では11回、台帳では「開催・実施の回数」が12回です。" in page.locator("#typed").inner_text()
    page.get_by_role("button", name="台帳の12回に置きかえる").click()
    assert (
        page.get_by_label("実施した取組結果").input_value() == "全《開催・実施の回数》、149団体が参加した。"
    )
    page.get_by_role("button", name="実績に加える").click()
    assert "149団体は、この文をもとに実績に加えてあります" in page.locator("#typed").inner_text()
    assert Entry.objects.filter(source_kind="results.typed").count() == 1
    assert fits(page)
    page.get_by_label("実施", exact=True).check()
    with page.expect_navigation():
        page.get_by_label("理由", exact=True).press("Enter")  # keeps, and does not send in
    first.refresh_from_db()
    assert first.state == "writing"
    page.get_by_role("button", name="提出する").click()
    first.refresh_from_db()
    assert first.state == "submitted"


def test_figures_come_while_writing_and_nothing_typed_is_lost(
    cast: Cast, collection: Collection, live_server, open_page
) -> None:
    first = answer_at(collection, 1)
    here = f"{live_server.url}/office/{cast.ward.key}/answers/{first.pk}/"
    page = open_page()
    enter(page, live_server.url, cast.clerk)
    page.goto(here)
    page.get_by_label("実施した取組結果").fill(TEXT)
    page.get_by_text("文では11回、台帳では「開催・実施の回数」が12回です。").wait_for()
    assert (fits(page), axe_findings(page)) == (True, [])
    page.get_by_label("次の年度への申し送り").fill("来年も")
    page.get_by_label("文の数が正しい理由").fill("打合せの1回を除く")
    page.get_by_role("button", name="理由を付けて残す").click()
    page.get_by_text("「打合せの1回を除く」").wait_for()
    first.refresh_from_db()
    assert (first.text, first.remark) == (TEXT, "来年も")
    page.get_by_text("数から下書き").click()
    page.get_by_role("button", name="この文を入れる").first.click()
    assert page.get_by_label("実施した取組結果").input_value() == f"{TEXT}\n全《開催・実施の回数》。"
    assert "全12回。" in page.locator("[data-preview]").inner_text()


def test_a_planner_looks_at_the_figures_and_joins_equal_ones(
    cast: Cast, collection: Collection, live_server, open_page
) -> None:
    first = answer_at(collection, 1)
    sent(first, cast.clerk, text=TEXT)
    others = [answer_at(collection, place).item_id for place in (2, 3)]
    results.record_printed_results(
        version=PlanVersion.objects.get(),
        results=[
            PrintedResult(item, "相談459件", "done", "", (PrintedFigure(Decimal(459), "件"),))
            for item in others
        ],
    )
    office = f"{live_server.url}/office/{cast.ward.key}/"
    page = open_page()
    enter(page, live_server.url, cast.planner)
    page.goto(f"{office}results/{collection.pk}/")
    assert axe_findings(page) == []
    page.get_by_role("link", name="台帳と合わない数 2件").click()
    assert "文では11回" in page.locator("#typed").inner_text()
    assert (fits(page), axe_findings(page)) == (True, [])
    page.goto(f"{office}figures/printed/{PlanVersion.objects.get().pk}/?state=alike")
    page.get_by_label("このページのすべてを選ぶ").check()
    page.get_by_role("button", name="選んだ数を、同じものとして一つに数える").click()
    page.goto(f"{office}figures/printed/{PlanVersion.objects.get().pk}/")
    assert "ほかの1つの取組と同じもの" in page.locator("main").inner_text()
    assert (fits(page), axe_findings(page)) == (True, [])
    page.goto(f"{office}figures/2026/{others[1]}/{Entry.objects.get(quantity=459).metric_id}/")
    assert "459件" in page.locator(".recipe__number").inner_text()
    assert "合計では一度だけ数えます" in page.locator("main").inner_text()
    assert (fits(page), axe_findings(page)) == (True, [])
    page.get_by_role("button", name="別のものに戻す").click()
    assert "別のものに戻しました" in page.locator("[role=status]").first.inner_text()
    assert Answer.objects.filter(state="submitted").count() == 1
