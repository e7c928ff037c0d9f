"""Somebody at a browser who logs in, for tests."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.cast import PASSWORD


def log_in(client: Client, name: str, password: str = PASSWORD, *, to: str = ""):
    """Send the log-in form; the answer is what the form leads to."""
    return client.post("/account/login/", {"login": name, "password": password, "next": to})


def code_of(secret: str) -> str:
    """The six figures that an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
