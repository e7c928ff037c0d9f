"""The browser of the tests: it sees the test's data, and cannot leave the machine."""

from __future__ import annotations

import pytest

from tests.browser import LOCAL_HOSTS

pytestmark = pytest.mark.browser


def test_page_of_the_live_server_opens(live_server, browser_page) -> None:
    browser_page.goto(f"{live_server.url}/account/login/")
    assert browser_page.locator("input[name=login]").count() == 1
    assert browser_page.evaluate("location.hostname") in LOCAL_HOSTS


def test_request_to_another_machine_is_stopped(live_server, open_page, complaints) -> None:
    page = open_page(bypass_csp=True)
    page.goto(f"{live_server.url}/account/login/")
    outcome = page.evaluate("fetch('http://example.org/').then(() => 'reached', () => 'stopped')")
    assert outcome == "stopped"
    assert complaints == ["asked another machine: http://example.org/"]
    complaints.clear()
