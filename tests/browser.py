"""Chromium for tests: `browser_page` (a desk), `phone_page`, and `open_page` for other sizes or without JavaScript.

A page fails its test when it asks anything of another machine, breaks the Content-Security-Policy, or throws.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tools.suite import find_chromium, is_strict

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1"}
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--metrics-recording-only",
    "--font-render-hinting=none",
    "--lang=ja",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
    "--renderer-process-limit=1",  # or it starts a spare process beside every page
]
_WAIT_MS = 15_000


@pytest.fixture(autouse=True)
def _links_lead_to_the_server_of_the_test(request: pytest.FixtureRequest) -> None:
    """Links begin with the site's address, not with the one that a browser asks for."""
    if "live_server" in request.fixturenames:
        request.getfixturevalue("settings").KUSEI_SITE_URL = request.getfixturevalue("live_server").url


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for each test process; skipped where none is installed, failed in CI."""
    program = find_chromium()
    if not program:
        message = "Chromium is not installed (Debian: apt install chromium)"
        pytest.fail(message) if is_strict() else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    environment: dict[str, str | float | bool] = {**os.environ, "LANG": "ja_JP.UTF-8", "TZ": "Asia/Tokyo"}
    if not _has_japanese_font():
        environment["FONTCONFIG_FILE"] = str(_font_configuration(tmp_path_factory.mktemp("fonts")))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS, env=environment)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages of this test did that no page may do; the test fails unless it empties the list."""
    return []


@pytest.fixture
def open_page(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a page of a new, empty profile: `open_page(viewport=PHONE, java_script_enabled=False)`."""
    contexts = []

    def note_request(request: Request) -> None:
        # Only listened to: no name of another machine is ever found (`--host-resolver-rules`), and a route to hold up each
        # request would cost a sixth of a browser test and switch Chromium's cache off.
        address = urlsplit(request.url)
        if address.hostname not in LOCAL_HOSTS and address.scheme not in {"data", "blob", "about"}:
            complaints.append(f"asked another machine: {request.url}")

    def open_one(**options: object) -> Page:
        context = browser.new_context(**{"locale": "ja-JP", "viewport": DESK, **options})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(_WAIT_MS)
        context.on("request", note_request)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on("console", lambda line: _note_policy(line.text, complaints))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _note_policy(line: str, complaints: list[str]) -> None:
    if "Content Security Policy" in line or "Content-Security-Policy" in line:
        complaints.append(line)


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """A page on a desk's screen."""
    return open_page(viewport=DESK)


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    """A page on a phone."""
    return open_page(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)


def _has_japanese_font() -> bool:
    lister = shutil.which("fc-list")
    if not lister:
        return False
    return bool(
        subprocess.run([lister, ":lang=ja"], capture_output=True, text=True, check=False).stdout.strip()
    )


def _font_configuration(folder: Path) -> Path:
    """Write a fonts.conf that adds the Noto fonts of our packages, so that pages show letters and not boxes."""
    import noto_cjk_sans_jp_bold
    import noto_cjk_sans_jp_regular

    fonts = {
        Path(str(package.FONT_PATH)).parent for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
    }
    places = "".join(f"<dir>{place}</dir>" for place in sorted(fonts))
    system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    path = folder / "fonts.conf"
    path.write_text(
        f"<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>{system}{places}"
        f"<cachedir>{folder}/cache</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return path
