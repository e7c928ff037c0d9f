"""The whole way in the browser: from a machine's first command to a resident who reads two versions of a plan.

Each person sits at a browser of their own; nobody touches the database. What single pages do is tested in their rooms.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest

from kusei.config.cli import main
from kusei.documents.sample.setting import BUDGET
from kusei.jobs.running import run_next
from kusei.plans.models import PlanVersion
from kusei.wards.models import Ward
from tests.account_visitor import code_of
from tests.axe import axe_findings
from tests.browser import PHONE
from tests.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WARD = "みらい区"
PARTNER = "みらい区社会福祉協議会"


def press(place: Page | Locator, role: Literal["button", "link"], name: str, *, exact: bool = False) -> None:
    """Press a button or follow a link, and wait for the page that it leads to."""
    page = getattr(place, "page", place)  # a Page has no page of its own
    with page.expect_navigation():
        place.get_by_role(role, name=name, exact=exact).first.click()


def come_in(page: Page, link: str, name: str) -> None:
    """Accept an invitation; set up the second factor where the role asks for one."""
    page.goto(link)
    page.get_by_label("姓").fill(name)
    page.get_by_label("名必須", exact=True).fill("花子")
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_label("パスワード（もう一度）").fill(PASSWORD)
    press(page, "button", "アカウントを作って始める")
    if page.locator("h1").inner_text() == "認証アプリを設定する":
        page.get_by_label("6桁の数字").fill(code_of(page.locator("#secret").input_value()))
        press(page, "button", "設定する")
        press(page, "link", "控えたので、仕事へ進む")
    assert page.locator("h1").inner_text() == "自分の仕事"


def invite(page: Page, office: str, mail: str, role: str, body: str = "") -> str:
    """Invite somebody; returns the link that the administrator hands over."""
    page.goto(f"{office}people/invite/")
    page.get_by_label("メールアドレス").fill(mail)
    page.get_by_label("役割必須").select_option(label=role)
    if body:
        page.get_by_label(re.compile("^所属")).select_option(label=body)
    press(page, "button", "招待する")
    return page.get_by_label("招待のリンク").input_value()


def mend(page: Page, desk: str, title: str, field: str, words: str) -> None:
    """Change one field of one item on the desk where source and items stand side by side."""
    page.goto(desk)
    page.locator(".item__title", has_text=title).first.click()
    page.wait_for_selector("#f-title")
    page.locator(f"#f-{field}").fill(words)
    press(page, "button", "直して確認済みにする")


def open_item(page: Page, draft: str, title: str) -> None:
    page.goto(draft)
    with page.expect_navigation():
        page.get_by_role("link", name=title).first.click()


def save_item(page: Page, words: str) -> None:
    page.get_by_label("説明", exact=True).fill(words)
    press(page, "button", "保存する", exact=True)


def test_from_an_empty_machine_to_a_resident_who_reads_both_versions(
    live_server, open_page, capsys: pytest.CaptureFixture[str]
) -> None:
    site = live_server.url

    # The operator registers the ward and hands over the first link.
    assert main(["ward", WARD, "--administrator", "kanri@example.jp"]) == 0
    told = capsys.readouterr().out
    token = re.search(r"/office/invitation/([^/\s]+)/", told)
    assert token, told
    key = Ward.objects.get(name=WARD).key
    office = f"{site}/office/{key}/"

    # The administrator sets the ward up and invites a planner and two divisions.
    administrator = open_page()
    come_in(administrator, f"{site}{token.group(0)}", "管理")
    for body in ("地域振興課", "福祉保健課"):
        administrator.goto(f"{office}bodies/add/")
        administrator.get_by_label("名称必須", exact=True).fill(body)
        press(administrator, "button", "登録する")
    administrator.goto(f"{office}bodies/add/")
    administrator.get_by_label("名称必須", exact=True).fill(PARTNER)
    administrator.get_by_label(re.compile("^種類")).select_option(label="関係機関")
    press(administrator, "button", "登録する")
    links = {
        "planner": invite(administrator, office, "kikaku@example.jp", "企画担当"),
        "promotion": invite(administrator, office, "shinko@example.jp", "職員", "地域振興課"),
        "welfare": invite(administrator, office, "fukushi@example.jp", "職員", "福祉保健課"),
    }
    planner, promotion, welfare = (open_page(), open_page(), open_page())
    for page, who in ((planner, "planner"), (promotion, "promotion"), (welfare, "welfare")):
        come_in(page, links[who], who)

    # The planner sends a budget, finds it read, says which plan it is, mends three things and takes it in as a draft.
    planner.goto(f"{office}imports/")
    planner.locator("input[type=file]").set_input_files(BUDGET)
    press(planner, "button", "送る")
    assert run_next(heartbeat=False)  # the worker's part
    planner.goto(f"{office}imports/")
    press(planner, "link", "計画を決める")
    press(planner, "button", "この計画として確かめ始める")
    desk = planner.url
    assert axe_findings(planner) == []
    project = planner.locator(".item__title", has_text="事業").first.inner_text().split(maxsplit=1)[1]
    mend(planner, desk, project, "title", "花と緑の事業")
    mend(planner, desk, "花と緑の事業", "text", "花を植える。")
    mend(planner, desk, "花と緑の事業", "number", "9")
    planner.goto(desk)
    press(planner, "link", "違いを見て取り込む")
    planner.get_by_label("下書きにして").check()
    press(planner, "button", "取り込みの確認へ")
    press(planner, "button", "下書きにする")
    version = PlanVersion.objects.get(status="draft")
    draft = f"{office}drafts/{version.pk}/"

    # The planner makes both divisions responsible; both open the project and save other words.
    open_item(planner, draft, "花と緑の事業")
    for place, body in enumerate(("地域振興課", "福祉保健課"), start=1):
        planner.get_by_label(f"担当 {place}", exact=True).fill(body)
    press(planner, "button", "保存する", exact=True)
    for page in (promotion, welfare):
        open_item(page, draft, "花と緑の事業")
    save_item(promotion, "花を植える。春に開く。")
    save_item(welfare, "花を植える。秋に開く。")
    assert welfare.locator("h1").inner_text() == "ほかの人の変更と重なりました"
    shown = welfare.inner_text("main")
    assert "春に開く" in shown
    assert "秋に開く" in shown
    assert axe_findings(welfare) == []
    welfare.get_by_label("自分の変更にする").check()
    press(welfare, "button", "選んだとおりに保存する")
    welfare.goto(f"{draft}review/")
    welfare.locator("input[name=item]").first.check()
    press(welfare, "button", "選んだ項目の確認を求める")

    # The planner asks a body outside; it answers by its link, without an account and without JavaScript, once.
    planner.goto(f"{draft}review/")
    planner.get_by_label("「花と緑の事業」を選ぶ").check()
    press(planner, "button", "選んだ項目を団体に確かめる")
    planner.get_by_label("尋ねる団体").select_option(label=PARTNER)
    planner.get_by_label("尋ねたいこと").fill("季節はこれでよいですか。")
    press(planner, "button", "確認を頼む")
    link = planner.locator("input[readonly]").input_value()
    partner = open_page(viewport=PHONE, java_script_enabled=False)
    partner.goto(link)
    assert "秋に開く。" in partner.inner_text("main")
    partner.get_by_label("直してほしいこと・伝えたいことがある").check()
    partner.locator("textarea").fill("春も手伝えます。")
    press(partner, "button", "回答を送る")
    partner.goto(link)
    assert partner.locator("h1").inner_text() == "このリンクは使えません"
    open_item(planner, draft, "花と緑の事業")
    assert "春も手伝えます。" in planner.inner_text("main")

    # The planner approves and publishes; corrects; publishes again.
    publish(planner, draft, "")
    planner.goto(f"{office}plans/")
    press(planner.get_by_role("cell"), "button", "下書きを始める")
    second = planner.url
    open_item(planner, second, "花と緑の事業")
    save_item(planner, "花を植える。春と秋に開く。")
    publish(planner, second, "開く時期の訂正")

    # A resident reads both versions and what changed, without JavaScript.
    resident = open_page(java_script_enabled=False)
    resident.goto(f"{site}/w/{key}/changes/")
    assert "開く時期の訂正" in resident.inner_text("main")
    plan = f"{site}/w/{key}/2026/plans/budget/"
    for number, words in ((1, "秋に開く。"), (2, "春と秋に開く。")):
        resident.goto(f"{plan}v/{number}/")
        assert words in resident.inner_text("main")
    resident.goto(f"{plan}v/2/changes/")
    assert "春と" in resident.locator(".change-list ins").first.inner_text()
    neighbour = open_page(viewport=PHONE)  # with JavaScript: axe needs it
    neighbour.goto(resident.url)
    assert axe_findings(neighbour) == []

    # Nobody else comes in: not a visitor, not the planner of another ward.
    assert main(["ward", "ほし区", "--administrator", "hoshi@example.jp"]) == 0
    stranger_link = re.search(r"/office/invitation/([^/\s]+)/", capsys.readouterr().out)
    assert stranger_link
    stranger = open_page()
    come_in(stranger, f"{site}{stranger_link.group(0)}", "他区")
    for address in (office, draft, second, f"{office}imports/", f"{office}people/"):
        assert stranger.goto(address).status in {403, 404}
        resident.goto(address)
        assert "/account/login/" in resident.url


def publish(page: Page, draft: str, note: str) -> None:
    """Approve whatever waits, and publish."""
    page.goto(f"{draft}review/")
    for box in page.locator("input[name=item]").all():
        box.check()
    press(page, "button", "選んだ項目を確認済みにする")
    press(page, "link", "公開の準備へ進む")
    page.get_by_label("この版について").fill(note)
    press(page, "button", "公開する", exact=True)
    page.wait_for_selector(".message--success")
