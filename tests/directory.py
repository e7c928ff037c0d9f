"""A staff directory that really runs: an OpenID Connect provider on a port of this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from kusei.config.directory import provider_from

LOGIN = "/account/oidc/directory/login/"


@dataclass(frozen=True)
class Directory:
    """The running provider."""

    url: str

    def employ(self, sub: str, **claims: Any) -> None:
        """Let the directory know somebody, or know them otherwise from now on."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=10).raise_for_status()

    def send_in(self, client: Client, sub: str, *, to: str = "", **also: Any) -> Any:
        """The whole way of a log-in: to the directory over HTTP, back with its answer."""
        start = client.get(LOGIN, {"next": to} if to else {})
        assert start.status_code == 302, start.content.decode()
        address = start["Location"]
        assert address.startswith(f"{self.url}/oauth2/authorize?")
        back = requests.post(address, data={"sub": sub, **also}, allow_redirects=False, timeout=10)
        parts = urlsplit(back.headers["Location"])
        assert (parts.netloc, parts.path) == ("testserver", f"{LOGIN}callback/")
        return client.get(f"{parts.path}?{parts.query}")


@pytest.fixture(scope="session")
def running_directory() -> Iterator[str]:
    import oidc_provider_mock  # it brings Flask, which other tests need not load

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def settings_for(url: str, **more: str) -> dict[str, Any]:
    """The settings of an installation whose directory is at `url`."""
    return provider_from(
        {
            "KUSEI_OIDC_URL": url,
            "KUSEI_OIDC_CLIENT_ID": "kusei",
            "KUSEI_OIDC_SECRET": "only-for-tests",
            "KUSEI_OIDC_NAME": "みらい市職員認証",
            **more,
        }
    )


@pytest.fixture
def directory(running_directory: str, settings) -> Directory:
    """The provider, and Kusei set to it."""
    settings.SOCIALACCOUNT_PROVIDERS = settings_for(running_directory)
    return Directory(running_directory)
