"""The door on a telephone: a tap needs no new page, and a code that is held up marks its person at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_answers_browser import enter
from kusei.office.tests.test_door import at, by_code, expected_today
from kusei.services.activities.models import Application, Presence, Session
from tests.axe import axe_findings, fits
from tests.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def present(page: Page, name: str) -> Locator:
    return page.locator(".door__one", has_text=name).get_by_role("button", name="出席")


def test_names_are_tapped_and_codes_are_held_up(ground: Ground, live_server, open_page) -> None:
    session = expected_today(ground)
    page = open_page(viewport=PHONE)
    enter(page, live_server.url, ground.cast.clerk)
    page.goto(live_server.url + at(session))
    # Two names in one breath: both are kept, and the same tap twice is one.
    page.evaluate("""() => document.querySelectorAll('.door__yes').forEach((each, place) => {
        if (place < 2) { each.click(); each.click(); } })""")
    expect(page.get_by_text("出席 2 / 3")).to_be_visible()
    page.locator(".door__one", has_text="加藤 一郎").get_by_role("button", name="取り消す").click()
    expect(page.get_by_text("出席 1 / 3")).to_be_visible()
    page.get_by_label("名前・ふりがな・受付番号でさがす").fill("カトウ")
    expect(present(page, "加藤 一郎")).to_be_visible()
    expect(present(page, "緑 太郎")).to_be_hidden()
    # Two more without a name in one breath are two people.
    page.get_by_role("button", name="申込みなしの人 ＋1").evaluate("each => { each.click(); each.click(); }")
    expect(page.get_by_text("3人", exact=True)).to_be_visible()
    assert Session.objects.get(pk=session.pk).walk_ins == 2
    expect(present(page, "緑 太郎")).to_be_hidden()
    assert axe_findings(page) == []
    assert fits(page)
    page.goto(live_server.url + by_code(Application.objects.get(number=2)))
    expect(page.get_by_text("受付が済んでいます")).to_be_visible()
    assert Presence.objects.filter(way="qr").count() == 1
    assert axe_findings(page) == []
    assert fits(page)
