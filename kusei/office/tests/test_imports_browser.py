"""Taking documents in with a real browser: sent, lit on both sides, mended by keyboard, accepted; axe; without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.documents import operations
from kusei.documents.models import SourceDocument
from kusei.jobs.running import work_off
from kusei.plans.models import Link, PlanVersion
from tests.axe import axe_findings
from tests.browser import DESK, PHONE
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.browser
PAPERS = Path(operations.__file__).parents[1] / "sample" / "papers"


def enter(page, url: str, person) -> None:
    """Open the office as somebody who has logged in."""
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def titles() -> list[str]:
    version = PlanVersion.objects.get(status="import")
    return list(version.texts.order_by("position").values_list("title", flat=True))


def test_the_whole_way_with_keyboard_and_light(cast: Cast, live_server, browser_page) -> None:
    page = browser_page
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}/office/{cast.ward.key}/imports/")
    page.set_input_files("#files", [str(PAPERS / "mirai_budget_2026.pdf")])
    page.get_by_role("button", name="送る").click()
    page.get_by_text("順番待ち").wait_for()
    work_off()
    page.get_by_role("link", name="計画を決める").click(timeout=10_000)  # polling brings it, nobody reloads
    page.get_by_role("button", name="この計画として確かめ始める").click()
    page.get_by_text("0 / 10 確認済み").wait_for()

    # The pair under the pointer is lit on both sides.
    row = page.locator(".item", has_text="ご近所声かけ事業")
    row.hover()
    assert "is-lit" in (page.locator("#p1l9").get_attribute("class") or "")
    page.locator("#p1l6 .line__text").hover()
    lit = page.locator(".item.is-lit")
    assert lit.count() == 1
    assert "川べり朝市支援事業" in lit.inner_text()

    # By keyboard alone: to the third item, open it, move it up, call it seen, undo.
    page.locator(".item__title").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "ご近所声かけ事業" in page.evaluate("document.activeElement.textContent")
    assert "is-lit" in (page.locator("#p1l9").get_attribute("class") or "")
    with page.expect_navigation():  # until its scripts listen to keys
        page.keyboard.press("Enter")
    page.locator(".panel").wait_for()
    assert "ご近所声かけ事業" in page.evaluate("document.activeElement.textContent")
    before = titles()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert titles()[1:3] == [before[2], before[1]]
    page.locator(".panel").wait_for()
    with page.expect_navigation():
        page.keyboard.press("c")
    page.get_by_text("1 / 10 確認済み").wait_for()
    with page.expect_navigation():
        page.keyboard.press("u")
    assert titles() == before
    # While somebody types, letters are letters.
    page.locator("#f-title").fill("")
    page.keyboard.type("cup")
    assert page.locator("#f-title").input_value() == "cup"
    page.locator("#f-title").fill("まちの縁側応援事業")
    page.get_by_role("button", name="直して確認済みにする").click()
    page.get_by_text("を直しました。").wait_for()

    page.get_by_role("link", name="ページの画像で見る").click()
    page.locator(".picture").wait_for()
    assert (
        page.evaluate(
            "fetch(document.querySelector('.picture image').getAttribute('href')).then((answer) => answer.status)"
        )
        == 200
    )
    page.get_by_role("link", name="違いを見て取り込む").click()
    assert page.get_by_label("下書きにして").is_checked()
    page.get_by_label("いま公開する").check()
    page.get_by_role("button", name="取り込みの確認へ").click()
    page.get_by_label("も、そのまま公開する").check()
    page.get_by_role("button", name="公開する").click()
    page.get_by_text("第1版として公開").wait_for()
    assert "まちの縁側応援事業" in PlanVersion.objects.get(status="published").texts.values_list(
        "title", flat=True
    )


def test_the_source_comes_to_the_first_line_of_the_item_that_was_chosen(
    cast: Cast, live_server, open_page
) -> None:
    document = operations.keep_file(
        ward=cast.ward, actor=cast.planner, name="policy.txt",
        content=(PAPERS / "mirai_policy_2026.txt").read_bytes(),
    )  # fmt: skip
    work_off()
    document.refresh_from_db()
    operations.start_import(document=document, actor=cast.planner)
    page = open_page(viewport={"width": 1280, "height": 480})
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}/office/{cast.ward.key}/imports/{document.pk}/?view=text")
    last = page.locator(".item[data-lines]").last
    last.locator(".item__title").click()
    page.locator(".panel").wait_for()
    for _time in range(2):  # chosen, and after reloading
        page.wait_for_function(
            """() => {
                const pane = document.querySelector(".desk__source").getBoundingClientRect();
                const line = document.querySelector(".line.is-lit");
                const at = line && line.getBoundingClientRect();
                return at && at.top >= pane.top && at.bottom <= pane.bottom;
            }"""
        )
        assert page.evaluate("document.querySelector('.desk__source').scrollTop") > 0
        page.reload()


def test_without_javascript_everything_is_a_link_or_a_button(cast: Cast, live_server, open_page) -> None:
    page = open_page(viewport=DESK, java_script_enabled=False)
    enter(page, live_server.url, cast.planner)
    page.goto(f"{live_server.url}/office/{cast.ward.key}/imports/")
    page.set_input_files("#files", [str(PAPERS / "mirai_policy_2026.txt")])
    page.get_by_role("button", name="送る").click()
    work_off()
    page.get_by_role("link", name="最新の状態を見る").click()
    page.get_by_role("link", name="計画を決める").click()
    page.get_by_role("button", name="この計画として確かめ始める").click()
    place = page.locator(".item__place").nth(1)
    name = (place.get_attribute("href") or "").removeprefix("#")
    place.click()
    assert page.url.endswith(f"#{name}")  # the line is marked by :target
    assert page.locator(f"#{name} a.line__number").count() == 1
    page.locator(".item__title").nth(1).click()
    page.get_by_role("button", name="このままでよい、次へ").click()
    assert page.locator("#progress").inner_text().startswith("1 / ")
    page.get_by_role("link", name="違いを見て取り込む").click()
    assert page.get_by_label("下書きにして").is_checked()
    page.get_by_label("いま公開する").check()
    page.get_by_role("button", name="取り込みの確認へ").click()
    page.get_by_label("も、そのまま公開する").check()
    page.get_by_role("button", name="公開する").click()
    assert page.get_by_text("第1版として公開").count() == 1


def prepared(cast: Cast) -> SourceDocument:
    """A document with a warning, a lost text and a new body, and one that cannot be read."""
    document = operations.keep_file(
        ward=cast.ward,
        actor=cast.planner,
        name="b.pdf",
        content=(PAPERS / "mirai_budget_2026.pdf").read_bytes(),
    )
    operations.keep_file(ward=cast.ward, actor=cast.planner, name="c.txt", content=b" \n")
    work_off()
    document.refresh_from_db()
    document.draft = {
        **document.draft,
        "items": [
            {**document.draft["items"][0], "title": "とても長い題名の施策" * 8},
            *document.draft["items"][1:],
        ],
        "warnings": [{"code": "sum", "message": "内訳の合計が合いません。", "page": 1, "line": 9}],
        "unplaced": [{"text": "ことしから始めます。", "page": 1, "line": 12}],
    }
    document.save()
    operations.start_import(document=document, actor=cast.planner)
    return document


def test_axe_finds_nothing_and_a_phone_is_wide_enough(cast: Cast, live_server, open_page) -> None:
    document = prepared(cast)
    operations.keep_file(ward=cast.ward, actor=cast.planner, name="d.txt", content=b"waits")
    first, second = document.version.texts.values_list("item_id", flat=True)[:2]
    old = PlanVersion.objects.create(
        ward=cast.ward,
        plan=document.version.plan,
        number=9,
        status="published",
        published_at="2026-04-01T00:00Z",
    )
    for place, item in enumerate((first, second)):
        old.texts.create(ward=cast.ward, item_id=item, position=place, kind="project", title=f"事業{place}")
    Link.objects.create(
        ward=cast.ward,
        from_item_id=first,
        to_item_id=second,
        kind="continues",
        confidence_percent=70,
        reason="題名が近い",
    )
    base = f"/office/{cast.ward.key}/"
    one = f"{base}imports/{document.pk}/"
    for options in ({"viewport": DESK}, {"viewport": PHONE}):
        page = open_page(bypass_csp=True, **options)
        enter(page, live_server.url, cast.planner)
        for address in (
            f"{base}imports/", one, f"{one}?item={second}", f"{one}?item={second}&view=picture", f"{one}?q=unplaced-0",
            f"{one}plan/", f"{one}bodies/", f"{one}discard/", f"{one}accept/", f"{one}accept/?way=publish", f"{base}links/",
        ):  # fmt: skip
            answer = page.goto(f"{live_server.url}{address}")
            assert answer.status == 200, address
            assert axe_findings(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
