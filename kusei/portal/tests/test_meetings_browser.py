"""Pages of meetings with axe on a phone's width."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.portal.tests.test_meetings import link_of
from kusei.services.activities import operations as activities
from kusei.services.activities.operations import meetings
from kusei.services.activities.tests.test_meetings import came, council, minutes_of, write
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_meetings_pass_axe_and_fit_a_phone(ground: Ground, live_server, open_page) -> None:
    clerk = ground.cast.clerk
    activity = council(ground)
    held = minutes_of(ground, activity)
    meetings.record_attendance(minutes=held, lines=came(held), revision=1, actor=clerk)
    meetings.finish_minutes(minutes=write(held, ground, 2), revision=3, actor=clerk)
    activities.publish_activity(activity=activity, actor=clerk)
    planned = write(minutes_of(ground, activity, 5), ground)
    meetings.send_round(minutes=planned, until=timezone.localdate(), revision=2, site="", actor=clerk)
    key = ground.cast.ward.key
    page = open_page(viewport=PHONE)
    cookie = signed_in(clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    addresses = [
        reverse("portal:minutes", args=[key, activity.public_id]),
        link_of(ground, planned.attendances.first()),
        reverse("office:members", args=[key, activity.pk]),
        reverse("office:decisions", args=[key]),
        *(
            reverse(f"office:{name}", args=[key, activity.pk, planned.session_id])
            for name in ("minutes", "write_minutes", "print_minutes")
        ),
        *(reverse(f"office:{name}", args=[key, activity.pk, held.session_id]) for name in ("minutes", "attendance")),
    ]  # fmt: skip
    found = {}
    for address in addresses:
        answer = page.goto(f"{live_server.url}{address}")
        assert answer.status == 200, address
        found[address] = (axe_findings(page), fits(page))
    assert {name: each for name, each in found.items() if each != ([], True)} == {}
