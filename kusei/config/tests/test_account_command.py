"""`kusei account`: the last way back in."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from kusei.config import cli
from kusei.wards.models import AuditEntry
from tests.cast import Cast

pytestmark = pytest.mark.slow


def test_the_operator_helps_the_last_administrator(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    name = cast.administrator.username
    assert cli.main(["account", name]) == 0
    assert "みらい区" in capsys.readouterr().out
    assert cli.main(["account", name, "--take-second-factor", "--password-link"]) == 1
    assert "理由" in capsys.readouterr().err
    assert (
        cli.main(["account", name, "--take-second-factor", "--password-link", "--reason", "端末の紛失"]) == 0
    )
    told = capsys.readouterr().out
    link = next(line for line in told.splitlines() if line.startswith("http"))
    page = Client().get(urlsplit(link).path, follow=True).content.decode()
    assert "新しいパスワード" in page
    assert not Authenticator.objects.filter(user=cast.administrator).exists()
    assert AuditEntry.objects.filter(reason="端末の紛失", way="command", ward=cast.ward).count() == 2
