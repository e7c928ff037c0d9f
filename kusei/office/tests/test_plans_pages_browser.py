"""Every page of a draft on a desk's screen and on a phone: axe finds nothing, and nothing is wider than the screen."""

from __future__ import annotations

import pytest

from kusei.office.tests.drafts import item_of, open_draft
from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from tests.axe import axe_findings
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.browser

SCREENS = ((1280, 900), (375, 800))


def findings(page) -> list[str]:
    """What axe finds at both widths with everything unfolded, and how far the page is wider than the screen."""
    found = []
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        found += [f"{width}: {each}" for each in axe_findings(page)]
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{width}: {excess} px too wide"] if excess > 0 else []
    return found


def enter(page, url: str, person) -> None:
    """Open the office as somebody who has logged in."""
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def at(version: PlanVersion, rest: str = "") -> str:
    return f"/office/{version.ward.key}/drafts/{version.pk}/{rest}"


def test_axe_finds_nothing_on_the_pages_of_a_draft(cast: Cast, live_server, open_page) -> None:
    draft = open_draft(cast, actions=3)
    item = item_of(draft, "見守り事業")
    plans.edit_item(version=draft, item=item, revision=1, changes={"text": "毎週"}, actor=cast.planner)
    public = draft.texts.get(item=item).item
    plans.write_comment(ward=cast.ward, item=public, text="@福祉保健課 どうですか", actor=cast.clerk)
    addresses = {
        "plans": f"/office/{cast.ward.key}/plans/",
        "start": f"/office/{cast.ward.key}/plans/start/",
        "outline": at(draft),
        "narrowed": at(draft, "?wrong=1"),
        "nothing found": at(draft, "?q=なし"),
        "item": at(draft, f"items/{item}/"),
        "add": at(draft, f"items/add/?behind={item}"),
        "split": at(draft, f"items/{item}/split/"),
        "merge": at(draft, f"items/{item}/merge/"),
        "move": at(draft, f"items/{item}/move/"),
        "remove": at(draft, f"items/{item}/remove/"),
        "replace": at(draft, "replace/?find=事業&put=活動"),
        "paste": at(draft, "paste/"),
        "excel": at(draft, "excel/"),
        "steps": at(draft, "steps/"),
        "discard": at(draft, "discard/"),
    }
    page = open_page()
    enter(page, live_server.url, cast.planner)
    found = {}
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        found[name] = findings(page)
    assert {name: each for name, each in found.items() if each} == {}


def test_axe_finds_nothing_where_changes_are_confirmed_or_clash(cast: Cast, live_server, open_page) -> None:
    draft = open_draft(cast)
    item = item_of(draft, "見守り事業")
    page = open_page()
    enter(page, live_server.url, cast.planner)
    page.goto(live_server.url + at(draft, "paste/"))
    page.get_by_label("Excelから写した表").fill(
        "題名\t担当\t説明\n見守り事業\t謎の課\t毎日\n新しい会\t\t集う"
    )
    page.get_by_role("button", name="変わるところを確かめる").click()
    page.wait_for_selector("#preview")
    assert findings(page) == []

    page.goto(live_server.url + at(draft, f"items/{item}/"))
    page.get_by_label("説明", exact=True).fill("毎日訪ねる。")
    plans.edit_item(version=draft, item=item, revision=1, changes={"text": "毎週訪ねる。"}, actor=cast.clerk)
    page.get_by_role("button", name="保存する", exact=True).click()
    page.get_by_role("heading", name="ほかの人の変更と重なりました").wait_for()
    assert findings(page) == []

    page.goto(live_server.url + at(draft, f"items/{item}/"))
    page.get_by_label("題名").fill("")
    page.get_by_role("button", name="保存する", exact=True).click()
    page.wait_for_selector("#errors")
    assert findings(page) == []


def test_a_screen_reader_meets_every_row_of_a_long_outline(cast: Cast, live_server, open_page) -> None:
    """Rows out of sight are laid out after the page stands; until then Chromium tells screen readers nothing of them."""
    draft = open_draft(cast, actions=150)
    page = open_page()
    enter(page, live_server.url, cast.planner)
    page.goto(live_server.url + at(draft))
    page.locator(".outline tbody tr:last-child.is-laid").wait_for()
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if "role" in node]
    assert (roles.count("table"), roles.count("row")) == (1, 1 + 155)
    assert (roles.count("rowheader"), roles.count("radio")) == (155, 155)
