"""Logging in: password, second factor, limits, ended terms, sessions that end."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from tests.account_visitor import code_of, log_in
from tests.cast import PASSWORD, Cast, signed_in

pytestmark = pytest.mark.slow


def text(answer) -> str:
    return answer.content.decode()


def test_a_clerk_logs_in_by_name_or_by_address_and_comes_back_to_the_page(cast: Cast) -> None:
    page = f"/office/{cast.ward.key}/"
    for name in ("clerk", "clerk@example.jp"):
        client = Client()
        asked = client.get(page)
        assert (asked.status_code, asked["Location"]) == (302, f"/account/login/?next={page}")
        form = text(client.get(asked["Location"]))
        assert f'name="next" value="{page}"' in form
        assert (log_in(client, name, to=page)["Location"]) == page
        assert client.get(page).status_code == 200


def test_a_wrong_password_is_told_in_a_summary_that_leads_to_the_form(cast: Cast) -> None:
    answer = log_in(Client(), "clerk", "wrong")
    assert 'class="error-summary"' in text(answer)
    assert "ログイン名かパスワードが違います。" in text(answer)


def test_the_sixth_wrong_password_is_refused_with_how_long(cast: Cast) -> None:
    client = Client()
    told = [text(log_in(client, "clerk", f"wrong-{number}")) for number in range(6)]
    assert ["5分間はログインできません" in page for page in told] == [False] * 5 + [True]

    right = log_in(Client(), "clerk")  # another browser, another process: the count is the account's
    assert "5分間はログインできません" in text(right)
    assert log_in(Client(), "colleague").status_code == 302


def test_the_second_factor_is_asked_for_and_throttled(cast: Cast) -> None:
    client = Client()
    asked = log_in(client, "planner", to=f"/office/{cast.ward.key}/")
    assert asked["Location"] == "/account/2fa/authenticate/"
    assert client.get(f"/office/{cast.ward.key}/").status_code == 302  # not in yet

    told = [text(client.post("/account/2fa/authenticate/", {"code": "000000"})) for _ in range(6)]
    assert ["5分間" in page for page in told] == [False] * 5 + [True]
    assert all("コードが違います" in page for page in told[:5])


def test_a_planner_sets_up_the_second_factor_and_uses_it(cast: Cast) -> None:
    cast.planner.authenticator_set.all().delete()
    work = f"/office/{cast.ward.key}/"
    client = Client()
    log_in(client, "planner")
    sent_on = client.get(work)
    assert sent_on["Location"].startswith("/account/2fa/totp/activate/")
    page = text(client.get(sent_on["Location"]))  # a fresh log-in: the password is not asked for again
    assert "企画担当と区の管理者には、二段階認証が必要です。" in page
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r'readonly value="([A-Z2-7]{32})"', page)
    assert secret is not None

    assert "コードが違います" in text(client.post("/account/2fa/totp/activate/", {"code": "000000"}))
    done = client.post("/account/2fa/totp/activate/", {"code": code_of(secret[1])}, follow=True)
    codes = re.findall(r"<code>(\d+)</code>", text(done))
    assert len(codes) == 10
    assert client.get(work).status_code == 200

    for code in (code_of(secret[1]), codes[0]):
        again = Client()
        log_in(again, "planner", to=work)
        assert again.post("/account/2fa/authenticate/", {"code": code})["Location"] == work
        assert again.get(work).status_code == 200
    once_more = Client()
    log_in(once_more, "planner")
    assert "コードが違います" in text(once_more.post("/account/2fa/authenticate/", {"code": codes[0]}))


def test_whoever_holds_no_role_today_cannot_log_in_and_is_told_whom_to_ask(cast: Cast) -> None:
    client = Client()
    cast.former.authenticator_set.all().delete()
    answer = log_in(client, "former")
    assert answer.status_code == 403
    assert "今日使える役割がありません" in text(answer)
    assert cast.administrator.display_name in text(answer)
    assert "_auth_user_id" not in client.session

    assert "今日使える役割" not in text(log_in(Client(), "former", "wrong"))  # told to nobody else


def test_an_open_session_stops_when_the_role_ends_and_the_name_stays(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    assert client.get(f"/office/{cast.ward.key}/").status_code == 200

    wards.end_role(grant=cast.clerk.role_grants.get(), actor=cast.administrator, reason="異動")

    answer = client.get(f"/office/{cast.ward.key}/")
    assert answer.status_code == 403
    assert "の役割が必要です" in text(answer)
    trail = text(signed_in(cast.administrator).get(f"/office/{cast.ward.key}/trail/"))
    assert "Clerk" in trail
    assert "異動" in trail


def test_a_password_is_reset_by_mail(cast: Cast) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": "clerk@example.jp"})
    [letter] = mail.outbox
    assert letter.subject == "Kuseiのパスワードを決め直すリンク"
    link = re.search(r"http://testserver(/\S+)", letter.body)
    assert link is not None
    page = client.get(link[1], follow=True)
    assert "新しいパスワード" in text(page)
    new = "another-long-password-1"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert log_in(Client(), "clerk", new).status_code == 302
    assert log_in(Client(), "clerk").status_code == 200
    assert "このリンクは使えません" in text(Client().get(link[1], follow=True))


def test_the_link_of_the_mail_leads_to_the_site_whatever_the_request_says(cast: Cast, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for host in ("elsewhere.example", "kusei-inner:8000"):
        Client().post("/account/password/reset/", {"email": "clerk@example.jp"}, headers={"host": host})
        assert "http://testserver/account/password/reset/key/" in mail.outbox[-1].body
        assert host not in str(mail.outbox[-1].message())


def test_nobody_learns_from_the_reset_who_has_an_account(cast: Cast) -> None:
    known = Client().post("/account/password/reset/", {"email": "clerk@example.jp"})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.jp"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "このアドレスのアカウントはありません" in mail.outbox[1].body


def test_too_many_resets_are_stopped(cast: Cast) -> None:
    told = [
        Client().post("/account/password/reset/", {"email": "clerk@example.jp"}).status_code for _ in range(6)
    ]
    assert told == [302] * 5 + [429]


def test_other_machines_are_logged_out(cast: Cast) -> None:
    here, there = Client(), Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Edg/130.0"})
    for client in (here, there):
        log_in(client, "clerk")
        client.get(f"/office/{cast.ward.key}/")
    page = text(here.get("/account/sessions/"))
    assert "Edge（Windows）" in page
    assert page.count("この端末") == 1

    here.post("/account/sessions/", {})

    assert there.get(f"/office/{cast.ward.key}/").status_code == 302
    assert here.get(f"/office/{cast.ward.key}/").status_code == 200


@pytest.mark.parametrize(
    ("key", "ago", "is_over", "told"),
    [
        ("kusei_seen", 59 * 60, False, ""),  # a minute to go
        ("kusei_seen", 60 * 60, True, "60分間操作がなかった"),
        ("kusei_began", 12 * 3600 - 60, False, ""),
        ("kusei_began", 12 * 3600, True, "12時間たった"),
    ],
)
def test_a_session_ends_by_idling_and_by_age(
    cast: Cast, key: str, ago: int, is_over: bool, told: str
) -> None:
    client = signed_in(cast.clerk)
    page = f"/office/{cast.ward.key}/"
    client.get(page)
    _set_back(client, key, ago)

    answer = client.get(page)

    assert (answer.status_code == 302) is is_over
    if is_over:
        assert told in text(client.get(answer["Location"]))
        assert "_auth_user_id" not in client.session


def test_reading_writes_the_session_at_most_once_a_minute(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    client.get("/office/unsent/")
    seen = client.session["kusei_seen"]
    client.get("/office/unsent/")
    assert client.session["kusei_seen"] == seen
    _set_back(client, "kusei_seen", 61)
    client.get("/office/unsent/")
    assert client.session["kusei_seen"] > seen


def test_what_was_typed_before_the_end_is_kept_for_the_same_person(cast: Cast) -> None:
    cast.administrator.authenticator_set.all().delete()
    type(cast.ward).objects.update(is_sample=True)  # no second factor in this test
    client = signed_in(cast.administrator)
    where = f"/office/{cast.ward.key}/people/invite/"
    client.get(where)
    _set_back(client, "kusei_seen", 3600)

    typed = {"email": "new@example.jp", "role": "planner", "password": "never-kept"}
    answer = client.post(where, typed)
    assert answer["Location"] == "/account/login/?next=%2Foffice%2Funsent%2F"
    assert "書いた内容は残してあります" in text(client.get(answer["Location"]))
    assert client.get("/office/unsent/").status_code == 302  # not before logging in

    log_in(client, "administrator", to="/office/unsent/")
    page = text(client.get("/office/unsent/"))
    assert 'name="email" value="new@example.jp"' in page
    assert f'action="{where}"' in page
    assert "never-kept" not in page

    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert client.post(where, sent)["Location"] == f"/office/{cast.ward.key}/people/"


def test_what_was_typed_is_not_shown_to_somebody_else(cast: Cast) -> None:
    type(cast.ward).objects.update(is_sample=True)
    client = signed_in(cast.administrator)
    client.get(f"/office/{cast.ward.key}/")
    _set_back(client, "kusei_seen", 3600)
    client.post(f"/office/{cast.ward.key}/people/invite/", {"email": "new@example.jp"})

    log_in(client, "clerk")

    assert client.get("/office/unsent/")["Location"] == "/office/"
    assert "kusei_unsent" not in client.session


def test_a_form_sent_after_logging_out_is_said_not_to_have_arrived(cast: Cast) -> None:
    client = Client()
    answer = client.post(f"/office/{cast.ward.key}/people/invite/", {"email": "new@example.jp"})
    assert answer["Location"] == "/account/login/?next=/office/"
    assert "いま送った内容は届いていません" in text(client.get(answer["Location"]))


def test_a_part_of_a_page_leads_the_whole_page_to_the_log_in(cast: Cast) -> None:
    page = f"/office/{cast.ward.key}/people/"
    answer = Client().get(page, headers={"HX-Request": "true", "HX-Current-URL": page})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/account/login/?next={page}")


def test_sessions_are_as_long_as_the_settings_say() -> None:
    assert (settings.KUSEI_SESSION_IDLE_MINUTES, settings.KUSEI_SESSION_HOURS) == (60, 12)


def test_a_role_to_come_lets_in_from_its_day(cast: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    cast.resident.role_grants.all().delete()
    wards.grant_role(
        ward=cast.ward, person=cast.resident, role=Role.STAFF, body=cast.welfare, starts_on=tomorrow,
        actor=cast.administrator,
    )  # fmt: skip
    assert log_in(Client(), "resident").status_code == 403
    cast.resident.role_grants.update(starts_on=timezone.localdate())
    assert log_in(Client(), "resident").status_code == 302


def test_passwords_are_changed_with_the_old_one(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    wrong = client.post(
        "/account/password/change/",
        {"oldpassword": "wrong", "password1": "short", "password2": "short"},
    )
    assert "いまのパスワードが違います。" in text(wrong)
    new = "another-long-password-1"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert log_in(Client(), "clerk", new).status_code == 302


def _set_back(client: Client, key: str, seconds: int) -> None:
    session = client.session
    session[key] = time.time() - seconds
    session.save()


def test_where_no_mail_goes_out_the_way_to_a_new_password_is_told(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = text(Client().get("/account/password/reset/"))
    assert "いまはメールを送れない設定のため" in page
    assert "リンクを送る</button>" not in page
    answer = Client().post("/account/password/reset/", {"email": "clerk@example.jp"})
    assert answer.status_code == 200
    assert "区の管理者に頼んでください" in text(answer)


@pytest.mark.parametrize("whose", ["clerk@example.jp", "nobody@example.jp"])
def test_a_mail_server_that_is_away_is_told(cast: Cast, settings: Any, whose: str) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = Client().post("/account/password/reset/", {"email": whose})
    assert answer.status_code == 503
    assert "メールを送れませんでした" in text(answer)
