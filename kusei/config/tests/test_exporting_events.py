"""`kusei export-events` writes the open data of activities."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.config import cli
from kusei.ledger.tests.ground import Ground, ground
from kusei.services.activities.tests.ground import activity_of

__all__ = ["ground"]


def test_the_command_writes_what_residents_see(
    ground: Ground, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    activity_of(ground, title="防災フェア")
    activity_of(ground, title="準備中の会", published=False)
    out = tmp_path / "event.csv"
    assert cli.main(["export-events", ground.cast.ward.name, "--output", str(out)]) == 0
    assert "1回" in capsys.readouterr().out
    written = out.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert "防災フェア" in written.decode()
    assert "準備中の会" not in written.decode()
    assert cli.main(["export-events", ground.cast.ward.name, "--year", "いつか"]) == 1
