"""Headings over tables: lines, brackets, sheets and terms; titles that are no headings of columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from kusei.documents.reading.extract import extract
from kusei.documents.reading.model import Draft, Line
from kusei.documents.reading.reader import read_blocks, read_file


def read(text: str) -> Draft:
    return read_blocks([Line(line, number) for number, line in enumerate(text.split("\n"), 1)])


def tree(draft: Draft) -> list[tuple[str, str, int]]:
    return [(item.kind, item.title, len(item.children)) for item in draft.walk()]


TWO_TABLES = """令和６年度　松風市　主要事業一覧
（単位：千円）

{0}
事業名            予算額   担当課
灯台の改築         1,200   港湾課
桟橋の修繕           800   港湾課

{1}
事業名            予算額   担当課
道標の設置         3,000   森林課
小屋の修繕           150   森林課
"""
PARTS = [
    ("measure", "海辺", 2),
    ("project", "灯台の改築", 0),
    ("project", "桟橋の修繕", 0),
    ("measure", "山里", 2),
    ("project", "道標の設置", 0),
    ("project", "小屋の修繕", 0),
]


@pytest.mark.parametrize("heads", [("海辺", "山里"), ("【海辺】", "【山里】")])
def test_each_of_several_tables_has_its_heading(heads: tuple[str, str]) -> None:
    assert tree(read(TWO_TABLES.format(*heads))) == PARTS


def test_captions_of_tables_are_no_items() -> None:
    found = tree(read(TWO_TABLES.format("事業の一覧", "予算の内訳")))
    assert found == [part for part in PARTS if part[0] == "project"]


def workbook(path: Path, names: list[str]) -> Path:
    book = Workbook()
    for at, name in enumerate(names):
        sheet = book.active if not at else book.create_sheet()
        assert sheet is not None
        sheet.title = name
        sheet.append(["令和6年度 松風市 主要事業一覧（単位：千円）"])
        sheet.append(["事業名", "予算額", "担当課"])
        sheet.append([f"灯台の改築{at}", 1200, "港湾課"])
        sheet.append([f"桟橋の修繕{at}", 800, "港湾課"])
    book.save(path)
    return path


def test_sheets_of_one_form_are_parts_by_their_names(tmp_path: Path) -> None:
    draft = read_file(workbook(tmp_path / "a.xlsx", ["海辺", "山里"]))
    assert [(kind, title) for kind, title, _ in tree(draft) if kind == "measure"] == [
        ("measure", "海辺"),
        ("measure", "山里"),
    ]


@pytest.mark.parametrize(
    "names", [["Sheet1", "Sheet2"], ["一覧1", "一覧2"], ["R5", "R6"], ["方針1・2", "方針3"]]
)
def test_names_of_sheets_that_say_nothing_head_nothing(tmp_path: Path, names: list[str]) -> None:
    assert {kind for kind, _, _ in tree(read_file(workbook(tmp_path / "a.xlsx", names)))} == {"project"}


def test_terms_of_a_web_page_are_labels(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<h1>松風市計画</h1><dl><dt>担当</dt><dd>港湾課、<b>海辺課</b></dd><dt>内容</dt><dd><ul><li>浜を掃く</li></ul></dd></dl>",
        encoding="utf-8",
    )
    lines = [block.text for page in extract(path).pages for block in page.blocks if isinstance(block, Line)]
    assert lines == ["松風市計画", "担当：港湾課、海辺課", "内容", "・浜を掃く"]


def test_numbers_of_a_long_list_take_time_in_step_with_it(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<ol start=3>" + "<li>掃く</li>" * 3000 + "</ol>", encoding="utf-8")
    lines = [block.text for page in extract(path).pages for block in page.blocks if isinstance(block, Line)]
    assert (lines[0], lines[-1]) == ("3. 掃く", "3002. 掃く")


def test_a_title_with_the_number_of_its_paper_heads_no_columns() -> None:
    draft = read(
        "第２期　松風町子育て計画　令和５年度進捗状況                         資料２\n\n"
        "番号  事業名          実施状況                    進捗    担当\n"
        "  1   妊婦訪問        ４人を訪ねた。              Ａ      健康課\n"
        "  2   離乳食教室      雨で中止した。              Ｃ      健康課\n"
    )
    assert (draft.title, draft.fiscal_year, draft.kind) == (
        "第2期 松風町子育て計画 令和5年度進捗状況",
        2023,
        "evaluation",
    )
    assert [item.title for item in draft.walk()] == ["妊婦訪問", "離乳食教室"]
    assert [text.text for text in draft.unplaced if text.reason is None] == ["資料2"]


def test_what_a_pillar_is_spoken_of_is_no_pillar() -> None:
    draft = read(
        "基本方針３　港を直す\n基本方針３の取組一覧\n取組      担当     期間\n灯台を直す    港湾課    ４月\n桟橋を直す    港湾課    ５月\n"
    )
    assert tree(draft)[0] == ("measure", "港を直す", 2)
