"""The ledger's pages in a real browser: typing and pasting by keyboard, without JavaScript, on a phone; axe on every page."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Entry, Metric, Report, ReportCell
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.queries.recipes import months_of
from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_plans_browser import enter
from kusei.plans import operations as plans
from kusei.plans.models import Item
from kusei.plans.rules import Entry as PlanEntry
from kusei.wards import operations as wards
from tests.axe import axe_findings
from tests.browser import DESK, PHONE
from tests.cast import Cast

pytestmark = pytest.mark.browser

PASTE = """([target, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def book(cast: Cast, transactional_db: None) -> Ground:
    """Three actions; the first has two metrics with a few months, the second one."""
    from kusei.ledger.declared import sync

    sync()
    titles = ("健康教室", "防災訓練", "見守り訪問")
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="取組",
        entries=[PlanEntry(0, None, 0, "focus", "1", "つながる地域")] + [
            PlanEntry(n, 0, 1, "action", str(n), title, owners=("地域振興課",)) for n, title in enumerate(titles, start=1)
        ],
    )  # fmt: skip
    times, people = (
        Metric.objects.get(ward=None, key="times"),
        Metric.objects.get(ward=None, key="attendances"),
    )
    items = list(Item.objects.filter(ward=cast.ward, texts__kind="action").order_by("texts__position"))
    months = months_of(2026)
    for item, cells in (
        (
            items[0],
            [
                (times, months[0], 2),
                (times, months[1], 3),
                (people, months[0], 25),
                (people, months[1], 1251),
            ],
        ),
        (items[1], [(times, months[5], 1)]),
    ):
        ledger.save_report(
            ward=cast.ward, fiscal_year=2026, item=item, body=cast.promotion, revision=None, owners=[cast.promotion.pk], actor=cast.clerk,
            changes=[CellChange(metric.pk, on, number) for metric, on, number in cells],
            proof=Proof("paper", months[2], "事務局から", ("6月.pdf", b"%PDF-1.4")),
        )  # fmt: skip
    return Ground(cast, items, cast.promotion, times, people)


def sheet(book: Ground) -> str:
    return reverse("office:month_form", args=[book.cast.ward.key, 2026, book.cast.promotion.pk])


def cell(book: Ground, item: int, metric: Metric, column: int) -> str:
    return f"#c-{book.items[item].pk}-{metric.pk}-{column}"


def test_a_year_is_typed_and_pasted_by_keyboard_alone(book: Ground, live_server, browser_page) -> None:
    page = browser_page
    enter(page, live_server.url, book.cast.clerk)
    page.goto(live_server.url + sheet(book))
    focused = "'#' + document.activeElement.id"
    page.locator(cell(book, 0, book.times, 2)).focus()
    page.keyboard.type("4")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == cell(book, 0, book.times, 3)
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == cell(book, 0, book.members, 3)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == cell(book, 0, book.times, 3)
    row = page.locator("tr[data-cells]").first
    assert row.locator("[data-sum]").inner_text() == "14"

    page.locator(cell(book, 0, book.times, 10)).focus()
    page.evaluate(PASTE, [page.locator(cell(book, 0, book.times, 10)).element_handle(), '1\t2\t3\r\n"1,000"\t\t7\r\n'])  # fmt: skip
    assert page.locator(cell(book, 0, book.times, 11)).input_value() == "2"
    assert page.locator(cell(book, 0, book.members, 10)).input_value() == "1,000"
    assert "表からはみ出た2個" in page.locator("#say").inner_text()
    assert row.locator("[data-sum]").inner_text() == "17"
    page.keyboard.press("Control+z")
    assert page.locator(cell(book, 0, book.members, 10)).input_value() == ""
    page.evaluate(PASTE, [page.locator(cell(book, 0, book.times, 10)).element_handle(), "1\t2"])
    page.keyboard.press("Control+s")
    page.locator(".message").wait_for()
    assert "加えた数 4" in page.locator(".message").inner_text()
    assert Entry.objects.filter(metric=book.times, item=book.items[0]).count() == 6
    assert page.locator(cell(book, 0, book.times, 11)).input_value() == "2"


def test_wrong_numbers_are_marked_while_typing_and_told_after_saving(book: Ground, live_server, browser_page) -> None:  # fmt: skip
    page = browser_page
    enter(page, live_server.url, book.cast.clerk)
    page.goto(live_server.url + sheet(book))
    wrong = page.locator(cell(book, 0, book.times, 2))
    wrong.fill("1,251回")
    assert wrong.get_attribute("aria-invalid") is None
    wrong.fill("10、20")
    assert wrong.get_attribute("aria-invalid") == "true"
    wrong.fill("二十")
    assert wrong.get_attribute("aria-invalid") == "true"
    page.locator('.save-bar button[value="save"]').click()
    page.locator("#errors:focus").wait_for()
    assert axe_findings(page) == []
    page.locator("#errors a").first.click()
    assert page.evaluate("'#' + document.activeElement.id") == cell(book, 0, book.times, 2)
    assert page.locator(cell(book, 0, book.times, 2)).input_value() == "二十"


def test_the_form_works_without_javascript(book: Ground, live_server, open_page) -> None:
    page = open_page(java_script_enabled=False)
    enter(page, live_server.url, book.cast.clerk)
    page.goto(live_server.url + sheet(book))
    page.locator(cell(book, 0, book.times, 2)).fill("4")
    third = book.items[2].pk
    page.locator(f"#add-{third}").select_option(str(book.members.pk))
    page.locator(f'button[value="add:{third}"]').click()
    assert page.locator(cell(book, 0, book.times, 2)).input_value() == "4"
    page.locator(cell(book, 2, book.members, 2)).fill("30")
    page.locator('.save-bar button[value="save"]').click()
    assert "加えた数 2" in page.locator(".message").inner_text()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_of_the_ledger_is_open_to_all(book: Ground, live_server, open_page, size: str) -> None:
    page = open_page(**({"viewport": {**PHONE, "width": 375}} if size == "phone" else {}))
    cast = book.cast
    enter(page, live_server.url, cast.planner)
    key, item = cast.ward.key, book.items[0].pk
    own = ledger.add_metric(
        ward=cast.ward, name="見守りの訪問", unit="件", actor=cast.planner, definition="会えた件数。"
    )
    ledger.close_books(ward=cast.ward, fiscal_year=2026, reason="早めの集計", actor=cast.planner)
    ledger.save_report(
        ward=cast.ward, fiscal_year=2026, item=book.items[1], body=cast.council, revision=None, owners=[cast.promotion.pk], actor=cast.clerk,
        changes=[CellChange(own.pk, months_of(2026)[7], 12)], proof=Proof("telephone", months_of(2026)[7], "電話"),
    )  # fmt: skip
    ReportCell.objects.filter(metric=own).update(quantity=13)
    addresses = {
        "figures": reverse("office:figures", args=[key]) + "?year=2026",
        "empty": reverse("office:figures", args=[key]) + "?year=2026&q=無い",
        "figure": reverse("office:figure", args=[key, 2026, item, book.members.pk]),
        "report": reverse("office:report", args=[key, Report.objects.get(item=item).pk]),
        "choose": reverse("office:months", args=[key]) + "?year=2026",
        "months": sheet(book),
        "metrics": reverse("office:metrics", args=[key]),
        "metric": reverse("office:metric", args=[key, own.pk]),
        "books": reverse("office:books", args=[key]),
        "year": reverse("office:year_books", args=[key, 2026]),
        "reconcile": reverse("office:reconcile", args=[key]) + "?year=2026",
        "sessions": reverse("office:session_form", args=[key, 2026, cast.promotion.pk, item]),
    }
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        assert axe_findings(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def test_a_row_is_divided_by_district_without_javascript_and_is_accessible(
    book: Ground, live_server, open_page
) -> None:
    for name in ("中田", "緑園"):
        wards.add_district(ward=book.cast.ward, name=name, actor=book.cast.planner)
    address = live_server.url + reverse(
        "office:month_form", args=[book.cast.ward.key, 2026, book.cast.promotion.pk]
    )
    page = open_page(java_script_enabled=False)
    enter(page, live_server.url, book.cast.clerk)
    page.goto(address)
    page.get_by_role("button", name=re.compile("地区別.*健康教室 開催・実施の回数")).click()
    page.get_by_label("健康教室 開催・実施の回数 緑園 6月").fill("8")
    page.locator(".save-bar button").click()
    assert page.get_by_text("緑園 6月: 8回").is_visible()
    assert ReportCell.objects.get(district__name="緑園").quantity == 8
    for size in (DESK, PHONE):
        page = open_page(viewport=size)
        enter(page, live_server.url, book.cast.clerk)
        page.goto(address)
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
