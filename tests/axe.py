"""What axe finds on a page: WCAG 2.2 AA and axe's best practices (landmarks, heading order); and whether a page fits its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],  # to describe every element that is in order takes most of the time
}


def axe_findings(page: Page) -> list[str]:
    """Each finding in a line: the rule, where, and what to do."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()  # a click returns when the next page has begun, not when it is there
    found = Axe().run(page, options=_RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def fits(page: Page) -> bool:
    """Whether the page itself needs no scrolling to the side."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
