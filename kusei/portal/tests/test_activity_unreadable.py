"""One's own application, sealed with a key that is gone: what still counts, and whom to call."""

from __future__ import annotations

import pytest
from django.test import Client

from kusei.ledger.tests.ground import Ground
from kusei.notices.sealing import CannotUnseal
from kusei.portal.tests.test_activities import at, text
from kusei.services.activities import operations as activities
from kusei.services.activities.tests import visits
from kusei.services.activities.tests.ground import apply, intake_of, states

pytestmark = pytest.mark.slow


def test_whoever_made_it_is_told_to_call(ground: Ground, client: Client, settings) -> None:
    made = apply(intake_of(ground))
    settings.SECRET_KEY = "another one, longer than thirty-two characters"
    with pytest.raises(CannotUnseal):
        activities.own_applicant(made.application)
    for name in ("application", "edit_application", "application_answers"):
        answer = client.get(at(ground, name, made.token))
        assert answer.status_code == 503, name
        assert "受付番号 1" in text(answer)
        assert "電話で受付番号を伝えて" in text(answer)
        assert "地域振興課" in text(answer)
    seat = made.application.seats.get()
    own = at(ground, "change_application", made.token)
    assert client.post(own, {"do": "cancel", "seat": seat.pk}).status_code == 302
    assert states(made.application) == ["cancelled"]
    assert client.post(own, {"do": "take"}).status_code == 503
    assert client.get(at(ground, "application", "x")).status_code == 404
    english = client.get("/en" + at(ground, "application", made.token))
    assert "has not been lost" in text(english)


def test_a_group_that_asked_for_a_visit_is_told_to_call(ground: Ground, client: Client, settings) -> None:
    made = visits.ask(visits.theme_of(ground), mail="a@example.jp")
    settings.SECRET_KEY = "another one, longer than thirty-two characters"
    answer = client.get(at(ground, "visit_request", made.token))
    assert answer.status_code == 503
    assert "地域振興課 045-000-0000" in text(answer)
