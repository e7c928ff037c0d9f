"""The browser of the tests: it sees the test's data, and cannot leave the machine."""

from __future__ import annotations

import pytest

from tests.browser import LOCAL_HOSTS

pytestmark = pytest.mark.browser


def test_page_of_the_live_server_opens(live_server, browser_page) -> None:
    browser_page.goto(f"{live_server.url}/account/login/")
    assert browser_page.locator("input[name=login]").count() == 1
    assert browser_page.evaluate("location.hostname") in LOCAL_HOSTS


@pytest.mark.parametrize(
    "address", ["http://example.org/", "http://192.0.2.1/", "http://192.0.2.1:8000/a.js"]
)
def test_request_to_another_machine_is_stopped(live_server, open_page, complaints, address: str) -> None:
    """By name and by number alike, before anything is sent."""
    page = open_page(bypass_csp=True)
    page.goto(f"{live_server.url}/account/login/")
    failures = []
    page.on("requestfailed", lambda request: failures.append((request.url, request.failure)))
    outcome = page.evaluate("address => fetch(address).then(() => 'reached', () => 'stopped')", address)
    assert outcome == "stopped"
    assert failures == [(address, "net::ERR_NAME_NOT_RESOLVED")]
    assert complaints == [f"asked another machine: {address}"]
    complaints.clear()


def test_page_that_leads_to_another_machine_is_told(live_server, open_page, complaints) -> None:
    page = open_page()
    page.goto(f"{live_server.url}/account/login/")
    with page.expect_event("requestfailed"):
        page.evaluate("() => { location.href = 'http://example.org/away/' }")
    assert complaints == ["asked another machine: http://example.org/away/"]
    complaints.clear()
