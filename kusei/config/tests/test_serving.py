"""`kusei serve` starts only where the database is up to date."""

from __future__ import annotations

import argparse

import pytest

from kusei.config import serving


@pytest.mark.django_db
def test_nothing_waits_in_a_migrated_database() -> None:
    assert serving.waiting_migrations() == []


@pytest.mark.django_db
def test_serving_is_refused_while_migrations_wait(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "waiting_migrations", lambda: ["plans.0009_next"])

    assert serving.run(argparse.Namespace(host="127.0.0.1", port=1, workers=1)) == 1
    assert "kusei manage migrate" in capsys.readouterr().err
