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

# axe is built for old browsers: its colours keep each of their parts in a WeakMap, which costs more than the reckoning.
# The same answers come from a property of the object. And the few colours of a page are parsed once, not for each element.
_QUICKER = """((WeakMap, WeakSet) => {
%s
    const colour = axe.commons.color.Color.prototype, parse = colour.parseString, known = new Map();
    colour.parseString = function (text) {
        const { r, g, b, alpha } = known.get(text) ?? parse.call(this, text);
        known.set(text, { r, g, b, alpha });
        return Object.assign(this, { r, g, b, alpha });
    };
})(...(() => {
    class Parts {
        #name = Symbol();
        has(object) { return this.#name in object; }
        get(object) { return object[this.#name]; }
        set(object, value) { object[this.#name] = value; return this; }
        add(object) { return this.set(object, true); }
        delete(object) { return delete object[this.#name]; }
    }
    return [Parts, Parts];
})())"""


def axe_findings(page: Page) -> list[str]:
    """Each finding in a line: the rule, where, and what to do."""
    from axe_playwright_python.base import AXE_SCRIPT
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()  # a click returns when the next page has begun, not when it is there
    found = Axe(_QUICKER % AXE_SCRIPT).run(page, options=_RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def fits(page: Page) -> bool:
    """Whether the page itself needs no scrolling to the side."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
