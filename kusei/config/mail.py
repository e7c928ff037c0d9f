"""KUSEI_MAIL_URL → Django's mail settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
_TIMEOUT_SECONDS = 10


def mail_from_url(url: str) -> dict[str, Any]:
    """Return the settings for `url`: smtp://host, smtp+tls://user:password@host:587 (STARTTLS), smtps://… (TLS from the start).

    Empty or `console://`: mails are printed where the server runs. `folder:///path`: each becomes a file there, to try things with.
    Raises ValueError for anything else.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "folder" and not parts.hostname and parts.path:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(
            f"KUSEI_MAIL_URL: {parts.scheme!r} is not known; use smtp://host, smtp+tls://…, smtps://… or folder:///path"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": _TIMEOUT_SECONDS,
    }
