"""An item's panel: saved beside others, two texts to choose from, its shape changed on pages of their own, comments."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kusei.office.tests.drafts import item_of, open_draft, titles
from kusei.plans import operations as plans
from kusei.plans.models import Comment, PlanVersion
from kusei.wards.models import AuditEntry
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    return open_draft(cast)


def text(answer) -> str:
    return answer.content.decode()


def panel(version: PlanVersion, title: str, rest: str = "") -> str:
    return f"/office/{version.ward.key}/drafts/{version.pk}/items/{item_of(version, title)}/{rest}"


def form_of(client: Client, address: str) -> dict[str, object]:
    """What the panel's form holds when it is opened, as a browser would send it."""
    page = text(client.get(address))
    body = page[page.index('class="item-form"') :]
    body = body[: body.index("</form>")]
    values: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name = re.search(r'name="([\w]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            values.setdefault(name[1], []).append(value[1] if value else "")
    for name, value in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', body, re.S):
        values.setdefault(name, []).append(value)
    chosen = re.search(r'<option value="([^"]*)" selected>', body)
    values["kind"] = [chosen[1] if chosen else ""]
    return dict(values)


def told(client: Client, answer) -> str:
    return text(client.get(answer["Location"]))


def test_looking_and_saving_changes_nothing(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    for title in ("つながり", "見守り事業", "訪問", "健康事業"):
        address = panel(draft, title)
        answer = client.post(address, form_of(client, address))
        assert "前と同じ内容" in told(client, answer)
    assert not draft.steps.exists()


def test_a_clerk_changes_every_field_of_her_own_item(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    address = panel(draft, "見守り事業")
    form = form_of(client, address) | {
        "number": ["2"], "title": ["見守り隊"], "text": ["毎週\r\n訪ねる。"], "programme": ["見守り"], "budget_source": ["局"],
        "plan_bullets": ["一つ\r\n二つ"], "tags": ["重点、新規"], "owner": ["福祉保健課", "地域振興課", ""],
        "source": ["", "区"], "current": ["2,500", "500"], "previous": ["2400", ""], "reason": ["要望を受けて"],
    }  # fmt: skip
    item = item_of(draft, "見守り事業")
    answer = client.post(address, form)
    page = told(client, answer)
    assert "保存しました" in page
    assert 'form="undo"' in page
    saved = draft.texts.get(item=item)
    assert (saved.number, saved.title, saved.text, saved.review) == (
        "2",
        "見守り隊",
        "毎週\n訪ねる。",
        "working",
    )
    assert saved.plan_bullets == ["一つ", "二つ"]
    assert [owner.body for owner in saved.owners.all()] == [cast.welfare, cast.promotion]
    assert {tag.name for tag in saved.tags.all()} == {"新規", "重点"}
    amounts = {(each.fiscal_year, each.source): each.amount_yen for each in saved.amounts.all()}
    assert amounts == {(2026, ""): 2_500_000, (2026, "区"): 500_000, (2025, ""): 2_400_000}
    entry = AuditEntry.objects.filter(target_type="plans.item", target_id=str(item)).latest("pk")
    assert (entry.actor, entry.reason) == (cast.clerk, "要望を受けて")
    assert "要望を受けて" in page


@pytest.mark.parametrize("name", ["other_clerk", "partner", "administrator"])
def test_who_is_not_responsible_reads_and_comments_only(cast: Cast, draft: PlanVersion, name: str) -> None:
    client = signed_in(getattr(cast, name))
    address = panel(draft, "見守り事業")
    page = text(client.get(address))
    assert "<fieldset disabled>" in page
    assert "保存する" not in page
    assert "コメントを書く" in page
    assert client.post(address, {"revision": "1", "title": "x", "kind": "事業"}).status_code == 403
    assert draft.texts.filter(title="見守り事業").exists()


def test_what_cannot_be_read_is_told_and_nothing_is_lost(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    address = panel(draft, "見守り事業")
    form = form_of(client, address) | {
        "title": [""], "owner": ["謎の課"], "current": ["たくさん"], "text": ["ここまで書いた"],
    }  # fmt: skip
    answer = client.post(address, form)
    page = text(answer)
    assert answer.status_code == 422
    for words in ("題名がありません", "謎の課", "金額として読めません", "ここまで書いた", 'value="たくさん"'):
        assert words in page
    assert f"/office/{cast.ward.key}/bodies/add/" in page  # a planner may register it
    assert draft.texts.get(title="見守り事業").text == "訪ねる。"

    clerks = text(signed_in(cast.clerk).post(address, form))
    assert "謎の課" in clerks
    assert "bodies/add/" not in clerks


def test_two_people_at_different_fields_are_joined_and_told(cast: Cast, draft: PlanVersion) -> None:
    clerk, planner = signed_in(cast.clerk), signed_in(cast.planner)
    address, item = panel(draft, "見守り事業"), item_of(draft, "見守り事業")
    forms = form_of(clerk, address), form_of(planner, address)
    clerk.post(address, forms[0] | {"title": ["見守り隊"]})

    answer = planner.post(address, forms[1] | {"text": ["毎週"]})

    assert "ほかの人が「題名」を直していました" in told(planner, answer)
    saved = draft.texts.get(item=item)
    assert (saved.title, saved.text) == ("見守り隊", "毎週")


def test_the_same_form_twice_saves_once_and_tells_of_nobody_else(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    address = panel(draft, "見守り事業")
    form = form_of(client, address) | {"text": ["毎週"]}
    client.post(address, form)
    answer = client.post(address, form)
    assert draft.steps.count() == 1
    page = told(client, answer)
    assert "前と同じ内容" in page
    assert "ほかの人が" not in page


def clash(cast: Cast, draft: PlanVersion) -> tuple[Client, str, str, int]:
    """The clerk saved; the planner, who had opened the panel before, is asked."""
    clerk, planner = signed_in(cast.clerk), signed_in(cast.planner)
    address, item = panel(draft, "見守り事業"), item_of(draft, "見守り事業")
    forms = form_of(clerk, address), form_of(planner, address)
    clerk.post(address, forms[0] | {"text": ["毎週訪ねる。"]})
    answer = planner.post(
        address, forms[1] | {"text": ["毎日訪ねる。"], "number": ["7"], "reason": ["会議で"]}
    )
    assert answer.status_code == 409
    return planner, address, text(answer), item


def resolution(page: str, **choices: str) -> dict[str, str]:
    """The form of the page of a clash, with choices."""
    body = page[page.index('name="resolving"') - 400 :]
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body))
    values |= dict(re.findall(r'<textarea[^>]*name="([\w-]+)"[^>]*>\n?(.*?)</textarea>', body, re.S))
    return values | choices


def test_two_people_at_one_field_see_both_and_choose(cast: Cast, draft: PlanVersion) -> None:
    planner, address, page, item = clash(cast, draft)
    assert "ほかの人の変更（保存済み）" in page
    assert re.search(r"<ins>毎週訪</ins>.*<ins>毎日訪</ins>", page, re.S)
    assert draft.texts.get(item=item).number == "1"  # nothing half saved

    planner.post(address, resolution(page, **{"choice-text": "mine"}))

    saved = draft.texts.get(item=item)
    assert (saved.text, saved.number) == ("毎日訪ねる。", "7")
    entry = AuditEntry.objects.filter(target_id=str(item)).latest("pk")
    assert (entry.reason, entry.changes["text"]) == ("会議で", ["毎週訪ねる。", "毎日訪ねる。"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "own", "result"),
    [("theirs", "", "毎週訪ねる。"), ("own", "週2回訪ねる。", "週2回訪ねる。")],
)
def test_the_others_text_or_a_third_one_may_be_chosen(
    cast: Cast, draft: PlanVersion, choice: str, own: str, result: str
) -> None:
    planner, address, page, item = clash(cast, draft)
    planner.post(address, resolution(page, **{"choice-text": choice, "own-text": own}))
    saved = draft.texts.get(item=item)
    assert (saved.text, saved.number) == (result, "7")


def test_a_choice_that_was_not_made_is_asked_for_again(cast: Cast, draft: PlanVersion) -> None:
    planner, address, page, item = clash(cast, draft)
    answer = planner.post(address, resolution(page, **{"own-text": "半分書いた"}))
    assert answer.status_code == 409
    assert "どれを残すか選んでください" in text(answer)
    assert "半分書いた" in text(answer)
    planner.post(address, resolution(text(answer), **{"choice-text": "mine"}))
    assert draft.texts.get(item=item).text == "毎日訪ねる。"


def test_who_saves_while_somebody_chooses_is_not_overwritten(cast: Cast, draft: PlanVersion) -> None:
    planner, address, page, item = clash(cast, draft)
    plans.edit_item(version=draft, item=item, revision=2, changes={"text": "隔週"}, actor=cast.colleague)
    answer = planner.post(address, resolution(page, **{"choice-text": "mine"}))
    assert answer.status_code == 409
    assert "隔週" in text(answer)
    assert draft.texts.get(item=item).text == "隔週"


def test_money_of_two_years_changed_by_two_people_is_joined(cast: Cast, draft: PlanVersion) -> None:
    clerk, planner = signed_in(cast.clerk), signed_in(cast.planner)
    address, item = panel(draft, "見守り事業"), item_of(draft, "見守り事業")
    forms = form_of(clerk, address), form_of(planner, address)
    clerk.post(address, forms[0] | {"current": ["3500", ""]})
    answer = planner.post(address, forms[1] | {"previous": ["2800", ""]})
    assert "ほかの人が「金額」を直していました" in told(planner, answer)
    amounts = dict(draft.texts.get(item=item).amounts.values_list("fiscal_year", "amount_yen"))
    assert amounts == {2025: 2_800_000, 2026: 3_500_000}


def test_an_item_is_added_behind_another_or_under_it(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    base = f"/office/{cast.ward.key}/drafts/{draft.pk}/items/add/"
    visit, watch = item_of(draft, "訪問"), item_of(draft, "見守り事業")
    assert "「訪問」の次に加えます" in text(client.get(f"{base}?behind={visit}"))
    form = {"once": "a", "behind": visit, "kind": "事業の内訳", "title": "電話", "number": "", "text": ""}
    answer = client.post(base, form)
    assert titles(draft)[3] == (2, "電話")
    assert f"at={item_of(draft, '電話')}" in answer["Location"]
    client.post(base, form)  # a double click
    assert len(titles(draft)) == 6
    again = client.post(
        base, form | {"once": "b", "title": "手紙", "behind": "", "under": watch, "again": "1"}
    )
    assert again["Location"].endswith(f"items/add/?behind={item_of(draft, '手紙')}")
    empty = client.post(base, form | {"once": "c", "title": " "})
    assert (empty.status_code, "題名がありません" in text(empty)) == (422, True)
    health = item_of(draft, "健康事業")
    assert client.get(f"{base}?under={health}").status_code == 403
    assert client.post(base, form | {"once": "d", "behind": "", "under": health}).status_code == 403
    assert client.get(base).status_code == 403  # only planners put something at the top


def test_splitting_begins_with_the_paragraphs(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    address = panel(draft, "健康事業", "split/")
    page = text(client.get(address))
    assert re.findall(r'name="title" value="([^"]*)"', page) == ["健康事業", "走る"]
    more = client.post(address, {"revision": "1", "title": ["a", "b"], "text": ["", ""], "more": "1"})
    assert text(more).count('name="title"') == 3
    assert "二つ以上の題名" in text(client.post(address, {"revision": "1", "title": ["a"], "text": [""]}))
    client.post(
        address, {"revision": "1", "title": ["歩こう会", "走ろう会", ""], "text": ["歩く。", "走る。", ""]}
    )
    assert [title for _depth, title in titles(draft)][-2:] == ["歩こう会", "走ろう会"]


def test_splitting_what_somebody_changed_meanwhile_keeps_what_was_typed(
    cast: Cast, draft: PlanVersion
) -> None:
    item = item_of(draft, "健康事業")
    address = panel(draft, "健康事業", "split/")
    plans.edit_item(version=draft, item=item, revision=1, changes={"text": "泳ぐ。"}, actor=cast.other_clerk)
    answer = signed_in(cast.planner).post(address, {"revision": "1", "title": ["一", "二"], "text": ["", ""]})
    assert answer.status_code == 422
    assert "ほかの人がこの項目を直しました" in text(answer)
    assert 'value="二"' in text(answer)
    assert "泳ぐ。" in text(answer)


def test_merging_and_moving_pick_from_a_list_with_search(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    address = panel(draft, "訪問", "merge/")
    assert text(client.get(address)).count('name="target"') == 4
    assert text(client.get(f"{address}?find=集い")).count('name="target"') == 1
    assert client.post(address, {}).status_code == 422
    meeting = item_of(draft, "集い")
    client.post(address, {"once": "m", "target": meeting})
    assert (2, "訪問") not in titles(draft)
    assert draft.texts.get(item=meeting).amounts.get().amount_yen == 2_700_000
    again = client.post(address, {"once": "m", "target": meeting})
    assert again.status_code == 302

    answer = client.post(
        panel(draft, "集い", "move/"), {"target": item_of(draft, "健康事業"), "side": "under"}
    )
    assert titles(draft)[-1] == (2, "集い")
    assert answer["Location"].endswith(f"at={meeting}")
    own = client.post(panel(draft, "つながり", "move/"), {"target": meeting, "side": "under"})
    assert "その項目自身の下に動かすことはできません" in text(own)


def test_removing_asks_what_becomes_of_the_items_below(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    address = panel(draft, "見守り事業", "remove/")
    assert "下にある2件の項目" in text(client.get(address))
    assert client.post(address, {}).status_code == 422
    client.post(address, {"once": "r", "with_children": "0", "reason": "終わるため"})
    assert titles(draft) == [(0, "つながり"), (1, "訪問"), (1, "集い"), (1, "健康事業")]
    assert "受け付け済み" in told(client, client.post(address, {"once": "r", "with_children": "0"}))
    assert signed_in(cast.clerk).get(panel(draft, "訪問", "remove/")).status_code == 403


def test_comments_call_a_division_and_are_settled(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    address = panel(draft, "健康事業")
    answer = client.post(f"{address}comments/", {"text": "@福祉保健課 回数を教えてください。"})
    page = told(client, answer)
    assert "福祉保健課の「自分の仕事」に出ます" in page
    assert "呼ばれた担当: 福祉保健課" in re.sub(r"\s+", " ", page)
    client.post(f"{address}comments/", {"text": "@福祉保健課 回数を教えてください。"})  # a double click
    comment = Comment.objects.get()
    assert "コメントが空です" in told(client, client.post(f"{address}comments/", {"text": " "}))
    other = signed_in(cast.other_clerk)
    other.post(f"{address}comments/{comment.pk}/settle/")
    comment.refresh_from_db()
    assert comment.settled_by == cast.other_clerk
    assert signed_in(cast.stranger).post(f"{address}comments/", {"text": "x"}).status_code == 403


def test_an_item_that_is_gone_says_so(cast: Cast, draft: PlanVersion) -> None:
    address = panel(draft, "訪問")
    plans.remove_item(version=draft, item=item_of(draft, "訪問"), with_children=True, actor=cast.planner)
    assert signed_in(cast.planner).get(address).status_code == 404
