"""A rolled-over draft beside last year's plan."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kusei.office.tests.test_reviews import at, item, judge, money, plain, plan
from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.results import operations as results
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

__all__ = ["plan"]


@pytest.fixture
def draft(cast: Cast, plan: Plan) -> PlanVersion:
    """展示会 ended, 健康教室 expanded and reworded, 体操 taken out, one item of its own."""
    judge(cast, "展示会", "ended")
    judge(cast, "健康教室", "expanded")
    version = results.roll_plan_over(plan=plan, actor=cast.planner).version
    assert version is not None
    rows = {row.title: row for row in tree_of(version).rows}
    plans.edit_item(
        version=version, item=rows["健康教室"].item, revision=1, changes={"text": "月に2回開く。"}, actor=cast.planner
    )  # fmt: skip
    plans.remove_item(version=version, item=rows["体操"].item, with_children=True, actor=cast.planner)
    plans.add_item(version=version, row=Row(-1, None, "project", "相談"), under=None, actor=cast.planner)
    return version


def test_what_changed_is_told_item_by_item(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    url = at(cast, "last_year", draft.pk)
    page = client.get(url)
    assert "<del>1</del><ins>2</ins>" in page.content.decode()
    said = plain(page)
    for words in ("変わった 1", "新しい 1", "同じ 2", "次の年度にない 2", "評価: 拡充", "健康教室の理由",
                  "令和8年度 5,000千円 → 令和9年度 未記入"):  # fmt: skip
        assert words in said, words
    gone = plain(client.get(url, {"what": "gone"}))
    assert re.search("体操 下書きから外した", gone)
    assert re.search("2 展示会 終了 展示会の理由", gone)
    assert "相談" in plain(client.get(url, {"what": "new"}))
    assert "講話" in plain(client.get(url, {"what": "same"}))


def test_what_was_judged_is_for_the_office(cast: Cast, draft: PlanVersion) -> None:
    partner = signed_in(cast.partner)
    url = at(cast, "last_year", draft.pk)
    item_of = next(row.item for row in tree_of(draft).rows if row.title == "健康教室")
    pages = [(url, {}), (url, {"what": "gone"}), (at(cast, "draft_item", draft.pk, item_of), {})]
    for page, asked in pages:
        said = plain(partner.get(page, asked))
        assert "評価: 拡充" not in said
        assert "の理由" not in said


def test_the_items_own_page_says_it_too(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    rows = {row.title: row.item for row in tree_of(draft).rows}
    page = client.get(at(cast, "draft_item", draft.pk, rows["健康教室"])).content.decode()
    assert "前の年度から変わったところ" in page
    assert "<del>1</del><ins>2</ins>" in page
    assert "言葉は前の年度と同じです" in plain(client.get(at(cast, "draft_item", draft.pk, rows["講話"])))
    own = plain(client.get(at(cast, "draft_item", draft.pk, rows["相談"])))
    assert "前の年度から変わったところ" not in own
    assert at(cast, "last_year", draft.pk) in client.get(at(cast, "draft", draft.pk)).content.decode()


def test_a_draft_that_continues_nothing_says_so(cast: Cast, plan: Plan) -> None:
    version = plans.open_draft(
        ward=cast.ward, fiscal_year=2026, kind="budget", part=plan.part, actor=cast.planner
    )
    client = signed_in(cast.planner)
    assert "引き継いだ項目がありません" in plain(client.get(at(cast, "last_year", version.pk)))
    assert at(cast, "last_year", version.pk) not in client.get(at(cast, "draft", version.pk)).content.decode()


def test_what_ended_after_it_was_carried_is_pointed_out(cast: Cast, plan: Plan) -> None:
    draft = results.roll_plan_over(plan=plan, actor=cast.planner).version
    judge(cast, "展示会", "ended")
    client = signed_in(cast.planner)
    said = plain(client.get(at(cast, "next_year", plan.pk)))
    assert "引き継いだあとで「終了」になった項目" in said
    assert "展示会" in [row.title for row in tree_of(draft).rows]  # type: ignore[arg-type]


def test_the_queries_do_not_grow_with_the_draft(cast: Cast, plan: Plan, draft: PlanVersion) -> None:
    def count() -> int:
        client = signed_in(cast.planner)
        with CaptureQueriesContext(connection) as caught:
            client.get(at(cast, "last_year", draft.pk))
        return len(caught)

    before = count()
    for title in "一二三":
        plans.add_item(version=draft, row=Row(-1, None, "project", title, money=(money(1),)), under=None, actor=cast.planner)  # fmt: skip
    assert count() == before


def test_indicators_that_go_on_are_shown_before_they_do(cast: Cast, plan: Plan) -> None:
    from kusei.ledger import operations as ledger

    metric = ledger.add_metric(ward=cast.ward, name="来た人", unit="人", actor=cast.planner)
    made = results.add_indicator(
        item=item("健康教室"), name="来る人を増やす", metric=metric, actor=cast.planner
    )
    results.set_target(indicator=made, fiscal_year=2027, quantity=120, actor=cast.planner)
    client = signed_in(cast.planner)
    said = plain(client.get(at(cast, "next_year", plan.pk)))
    assert "引き継ぐ指標 1" in said
    assert "来る人を増やす" in said
    assert "指標を1引き継ぎました" in plain(client.post(at(cast, "next_year", plan.pk), follow=True))
    listed = plain(client.get(at(cast, "indicators"), {"year": 2027}))
    assert "1の指標" in listed
    assert "健康教室（下書き）" in listed
    assert "120人" in listed
    older = plain(client.get(at(cast, "indicator", made.pk)))
    assert "前後の年度の同じ指標" in older
    assert "令和9年度 来る人を増やす" in older
    assert 'name="target-2027"' not in client.get(at(cast, "indicator", made.pk)).content.decode()


def test_what_an_answer_left_for_next_year_stands_where_next_year_is_made(cast: Cast, plan: Plan, draft: PlanVersion) -> None:  # fmt: skip
    collection = results.open_collection(plan=plan, due_on=timezone.localdate(), actor=cast.planner)
    answer = collection.answers.get(item=item("健康教室"))
    client, partner = signed_in(cast.clerk), signed_in(cast.partner)
    newer = next(row.item for row in tree_of(draft).rows if row.title == "健康教室")
    pages = [at(cast, "draft_item", draft.pk, newer), at(cast, "last_year", draft.pk)]
    old = at(cast, "item_years", item("健康教室").pk)
    mine = {"remark": "会場を先に押さえる。", "outcome": "done", "text": "開いた。"}
    results.write_answer(answer=answer, was=dict.fromkeys(mine, ""), mine=mine, actor=cast.clerk)
    assert "会場を先に押さえる" not in plain(client.get(pages[0]))  # not sent in yet
    results.submit_answer(answer=answer, actor=cast.clerk, without_contributions=True)
    for page in pages:
        assert re.search("令和8年度からの申し送り 会場を先に押さえる。", plain(client.get(page))), page
        assert "会場を先に押さえる" not in plain(partner.get(page))
    assert "次の年度への申し送り 会場を先に押さえる。" in plain(client.get(old))
    assert "会場を先に押さえる" not in plain(partner.get(old))
