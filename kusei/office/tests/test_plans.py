"""The list of plans, a draft's outline and what its buttons do."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kusei.office.tests.drafts import item_of, open_draft, titles
from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry
from kusei.wards.models import AuditEntry
from tests.cast import Cast, signed_in


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    return open_draft(cast)


def text(answer) -> str:
    return answer.content.decode()


def at(version: PlanVersion, rest: str = "") -> str:
    return f"/office/{version.ward.key}/drafts/{version.pk}/{rest}"


def act(client: Client, version: PlanVersion, **values: object):
    """Press a button of the outline; the marks of the form are the page's own."""
    page = text(client.get(at(version)))
    once = re.search(r'id="act".*?name="once" value="(\w+)"', page, re.S)
    assert once is not None
    return client.post(at(version, "act/"), {"once": once[1], **values})


def told(client: Client, answer) -> str:
    return text(client.get(answer["Location"]))


def test_the_list_tells_versions_drafts_and_what_waits(cast: Cast, draft: PlanVersion) -> None:
    plans.edit_item(
        version=draft, item=item_of(draft, "訪問"), revision=1, changes={"text": "毎月"}, actor=cast.clerk
    )
    page = text(signed_in(cast.planner).get(f"/office/{cast.ward.key}/plans/"))
    assert "第1版を公開中" in page
    assert "1件が確認前" in page
    assert f'href="/w/{cast.ward.key}/2026/plans/budget/"' in page
    assert "下書きを開く" in page


@pytest.mark.parametrize(
    ("query", "is_there"),
    [("year=2026", True), ("year=2025", False), ("kind=policy", False), ("state=draft", True), ("kind=budget", True)],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(
    cast: Cast, draft: PlanVersion, query: str, is_there: bool
) -> None:
    page = text(signed_in(cast.planner).get(f"/office/{cast.ward.key}/plans/?{query}"))
    assert ("下書きを開く" in page) == is_there
    assert ("条件を外して見る" in page) == (not is_there)


def test_a_planner_begins_a_draft_of_a_new_plan_and_a_clerk_does_not(cast: Cast) -> None:
    address = f"/office/{cast.ward.key}/plans/start/"
    form = {"fiscal_year": "2027", "kind": "policy", "part": "", "title": "運営方針"}
    assert signed_in(cast.clerk).post(address, form).status_code == 403
    client = signed_in(cast.planner)
    answer = client.post(address, form)
    version = PlanVersion.objects.get()
    assert answer["Location"] == at(version)
    assert (version.plan.fiscal_year, version.title) == (2027, "運営方針")
    assert "最初の項目を加える" in told(client, answer)

    again = client.post(address, form)  # a double click
    assert again["Location"] == at(version)
    assert "もう始められています" in told(client, again)
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize("said", ["令和9年度", "R9", "２０２７"])
def test_a_year_is_taken_as_people_write_it(cast: Cast, said: str) -> None:
    client = signed_in(cast.planner)
    client.post(f"/office/{cast.ward.key}/plans/start/", {"fiscal_year": said, "kind": "policy"})
    assert PlanVersion.objects.get().plan.fiscal_year == 2027


def test_a_draft_begins_at_once_from_the_row_of_its_plan(cast: Cast) -> None:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", part="施策２", actor=cast.planner, title="予算",
        entries=[Entry(0, None, 0, "project", "1", "見守り事業")],
    )  # fmt: skip
    client = signed_in(cast.planner)
    page = text(client.get(f"/office/{cast.ward.key}/plans/"))
    form = page[page.index('plans/start/"><input') :].partition("</form>")[0]
    sent = dict(re.findall(r'name="(fiscal_year|kind|part)" value="([^"]*)"', form))
    assert sent == {"fiscal_year": "2026", "kind": "budget", "part": "施策２"}
    answer = client.post(f"/office/{cast.ward.key}/plans/start/", sent)
    version = PlanVersion.objects.get(status="draft")
    assert answer["Location"] == at(version)
    assert version.texts.get().title == "見守り事業"


def test_what_is_wrong_with_a_new_plan_is_told(cast: Cast) -> None:
    answer = signed_in(cast.planner).post(
        f"/office/{cast.ward.key}/plans/start/", {"fiscal_year": "らいねん", "kind": ""}
    )
    assert answer.status_code == 422
    assert "「らいねん」は年度として読めません" in text(answer)
    assert 'value="らいねん"' in text(answer)
    assert "計画の種類を選んでください" in text(answer)


def test_discarding_asks_for_a_reason(cast: Cast, draft: PlanVersion) -> None:
    assert signed_in(cast.clerk).get(at(draft, "discard/")).status_code == 403
    client = signed_in(cast.planner)
    assert "項目5件" in text(client.get(at(draft, "discard/")))
    assert client.post(at(draft, "discard/"), {"reason": " "}).status_code == 422
    assert PlanVersion.objects.filter(pk=draft.pk).exists()
    client.post(at(draft, "discard/"), {"reason": "やり直すため"})
    assert not PlanVersion.objects.filter(pk=draft.pk).exists()
    assert AuditEntry.objects.get(verb="plans.discard_draft").reason == "やり直すため"


def test_the_outline_shows_rows_money_and_wrong_sums_in_words(cast: Cast, draft: PlanVersion) -> None:
    page = text(signed_in(cast.planner).get(at(draft)))
    assert page.count("data-item=") == 5
    assert "合計が合わないところ 1件" in page
    assert "−300" in page
    assert "地域振興課" in page
    assert page.count('class="fold"') == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=訪問", ["つながり", "見守り事業", "訪問"]),  # with what stands above it
        ("wrong=1", ["つながり", "見守り事業"]),
        ("kind=component", ["つながり", "見守り事業", "訪問", "集い"]),
        ("state=approved", []),
    ],
)
def test_the_outline_is_narrowed_by_its_address(
    cast: Cast, draft: PlanVersion, query: str, found: list[str]
) -> None:
    page = text(signed_in(cast.planner).get(at(draft, f"?{query}")))
    shown = [
        title for _depth, title in titles(draft) if re.search(rf"<a id=\"t\d+\"[^>]*>.*?{title}</a>", page)
    ]
    assert shown == found
    assert ("条件を外して見る" in page) == (not found)


def test_a_clerk_narrows_to_what_is_hers(cast: Cast, draft: PlanVersion) -> None:
    page = text(signed_in(cast.clerk).get(at(draft, "?mine=1")))
    assert "集い" in page
    assert "健康事業" not in page
    assert 'value="up"' not in page  # a division moves nothing


def test_folding_is_kept_in_the_address(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    watch = item_of(draft, "見守り事業")
    answer = act(client, draft, fold=watch)
    assert f"fold={watch}" in answer["Location"]
    page = told(client, answer)
    assert page.count("hidden><td>") == 2
    again = client.post(at(draft, "act/"), {"fold": watch, "back": f"fold={watch}&level=2"})
    assert "fold=" not in again["Location"]
    assert "level=2" in again["Location"]
    assert text(client.get(at(draft, "?level=1"))).count("hidden><td>") == 4


def test_rows_move_and_the_focus_comes_back(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    health = item_of(draft, "健康事業")
    answer = act(client, draft, do="up", item=health, back="q=事業")
    assert answer["Location"].endswith(f"at={health}")
    assert "q=%E4%BA%8B%E6%A5%AD" in answer["Location"]
    assert titles(draft)[1] == (1, "健康事業")
    page = told(client, answer)
    assert re.search(rf'value="{health}" checked autofocus', page)
    assert 'form="undo"' in page

    act(client, draft, do="down", item=health)
    act(client, draft, do="in", item=health)
    assert titles(draft)[-1] == (2, "健康事業")
    act(client, draft, do="out", item=health)
    assert titles(draft)[-1] == (1, "健康事業")
    act(client, draft, do="drop", item=health, target=item_of(draft, "集い"), side="before")
    assert titles(draft)[3] == (2, "健康事業")


def test_a_step_that_leads_nowhere_says_so(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    before = titles(draft)
    answer = act(client, draft, do="up", item=item_of(draft, "見守り事業"))
    assert "これより上へは動かせません" in told(client, answer)
    answer = act(client, draft, do="down")
    assert "先に、表の左端で項目を選んでください" in told(client, answer)
    assert titles(draft) == before


def test_the_same_form_twice_moves_once(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    form = {"once": "one-mark", "do": "up", "item": item_of(draft, "健康事業")}
    client.post(at(draft, "act/"), form)
    moved = titles(draft)
    answer = client.post(at(draft, "act/"), form)
    assert titles(draft) == moved
    assert "受け付け済み" in told(client, answer)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clerk", "partner", "other_clerk", "administrator"])
def test_only_planners_move(cast: Cast, draft: PlanVersion, name: str) -> None:
    before = titles(draft)
    client = signed_in(getattr(cast, name))
    assert act(client, draft, do="up", item=item_of(draft, "健康事業")).status_code == 403
    assert titles(draft) == before


def test_another_wards_planner_sees_nothing(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.stranger)
    assert client.get(at(draft)).status_code == 403
    own = f"/office/{cast.other_ward.key}/drafts/{draft.pk}/"  # through her own ward's address
    for rest in ("", "excel/file/", f"items/{item_of(draft, '訪問')}/", "steps/", "replace/?find=事業"):
        assert client.get(own + rest).status_code == 404
    assert client.post(f"{own}act/", {"do": "up", "item": item_of(draft, "健康事業")}).status_code == 404


def test_undo_and_redo_by_button_and_the_list_of_steps(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    before = titles(draft)
    act(client, draft, do="up", item=item_of(draft, "健康事業"))
    moved = titles(draft)
    answer = act(client, draft, do="undo")
    assert titles(draft) == before
    assert "を元に戻しました" in told(client, answer)
    act(client, draft, do="redo")
    assert titles(draft) == moved
    page = text(client.get(at(draft, "steps/")))
    assert "項目を動かした" in page
    assert cast.planner.display_name in page
    act(client, draft, do="undo")
    answer = act(client, draft, do="undo")
    assert "元に戻せる自分の操作はありません" in told(client, answer)


def test_the_buttons_lead_to_the_pages_that_ask_for_more(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    item = item_of(draft, "訪問")
    for verb, rest in (("open", ""), ("split", "split/"), ("merge", "merge/"), ("remove", "remove/")):
        assert act(client, draft, do=verb, item=item)["Location"] == at(draft, f"items/{item}/{rest}")
    assert act(client, draft, do="add", item=item)["Location"] == at(draft, f"items/add/?behind={item}")
    assert act(client, draft, do="under", item=item)["Location"] == at(draft, f"items/add/?under={item}")


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.slow
def test_pages_need_the_same_queries_for_1_and_300_items(cast: Cast) -> None:
    client = signed_in(cast.planner)
    small = open_draft(cast, actions=1, year=2025)
    large = open_draft(cast, actions=300, year=2026)
    client.get(at(small))  # what is only asked for once
    for rest in ("", "steps/", "replace/?find=取組", "excel/", "paste/"):
        assert queries(client, at(small, rest)) == queries(client, at(large, rest)), rest
    pages = [f"items/{item_of(draft, '取組その0')}/" for draft in (small, large)]
    assert queries(client, at(small, pages[0])) == queries(client, at(large, pages[1]))
    assert len(tree_of(large).rows) == 305
