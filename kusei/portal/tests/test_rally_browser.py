"""A rally on a phone without JavaScript: two posters, one code typed by hand, the finishing code; the pages with axe."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.ledger.tests.ground import Ground
from kusei.services.activities.models import Card
from kusei.services.activities.rallies import grouped
from kusei.services.activities.tests.rally_ground import rally_of
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_rally_is_walked_on_a_phone_and_its_prize_given(ground: Ground, live_server, open_page) -> None:
    rally = rally_of(ground, prize="手ぬぐい")
    first, second, _third = rally.stations.all()
    key, public_id = ground.cast.ward.key, rally.activity.public_id
    poster = live_server.url + reverse("portal:stamp", args=[key, public_id, first.code])
    phone = open_page(viewport=PHONE, java_script_enabled=False)
    phone.goto(poster)
    phone.get_by_role("button", name="スタンプを押す").click()
    assert "場所1のスタンプを押しました" in phone.inner_text("main")
    phone.goto(poster)
    assert "もう押してあります" in phone.inner_text("main")
    phone.get_by_role("button", name="カードを見る").click()
    phone.get_by_label("ポスターのコード").fill(second.code.lower())
    phone.get_by_role("button", name="スタンプを押す").click()
    code = grouped(Card.objects.get().finish_code)
    assert code in phone.inner_text("main")
    page = open_page(viewport=PHONE)
    page.context.add_cookies(phone.context.cookies())
    found = {}
    for address in (phone.url, poster, live_server.url + reverse("portal:rally", args=[key, public_id])):
        page.goto(address)
        found[address] = (axe_findings(page), fits(page))
    cookie = signed_in(ground.cast.clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + reverse("office:rally", args=[key, rally.activity_id]))
    page.get_by_label("達成コード").fill(code)
    page.get_by_role("button", name="景品を渡したと記録する").click()
    assert "景品を渡しました" in page.inner_text("main")
    for name, more in (("rally", ()), ("rally_station", (first.pk,)), ("rally_paper", ()), ("rally_posters", ()), ("rally_card", ())):  # fmt: skip
        page.goto(live_server.url + reverse(f"office:{name}", args=[key, rally.activity_id, *more]))
        found[name] = (axe_findings(page), fits(page))
    phone.reload()
    assert "に渡しました" in phone.inner_text("main")
    assert {name: each for name, each in found.items() if each != ([], True)} == {}
