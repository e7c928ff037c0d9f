"""The pages as people meet them: in Chromium, on a desk and a phone, by keyboard, without JavaScript, on paper."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.documents.models import SourceDocument
from kusei.plans.models import ItemText
from kusei.portal.tests.factories import correct_policy, make_large_ward
from kusei.portal.tests.test_pages import figure_address
from kusei.search.operations import rebuild
from tests.axe import axe_findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_NARROW = {"width": 375, "height": 800}
_DESK = {"width": 1280, "height": 900}
_LOOKS_OTHERWISE_ON_A_DESK = {
    "front",
    "year",
    "project",
    "budget",
    "results",
    "summary",
    "figure",
    "document",
    "search",
    "life",
    "compare",
}
_LARGE_TYPE = {"width": 640, "height": 800}  # 1280 at 200 % zoom


@pytest.fixture
def site(live_server):
    """A ward with every kind of page, searchable."""
    ward = make_large_ward(actions=24, is_sample=True)
    correct_policy(ward)
    rebuild()
    return live_server.url, ward


def pages(ward) -> dict[str, str]:
    """One address for each kind of page."""
    texts = ItemText.objects.filter(ward=ward)
    document = SourceDocument.objects.filter(ward=ward, version__plan__kind="budget").first()

    def item(**which) -> str:
        return reverse("portal:item", args=[ward.key, texts.filter(**which).first().item.public_id])

    def year(name: str, *more) -> str:
        return reverse(f"portal:{name}", args=[ward.key, 2021, *more])

    search = reverse("portal:ward_search", args=[ward.key])
    return {
        "front": reverse("portal:home"),
        "year": year("year"),
        "year with a budget only": reverse("portal:year", args=[ward.key, 2022]),
        "themes": year("themes"),
        "project": item(title="地域活動を支える事業", version__plan__fiscal_year=2021),
        "policy's project": item(programme="地域活動を支える事業", version__plan__fiscal_year=2021),
        "measure": item(kind="measure", version__plan__kind="policy"),
        "focus": item(kind="focus"),
        "action": item(kind="action", version__plan__kind="action_plan"),
        "plan": year("plan", "budget"),
        "plan with results": year("plan", "action_plan"),
        "budget": year("budget"),
        "results": year("results"),
        "results filtered": year("results") + f"?outcome=cancelled&body={ward.bodies.first().pk}&q=実施",
        "results by outcome": year("results") + "?sort=outcome",
        "summary": year("results_summary"),
        "figure": figure_address(ward),
        "results none": year("results") + "?q=ない言葉",
        "bodies": year("bodies"),
        "body": year("body", ward.bodies.first().pk),
        "tags": year("tags"),
        "tag": year("tag", "重点"),
        "documents": reverse("portal:documents", args=[ward.key]),
        "document": reverse("portal:document", args=[ward.key, document.pk]) + "#p2-l5",
        "search": f"{search}?q=地域",
        "search none": f"{search}?q=zzzz",
        "search empty": search,
        "search of all": reverse("portal:search") + "?q=防災",
        "life": reverse(
            "portal:life",
            args=[
                ward.key,
                texts.get(title="地域活動を支える事業", version__plan__fiscal_year=2021).item.public_id,
            ],
        ),
        "situations": reverse("portal:situations", args=[ward.key, 2021]),
        "situation": reverse("portal:situation", args=[ward.key, 2021, "disaster"]),
        "situation without anything": reverse("portal:situation", args=[ward.key, 2022, "trouble"]),
        "districts": reverse("portal:districts", args=[ward.key, 2021]),
        "district": reverse("portal:district", args=[ward.key, 2021, ward.districts.first().pk]),
        "compare": reverse("portal:compare", args=[ward.key]) + f"?year=2022&with={ward.key}:2021",
        "compare wrongly": reverse("portal:compare", args=[ward.key]) + "?with=x:1",
        "changes": reverse("portal:changes", args=[ward.key]),
        "two versions": reverse("portal:version_changes", args=[ward.key, 2019, "policy", 2]),
        "former version": reverse("portal:version", args=[ward.key, 2019, "policy", 1]),
        "accessibility": reverse("portal:accessibility"),
        "not found": "/w/nowhere/",
    }


def test_axe_finds_nothing_on_any_kind_of_page(site, open_page) -> None:
    url, ward = site
    page = open_page()
    found = {}
    for name, address in pages(ward).items():
        page.goto(url + address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        for viewport in (_NARROW, _DESK) if name in _LOOKS_OTHERWISE_ON_A_DESK else (_NARROW,):
            page.set_viewport_size(viewport)
            findings = axe_findings(page)
            if findings:
                found[name, viewport["width"]] = findings
    assert found == {}


def test_nothing_needs_sideways_scrolling(site, open_page) -> None:
    url, ward = site
    page = open_page(viewport=_NARROW)
    too_wide = {}
    for name, address in pages(ward).items():
        page.goto(url + address)
        for viewport in ({"width": 320, "height": 700}, _NARROW, _LARGE_TYPE):
            page.set_viewport_size(viewport)
            excess = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if excess > 0:
                too_wide[name, viewport["width"]] = excess
    assert too_wide == {}


def test_everything_works_without_javascript(site, open_page) -> None:
    url, ward = site
    page = open_page(java_script_enabled=False, viewport=_NARROW)

    page.goto(f"{url}/")
    page.get_by_role("link", name="みなと市泉が丘区").click()
    page.get_by_role("link", name="令和3年度", exact=True).first.click()
    page.get_by_label("泉が丘区の計画と結果から探す").fill("防災対策")
    page.get_by_role("button", name="検索").click()
    page.get_by_role("link", name="防災対策事業").first.click()
    assert "防災対策事業" in page.get_by_role("heading", level=1).inner_text()

    page.goto(url + reverse("portal:results", args=[ward.key, 2021]))
    page.get_by_text("担当", exact=True).locator("visible=true").nth(1).click()  # opens the filter
    page.get_by_role("link", name="総務課").first.click()
    assert "件が当てはまります" in page.get_by_role("status").inner_text()


def test_the_first_tab_stop_skips_to_the_text(site, browser_page) -> None:
    url, ward = site
    browser_page.goto(url + reverse("portal:budget", args=[ward.key, 2021]))

    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.className") == "skip-link"
    box = browser_page.locator(".skip-link").bounding_box()
    assert box["y"] >= 0
    browser_page.keyboard.press("Enter")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.closest('main') !== null")


def test_focus_is_always_visible(site, browser_page) -> None:
    url, ward = site
    browser_page.goto(url + reverse("portal:year", args=[ward.key, 2021]))
    for _stop in range(20):
        browser_page.keyboard.press("Tab")
        width = browser_page.evaluate(
            "parseFloat(getComputedStyle(document.activeElement).outlineWidth) * "
            "(getComputedStyle(document.activeElement).outlineStyle === 'none' ? 0 : 1)"
        )
        assert width >= 2


def test_what_a_finger_presses_is_large_enough(site, open_page) -> None:
    """44 px for what stands alone; links inside sentences and lists of text are exempt (WCAG 2.5.8, inline)."""
    url, ward = site
    page = open_page(viewport=_NARROW)
    small = {}
    controls = ".main-nav__link, .years__link, .search__button, .button, .search__field, .search-link, .facet__link, .facet__title, .outcome-filter__link, .fold > summary, .footer__links a, .brand"
    for name, address in pages(ward).items():
        page.goto(url + address)
        heights = page.eval_on_selector_all(
            controls,
            "all => all.filter(e => e.offsetHeight).map(e => [e.className, e.getBoundingClientRect().height])",
        )
        low = [entry for entry in heights if entry[1] < 43.5]
        if low:
            small[name] = low
    assert small == {}


def test_the_source_line_is_lit(site, browser_page) -> None:
    url, ward = site
    browser_page.goto(url + pages(ward)["document"])

    lit = browser_page.locator("#p2-l5").evaluate("e => getComputedStyle(e).backgroundColor")
    other = browser_page.locator("#p2-l6").evaluate("e => getComputedStyle(e).backgroundColor")

    assert lit == "rgb(255, 240, 179)"
    assert other != lit


def test_one_map_is_shown_at_a_time(site, open_page) -> None:
    url, ward = site
    for viewport, shown in ((_NARROW, "only-narrow"), ({"width": 1280, "height": 900}, "only-wide")):
        page = open_page(viewport=viewport)
        page.goto(url + reverse("portal:budget", args=[ward.key, 2021]))
        assert page.locator(".chart--map:visible").count() == 1
        assert shown in page.locator(".chart--map:visible").get_attribute("class")


def test_paper_leaves_out_what_can_only_be_pressed(site, browser_page) -> None:
    url, ward = site
    browser_page.emulate_media(media="print")
    browser_page.goto(url + reverse("portal:results", args=[ward.key, 2021]))

    assert browser_page.locator(".main-nav").is_hidden()
    assert browser_page.locator(".filters").is_hidden()
    assert browser_page.locator("table.results").first.is_visible()
    assert browser_page.locator(".sample-band").is_visible()


def test_the_summary_is_one_sheet_of_paper(site, browser_page) -> None:
    from pypdfium2 import PdfDocument

    url, ward = site
    browser_page.goto(url + reverse("portal:results_summary", args=[ward.key, 2021]))

    assert len(PdfDocument(browser_page.pdf(format="A4", prefer_css_page_size=True))) == 1


def test_the_summarys_numbers_stay_whole_on_a_phone(site, open_page) -> None:
    url, ward = site
    page = open_page(viewport=_NARROW)
    page.goto(url + reverse("portal:results_summary", args=[ward.key, 2021]))

    lines = page.evaluate(
        """() => [...document.querySelectorAll(".summary__table--focus td.num")].map(cell => {
            const last = cell.querySelector("a") || cell; last.textContent = "137";
            const range = document.createRange(); range.selectNodeContents(last);
            return range.getClientRects().length; })"""
    )
    excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert (set(lines), excess) == ({1}, 0)


def test_a_resident_follows_a_number_down_without_javascript(site, open_page) -> None:
    url, ward = site
    page = open_page(java_script_enabled=False, viewport=_NARROW)
    page.goto(url + reverse("portal:results_summary", args=[ward.key, 2021]))

    page.locator(".summary__number").first.click()

    assert page.get_by_role("heading", name="この数の作り方").is_visible()
    page.get_by_role("link", name="この数が出てくる結果を読む").click()
    assert page.get_by_role("heading", name="計画と結果").is_visible()
