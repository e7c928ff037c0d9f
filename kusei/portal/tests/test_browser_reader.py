"""Languages, furigana and larger type as people meet them: in Chromium, on a phone, without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kusei.plans.models import ItemText
from kusei.portal.tests.factories import make_large_ward
from kusei.press.languages import LANGUAGES, in_language
from tests.axe import axe_findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_PHONE = {"width": 375, "height": 800}
_DESK = {"width": 1280, "height": 900}
_MARKED_UP_APART = ("ja", "ja-easy", "en")
_WITH_FURIGANA = {"name": "kusei_furigana", "value": "on"}


@pytest.fixture
def site(live_server):
    return live_server.url, make_large_ward(actions=16, is_sample=True)


def addresses(ward) -> list[str]:
    project = ItemText.objects.get(ward=ward, title="地域活動を支える事業", version__plan__fiscal_year=2021)
    return [
        *(reverse(f"portal:{name}", args=[ward.key, 2021]) for name in ("year", "budget", "results")),
        reverse("portal:item", args=[ward.key, project.item.public_id]),
        reverse("portal:compare", args=[ward.key]),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_passes_axe_and_fits_a_phone(site, open_page, language) -> None:
    url, ward = site
    page = open_page(viewport=_PHONE)
    page.context.add_cookies([{**_WITH_FURIGANA, "url": url}])
    found = {}
    for address in addresses(ward):
        page.goto(url + in_language(address, language))
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        for viewport in (_PHONE, _DESK) if address.endswith("/2021/") else (_PHONE,):
            page.set_viewport_size(viewport)
            # The others have the same elements as English, with other words in them.
            findings = axe_findings(page) if language.code in _MARKED_UP_APART else []
            excess = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if findings or excess > 0:
                found[address, viewport["width"]] = (findings, excess)
    assert found == {}


def test_no_line_jumps_where_a_reading_stands(site, open_page) -> None:
    url, ward = site
    page = open_page(viewport=_DESK)
    page.context.add_cookies([{**_WITH_FURIGANA, "url": url}])
    page.goto(url + reverse("portal:year", args=[ward.key, 2021]))
    heights = page.evaluate(
        """() => ["p", "li", "h1", "h2", "h3", "td", "dd", "summary", "button"].map(tag => {
            const measure = html => {
                const element = document.createElement(tag);
                element.innerHTML = html;
                document.querySelector("main").append(element);
                const height = element.getBoundingClientRect().height;
                element.remove();
                return height;
            };
            const ruby = "<span><ruby>予算<rp>(</rp><rt>よさん</rt><rp>)</rp></ruby>です</span>";
            return [tag, measure("よさんです"), measure(ruby)];
        })"""
    )
    assert len(heights) == 9
    assert [(tag, plain, ruby) for tag, plain, ruby in heights if abs(plain - ruby) > 0.5] == []


def test_the_switches_are_seen_first_on_a_phone(site, phone_page) -> None:
    url, ward = site
    phone_page.goto(url + reverse("portal:year", args=[ward.key, 2021]))
    for name in ("やさしい日本語", "English", "中文", "Tiếng Việt", "ふりがなをつける", "文字を大きくする"):
        box = phone_page.get_by_role("link", name=name, exact=True).bounding_box()
        assert box["y"] + box["height"] <= 180
        assert box["height"] >= 44


def test_furigana_and_language_without_javascript(site, open_page) -> None:
    url, ward = site
    page = open_page(java_script_enabled=False, viewport=_PHONE)
    address = reverse("portal:themes", args=[ward.key, 2021])
    page.goto(url + address)
    page.get_by_role("link", name="ふりがなをつける").click()
    assert page.url == url + address
    assert page.locator("main ruby").count() > 20
    # A link is still called by its name, not by name and reading (blanks: Playwright puts them around each <ruby>).
    assert page.get_by_role("link", name=re.compile(r"^\s*防災\s*対策\s*事業\s*$")).count() == 1

    page.get_by_role("link", name="English").click()
    assert page.url == f"{url}/en{address}"
    page.get_by_role("link", name="Home", exact=True).click()
    assert page.url == url + "/en" + reverse("portal:year", args=[ward.key, 2021])
    page.goto(url + address)
    assert page.url == f"{url}/en{address}"
    page.get_by_role("link", name="日本語", exact=True).click()
    assert page.url == url + address


def test_menu_labels_stay_in_one_piece_with_furigana(site, phone_page) -> None:
    url, ward = site
    phone_page.context.add_cookies([{**_WITH_FURIGANA, "url": url}])
    phone_page.goto(url + "/ja-easy" + reverse("portal:year", args=[ward.key, 2021]))
    heights = phone_page.locator(".main-nav__link").evaluate_all(
        "links => links.map(each => each.getBoundingClientRect().height)"
    )
    assert len(heights) == 7
    assert max(heights) < 80
