"""Findings of axe: the quicker way to them finds what axe itself finds."""

from __future__ import annotations

import pytest

from tests import axe

pytestmark = pytest.mark.browser

_FAULTY = """<!doctype html><html><head><title>x</title><style>
    .a { color: #999; background: #fff } .b { color: rgb(120 120 120 / 80%); background: hsl(60deg 100% 90%) }
    .c { color: color-mix(in srgb, white 40%, teal); background: teal } .d { opacity: .4; text-shadow: 0 0 3px red }
    .e { color: black; background: #fff } .f { color: #767676; background: linear-gradient(white, silver) }
    a { display: inline-block; width: 12px; height: 12px; font-size: 8px }
</style></head><body><h1>1</h1><h3 class=a>3</h3><p class=a>one<p class=a>two<p class=b>three <span class=c>four</span>
    <p class=d>five<p class=e>six<p class=f>seven<p><a href=1>1</a><a href=2>2</a><img src=x.png><input><button></button>
    <div style="position: relative"><p style="position: absolute; color: #eee">over</p><p class=b>under</p></div>
    <ul><p>x</p></ul><div role=button></div><table><tr><th></th></tr></table></body></html>"""


def test_the_quicker_axe_finds_what_axe_finds(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    page.set_content(_FAULTY)
    quicker = axe.axe_findings(page)
    monkeypatch.setattr(axe, "_QUICKER", "%s")

    plain = axe.axe_findings(page)

    assert quicker == plain
    rules = {finding.split(":")[0] for finding in plain}
    assert {"color-contrast", "heading-order", "label", "image-alt", "button-name", "list"} <= rules
    assert sum(finding.startswith("color-contrast:") for finding in plain) >= 5
