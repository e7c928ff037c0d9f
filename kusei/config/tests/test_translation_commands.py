"""`kusei translations` and `kusei readings`: sheets out and in, words of the ward."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kusei.config.cli import main
from kusei.plans import operations as plans
from kusei.plans.models import ItemTranslation
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from kusei.wards.models import Ward
from kusei.wards.queries import readings_of


@pytest.fixture
def ward(db) -> Ward:
    ward = wards.add_ward("みらい区", actor=wards.account_without_login("operator"))
    entries = [
        Entry(0, None, 0, "measure", "1", "安全なまち", text="備えます。"),
        Entry(1, 0, 1, "project", "1", "防災対策"),
    ]
    plans.publish_version(
        ward=ward,
        fiscal_year=2021,
        kind="policy",
        entries=entries,
        actor=wards.account_without_login("clerk"),
    )
    return ward


def sheet_command(way: str, path: Path) -> list[str]:
    return ["translations", "みらい区", way, str(path), "--language", "vi"]


def test_a_sheet_goes_out_and_comes_back(
    ward: Ward, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vi.csv"
    assert main(sheet_command("--export", path)) == 0
    assert "2項目" in capsys.readouterr().out
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [(row["日本語の題名"], row["種類"], row["状態"]) for row in rows] == [
        ("安全なまち", "施策", "未訳"),
        ("防災対策", "事業", "未訳"),
    ]

    rows[1]["訳した題名"] = "Phòng chống thiên tai"
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert main(sheet_command("--import", path)) == 0
    assert "1項目の訳を取り込みました" in capsys.readouterr().out
    assert list(ItemTranslation.objects.values_list("language", "title")) == [("vi", "Phòng chống thiên tai")]

    assert main(sheet_command("--export", path)) == 0
    assert "訳あり 1、訳が古い 0、未訳 1" in capsys.readouterr().out


def test_mistakes_are_told_cell_by_cell(
    ward: Ward, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vi.csv"
    main(sheet_command("--export", path))
    text = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([text[0], "x,,,,,Một,,", *text[1:]]), encoding="utf-8")

    assert main(sheet_command("--import", path)) == 1
    assert "2行目の「項目ID」: x" in capsys.readouterr().err
    assert not ItemTranslation.objects.exists()


def test_a_file_that_is_no_sheet(ward: Ward, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(sheet_command("--import", path)) == 2
    assert "列がありません" in capsys.readouterr().err
    assert main(sheet_command("--import", tmp_path / "nowhere.csv")) == 2


def test_readings_are_set_listed_and_removed(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readings", "みらい区", "--put", "中田", "なかた"]) == 0
    assert main(["readings", "みらい区", "--put", "中田", "ナカダ"]) == 0
    assert readings_of(ward.key) == (("中田", "なかだ"),)
    capsys.readouterr()
    assert main(["readings", "みらい区"]) == 0
    assert capsys.readouterr().out == "中田\tなかだ\n"
    assert main(["readings", "みらい区", "--put", "中田", "x"]) == 1
    assert main(["readings", "みらい区", "--remove", "中田"]) == 0
    assert main(["readings", "みらい区", "--remove", "中田"]) == 1
    assert readings_of(ward.key) == ()
