"""Accounts and people in a real browser: the way in without JavaScript, by keyboard, by the directory; axe on every page."""

from __future__ import annotations

import pytest

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.permissions import rights_of
from tests.account_visitor import code_of
from tests.axe import axe_findings
from tests.browser import PHONE
from tests.cast import PASSWORD, Cast, signed_in
from tests.directory import Directory

pytestmark = pytest.mark.browser


def enter(page, url: str, person) -> None:
    """Open the office as somebody who has logged in."""
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def test_from_the_invitation_to_work_on_a_phone_without_javascript(
    cast: Cast, live_server, open_page
) -> None:
    issued = wards.invite_person(
        ward=cast.ward, email="new@example.jp", role=Role.PLANNER, actor=cast.administrator, site=live_server.url
    )  # fmt: skip
    page = open_page(java_script_enabled=False, viewport=PHONE)
    page.goto(issued.link)
    page.get_by_label("姓").fill("新井")
    page.get_by_label("名必須", exact=True).fill("恵")
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_label("パスワード（もう一度）").fill(PASSWORD + "x")
    page.get_by_role("button", name="アカウントを作って始める").click()
    assert "2つのパスワードが違います" in page.locator(".error-summary").inner_text()
    assert page.get_by_label("姓").input_value() == "新井"
    page.get_by_label("パスワード必須").fill(PASSWORD)
    page.get_by_label("パスワード（もう一度）").fill(PASSWORD)
    page.get_by_role("button", name="アカウントを作って始める").click()

    assert page.locator("h1").inner_text() == "認証アプリを設定する"
    page.get_by_label("6桁の数字").fill(code_of(page.locator("#secret").input_value()))
    page.get_by_role("button", name="設定する").click()
    assert page.locator(".codes code").count() == 10
    page.get_by_role("link", name="控えたので、仕事へ進む").click()
    assert page.locator("h1").inner_text() == "自分の仕事"


def test_logging_in_by_keyboard_alone(cast: Cast, live_server, browser_page) -> None:
    page = browser_page
    page.goto(f"{live_server.url}/office/{cast.ward.key}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    page.get_by_label("パスワード").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/office/{cast.ward.key}/")
    assert page.get_by_role("link", name="Clerk").is_visible()


def test_logging_in_by_the_directory(
    cast: Cast, live_server, directory: Directory, browser_page, complaints: list[str]
) -> None:
    directory.employ("c-1", email="clerk@example.jp", email_verified=True)
    page = browser_page
    page.goto(f"{live_server.url}/office/{cast.ward.key}/")
    page.get_by_role("link", name="みらい市職員認証でログインする").click()
    page.wait_for_url(f"{directory.url}/**")
    page.locator("input[name=sub]").fill("c-1")
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.wait_for_url(f"{live_server.url}/office/{cast.ward.key}/")
    assert page.get_by_role("link", name="Clerk").is_visible()
    # The provider's own page is not ours: it asks for a style sheet from elsewhere.
    assert all("cdn.jsdelivr.net" in each for each in complaints)
    complaints.clear()


def test_somebody_unknown_to_kusei_reads_why(
    cast: Cast, live_server, directory: Directory, browser_page, complaints: list[str]
) -> None:
    directory.employ("c-2", email="unknown@example.jp", email_verified=True)
    page = browser_page
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("link", name="みらい市職員認証でログインする").click()
    page.locator("input[name=sub]").fill("c-2")
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.wait_for_selector("text=unknown@example.jp の利用者は登録されていません")
    assert axe_findings(page) == []
    complaints.clear()


def _look(page, name: str, found: dict[str, object]) -> None:
    """Note what axe finds, and whether the page is wider than a narrow phone."""
    if findings := axe_findings(page):
        found[name] = findings
    page.set_viewport_size({"width": 320, "height": 700})
    excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if excess > 0:
        found[f"{name}, too wide"] = excess
    if findings := axe_findings(page):
        found[f"{name}, narrow"] = findings
    page.set_viewport_size({"width": 1280, "height": 900})


def test_axe_finds_nothing_on_the_way_in(cast: Cast, live_server, open_page) -> None:
    url, found = live_server.url, {}
    cast.former.authenticator_set.all().delete()
    issued = wards.invite_person(
        ward=cast.ward, email="new@example.jp", role=Role.PLANNER, actor=cast.administrator, site=url
    )
    page = open_page()
    for name, address in (
        ("log in", "/account/login/"),
        ("reset", "/account/password/reset/"),
        ("reset done", "/account/password/reset/done/"),
        ("reset link", "/account/password/reset/key/x-y/"),
        ("invitation", issued.link.removeprefix(url)),
        ("invitation closed", "/office/invitation/x/"),
        ("cancelled", "/account/directory/login/cancelled/"),
    ):
        page.goto(url + address)
        _look(page, name, found)
    page.goto(issued.link)
    page.get_by_role("button", name="アカウントを作って始める").click()
    _look(page, "invitation with mistakes", found)
    for name, password in (("wrong password", "wrong"), ("no role", PASSWORD)):
        page.goto(f"{url}/account/login/")
        page.get_by_label("ログイン名かメールアドレス").fill("former")
        page.get_by_label("パスワード").fill(password)
        page.get_by_role("button", name="ログインする").click()
        _look(page, name, found)
    page.goto(f"{url}/account/login/")
    page.get_by_label("ログイン名かメールアドレス").fill("planner")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_url("**/account/2fa/authenticate/")
    _look(page, "second factor", found)
    assert found == {}


def test_axe_finds_nothing_on_pages_of_accounts_people_bodies_and_settings(
    cast: Cast, live_server, open_page
) -> None:
    url, found = live_server.url, {}
    wards.invite_person(
        ward=cast.ward, email="new@example.jp", role=Role.PLANNER, actor=cast.administrator, site=url
    )
    wards.add_alias(cast.promotion, "地振", actor=cast.planner)
    wards.change_ward(
        ward=cast.ward, actor=cast.administrator, accent="#767676", name_kana="", name_en="", contact_office="",
        contact_telephone="", contact_address="",
    )  # fmt: skip
    cast.administrator.authenticator_set.all().delete()
    page = open_page()
    enter(page, url, cast.administrator)
    page.goto(f"{url}/account/2fa/totp/activate/")
    if page.locator("input[name=password]").count():
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="確かめる").click()
    _look(page, "second factor set-up", found)
    page.get_by_label("6桁の数字").fill(code_of(page.locator("#secret").input_value()))
    page.get_by_role("button", name="設定する").click()
    _look(page, "recovery codes", found)
    office, grant = f"/office/{cast.ward.key}/", cast.clerk.role_grants.get()
    for name, address in (
        ("account", "/account/2fa/"),
        ("take off", "/account/2fa/totp/deactivate/"),
        ("new codes", "/account/2fa/recovery-codes/generate/"),
        ("sessions", "/account/sessions/"),
        ("password", "/account/password/change/"),
        ("people", f"{office}people/"),
        ("nobody found", f"{office}people/?q=none"),
        ("invite", f"{office}people/invite/"),
        ("give", f"{office}people/give/"),
        ("end", f"{office}people/roles/{grant.pk}/end/"),
        ("bodies", f"{office}bodies/"),
        ("add body", f"{office}bodies/add/"),
        ("body", f"{office}bodies/{cast.promotion.pk}/"),
        ("merge", f"{office}bodies/{cast.promotion.pk}/merge/"),
        ("merge, sure", f"{office}bodies/{cast.promotion.pk}/merge/?into={cast.welfare.pk}"),
        ("settings", f"{office}settings/"),
        ("another ward", f"/office/{cast.other_ward.key}/"),
        ("log out", "/account/logout/"),
    ):
        page.goto(url + address)
        _look(page, name, found)
    page.goto(f"{url}{office}people/invite/")
    page.get_by_role("button", name="招待する").click()
    page.wait_for_selector(".error-summary")
    _look(page, "invite with mistakes", found)
    assert found == {}


def test_an_administrator_sets_up_the_ward_by_hand(cast: Cast, live_server, open_page) -> None:
    """Invite, end, rename, join, colour: in the browser, without JavaScript."""
    page = open_page(java_script_enabled=False)
    enter(page, live_server.url, cast.administrator)
    office = f"{live_server.url}/office/{cast.ward.key}/"
    page.goto(f"{office}people/")
    page.get_by_role("link", name="招待する").click()
    page.get_by_label("メールアドレス").fill("new@example.jp")
    page.get_by_label("役割必須").select_option("planner")
    page.get_by_role("button", name="招待する").click()
    assert f"{live_server.url}/office/invitation/" in page.get_by_label("招待のリンク").input_value()

    page.get_by_role("row", name="Clerk").get_by_role("link", name="終える").click()
    page.get_by_label("理由").fill("異動")
    page.get_by_role("button", name="この役割を終える").click()
    assert "Clerkさんの「職員」の役割を終えました" in page.locator(".messages").inner_text()
    assert not rights_of(cast.clerk).grants

    page.get_by_role("link", name="実施主体").click()
    page.get_by_role("link", name="地域振興課").click()
    page.get_by_label("名称必須").fill("地域力推進課")
    page.get_by_role("button", name="名称を変える").click()
    assert page.locator("h1").inner_text() == "地域力推進課"
    page.get_by_role("link", name="ほかの実施主体にまとめる").click()
    page.get_by_label("まとめる先").select_option(label="福祉保健課")
    page.get_by_role("button", name="確かめる").click()
    page.get_by_role("button", name="まとめる").click()
    assert page.locator("h1").inner_text() == "福祉保健課"

    page.get_by_role("link", name="区の設定").click()
    page.get_by_label("そのほかの色").fill("#0a6b3d")
    with page.expect_navigation():
        page.get_by_role("button", name="保存する").click()
    ground = page.get_by_role("button", name="保存する").evaluate(
        "each => getComputedStyle(each).backgroundColor"
    )
    assert ground == "rgb(10, 107, 61)"
