"""A year's results in the browser, in the sample ward: from the planner who asks to the resident who follows a figure down.

Each person sits at a browser of their own with the sample's log-in; nobody touches the database. What single pages do is tested
in their rooms.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from kusei.config.cli import main
from kusei.documents.sample.logins import read_logins
from tests.axe import axe_findings
from tests.test_whole_way import press

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LED, TOLD, RETURNED = "健康づくり講座", "健康づくり団体の活動紹介", "サマースクール"


def log_in(page: Page, site: str, username: str) -> Page:
    password = next(each.password for each in read_logins() if each.username == username)
    page.goto(f"{site}/account/login/")
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    return page


def said(page: Page) -> str:
    return " ".join(page.locator("[role=status]").all_inner_texts())


def test_a_year_is_collected_published_followed_down_and_carried_on(
    live_server, open_page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = live_server.url
    assert main(["sample"]) == 0
    office = f"{site}/office/141160/"

    # The planner opens the collection of the third year of Reiwa.
    planner = log_in(open_page(accept_downloads=True), site, "sample-kikaku")
    planner.goto(f"{office}results/")
    press(planner, "link", "取りまとめを始める")
    planner.get_by_label("計画").select_option(label="令和3年度 アクションプラン")
    planner.get_by_label("しめきり").fill((timezone.localdate() + timedelta(days=14)).isoformat())
    press(planner, "button", "取りまとめを始める")
    assert "あと14日" in said(planner)
    board = planner.url

    # A division, by the form: the numbers of two months, then the text with a live figure.
    division = log_in(open_page(java_script_enabled=False), site, "sample-fukushi")
    press(division, "link", LED)
    answer = division.url
    press(division, "link", "実績を入れる")
    division.get_by_label(f"{LED}に加える数えるもの").select_option(label="延べ参加者（延べ人）")
    press(division.get_by_role("rowheader").filter(has_text=LED), "button", "加える")
    division.get_by_label(f"{LED} 延べ参加者 6月").fill("25")
    division.get_by_label(f"{LED} 延べ参加者 9月").fill("12")
    press(division, "button", "保存する")
    division.goto(answer)
    division.get_by_label("実施", exact=True).check()
    division.get_by_label("実施した取組結果").fill("講座を開き、延べ《延べ参加者》が参加した。")
    press(division, "button", "提出する")
    assert "企画担当が確認します" in said(division)

    # 地域ケアプラザ on the telephone: the division that shares the action writes it down and sends it in.
    division.goto(office)
    press(division, "link", TOLD)
    division.get_by_text("地域ケアプラザから聞いたことを書く").click()
    division.get_by_label("行ったこと").fill("団体の紹介を館内に掲示した。")
    assert division.get_by_label("どのように聞きましたか").input_value() == "telephone"
    press(division, "button", "書き終えたと知らせる")
    division.get_by_label("実施", exact=True).check()
    division.get_by_label("実施した取組結果").fill("活動を広報紙と館内で紹介した。")
    press(division, "button", "提出する")
    assert "企画担当が確認します" in said(division)

    # 区社会福祉協議会 by Excel: downloaded from the board, filled, sent back, looked at, taken in.
    planner.goto(f"{board}bodies/")
    row = planner.get_by_role("row").filter(has_text="区社会福祉協議会")
    with planner.expect_download() as download:
        row.get_by_role("link", name="Excelの様式").click()
    path = tmp_path / "shakyo.xlsx"
    download.value.save_as(path)
    book = load_workbook(path)
    months, sheet = book.worksheets[0], book["取組結果"]
    line = next(each for each in range(5, sheet.max_row + 1) if RETURNED in sheet.cell(each, 2).value)
    sheet.cell(line, 5).value, sheet.cell(line, 7).value = "実施", "小学生と交流した。"
    first = next(each for each in range(5, months.max_row + 1) if RETURNED in months.cell(each, 2).value)
    months.cell(first, 9).value = 2  # August
    book.save(path)
    planner.goto(f"{office}figures/forms/")
    planner.locator("input[type=file]").set_input_files(path)
    press(planner, "button", "送る")
    assert "小学生と交流した。" in planner.inner_text("main")
    assert axe_findings(planner) == []
    press(planner, "button", "記録する")
    assert "取組結果を1件、分担の分を0件書きました。提出したものは1件です" in said(planner)

    # The planner returns it, the council puts it right, the planner approves the three and publishes.
    planner.goto(f"{board}?state=submitted")
    planner.get_by_label(f"「{RETURNED}」を選ぶ").check()
    planner.get_by_label("差し戻す理由").fill("人数も書いてください。")
    press(planner, "button", "選んだものを差し戻す")
    council = log_in(open_page(java_script_enabled=False), site, "sample-shakyo")
    press(council, "link", RETURNED)
    assert "人数も書いてください。" in council.inner_text("main")
    council.get_by_label("実施した取組結果").fill("小学生30人と交流した。")
    press(council, "button", "提出する")
    planner.goto(f"{board}?state=submitted")
    for title in (LED, TOLD, RETURNED):
        planner.get_by_label(f"「{title}」を選ぶ").check()
    press(planner, "button", "選んだものを確認済みにする")
    assert "3件を確認済みにしました" in said(planner)
    planner.goto(board)
    press(planner, "link", "公開の準備へ進む")
    planner.locator("#without_open").check()
    press(planner, "button", "公開する")

    # A resident reads it without JavaScript.
    resident = open_page(java_script_enabled=False)
    resident.goto(f"{site}/w/141160/2021/results/?q={LED}")
    shown = resident.inner_text("main")
    assert "講座を開き、延べ37人が参加した。" in shown
    press(resident.locator(".chips").first, "link", "延べ参加者")
    followed = resident.inner_text("main")
    assert "37" in followed
    assert "6月" in followed
    assert "25" in followed
    assert "サンプル" not in followed  # who typed it is nobody's business

    # The planner carries the plan into the next year's draft; the books say what the records say.
    planner.goto(f"{office}plans/")
    press(planner.get_by_role("row").filter(has_text="令和3年度 アクションプラン"), "link", "次の年度へ")
    press(planner, "button", "令和4年度の下書きを作る")
    assert "項目を引き継ぎました" in said(planner)
    assert LED in planner.inner_text("main")
    capsys.readouterr()
    assert main(["reconcile"]) == 0
