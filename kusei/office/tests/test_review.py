"""Looking drafts over, publishing them, what waits for whom, and the office's search: through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.enums import ReviewState
from kusei.plans.models import Item, PlanVersion
from kusei.plans.rules import Entry, Money
from kusei.search.operations import rebuild
from tests.cast import Cast, signed_in


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    """令和8年度 予算 of みらい区: 施策 > 見守り事業 (地域振興課), 健康事業 (福祉保健課), begun from version 1."""
    money = (Money(2026, "current", "", 3_000_000, "3000", "千円"),)
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, title="予算",
        entries=[
            Entry(0, None, 0, "measure", "1", "つながり"),
            Entry(1, 0, 1, "project", "1", "見守り事業", text="月に1回訪ねる。", owners=("地域振興課",), money=money),
            Entry(2, 0, 1, "project", "2", "健康事業", owners=("福祉保健課",)),
        ],
    )  # fmt: skip
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def item_of(version: PlanVersion, title: str) -> int:
    return version.texts.get(title=title).item_id


def edit(version: PlanVersion, title: str, actor: object, **changes: object) -> int:
    text = version.texts.get(title=title)
    plans.edit_item(
        version=version,
        item=text.item_id,
        revision=text.revision,
        changes=changes,
        actor=actor,  # type: ignore[arg-type]
    )
    return text.item_id


def address(name: str, cast: Cast, *arguments: object) -> str:
    return reverse(f"office:{name}", args=[cast.ward.key, *arguments])


def shown(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_review_shows_what_changed_in_words(draft: PlanVersion, cast: Cast) -> None:
    edit(draft, "見守り事業", cast.clerk, text="月に2回訪ねる。")
    page = shown(signed_in(cast.planner), address("review", cast, draft.pk))
    assert "<del>1</del><ins>2</ins>" in page
    assert "作成中" in page
    assert "健康事業" not in page  # nothing changed there


def test_submit_return_submit_approve_publish(draft: PlanVersion, cast: Cast) -> None:
    """The way of an item through four hands, and what residents then read."""
    item = edit(draft, "見守り事業", cast.clerk, text="月に2回訪ねる。")
    clerk, planner = signed_in(cast.clerk), signed_in(cast.planner)
    decide = address("decide", cast, draft.pk)

    assert (
        "確認を求めました"
        in clerk.post(decide, {"item": item, "decision": "submit"}, follow=True).content.decode()
    )
    assert "確認待ち 1件" in shown(planner, address("work", cast))
    answer = planner.post(decide, {"item": item, "decision": "return", "note": ""}, follow=True)
    assert "理由を書いてください" in answer.content.decode()
    planner.post(decide, {"item": item, "decision": "return", "note": "何曜日か書いてください"})
    assert "何曜日か書いてください" in shown(clerk, address("work", cast))
    answer = planner.post(address("publish", cast, draft.pk), {"note": ""})
    assert answer.status_code == 409
    assert "まだ公開できません" in answer.content.decode()
    clerk.post(decide, {"item": item, "decision": "submit"})
    planner.post(decide, {"item": item, "decision": "approve"})

    answer = planner.post(address("publish", cast, draft.pk), {"note": "回数の訂正"}, follow=True)

    said = answer.content.decode()
    assert "第2版を公開しました" in said
    assert f'<a href="/w/{cast.ward.key}/2026/plans/budget/">住民のページで見る</a>' in said
    public = Item.objects.get(pk=item).public_id
    assert "月に2回訪ねる。" in shown(Client(), f"/w/{cast.ward.key}/items/{public}/")
    changes = shown(Client(), f"/w/{cast.ward.key}/changes/")
    assert "回数の訂正" in changes


def test_a_clerk_can_neither_approve_nor_publish_nor_submit_for_others(
    draft: PlanVersion, cast: Cast
) -> None:
    other = item_of(draft, "健康事業")
    mine = edit(draft, "見守り事業", cast.clerk, text="x")
    clerk = signed_in(cast.clerk)
    for decision, item in (("approve", mine), ("return", mine), ("submit", other)):
        answer = clerk.post(
            address("decide", cast, draft.pk), {"item": item, "decision": decision, "note": "n"}
        )
        assert answer.status_code == 403, decision
    assert clerk.post(address("publish", cast, draft.pk), {"note": ""}).status_code == 403
    assert clerk.post(address("due", cast, draft.pk), {"due_on": "2027-03-15"}).status_code == 403
    assert set(draft.texts.values_list("review", flat=True)) == {ReviewState.WORKING, ReviewState.KEPT}
    page = shown(clerk, address("review", cast, draft.pk))
    assert f'value="{mine}:' in page
    assert "公開の準備へ進む" not in page


@pytest.mark.parametrize(("data", "said"), [({}, "選ばれていません"), ({"item": "x", "decision": "submit"}, "選ばれていません")])  # fmt: skip
def test_deciding_on_nothing_says_so(draft: PlanVersion, cast: Cast, data: dict[str, str], said: str) -> None:
    answer = signed_in(cast.planner).post(address("decide", cast, draft.pk), data, follow=True)
    assert said in answer.content.decode()


def test_what_changed_after_the_page_was_opened_is_not_approved(draft: PlanVersion, cast: Cast) -> None:
    planner = signed_in(cast.planner)
    item = edit(draft, "見守り事業", cast.clerk, text="月に2回訪ねる。")
    page = shown(planner, address("review", cast, draft.pk))
    assert f'name="item" value="{item}:2"' in page
    edit(draft, "見守り事業", cast.clerk, text="月に3回訪ねる。")

    decide = address("decide", cast, draft.pk)
    sent = {"item": f"{item}:2", "decision": "approve"}
    assert "このページを開いたあとに" in planner.post(decide, sent, follow=True).content.decode()
    assert draft.texts.get(item=item).review == ReviewState.WORKING
    planner.post(decide, {**sent, "item": f"{item}:3"})
    assert draft.texts.get(item=item).review == ReviewState.APPROVED


@pytest.mark.parametrize("item", ["²", "9" * 30, "x"])
def test_numbers_that_are_none_choose_nothing(draft: PlanVersion, cast: Cast, item: str) -> None:
    answer = signed_in(cast.planner).post(
        address("decide", cast, draft.pk),
        {"item": item, "decision": "approve", "state": "a\r\nb"},
        follow=True,
    )
    assert "項目が選ばれていません" in answer.content.decode()


@pytest.mark.slow
def test_a_published_draft_is_gone_from_the_office(draft: PlanVersion, cast: Cast) -> None:
    edit(draft, "見守り事業", cast.planner, text="x")
    planner = signed_in(cast.planner)
    planner.post(address("publish", cast, draft.pk), {"note": ""})
    for name in ("review", "publish"):
        assert planner.get(address(name, cast, draft.pk)).status_code == 404
    assert planner.post(address("publish", cast, draft.pk), {"note": ""}).status_code == 404  # a double click
    assert PlanVersion.objects.filter(status="published").count() == 2


def test_what_was_published_meanwhile_is_offered(draft: PlanVersion, cast: Cast) -> None:
    edit(draft, "健康事業", cast.planner, text="体操")
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, title="予算",
        entries=[
            Entry(0, None, 0, "measure", "1", "つながり"),
            Entry(1, 0, 1, "project", "1", "見守り事業", text="毎日訪ねる。", owners=("地域振興課",)),
            Entry(2, 0, 1, "project", "2", "健康事業", owners=("福祉保健課",)),
        ],
    )  # fmt: skip
    planner = signed_in(cast.planner)
    assert "先に進んでいます" in shown(planner, address("publish", cast, draft.pk))
    planner.post(address("take_in", cast, draft.pk))
    assert set(draft.texts.values_list("text", flat=True)) == {"", "毎日訪ねる。", "体操"}
    assert "先に進んでいます" not in shown(planner, address("publish", cast, draft.pk))


def test_late_drafts_stand_first_and_say_so(draft: PlanVersion, cast: Cast) -> None:
    planner = signed_in(cast.planner)
    planner.post(address("due", cast, draft.pk), {"due_on": "nonsense"})
    assert PlanVersion.objects.get(pk=draft.pk).due_on is None
    yesterday = timezone.localdate() - timedelta(days=1)
    planner.post(address("due", cast, draft.pk), {"due_on": yesterday.isoformat()})
    assert "過ぎました" in shown(signed_in(cast.clerk), address("work", cast))


def test_mentions_wait_for_the_body_and_can_be_settled(draft: PlanVersion, cast: Cast) -> None:
    item = Item.objects.get(pk=item_of(draft, "健康事業"))
    comment = plans.write_comment(ward=cast.ward, item=item, text="@福祉保健課 金額は？", actor=cast.clerk)
    welfare = signed_in(cast.other_clerk)
    assert "金額は？" in shown(welfare, address("work", cast))
    assert "金額は？" not in shown(signed_in(cast.clerk), address("work", cast))
    welfare.post(address("settle_mention", cast, comment.pk))
    assert "金額は？" not in shown(welfare, address("work", cast))


def test_what_others_changed_stays_until_it_was_looked_at(draft: PlanVersion, cast: Cast) -> None:
    edit(draft, "見守り事業", cast.clerk, text="月に2回")
    colleague = signed_in(cast.colleague)
    page = shown(colleague, address("work", cast))
    assert "月に2回" in page
    assert "月に2回" not in shown(
        signed_in(cast.other_clerk), address("work", cast)
    )  # another division's item
    colleague.post(address("looked", cast), {"last": timezone.now().isoformat()})
    assert "ほかの人の変更はありません" in shown(colleague, address("work", cast))
    colleague.post(address("looked", cast), {"last": "broken"})


@pytest.mark.slow
def test_pages_need_the_same_queries_for_one_and_many(draft: PlanVersion, cast: Cast) -> None:
    planner = signed_in(cast.planner)
    edit(draft, "見守り事業", cast.clerk, text="x")
    counts: dict[str, list[int]] = {}
    planner.get(address("work", cast))  # the first page of a session also writes down the session
    for many in (False, True):
        if many:
            for number in range(3):
                plans.add_item(
                    version=draft, row=Row(0, None, "component", f"新{number}"), under=item_of(draft, "見守り事業"),
                    actor=cast.clerk,
                )  # fmt: skip
        for name in ("review", "publish"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                planner.get(address(name, cast, draft.pk))
            counts.setdefault(name, []).append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            planner.get(address("work", cast))
        counts.setdefault("work", []).append(len(queries))
    assert {name: few == more for name, (few, more) in counts.items()} == {
        "review": True,
        "publish": True,
        "work": True,
    }


def test_the_search_finds_what_one_may_see_and_nothing_else(draft: PlanVersion, cast: Cast) -> None:
    edit(draft, "見守り事業", cast.clerk, text="ひみつの計画")
    item = Item.objects.get(pk=item_of(draft, "健康事業"))
    plans.write_comment(ward=cast.ward, item=item, text="ひみつの相談", actor=cast.clerk)
    rebuild(ward=cast.ward)
    page = shown(signed_in(cast.partner), address("search", cast) + "?q=ひみつ")
    assert "見守り事業" in page
    assert "ひみつの相談" in page
    assert "健康事業" in shown(signed_in(cast.clerk), address("search", cast) + "?q=健康事業")
    stranger = signed_in(cast.stranger)
    assert stranger.get(address("search", cast) + "?q=ひみつ").status_code == 403
    elsewhere = stranger.get(
        reverse("office:search", args=[cast.other_ward.key]) + "?q=ひみつ"
    ).content.decode()
    assert "見つかりませんでした" in elsewhere
    assert "ひみつ" not in Client().get(f"/w/{cast.ward.key}/search/?q=ひみつの").content.decode().replace(
        "ひみつの", "", 9
    )


@pytest.mark.parametrize("query", ["", "?q=", "?q=%00", "?q=ない言葉だけ", "?q=見守り&page=999", "?page=x"])
def test_the_search_answers_anything(draft: PlanVersion, cast: Cast, query: str) -> None:
    assert signed_in(cast.clerk).get(address("search", cast) + query).status_code == 200


def test_the_viewer_s_own_items_come_first_and_lead_to_the_editor(draft: PlanVersion, cast: Cast) -> None:
    other, mine = (
        edit(draft, "健康事業", cast.planner, text="x"),
        edit(draft, "見守り事業", cast.planner, text="y"),
    )
    office = address("draft", cast, draft.pk)
    page = shown(signed_in(cast.clerk), address("review", cast, draft.pk))
    assert page.index("自分の担当の項目") < page.index(f"{office}items/{mine}/")
    assert page.index(f"{office}items/{mine}/") < page.index("ほかの項目")
    assert page.index("ほかの項目") < page.index(f"{office}items/{other}/")
    assert "企画担当に伝えること" in page
    assert "差し戻すときは、何を" not in page


def test_who_may_choose_nothing_is_told_and_has_no_buttons(draft: PlanVersion, cast: Cast) -> None:
    edit(draft, "見守り事業", cast.clerk, text="y")
    page = shown(signed_in(cast.other_clerk), address("review", cast, draft.pk))
    assert "自分の担当の項目はありません" in page
    assert "確認を求める</button>" not in page
