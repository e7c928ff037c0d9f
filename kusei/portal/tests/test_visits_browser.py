"""Asking for a visiting lecture on a phone without JavaScript; the pages of both fronts with axe."""

from __future__ import annotations

import pytest

from kusei.ledger.tests.ground import Ground
from kusei.services.activities.models import VisitRequest
from kusei.services.activities.operations import visiting
from kusei.services.activities.tests.visits import ask, at_ten, held, theme_of
from tests.axe import axe_findings
from tests.browser import PHONE
from tests.cast import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visit_is_asked_for_on_a_phone_and_every_page_passes_axe(
    ground: Ground, live_server, open_page
) -> None:
    theme, key, clerk = theme_of(ground), ground.cast.ward.key, ground.cast.clerk
    phone = open_page(viewport=PHONE, java_script_enabled=False)
    phone.goto(f"{live_server.url}/w/{key}/visits/")
    phone.get_by_role("link", name="防災出前講座").click()
    phone.get_by_role("link", name="この出前講座を頼む").click()
    phone.get_by_role("button", name="内容を確かめる").click()
    assert "まだ送れていません" in phone.inner_text("main")
    phone.get_by_label("日", exact=True).first.fill(f"{at_ten(20):%Y-%m-%d}")
    phone.get_by_label("始まる時刻").first.fill("10:00")
    phone.get_by_label("団体の種類").select_option(label="学校")
    phone.get_by_label("団体の名前").fill("みどり小学校")
    phone.get_by_label("会場（建物").fill("体育館")
    phone.get_by_label("会場の地区").select_option(value="inside")
    phone.get_by_label("参加する見込みの人数").fill("60")
    phone.get_by_label("連絡する人の名前").fill("泉 花子")
    phone.get_by_label("電話番号").fill("045-111-2222")
    phone.get_by_role("button", name="内容を確かめる").click()
    phone.get_by_role("button", name="申し込む").click()
    assert "返事をします" in phone.inner_text("main")
    request = VisitRequest.objects.get()
    visiting.propose_dates(request=request, dates=[(at_ten(40), at_ten(41))], revision=1, actor=clerk)
    phone.reload()
    phone.get_by_label("どれも都合が悪い").check()
    phone.get_by_role("button", name="返事をする").click()
    assert "日程を調整しています" in phone.inner_text("main")
    waits = ask(theme, "あおば会")
    visiting.propose_dates(request=waits.request, dates=[(at_ten(40), at_ten(41))], revision=1, actor=clerk)
    done = held(ground, theme, "寿会")
    page = open_page(viewport={"width": 375, "height": 800})
    cookie = signed_in(clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    public, office = f"/w/{key}", f"/office/{key}"
    found = {}
    for address in (
        f"{public}/visits/", f"{public}/activities/{theme.public_id}/", f"{public}/visits/{theme.public_id}/",
        f"{public}/visit-requests/{waits.token}/", f"{office}/visits/?state=", f"{office}/visits/{request.pk}/", f"{office}/visits/{done.pk}/",
        f"{office}/activities/{theme.pk}/visit-terms/", f"{office}/activities/{theme.pk}/visits/new/", f"{office}/activities/{theme.pk}/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}{address}")
        fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found[address] = (axe_findings(page), fits)
    assert {name: each for name, each in found.items() if each != ([], True)} == {}
