"""Addresses of the mail server, and what is made of them."""

from __future__ import annotations

import pytest

from kusei.config.directory import provider_from
from kusei.config.mail import mail_from_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.jp", ("mail.example.jp", 25, "", "", False, False)),
        ("smtp+tls://kusei:p%40ss@mail.example.jp", ("mail.example.jp", 587, "kusei", "p@ss", True, False)),
        ("smtps://mail.example.jp:4650", ("mail.example.jp", 4650, "", "", False, True)),
    ],
)
def test_a_mail_servers_address_becomes_settings(url: str, expected: tuple[object, ...]) -> None:
    found = mail_from_url(url)
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert tuple(found[f"EMAIL_{name}"] for name in names) == expected
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert found["EMAIL_TIMEOUT"] == 10  # a dead server must not hold up the page


@pytest.mark.parametrize("url", ["", "console://"])
def test_without_a_server_mails_are_printed(url: str) -> None:
    assert mail_from_url(url) == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


def test_to_try_things_with_mails_become_files() -> None:
    assert mail_from_url("folder:///srv/my%20mails") == {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": "/srv/my mails",
    }


@pytest.mark.parametrize(
    "url", ["mail.example.jp", "http://mail.example.jp", "smtp://", "folder://", "folder://mails"]
)
def test_any_other_address_is_a_mistake(url: str) -> None:
    with pytest.raises(ValueError, match="KUSEI_MAIL_URL"):
        mail_from_url(url)


def test_the_directory_is_asked_with_pkce_and_trusts_the_named_domains_only() -> None:
    given = {
        "KUSEI_OIDC_URL": "https://id.example.jp/",
        "KUSEI_OIDC_CLIENT_ID": "kusei",
        "KUSEI_OIDC_SECRET": "x",
        "KUSEI_OIDC_MAIL_DOMAINS": "example.jp, city.example.jp",
    }
    settings = provider_from(given)["openid_connect"]
    [app] = settings["APPS"]
    assert settings["OAUTH_PKCE_ENABLED"] is True
    assert (app["name"], app["settings"]["server_url"]) == ("市の職員認証", "https://id.example.jp")
    assert app["settings"]["verified_email"] == ["example.jp", "city.example.jp"]
    assert (
        provider_from({**given, "KUSEI_OIDC_MAIL_DOMAINS": ""})["openid_connect"]["APPS"][0]["settings"][
            "verified_email"
        ]
        is False
    )


def test_half_a_directory_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(ValueError, match="KUSEI_OIDC_CLIENT_ID, KUSEI_OIDC_SECRET: missing"):
        provider_from({"KUSEI_OIDC_URL": "https://id.example.jp"})
    assert provider_from({}) == {}
