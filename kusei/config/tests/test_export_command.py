"""`kusei export-plan`: the same columns as the office's Excel, in three formats."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kusei.config import cli
from kusei.plans import operations as plans
from kusei.plans.draft_sheet import HEADINGS
from kusei.plans.rules import Entry
from tests.cast import Cast

pytestmark = pytest.mark.slow

ASKED = ["export-plan", "みらい区", "--year", "令和3年度", "--kind", "budget"]
ENTRIES = (
    Entry(0, None, 0, "measure", "1", "安全なまち"),
    Entry(1, 0, 1, "project", "1", "=防災対策事業", owners=("総務課",), text="備えます。\n続けます。"),
)


@pytest.fixture
def plan(cast: Cast) -> Cast:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2021, kind="budget", actor=cast.planner, entries=ENTRIES, title="予算"
    )
    return cast


def export(tmp_path: Path, *more: str) -> Path:
    path = tmp_path / "out"
    assert cli.main([*ASKED, *more, "--output", str(path)]) == 0
    return path


def test_a_workbook_has_the_offices_columns(plan: Cast, tmp_path: Path) -> None:
    sheet = load_workbook(io.BytesIO(export(tmp_path).read_bytes())).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [str(name) for name in HEADINGS.values()]
    title = list(HEADINGS).index("title")
    assert [row[title] for row in rows[1:3]] == ["安全なまち", "=防災対策事業"]


def test_a_table_runs_no_formula(plan: Cast, tmp_path: Path) -> None:
    path = export(tmp_path, "--format", "csv", "--as", plan.partner.username)
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[0] == [str(name) for name in HEADINGS.values()]
    assert rows[2][list(HEADINGS).index("title")] == "'=防災対策事業"
    assert rows[2][list(HEADINGS).index("text")] == "備えます。\n続けます。"
    assert len(rows) == 3


def test_json_says_what_it_is_of(plan: Cast, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main([*ASKED, "--format", "json", "--output", "-"]) == 0
    whole = json.loads(capsysbinary.readouterr().out)
    assert (whole["ward"], whole["fiscal_year"], whole["version"], whole["status"]) == (
        "みらい区", 2021, 1, "published",
    )  # fmt: skip
    assert set(whole["items"][0]) == set(HEADINGS) == set(whole["columns"])
    assert whole["items"][1]["owners"] == "総務課"


def test_the_draft_is_not_the_version_in_force(plan: Cast, tmp_path: Path) -> None:
    draft = plans.open_draft(ward=plan.ward, fiscal_year=2021, kind="budget", actor=plan.planner)
    plans.edit_item(
        version=draft, item=draft.texts.first().item_id, changes={"title": "あんしんなまち"}, revision=1, actor=plan.planner
    )  # fmt: skip
    title = list(HEADINGS).index("title")
    said = {}
    for more in ((), ("--draft",), ("--version", "1")):
        path = export(tmp_path, "--format", "csv", *more)
        said[more] = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))[1][title]
    assert said == {(): "安全なまち", ("--draft",): "あんしんなまち", ("--version", "1"): "安全なまち"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--kind", "policy"], "令和3年度 予算"),
        (["--year", "いつか"], "年度「いつか」がわかりません"),
        (["--draft"], "下書きはありません"),
        (["--version", "7"], "公開した版: 1"),
        (["--output", "/no/such/folder/x.xlsx"], "書き出せません"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    plan: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path, more: list[str], told: str
) -> None:
    where = [] if "--output" in more else ["--output", str(tmp_path / "x")]
    assert cli.main([*ASKED, *more, *where]) in {1, 2}
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_without_a_name_the_file_is_called_like_the_plan(
    plan: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(ASKED) == 0
    assert [each.name for each in tmp_path.iterdir()] == ["みらい区_令和3年度_予算_第1版.xlsx"]
