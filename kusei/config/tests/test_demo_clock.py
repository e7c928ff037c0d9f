"""The clock of a demo beside the site: it resets when that is due, goes on after a failure, and ends with the site."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.test import Client

from kusei.config import demo
from kusei.documents.sample import demo as sample_demo
from kusei.documents.sample.demo import reset_demo
from kusei.documents.sample.logins import read_logins
from kusei.documents.tests.test_operations import _own_storage  # noqa: F401 -- autouse: originals go to tmp_path

Runs = list[list[str]]


@pytest.fixture
def clocked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Runs]:
    """Let a clock tick until it ran so many resets; what it ran."""

    def tick(due: list[object], codes: list[int], wanted: int) -> Runs:
        ran: Runs = []
        looked_again = threading.Event()
        asked = iter(due)

        def is_due(_now: object) -> bool:
            answer = next(asked, None)
            if answer is None and len(ran) >= wanted:
                looked_again.set()
            if isinstance(answer, Exception):
                raise answer
            return bool(answer)

        def run(command: list[str], check: bool) -> SimpleNamespace:
            ran.append(command)
            return SimpleNamespace(returncode=codes[len(ran) - 1])

        monkeypatch.setattr(sample_demo, "is_due", is_due)
        monkeypatch.setattr(subprocess, "run", run)
        monkeypatch.setattr(demo, "_LOOK_SECONDS", 0.01)
        monkeypatch.setattr(demo, "_AFTER_FAILURE_SECONDS", 0.01)
        clock = demo.Clock()
        clock.start()
        assert looked_again.wait(5)  # a reset too many would stand in `ran` by now
        clock.stop()
        clock._thread.join(5)
        assert not clock._thread.is_alive()
        return ran

    return tick


def test_it_resets_when_due_and_not_before(clocked: Callable[..., Runs]) -> None:
    ran = clocked([False, False, True, False, True], [0, 0], 2)
    assert [each[1:] for each in ran] == [["-m", "kusei", "demo", "--reset", "--if-due"]] * 2


def test_a_failure_and_an_absent_database_do_not_end_it(
    clocked: Callable[..., Runs], capfd: pytest.CaptureFixture[str]
) -> None:
    assert len(clocked([OSError("away"), True, True], [1, 0], 2)) == 2
    told = capfd.readouterr().err
    assert "away" in told
    assert "もう一度試します" in told


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # PostgreSQL empties no table twice in one transaction
def test_who_was_logged_in_is_told_and_comes_back_with_the_same_password(settings: object) -> None:
    settings.KUSEI_DEMO = True  # type: ignore[attr-defined]
    reset_demo()
    known = {each.username: each.password for each in read_logins()}
    browser = Client()
    browser.post("/account/login/", {"login": "sample-kikaku", "password": known["sample-kikaku"]})
    assert browser.get("/office/141160/").status_code == 200

    reset_demo()

    answer = browser.get("/office/141160/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/account/login/")
    assert "お試しが最初の状態に戻った" in answer.content.decode()
    assert {each.username: each.password for each in read_logins()} == known
    browser.post("/account/login/", {"login": "sample-kikaku", "password": known["sample-kikaku"]})
    assert browser.get("/office/141160/").status_code == 200


@pytest.mark.django_db
def test_outside_a_demo_nobody_is_told_of_one(client: Client) -> None:
    client.cookies[django_settings.SESSION_COOKIE_NAME] = "gone"
    page = client.get("/office/141160/", follow=True).content.decode()
    assert "お試しが" not in page
