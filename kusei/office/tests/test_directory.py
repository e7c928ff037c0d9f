"""Log-ins by the city's staff directory, against a provider that really runs, through the whole way there and back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import Person
from kusei.wards.permissions import rights_of
from tests.account_visitor import log_in
from tests.cast import Cast, signed_in
from tests.directory import LOGIN, Directory, settings_for

pytestmark = [pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"), pytest.mark.slow]


def text(answer) -> str:
    return answer.content.decode()


def test_the_log_in_page_has_a_button_with_the_directorys_name(db: None, directory: Directory) -> None:
    page = text(Client().get("/account/login/?next=/office/x/"))
    assert f'href="{LOGIN}?next=%2Foffice%2Fx%2F">みらい市職員認証でログインする</a>' in page


def test_without_settings_there_is_no_button_and_no_address(db: None) -> None:
    assert "oidc" not in text(Client().get("/account/login/"))
    assert Client().get(LOGIN).status_code == 404


def test_a_person_of_the_same_verified_address_is_let_in_and_keeps_the_password(
    cast: Cast, directory: Directory
) -> None:
    directory.employ("e-1", email="Clerk@example.jp", email_verified=True, phone="090-0000-0000")
    client = Client()
    work = f"/office/{cast.ward.key}/"

    assert directory.send_in(client, "e-1", to=work)["Location"] == work

    assert client.get(work).status_code == 200
    bound = SocialAccount.objects.get()
    assert (bound.user, bound.uid, bound.extra_data) == (cast.clerk, "e-1", {})
    assert log_in(Client(), "clerk").status_code == 302
    assert Person.objects.filter(email__iexact="clerk@example.jp").count() == 1


@pytest.mark.slow
def test_later_the_lasting_identifier_counts_and_not_the_address(cast: Cast, directory: Directory) -> None:
    directory.employ("e-2", email="clerk@example.jp", email_verified=True)
    directory.send_in(Client(), "e-2")
    directory.employ("e-2", email="renamed@example.jp", email_verified=True)
    client = Client()
    directory.send_in(client, "e-2")
    assert client.session["_auth_user_id"] == str(cast.clerk.pk)

    directory.employ("e-3", email="clerk@example.jp", email_verified=True)  # given to somebody else
    other = Client()
    answer = directory.send_in(other, "e-3")
    assert answer.status_code == 403
    assert "別の方のもの" in text(answer)
    assert "_auth_user_id" not in other.session


def test_nobody_gets_an_account_by_the_directory_alone(cast: Cast, directory: Directory) -> None:
    people = Person.objects.count()
    directory.employ("e-4", email="unknown@example.jp", email_verified=True)
    client = Client()
    answer = directory.send_in(client, "e-4")
    assert answer.status_code == 403
    assert "unknown@example.jp の利用者は登録されていません。" in text(answer)
    assert (Person.objects.count(), SocialAccount.objects.count()) == (people, 0)
    assert "_auth_user_id" not in client.session


@pytest.mark.slow
@pytest.mark.parametrize(("domains", "lets_in"), [("", False), ("example.com", False), ("example.jp", True)])
def test_an_address_that_nobody_verified_counts_only_in_the_citys_own_domains(
    cast: Cast, directory: Directory, settings, domains: str, lets_in: bool
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = settings_for(directory.url, KUSEI_OIDC_MAIL_DOMAINS=domains)
    directory.employ("e-5", email="clerk@example.jp")
    client = Client()
    answer = directory.send_in(client, "e-5")
    assert ("_auth_user_id" in client.session) is lets_in
    if not lets_in:
        assert "確認済みのメールアドレスが届きませんでした" in text(answer)


def test_somebody_invited_comes_in_with_the_role_that_was_offered(cast: Cast, directory: Directory) -> None:
    invited = wards.invite_person(
        ward=cast.ward, email="new@example.jp", role=Role.STAFF, body=cast.welfare, actor=cast.administrator,
        site="http://testserver",
    )  # fmt: skip
    client = Client()
    page = text(client.get(invited.link.removeprefix("http://testserver")))
    assert "みらい市職員認証でログインする" in page

    directory.employ(
        "e-6", email="new@example.jp", email_verified=True, family_name="新井", given_name="恵", preferred_username="arai"
    )  # fmt: skip
    directory.send_in(client, "e-6")

    person = Person.objects.get(email="new@example.jp")
    assert (person.display_name, person.username, person.has_usable_password()) == ("新井 恵", "arai", False)
    assert rights_of(person).bodies_in(cast.ward) == {cast.welfare.pk}
    assert client.get(f"/office/{cast.ward.key}/").status_code == 200


def test_whoever_holds_no_role_any_more_is_refused_after_the_directory_too(
    cast: Cast, directory: Directory
) -> None:
    directory.employ("e-7", email="former@example.jp", email_verified=True)
    client = Client()
    answer = directory.send_in(client, "e-7")
    assert answer.status_code == 403
    assert "今日使える役割がありません" in text(answer)
    assert "_auth_user_id" not in client.session


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trusted", "claims", "is_asked"),
    [
        ([], {"amr": ["pwd", "mfa"]}, True),  # nothing is trusted unless the settings say so
        (["mfa"], {"amr": ["pwd"]}, True),
        (["mfa"], {}, True),
        (["mfa"], {"amr": ["pwd", "mfa"]}, False),
        (["urn:city:two-factors"], {"acr": "urn:city:two-factors"}, False),
    ],
)
def test_the_second_factor_holds_after_the_directory(
    cast: Cast, directory: Directory, settings, trusted: list[str], claims: dict, is_asked: bool
) -> None:
    settings.KUSEI_OIDC_SECOND_FACTOR = trusted
    directory.employ("e-8", email="planner@example.jp", email_verified=True, **claims)
    work = f"/office/{cast.ward.key}/"
    client = Client()
    answer = directory.send_in(client, "e-8", to=work)
    assert answer["Location"] == ("/account/2fa/authenticate/" if is_asked else work)
    assert client.get(work).status_code == (302 if is_asked else 200)


def test_a_planner_without_a_second_factor_sets_one_up_unless_the_directory_has_one(
    cast: Cast, directory: Directory, settings
) -> None:
    cast.planner.authenticator_set.all().delete()
    settings.KUSEI_OIDC_SECOND_FACTOR = ["mfa"]
    work = f"/office/{cast.ward.key}/"
    for amr, status in ((["pwd"], 302), (["pwd", "mfa"], 200)):
        directory.employ("e-9", email="planner@example.jp", email_verified=True, amr=amr)
        client = Client()
        directory.send_in(client, "e-9")
        assert client.get(work).status_code == status
    password = Client()
    log_in(password, "planner")
    assert password.get(work)["Location"].startswith("/account/2fa/totp/activate/")


def test_nobody_binds_another_identity_to_an_account_that_is_logged_in(
    cast: Cast, directory: Directory
) -> None:
    directory.employ("e-10", email="other@example.jp", email_verified=True)
    client = signed_in(cast.clerk)
    answer = client.get(LOGIN, {"process": "connect"})
    assert answer.status_code == 302
    back = requests.post(answer["Location"], data={"sub": "e-10"}, allow_redirects=False, timeout=10)
    assert client.get(back.headers["Location"].removeprefix("http://testserver")).status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_asked_for_is_refused(db: None, directory: Directory) -> None:
    answer = Client().get(f"{LOGIN}callback/", {"code": "x", "state": "forged"})
    assert answer.status_code == 401
    assert "職員認証でログインできませんでした" in text(answer)


def test_saying_no_at_the_directory_leads_back(db: None, directory: Directory) -> None:
    client = Client()
    state = parse_qs(urlsplit(client.get(LOGIN)["Location"]).query)["state"][0]
    answer = client.get(f"{LOGIN}callback/", {"error": "access_denied", "state": state})
    assert answer["Location"] == "/account/directory/login/cancelled/"
    assert "職員認証をやめました" in text(client.get(answer["Location"]))


def test_a_directory_that_is_down_is_told(db: None, settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = settings_for("http://localhost:9")
    answer = Client().get(LOGIN)
    assert answer.status_code == 503
    assert "職員認証につながらない" in text(answer)
