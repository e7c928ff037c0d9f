"""派遣 on a phone-sized screen: the link of a mail answered without JavaScript, and every page with axe."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.ledger.tests.ground import Ground
from kusei.notices import operations as notices
from kusei.notices.permissions import may_give_links_of_own_work
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Assignment
from kusei.services.activities.operations import dispatch_telling
from kusei.services.activities.tests.dispatch_ground import ask, envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import activity_of
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_link_is_answered_and_every_page_passes_axe_and_fits(
    ground: Ground, live_server, open_page
) -> None:
    activity, clerk = activity_of(ground), ground.cast.clerk
    past, coming = session_in(ground, -0.1, activity=activity), session_in(ground, 5, activity=activity)
    went = ask(ground, need_of(ground, past), envoy_of(ground, "見本 一"))
    activities.record_going(assignment=went, went=True, minutes=90, fee_yen=4500, revision=1, actor=clerk)
    asked = ask(
        ground, need_of(ground, coming, 2), envoy_of(ground, "見本 二", themes=("防災",), cannot="祝日")
    )
    envoy_of(ground, "見本 三")
    link = notices.make_link(
        ward=ground.cast.ward, purpose=dispatch_telling.PURPOSE, target=asked, made_for="登録番号2", actor=clerk,
        site=live_server.url, page=dispatch_telling.PAGE, may=may_give_links_of_own_work,
    )  # fmt: skip
    phone = open_page(viewport=PHONE, java_script_enabled=False)
    phone.goto(link.url)
    phone.get_by_role("button", name="引き受ける").click()
    assert "引き受けていただいています" in phone.inner_text("main")
    assert Assignment.objects.get(pk=asked.pk).state == "accepted"
    page = open_page(viewport={"width": 375, "height": 800})
    cookie = signed_in(clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    key = ground.cast.ward.key
    found = {}
    for name, words in (
        ("envoys", []),
        ("new_envoy", []),
        ("session_people", [activity.pk, past.pk]),
        ("session_people", [activity.pk, coming.pk]),
    ):
        page.goto(live_server.url + reverse(f"office:{name}", args=[key, *words]))
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        if wrong := [*axe_findings(page), *([] if fits(page) else ["does not fit"])]:
            found[name] = wrong
    page.goto(link.url)
    found |= (
        {"answer": wrong}
        if (wrong := [*axe_findings(page), *([] if fits(page) else ["does not fit"])])
        else {}
    )
    assert found == {}
