"""Applying on a phone without JavaScript; the pages with axe."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kusei.ledger.tests.ground import Ground
from kusei.services.activities.models import Seat
from kusei.services.activities.tests import visits
from kusei.services.activities.tests.dispatch_ground import envoy_of
from kusei.services.activities.tests.ground import apply, intake_of
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_place_is_applied_for_given_back_and_offered_to_the_next(
    ground: Ground, live_server, open_page
) -> None:
    intake_of(ground, 1)
    addresses = []
    for name in ("泉 花子", "緑園 一郎"):
        phone = open_page(viewport=PHONE, java_script_enabled=False)
        phone.goto(f"{live_server.url}/w/{ground.cast.ward.key}/activities/")
        phone.get_by_role("link", name="赤ちゃん教室").first.click()
        phone.get_by_role("link", name=re.compile("申し込む$")).click()
        phone.get_by_label("参加する人の名前").first.fill(name)
        phone.get_by_label("電話番号").fill("045-111-2222")
        phone.get_by_role("button", name="内容を確かめる").click()
        phone.get_by_role("button", name="申し込む").click()
        addresses.append((phone, phone.url))
    first, second = (phone for phone, _address in addresses)
    assert "参加できます" in first.inner_text("main")
    assert "キャンセル待ち" in second.inner_text("main")
    first.locator("summary", has_text="申込みを取り消す").click()
    first.get_by_label("泉 花子").check()
    first.get_by_role("button", name="選んだ人の申込みを取り消す").click()
    second.goto(addresses[1][1])
    second.get_by_role("button", name="参加する", exact=True).click()
    assert "参加できます" in second.inner_text("main")
    assert sorted(Seat.objects.values_list("state", flat=True)) == ["accepted", "cancelled"]


def test_every_page_passes_axe_and_fits_a_phone(ground: Ground, live_server, open_page) -> None:
    intake = intake_of(ground, {"大人": 2, "保育": 1}, min_age=0, max_age=3)
    wider = intake_of(ground, 1, title="防災フェア")
    token = apply(wider, 2, together=False).token
    key = ground.cast.ward.key
    public = f"/w/{key}/activities/{intake.activity.public_id}/"
    office = f"/office/{key}/activities/"
    page = open_page(viewport={"width": 375, "height": 800})
    cookie = signed_in(ground.cast.clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    session, month = intake.sessions.first().pk, intake.sessions.first().starts_at
    found = {}
    for address in (
        f"/w/{key}/activities/?age=2",
        f"/w/{key}/activities/calendar/?month={month:%Y-%m}",
        public,
        f"{public}apply/{intake.pk}/",
        f"/w/{key}/applications/{token}/",
        office,
        f"{office}new/",
        f"{office}{intake.activity_id}/",
        f"{office}{intake.activity_id}/languages/",
        f"{office}{intake.activity_id}/sessions/{session}/",
        f"{office}{wider.activity_id}/applicants/{wider.pk}/",
        f"{office}{wider.activity_id}/applicants/{wider.pk}/new/",
    ):
        page.goto(f"{live_server.url}{address}")
        is_narrow = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found[address] = (axe_findings(page), is_narrow)
    page.goto(f"{live_server.url}{public}apply/{intake.pk}/")
    page.get_by_role("button", name="内容を確かめる").click()
    found["apply with errors"] = (axe_findings(page), True)
    assert {name: each for name, each in found.items() if each != ([], True)} == {}


def test_pages_fit_the_largest_type_with_furigana_also_where_the_key_is_gone(
    ground: Ground, live_server, open_page, settings
) -> None:
    intake = intake_of(ground, 1)  # full: the longest words stand on the button
    token, key = apply(intake).token, ground.cast.ward.key
    own = f"/w/{key}/applications/{token}/"
    one = reverse("office:envoy", args=[key, envoy_of(ground).pk])
    page = open_page(viewport={"width": 320, "height": 640})
    wishes = {"kusei_furigana": "on", "kusei_text": "large"}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in wishes.items()]
    )
    found = {}

    def look(address: str, status: int) -> None:
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == status, address
        found[address, status] = [*axe_findings(page), *([] if fits(page) else ["wider than the screen"])]

    look(reverse("portal:activity", args=[key, intake.activity.public_id]), 200)
    look(own, 200)
    look(reverse("portal:visit_request", args=[key, visits.ask(visits.theme_of(ground)).token]), 200)
    tops = "each => [each, each.querySelector('rt')].map(one => one.getBoundingClientRect().top)"
    box, reading = page.locator(".visit-way__now").evaluate(tops)
    assert box < reading, "the reading stands in its box"
    settings.SECRET_KEY = "another one, longer than thirty-two characters"
    look(own, 503)
    cookie = signed_in(ground.cast.clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    look(one, 503)
    assert {place: problems for place, problems in found.items() if problems} == {}
