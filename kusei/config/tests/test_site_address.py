"""Links that commands print lead to where the site runs."""

from __future__ import annotations

import pytest

from kusei.config.site_address import address_warning, remember_address, site_address


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", 8391, "http://localhost:8391"),
        ("0.0.0.0", 8000, "http://localhost:8000"),
        ("kusei.example", 80, "http://kusei.example:80"),
        ("fd00::5", 8001, "http://[fd00::5]:8001"),
    ],
)
def test_the_port_last_served_is_remembered(tmp_path, host: str, port: int, address: str) -> None:
    remember_address(host, port, tmp_path)

    assert site_address({}, tmp_path) == address


def test_the_setting_wins_over_what_is_remembered(tmp_path) -> None:
    remember_address("127.0.0.1", 8391, tmp_path)

    assert site_address({"KUSEI_SITE_URL": "https://kusei.example/"}, tmp_path) == "https://kusei.example"


def test_a_site_never_served_and_a_folder_that_is_not_there_have_the_default(tmp_path) -> None:
    remember_address("127.0.0.1", 8391, tmp_path / "nowhere")

    assert site_address({}, tmp_path / "nowhere") == "http://localhost:8000"


@pytest.mark.parametrize(
    ("environment", "is_told"),
    [
        ({}, False),
        ({"KUSEI_MAIL_URL": "folder:///mails"}, False),
        ({"KUSEI_MAIL_URL": "smtp://mail.example.jp"}, True),
        ({"KUSEI_PROXIES": "1"}, True),
        ({"KUSEI_PROXIES": "0"}, False),
        ({"KUSEI_PROXIES": "1", "KUSEI_SITE_URL": "https://ku.example.jp"}, False),
    ],
)
def test_who_serves_hears_when_links_lead_to_this_machine_alone(
    environment: dict[str, str], is_told: bool
) -> None:
    told = address_warning(environment, "http://localhost:8001")
    assert ("http://localhost:8001" in told, "KUSEI_SITE_URL" in told) == (is_told, is_told)
