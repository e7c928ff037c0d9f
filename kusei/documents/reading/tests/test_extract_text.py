"""Plain text, Markdown, CSV and TSV: encodings, line numbers, tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.documents.reading.extract import extract
from kusei.documents.reading.model import Extract, Line, Page, Table

TEXT = "令和５年度　計画\n１　見守り（５７０）\n\n　・担い手を育てる\n"


def read(path: Path) -> tuple[Extract, list[Page]]:
    extracted = extract(path)
    return extracted, list(extracted.pages)


def lines(pages: list[Page]) -> list[tuple[int, str]]:
    return [(b.number, b.text) for page in pages for b in page.blocks if isinstance(b, Line)]


def tables(pages: list[Page]) -> list[Table]:
    return [b for page in pages for b in page.blocks if isinstance(b, Table)]


def texts(table: Table) -> list[list[str | None]]:
    return [[cell and cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize(
    ("encoding", "codes"),
    [
        ("utf-8", []),
        ("utf-8-sig", ["encoding_marked"]),
        ("cp932", ["encoding_guessed"]),
        ("euc_jp", ["encoding_guessed"]),
        ("iso2022_jp", ["encoding_guessed"]),
        ("utf-16", ["encoding_marked"]),
        ("utf-16-le", ["encoding_guessed"]),
        ("utf-16-be", ["encoding_guessed"]),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_encoding_yields_the_same_lines(
    tmp_path: Path, encoding: str, codes: list[str], newline: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.replace("\n", newline).encode(encoding))

    extracted, pages = read(path)

    assert extracted.format == "txt"
    assert lines(pages) == [(1, "令和５年度　計画"), (2, "１　見守り（５７０）"), (4, "　・担い手を育てる")]
    assert [warning.code for warning in extracted.warnings] == codes


def test_cr_alone_ends_lines_and_form_feeds_go(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("一\r二\r\x0c三".encode())

    extracted, pages = read(path)

    assert lines(pages) == [(1, "一"), (2, "二"), (3, "三")]
    assert [page.number for page in pages] == [None]
    assert [warning.code for warning in extracted.warnings] == ["newline_cr"]


def test_a_few_broken_bytes_do_not_change_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode() + b"\xff" + TEXT.encode())

    extracted, pages = read(path)

    assert lines(pages)[0] == (1, "令和５年度　計画")
    assert [warning.code for warning in extracted.warnings] == ["broken_characters"]


def test_markdown_headings_lists_and_pipe_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "# 計画\n\n## 1. **柱**\n- 一つ目\n    - 中の`項目`\n\n| 事業 | 額 |\n|---|--:|\n| 甲 | 1,200 |\n| 乙<br>丙 |  |\n\n終わり\n"
    )

    extracted, pages = read(path)

    blocks = pages[0].blocks
    assert extracted.format == "md"
    assert [(b.text, b.heading) for b in blocks if isinstance(b, Line)] == [
        ("計画", 1), ("1. 柱", 2), ("- 一つ目", None), ("    - 中の項目", None), ("終わり", None),
    ]  # fmt: skip
    assert texts(tables(pages)[0]) == [["事業", "額"], ["甲", "1,200"], ["乙\n丙", ""]]
    assert [row[0].line for row in tables(pages)[0].rows if row[0]] == [7, 9, 10]


def test_csv_keeps_physical_lines_and_title_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('進捗一覧,,\n番号,取組,結果\n1,"二行の\n取組",済\n2,"引用 ""符"" あり",\n※注記,,\n')

    _, pages = read(path)

    table = tables(pages)[0]
    assert lines(pages) == [(1, "進捗一覧"), (6, "※注記")]
    assert texts(table) == [
        ["番号", "取組", "結果"],
        ["1", "二行の\n取組", "済"],
        ["2", '引用 "符" あり', ""],
    ]
    assert [(row[1].line, row[1].end_line, row[1].ref) for row in table.rows if row[1]] == [
        (2, 2, "R2C2"), (3, 4, "R3C2"), (5, 5, "R4C2"),
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(delimiter.join(row) for row in (["番号", "取組"], ["1", "甲"], ["2", "乙"])))

    _, pages = read(path)

    assert texts(tables(pages)[0]) == [["番号", "取組"], ["1", "甲"], ["2", "乙"]]


def test_a_quote_that_never_closes_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('番号,取組\n1,"甲\n' + "".join(f"{n},乙{n}\n" for n in range(2, 400)))

    extracted, pages = read(path)

    assert [warning.code for warning in extracted.warnings] == ["broken_quotes"]
    assert len(tables(pages)[0].rows) == 400


def test_text_with_tabs_in_every_line_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("番号\t取組\t額\n1\t甲\t10\n2\t乙\t20\n3\t丙\t30\n")

    extracted, pages = read(path)

    assert extracted.format == "tsv"
    assert len(tables(pages)[0].rows) == 4
    assert [warning.code for warning in extracted.warnings] == ["wrong_suffix"]
