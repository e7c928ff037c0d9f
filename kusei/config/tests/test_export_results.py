"""`kusei export-results`: the year's workbook from the command line, published or as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.config import cli
from kusei.results import operations as results
from kusei.results.queries.years import published_year
from kusei.results.year_workbook import write_year
from tests.wide_year import WideYear, wide_year

pytestmark = pytest.mark.slow


@pytest.fixture
def year(db: None) -> WideYear:
    return wide_year("横浜市都筑区", 4, bodies=2)


def asked(year: WideYear, *more: str) -> list[str]:
    return [
        "export-results",
        "横浜市都筑区",
        "--year",
        str(year.plan.fiscal_year),
        "--kind",
        "action_plan",
        *more,
    ]


def test_a_published_year_is_written_as_the_site_gives_it(
    year: WideYear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results.approve_answers(answers=year.shown(), actor=year.planner)
    version = results.publish_results(collection=year.collection, actor=year.planner)
    monkeypatch.chdir(tmp_path)
    assert cli.main(asked(year)) == 0
    [written] = tmp_path.iterdir()
    assert written.name.endswith("_取組結果_第2版.xlsx")
    assert written.read_bytes() == write_year(published_year(version))
    assert "4件の取組" in capsys.readouterr().out


def test_what_is_collected_is_written_under_a_name_that_says_so(
    year: WideYear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(asked(year, "--live")) == 0
    assert [each.name.endswith("_公開前.xlsx") for each in tmp_path.iterdir()] == [True]


@pytest.mark.parametrize(("more", "told"), [(("--version", "9"), "公開した版: 1"), (("--live",), "取りまとめが始まっていません")])  # fmt: skip
def test_what_is_not_there_is_said(
    year: WideYear, more: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if "--live" in more:
        year.collection.answers.all().delete()
        year.collection.delete()
    assert cli.main(asked(year, *more, "--output", str(tmp_path / "x"))) == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
