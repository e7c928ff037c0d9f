"""Judging, carrying on and indicators in a real browser: judge → next year → draft without JavaScript; axe; on a phone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.office.tests.test_plans_browser import enter
from kusei.office.tests.test_reviews import item, money
from kusei.plans import operations as plans
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import Link, Plan, PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry
from kusei.results import operations as results
from tests.axe import axe_findings
from tests.browser import DESK, PHONE
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def plan(cast: Cast, transactional_db: None) -> Plan:
    """Two years of a budget; 健康教室 goes on from the first, with figures in both and an indicator."""
    from kusei.ledger.declared import sync

    sync()
    for year, yen in ((2025, 4000), (2026, 5000)):
        entries = [
            Entry(0, None, 0, "measure", "1", "健康で長生きできるまち"),
            Entry(1, 0, 1, "project", "1", "健康教室", text="月に1回、地域の会館で開く。", owners=("地域振興課",), money=(money(yen, year),)),
            Entry(2, 0, 1, "project", "2", "展示会", owners=("福祉保健課",), money=(money(300, year),)),
        ]  # fmt: skip
        plans.publish_version(
            ward=cast.ward, fiscal_year=year, kind="budget", actor=cast.planner, entries=entries, title="予算"
        )
    older, newer = item("健康教室", 2025), item("健康教室")
    Link.objects.create(
        ward=cast.ward, from_item=newer, to_item=older, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED,
        confidence_percent=99, reason="同じ題名",
    )  # fmt: skip
    times, people = (Metric.objects.get(ward=None, key=key) for key in ("times", "attendances"))
    for each, first in ((older, 2025), (newer, 2026)):
        lines = [
            Line(slot=f"{metric.pk}-{month}", quantity=(month % 3 + 1) * each_time, metric_id=metric.pk, item_id=each.pk,
                 on=date(first, month, 10), body_id=(cast.promotion if month % 2 else cast.welfare).pk)
            for metric, each_time in ((times, 1), (people, 23)) for month in range(4, 12)
        ]  # fmt: skip
        ledger.post(ward=cast.ward, source=Source("test.course", each.pk), lines=lines, actor=None)
    made = results.add_indicator(
        item=newer, name="健康教室を開いた回数", metric=times, body=cast.promotion, baseline=10, baseline_year=2024,
        actor=cast.planner,
    )  # fmt: skip
    for year, target in ((2025, 18), (2026, 24)):
        results.set_target(indicator=made, fiscal_year=year, quantity=target, actor=cast.planner)
    return Plan.objects.get(fiscal_year=2026)


def at(cast: Cast, name: str, *args: int, query: str = "") -> str:
    return reverse(f"office:{name}", args=[cast.ward.key, *args]) + query


def test_judged_carried_on_and_opened_as_a_draft_without_javascript(
    cast: Cast, plan: Plan, live_server, open_page
) -> None:
    page = open_page(java_script_enabled=False)
    enter(page, live_server.url, cast.planner)
    page.goto(live_server.url + at(cast, "reviews", query="?year=2026"))
    page.get_by_role("link", name="展示会").click()
    planner = page.locator("#s-planner").locator("..")
    planner.get_by_label("今後の方向").select_option("ended")
    planner.get_by_role("button", name="企画担当の評価を保存する").click()
    assert page.get_by_role("alert").get_by_text("理由を書いてください").is_visible()
    planner.get_by_label("評価の理由").fill("来場者が減り、役目を終えた")
    planner.get_by_role("button", name="企画担当の評価を保存する").click()
    assert page.get_by_text("評価を保存しました").is_visible()

    page.goto(live_server.url + at(cast, "plans"))
    page.get_by_role("link", name=re.compile("次の年度へ.*令和8年度")).click()
    assert page.get_by_text("来場者が減り、役目を終えた").is_visible()
    assert not PlanVersion.objects.filter(plan__fiscal_year=2027).exists()
    page.get_by_role("button", name="令和9年度の下書きを作る").click()
    assert page.get_by_text("2の項目を引き継ぎました").is_visible()
    draft = PlanVersion.objects.get(plan__fiscal_year=2027)
    assert page.url.endswith(f"/drafts/{draft.pk}/last-year/")
    page.get_by_role("link", name="同じ").click()
    page.get_by_role("link", name="健康教室").click()
    page.get_by_label("説明").fill("月に2回、地域の会館で開く。")
    page.get_by_role("button", name="保存する").first.click()
    changed = page.get_by_role("region", name="前の年度から変わったところ")
    assert (changed.locator("dd del").inner_text(), changed.locator("dd ins").inner_text()) == ("1", "2")
    assert [row.title for row in tree_of(draft).rows] == ["健康で長生きできるまち", "健康教室"]


def test_every_page_is_accessible_and_fits_a_phone(cast: Cast, plan: Plan, live_server, open_page) -> None:
    made = item("健康教室").indicators.get()
    results.write_review(
        item=item("展示会"), stage="division", said={"course": "ended", "comment": "役目を終えた"}, revision=0,
        actor=cast.planner,
    )  # fmt: skip
    places = {
        "indicators": at(cast, "indicators", query="?year=2026"),
        "indicator": at(cast, "indicator", made.pk, query="?year=2026"),
        "add": at(cast, "add_indicator", item("健康教室").pk),
        "reviews": at(cast, "reviews", query="?year=2026"),
        "review": at(cast, "item_review", item("健康教室").pk),
        "next": at(cast, "next_year", plan.pk),
        "spending": at(cast, "spending", 2025),
        "change": at(cast, "change_indicator", made.pk),
        "end_body": at(cast, "end_body", cast.promotion.pk),
        "body": at(cast, "body", cast.promotion.pk),
        "years": at(cast, "item_years", item("健康教室").pk),
    }
    draft = results.roll_plan_over(plan=plan, actor=cast.planner).version
    places |= {
        f"last_year {what}": at(cast, "last_year", draft.pk, query=f"?what={what}")
        for what in ("same", "gone")
    } | {"item": at(cast, "draft_item", draft.pk, tree_of(draft).rows[1].item)}
    wrong = []
    for size in (DESK, PHONE):
        page = open_page(viewport=size)
        enter(page, live_server.url, cast.planner)
        for name, url in places.items():
            page.goto(live_server.url + url)
            wrong += [(name, size["width"], each) for each in axe_findings(page)]
            across = page.evaluate("document.documentElement.scrollWidth")
            if across > size["width"]:
                wrong.append((name, size["width"], f"{across} wide"))
    assert wrong == []
