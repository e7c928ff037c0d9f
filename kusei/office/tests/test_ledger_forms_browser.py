"""A form in Excel in a real browser, without JavaScript: downloaded, filled, handed in, looked at, recorded; axe on each page."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kusei.ledger.models import Entry, ReturnedForm
from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_ledger_browser import book
from kusei.office.tests.test_plans_browser import enter
from tests.axe import axe_findings, fits

__all__ = ["book"]
pytestmark = pytest.mark.browser


def filled(path: Path, name: str, cells: dict[str, object]) -> Path:
    found = load_workbook(path)
    for at, value in cells.items():
        found.worksheets[0][at] = value
    target = path.with_name(name)
    found.save(target)
    return target


def downloaded(page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="様式をダウンロード").first.click()
    path = folder / "form.xlsx"  # a browser without a Japanese locale has no name for it, nor opens one
    waiting.value.save_as(path)
    return path


def test_a_form_is_downloaded_filled_sent_looked_at_and_recorded(
    book: Ground, live_server, open_page, tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False, accept_downloads=True)
    enter(page, live_server.url, book.cast.clerk)
    page.goto(live_server.url + reverse("office:forms", args=[book.cast.ward.key]) + "?year=2026")
    path = downloaded(page, tmp_path)
    before = Entry.objects.count()
    page.locator("#files").set_input_files(filled(path, "filled.xlsx", {"E5": 7, "G5": 4, "F5": None}))
    page.get_by_role("button", name="送る").click()
    table = page.get_by_role("region", name="記録すると変わる数の表").inner_text()
    assert all(word in table for word in ("変える", "加える", "取り消す", "E5", "F5", "G5"))
    assert Entry.objects.count() == before
    page.get_by_role("button", name="記録する").click()
    assert "実績を記録しました" in page.locator(".message").inner_text()
    assert ReturnedForm.objects.get().state == "posted"
    assert Entry.objects.count() == before + 4  # two added, and two taken back
    page.get_by_role("link", name="月ごとの数を見る").click()
    assert page.locator(f"#c-{book.items[0].pk}-{book.times.pk}-0").input_value() == "7"


@pytest.mark.parametrize("width", [375, 1280])
def test_the_pages_of_forms_are_in_order_for_everybody(
    book: Ground, live_server, open_page, tmp_path: Path, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, accept_downloads=True)
    enter(page, live_server.url, book.cast.clerk)
    address = live_server.url + reverse("office:forms", args=[book.cast.ward.key]) + "?year=2026"
    page.goto(address)
    assert axe_findings(page) == []
    path = downloaded(page, tmp_path)
    right = filled(path, "june.xlsx", {"E5": 7, "G5": 4, "F5": None})
    wrong = filled(path, "july.xlsx", {"E5": 7, "G5": "約25", "G6": -3})
    page.locator("#files").set_input_files([right, wrong])
    page.get_by_role("button", name="送る").click()
    assert axe_findings(page) == []
    assert fits(page)
    for number in range(2):
        page.get_by_role("link", name="地域振興課の様式を確かめる").nth(number).click()
        assert axe_findings(page) == []
        assert fits(page)
        page.goto(address)
