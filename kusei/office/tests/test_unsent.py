"""What is kept of a form that came after its session: sealed, and on the way back to a page of this site."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from kusei.notices.sealing import seal
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def too_late(client: Client) -> None:
    session = client.session
    session["kusei_seen"] = time.time() - 24 * 3600
    session.save()


@pytest.fixture
def late(cast: Cast) -> Client:
    client = signed_in(cast.planner)
    client.get(f"/office/{cast.ward.key}/")
    too_late(client)
    return client


def test_a_contact_that_was_typed_stands_nowhere_in_clear(cast: Cast, late: Client) -> None:
    typed = {"text": "聞かれたこと", "name": "山田花子", "mail": "hanako@example.jp"}
    late.post(f"/office/{cast.ward.key}/questions/new/", typed)
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert any("kusei_unsent" in each for each in kept)
    assert not any("hanako@example.jp" in each or "山田花子" in each for each in kept)

    late.force_login(cast.planner)
    assert "hanako@example.jp" in late.get("/office/unsent/").content.decode()


def test_what_was_sealed_with_another_key_is_dropped(cast: Cast, late: Client) -> None:
    late.post(f"/office/{cast.ward.key}/questions/new/", {"text": "聞かれたこと"})
    late.force_login(cast.planner)
    with override_settings(SECRET_KEY="another key", SECRET_KEY_FALLBACKS=[]):
        sealed = seal({"person": cast.planner.pk}, purpose="office.unsent")
    session = late.session
    session["kusei_unsent"] = sealed
    session.save()
    assert late.get("/office/unsent/")["Location"] == "/office/"


def test_the_way_back_is_a_page_of_this_site(cast: Cast, late: Client) -> None:
    late.post(
        f"/office/{cast.ward.key}/questions/new/",
        {"text": "聞かれたこと"},
        headers={"referer": "http://testserver//example.com/"},
    )
    late.force_login(cast.planner)
    assert late.post("/office/unsent/")["Location"] == "/example.com/"
