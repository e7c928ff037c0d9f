"""Keeping a plan in a real browser: by keyboard alone, without JavaScript, by dragging; axe on every page."""

from __future__ import annotations

import pytest

from kusei.office.tests.drafts import item_of, open_draft, titles
from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.models import PlanVersion
from tests.axe import axe_findings
from tests.browser import PHONE
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.browser


def enter(page, url: str, person) -> None:
    """Open the office as somebody who has logged in."""
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def at(version: PlanVersion, rest: str = "") -> str:
    return f"/office/{version.ward.key}/drafts/{version.pk}/{rest}"


def focused(page) -> str:
    """The item whose row holds the focus, once the page is there and its scripts have run."""
    page.wait_for_load_state()
    return page.evaluate("(document.activeElement.closest('tr') || {dataset: {}}).dataset.item || ''")


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def moved(page, keys: str) -> None:
    """Press keys that change the draft, and wait for the page to say so."""
    page.evaluate("document.getElementById('say').textContent = ''")
    page.keyboard.press(keys)
    page.locator("#say:not(:empty)").wait_for(state="attached")


def tab_to(page, condition: str) -> None:
    """Press Tab until the focus is there; some way round the whole page is the most that may take."""
    for _stop in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    raise AssertionError(f"Tab does not lead to where {condition}")


def test_moving_undoing_and_editing_by_keyboard_alone(cast: Cast, live_server, browser_page) -> None:
    draft = open_draft(cast)
    watch, health, visit = (str(item_of(draft, title)) for title in ("見守り事業", "健康事業", "訪問"))
    page = browser_page
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}{at(draft)}")
    tab_to(
        page, "document.activeElement.name === 'item'"
    )  # the choice of a row is one stop on the way of Tab
    press(page, "ArrowDown")
    assert focused(page) == watch
    press(page, "ArrowLeft")  # folds
    assert page.locator(f"#i{visit}").is_hidden()
    assert f"fold={watch}" in page.url
    press(page, "ArrowDown")
    assert focused(page) == health

    moved(page, "Alt+ArrowUp")
    assert titles(draft)[1] == (1, "健康事業")
    assert focused(page) == health
    assert page.locator(f"#i{visit}").is_hidden()  # what was folded stays folded
    moved(page, "Control+z")
    assert titles(draft)[1] == (1, "見守り事業")
    moved(page, "Control+y")
    assert titles(draft)[1] == (1, "健康事業")
    moved(page, "Alt+ArrowDown")
    moved(page, "Alt+ArrowRight")
    assert titles(draft)[-1] == (2, "健康事業")
    assert focused(page) == health

    press(page, "?")
    assert page.locator("#keys dl").is_visible()
    press(page, "?")
    assert page.locator("#keys dl").is_hidden()
    assert focused(page) == health

    press(page, "Enter")
    page.wait_for_url(f"**/items/{health}/**")
    page.get_by_label("説明", exact=True).focus()
    press(page, "Control+End")
    page.keyboard.type("泳ぐ。")
    press(page, "Control+s")
    page.wait_for_selector(".message")
    assert draft.texts.get(item=int(health)).text == "歩く。\n走る。泳ぐ。"


def test_a_tree_is_worked_on_by_keyboard_alone_and_the_focus_is_never_lost(
    cast: Cast, live_server, browser_page
) -> None:
    draft = open_draft(cast)
    watch, visit = item_of(draft, "見守り事業"), item_of(draft, "訪問")
    page = browser_page
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}{at(draft)}?at={watch}")
    assert focused(page) == str(watch)

    press(page, "n")  # add behind
    page.wait_for_url("**/items/add/**")
    page.keyboard.type("花の事業")
    press(page, "Enter")
    page.wait_for_selector(".message")
    flower = item_of(draft, "花の事業")
    assert titles(draft)[-2:] == [(1, "花の事業"), (1, "健康事業")]
    assert focused(page) == str(flower)

    press(page, "Enter")  # edit, and back to the list
    page.wait_for_url(f"**/items/{flower}/**")
    tab_to(page, "document.activeElement.name === 'text'")
    page.keyboard.type("植える。")
    tab_to(page, "document.activeElement.name === 'to_list'")
    press(page, "Enter")
    page.wait_for_url(f"**/drafts/{draft.pk}/?**")
    assert draft.texts.get(item=flower).text == "植える。"
    assert focused(page) == str(flower)

    moved(page, "Alt+ArrowUp")
    assert titles(draft)[1] == (1, "花の事業")
    assert focused(page) == str(flower)
    moved(page, "Alt+ArrowDown")
    moved(page, "Alt+ArrowRight")  # under what stands before it
    assert titles(draft)[-2:] == [(2, "花の事業"), (1, "健康事業")]
    assert focused(page) == str(flower)
    moved(page, "Alt+ArrowLeft")
    assert titles(draft)[-2:] == [(1, "花の事業"), (1, "健康事業")]
    assert focused(page) == str(flower)
    moved(page, "Control+z")
    assert titles(draft)[-2] == (2, "花の事業")
    assert focused(page) == str(flower)
    moved(page, "Control+y")
    assert titles(draft)[-2] == (1, "花の事業")
    assert focused(page) == str(flower)

    press(page, "Delete")  # asks first
    page.wait_for_url("**/remove/**")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.keyboard.type("重なるため")
    press(page, "Tab", "Enter")
    page.wait_for_selector(".message")
    assert "花の事業" not in dict(map(reversed, titles(draft)))
    assert focused(page) == str(watch)  # what stood before it
    moved(page, "Control+z")
    assert titles(draft)[-2] == (1, "花の事業")
    assert focused(page) == str(flower)

    page.goto(f"{live_server.url}{at(draft)}?at={watch}")
    press(page, "Delete")  # with items below
    page.wait_for_url("**/remove/**")
    press(page, "ArrowDown")
    assert page.locator("#with-1").is_checked()
    tab_to(page, "document.activeElement.matches('.button--danger')")
    press(page, "Enter")
    page.wait_for_selector(".message")
    assert not draft.texts.filter(item__in=[watch, visit]).exists()
    assert focused(page) == str(item_of(draft, "つながり"))


def test_undoing_an_addition_leaves_the_focus_on_what_stood_before(
    cast: Cast, live_server, browser_page
) -> None:
    draft = open_draft(cast)
    visit = item_of(draft, "訪問")
    added = plans.add_item(
        version=draft, row=Row(0, None, "component", "電話"), under=item_of(draft, "見守り事業"), after=visit,
        actor=cast.planner,
    ).item  # fmt: skip
    page = browser_page
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}{at(draft)}?at={added}")
    moved(page, "Control+z")
    assert not draft.texts.filter(item=added).exists()
    assert focused(page) == str(visit)


def test_keys_pressed_in_a_hurry_all_count(cast: Cast, live_server, browser_page) -> None:
    draft = open_draft(cast, actions=6)
    item = item_of(draft, "取組その5")
    page = browser_page
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}{at(draft)}?at={item}")
    for _each in range(3):
        page.keyboard.press("Alt+ArrowUp")
    page.locator(f"#i{item} + tr:has-text('その2')").wait_for()
    order = [title for _depth, title in titles(draft) if title.startswith("取組")]
    assert order == [f"取組その{each}" for each in (0, 1, 5, 2, 3, 4)]
    assert focused(page) == str(item)


def test_dragging_a_row_under_another(cast: Cast, live_server, browser_page) -> None:
    draft = open_draft(cast)
    visit, health = item_of(draft, "訪問"), item_of(draft, "健康事業")
    page = browser_page
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}{at(draft)}")
    page.locator(f"#i{visit} td:nth-child(3)").drag_to(page.locator(f"#i{health} td:nth-child(3)"))
    page.locator("#say:not(:empty)").wait_for(state="attached")
    assert titles(draft)[-1] == (2, "訪問")


def test_everything_without_javascript_on_a_phone(cast: Cast, live_server, open_page) -> None:
    draft = open_draft(cast)
    watch, health = item_of(draft, "見守り事業"), item_of(draft, "健康事業")
    page = open_page(java_script_enabled=False, viewport=PHONE)
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}{at(draft)}")
    page.locator(f"#i{watch} .fold").click()
    assert page.locator("tr[hidden]").count() == 2
    page.get_by_role("radio", name="健康事業").check()
    page.get_by_role("button", name="上へ", exact=True).click()
    assert titles(draft)[1] == (1, "健康事業")
    assert page.locator(f"#i{health} input").is_checked()
    page.locator(".message").get_by_role("button", name="元に戻す").click()
    assert titles(draft)[1] == (1, "見守り事業")
    page.locator(f"#t{health}").click()
    page.get_by_label("題名").fill("元気事業")
    page.get_by_label("金額 1 令和8年度").fill("1,200")
    page.get_by_role("button", name="保存して一覧に戻る").click()
    assert page.locator(f"#i{health}").get_by_text("1,200").is_visible()
    page.locator(f"#i{health} input:focus").wait_for()
    assert draft.texts.get(item=health).title == "元気事業"


def test_two_windows_at_one_field_lose_nothing(cast: Cast, live_server, open_page) -> None:
    draft = open_draft(cast)
    item = item_of(draft, "見守り事業")
    pages = [open_page(), open_page()]
    for page, person in zip(pages, (cast.clerk, cast.planner), strict=True):
        enter(page, live_server.url, person)
        page.goto(f"{live_server.url}{at(draft, f'items/{item}/')}")
    for page, words in zip(pages, ("毎週訪ねる。", "毎日訪ねる。"), strict=True):
        page.get_by_label("説明", exact=True).fill(words)
        page.get_by_role("button", name="保存する", exact=True).click()
        page.wait_for_load_state()
    asked = pages[1]
    assert asked.locator("h1").inner_text() == "ほかの人の変更と重なりました"
    assert axe_findings(asked) == []
    asked.get_by_label("自分の変更にする").check()
    asked.get_by_role("button", name="選んだとおりに保存する").click()
    asked.wait_for_selector(".message")
    assert draft.texts.get(item=item).text == "毎日訪ねる。"
