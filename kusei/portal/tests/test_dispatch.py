"""The link of somebody who is asked to come: yes, no after all, and what it says when there is nothing more to say."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import AskedBy
from kusei.services.activities.models import Assignment
from kusei.services.activities.tests.dispatch_ground import ask, envoy_of, need_of, session_in

pytestmark = pytest.mark.slow


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def asked(ground: Ground, settings, django_capture_on_commit_callbacks) -> str:
    """The address in the mail."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST = "mail.example.jp"
    need = need_of(ground, session_in(ground, 5), purpose="窓口への同行")
    with django_capture_on_commit_callbacks(execute=True):
        ask(ground, need, envoy_of(ground, mail="a@example.jp"), AskedBy.MAIL)
    token = mail.outbox[0].body.split("/answer/")[1].split("/")[0]
    return reverse("portal:answer_dispatch", args=[token])


def test_a_yes_can_be_taken_back_and_then_the_link_is_closed(asked: str, client: Client) -> None:
    page = client.get(asked)
    assert "窓口への同行" in text(page)
    assert "通訳・同行" in text(page)
    assert page["Referrer-Policy"] == "no-referrer"
    assert Assignment.objects.get().state == "asked", "opening it changes nothing"
    done = client.post(asked, {"do": "yes"}, follow=True)
    assert "引き受けていただいています" in text(done)
    assert asked not in client.post(asked, {"do": "no"})["Location"]
    assert Assignment.objects.get().state == "withdrawn"
    closed = client.get(asked)
    assert closed.status_code == 404
    assert "もう回答" in text(closed)


def test_what_was_called_off_says_so_and_asks_nothing(ground: Ground, asked: str, client: Client) -> None:
    session = Assignment.objects.get().need.session
    activities.call_off_session(session=session, reason="大雨のため", revision=1, actor=ground.cast.clerk)
    page = text(client.get(asked))
    assert "取り消しになりました" in page
    assert "大雨のため" in page
    late = client.post(asked, {"do": "yes"})
    assert late.status_code == 422
    assert "いまは、そのように答えられません" in text(late)
    assert client.get(reverse("portal:answer_dispatch", args=["x" * 20])).status_code == 404
