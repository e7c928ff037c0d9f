"""A questionnaire in the room: on a phone without JavaScript, in one screen, and with axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Reply, Session
from kusei.services.activities.tests.ground import activity_of
from tests.axe import axe_findings
from tests.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_standard_questions_fit_a_phone_and_are_sent(ground: Ground, live_server, open_page) -> None:
    activity = activity_of(ground)
    begin = timezone.now() - timedelta(hours=1)
    Session.objects.update(starts_at=begin, ends_at=begin + timedelta(hours=2))
    survey = activities.set_up_survey(activity=activity, actor=ground.cast.clerk)
    activities.start_survey(survey=survey, is_open=True, actor=ground.cast.clerk)
    phone = open_page(viewport=PHONE, java_script_enabled=False)
    phone.goto(f"{live_server.url}/q/{survey.code}/")
    heading, button = phone.get_by_role("heading", level=1), phone.get_by_role("button", name="送る")
    top, bottom = heading.bounding_box(), button.bounding_box()
    assert bottom["y"] + bottom["height"] - top["y"] < 800
    button.click()
    assert "答えてください" in phone.inner_text("main")
    phone.get_by_label("4", exact=True).first.check()
    phone.get_by_label("はい", exact=True).check()
    phone.get_by_role("button", name="送る").click()
    assert "ありがとうございました" in phone.inner_text("main")
    assert list(Reply.objects.values_list("points", flat=True)) == [4]
    page = open_page(viewport={"width": 375, "height": 800})
    page.goto(f"{live_server.url}/vi/q/{survey.code}/")
    assert axe_findings(page) == []
