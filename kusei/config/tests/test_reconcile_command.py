"""`kusei reconcile` prints what does not agree and says so by its exit code."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.config.cli import main
from kusei.ledger import operations as ledger
from kusei.ledger.models import KeptSum, ReportCell
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.tests.ground import Ground


@pytest.fixture
def reported(ground: Ground) -> Ground:
    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2026, item=ground.items[0], body=ground.cast.promotion,
        changes=[CellChange(ground.times.pk, date(2026, 6, 1), 25)], proof=Proof("form", date(2026, 7, 1)),
        revision=0, owners=[ground.cast.promotion.pk], actor=ground.cast.clerk,
    )  # fmt: skip
    return ground


def test_what_agrees_is_clean(reported: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile"]) == 0
    assert "合っています" in capsys.readouterr().out


def test_a_record_changed_behind_the_ledger_is_told(
    reported: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    ReportCell.objects.update(quantity=26)
    assert main(["reconcile", "みらい区", "--year", "令和8年度"]) == 1
    told = capsys.readouterr().out
    assert "みらい区 令和8年度" in told
    assert "もとの記録は26、実績は25" in told
    assert main(["reconcile", "みらい区", "--year", "R7"]) == 0


def test_wrong_sums_are_told_and_worked_out_anew(
    reported: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    KeptSum.objects.update(quantity=1)
    assert main(["reconcile"]) == 1
    assert "保存してある合計" in capsys.readouterr().out
    assert main(["reconcile", "--rebuild-sums"]) == 0


def test_a_year_that_is_none_is_told(reported: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", "--year", "去年"]) == 2
    assert "「去年」" in capsys.readouterr().err
