"""What a site that residents reach by HTTPS promises."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.database
def test_django_finds_nothing_to_say_of_a_site_behind_https() -> None:
    site = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-m", "kusei", "manage", "check", "--deploy", "--fail-level", "WARNING"],
        env={**site, "KUSEI_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "kusei.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_nothing_is_asked_of_the_database_with_a_nul() -> None:
    from django.test import Client

    answer = Client().get("/search/?q=%00防災%00")
    assert answer.status_code == 200
    assert "\x00" not in answer.content.decode()
