"""Draws `portal/share.png`, the picture that other sites show beside a link, from `share_image.svg`. Needs Chromium.

`python -m tools.share_image` draws it anew; the picture is committed, so that running Kusei needs no browser.
"""

from __future__ import annotations

from pathlib import Path

from tools.suite import find_chromium

SOURCE = Path(__file__).with_suffix(".svg")
PICTURE = Path(__file__).parent.parent / "kusei" / "portal" / "static" / "portal" / "share.png"


def draw() -> bytes:
    """The picture as PNG, 1200 by 630."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(f"<body style='margin:0'>{SOURCE.read_text(encoding='utf-8')}</body>")
        picture = page.screenshot()
        browser.close()
    return picture


if __name__ == "__main__":
    PICTURE.write_bytes(draw())
