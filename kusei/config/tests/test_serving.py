"""`kusei serve` starts only where the database is up to date and nobody else listens."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

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

    assert serving.run(argparse.Namespace(host="127.0.0.1", port=1, workers=1, no_worker=True)) == 1
    assert "kusei manage migrate" in capsys.readouterr().err


@pytest.mark.django_db
def test_taken_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """granian shares its port: without asking first, two servers would answer in turns."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as granian does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert serving.run(argparse.Namespace(host="127.0.0.1", port=port, workers=1, no_worker=True)) == 1
        assert "--port" in capsys.readouterr().err
    assert serving.listening_problem("127.0.0.1", port) is None
    assert "65535" in (serving.listening_problem("127.0.0.1", 99999) or "")
    assert "nowhere.invalid" in (serving.listening_problem("nowhere.invalid", 8000) or "")


@pytest.mark.django_db
def test_links_in_mails_lead_to_the_port_on_which_it_listens(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """granian forks what answers, so it has the settings that were read before the port was known."""
    told: list[str] = []

    class Site:
        def __init__(self, *_given: object, **_named: object) -> None: ...

        def serve(self) -> None:
            told.append(settings.KUSEI_SITE_URL)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr("granian.Granian", Site)
    monkeypatch.setattr(serving, "_gather_static_files", lambda: None)
    monkeypatch.delenv("KUSEI_SITE_URL", raising=False)
    settings.DATA_DIR, settings.KUSEI_SITE_URL = tmp_path, "http://localhost:8000"

    assert serving.run(argparse.Namespace(host="127.0.0.1", port=port, workers=1, no_worker=True)) == 0
    assert told == [f"http://localhost:{port}"]
