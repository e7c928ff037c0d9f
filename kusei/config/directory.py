"""The city's staff directory (OpenID Connect), from the environment: KUSEI_OIDC_*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PROVIDER_ID = "directory"
"""Stands in the addresses: /account/oidc/directory/login/callback/ is what the directory must be told."""


def provider_from(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings of the log-in library for the directory; empty where none is named.

    Raises ValueError where only some of the settings that belong together are given.
    """
    names = ("KUSEI_OIDC_URL", "KUSEI_OIDC_CLIENT_ID", "KUSEI_OIDC_SECRET")
    given = [name for name in names if environment.get(name, "").strip()]
    if not given:
        return {}
    if len(given) < len(names):
        missing = ", ".join(name for name in names if name not in given)
        raise ValueError(f"{missing}: missing; the staff directory needs all of {', '.join(names)}")
    domains = words(environment.get("KUSEI_OIDC_MAIL_DOMAINS", ""))
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": PROVIDER_ID,
                    "name": environment.get("KUSEI_OIDC_NAME", "").strip() or "市の職員認証",
                    "client_id": environment["KUSEI_OIDC_CLIENT_ID"].strip(),
                    "secret": environment["KUSEI_OIDC_SECRET"].strip(),
                    "settings": {
                        "server_url": environment["KUSEI_OIDC_URL"].strip().rstrip("/"),
                        # Addresses of these domains count as verified though the directory does not say so.
                        "verified_email": domains or False,
                    },
                }
            ],
        }
    }


def words(text: str) -> list[str]:
    """The words of a setting that lists several, with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]
