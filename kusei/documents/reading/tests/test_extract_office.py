"""Excel, Word and HTML: spans, titles, numbers as shown, markers as printed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from openpyxl.styles import Border, Side

from kusei.documents.reading.extract import extract
from kusei.documents.reading.extract.number_formats import displayed
from kusei.documents.reading.extract.numbering import printed_number
from kusei.documents.reading.tests.test_extract_text import lines, read, tables, texts


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (1234, "General", "1234"),
        (3000.0, "General", "3000"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567, "#,##0", "1,234,567"),
        (-1500, '#,##0;"▲ "#,##0', "▲ 1,500"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (0.125, "0.0%", "12.5%"),
        (12345678, "#,##0,", "12,346"),
        (570, '#,##0"千円"', "570千円"),
        (5, "00", "05"),
        (2.5, "0.00", "2.50"),
        (dt.datetime(2021, 4, 1), "yyyy/m/d", "2021-04-01"),
        (True, "General", "TRUE"),
    ],
)
def test_numbers_come_as_the_sheet_shows_them(value: object, number_format: str, shown: str) -> None:
    assert displayed(value, number_format) == shown


def test_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "予算"
    for row in (
        ["令和５年度予算"],
        [None, None, "（単位：千円）"],
        ["事業", "額", "課"],
        ["甲", 1234, "福祉課"],
        ["乙", 5, None],
    ):
        sheet.append(row)
    sheet["B4"].number_format = "#,##0"
    sheet.merge_cells("C4:C5")
    sheet.append([])
    sheet.append(["次の表"])
    sheet.append(["番号", "名前"])
    sheet.append([1, "丙"])
    hidden = book.create_sheet("裏")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "見えない"
    path = tmp_path / "a.xlsx"
    book.save(path)

    extracted, pages = read(path)

    first, second = tables(pages)
    assert lines(pages) == [(1, "令和５年度予算"), (2, "（単位：千円）"), (7, "次の表")]
    assert texts(first) == [["事業", "額", "課"], ["甲", "1,234", "福祉課"], ["乙", "5", None]]
    assert first.caption == "予算"
    cell = first.rows[1][2]
    assert cell
    assert (cell.row_span, cell.ref, cell.line) == (2, "予算!C4", 4)
    assert texts(second) == [["番号", "名前"], ["1", "丙"]]
    assert [warning.code for warning in extracted.warnings] == ["hidden_sheet"]


def test_squared_paper_and_ruled_blank_rows(tmp_path: Path) -> None:
    """Cells merged over many narrow columns are one column; a blank row between borders does not end a table."""
    book = openpyxl.Workbook()
    sheet = book.active
    side = Side(style="thin")
    for row, (left, right) in enumerate((("事業", "額"), ("甲", "10"), (None, None), ("乙", "20")), 1):
        for column, text in ((1, left), (5, right)):
            sheet.cell(row, column, text)
            sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 3)
        for column in range(1, 9):
            sheet.cell(row, column).border = Border(left=side, right=side)
    path = tmp_path / "a.xlsx"
    book.save(path)

    _, pages = read(path)

    assert [texts(table) for table in tables(pages)] == [[["事業", "額"], ["甲", "10"], ["乙", "20"]]]


def test_a_cell_in_the_last_corner_of_a_sheet_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "始め"
    book.active["XFD1048576"] = "終わり"
    path = tmp_path / "a.xlsx"
    book.save(path)

    _, pages = read(path)

    assert [text for _, text in lines(pages)] == ["始め", "終わり"]


def test_word_document(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("計画", 0)
    document.add_heading("施策１", 1)
    document.add_paragraph("本文")
    document.add_paragraph("一つ目", style="List Number")
    document.add_paragraph("二つ目", style="List Number")
    document.add_paragraph("点", style="List Bullet")
    table = document.add_table(3, 3)
    for r in range(3):
        for c in range(3):
            table.cell(r, c).text = f"{r}{c}"
    for upper, lower in (((1, 0), (2, 0)), ((0, 1), (0, 2))):
        table.cell(*lower).text = ""
        merged = table.cell(*upper).merge(table.cell(*lower))
        merged.text = merged.text.strip()
    path = tmp_path / "a.docx"
    document.save(path)

    _, pages = read(path)

    assert lines(pages) == [
        (1, "計画"),
        (2, "施策１"),
        (3, "本文"),
        (4, "1. 一つ目"),
        (5, "2. 二つ目"),
        (6, "・点"),
    ]
    assert [b.heading for b in pages[0].blocks[:3]] == [1, 1, None]  # type: ignore[union-attr]
    grid = tables(pages)[0]
    assert texts(grid) == [["00", "01", None], ["10", "11", "12"], [None, "21", "22"]]
    assert [(c.row_span, c.col_span) for c in (grid.rows[0][1], grid.rows[1][0]) if c] == [(1, 2), (2, 1)]


def test_word_leaves_out_furigana_and_deleted_text(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("担い手の")
    run = paragraph.add_run("")._r
    ruby = run.makeelement(qn("w:ruby"), {})
    for tag, text in (("w:rt", "いくせい"), ("w:rubyBase", "育成")):
        part = ruby.makeelement(qn(tag), {})
        inner = part.makeelement(qn("w:r"), {})
        words = inner.makeelement(qn("w:t"), {})
        words.text = text
        inner.append(words)
        part.append(inner)
        ruby.append(part)
    run.append(ruby)
    path = tmp_path / "a.docx"
    document.save(path)

    extracted, pages = read(path)

    assert lines(pages) == [(1, "担い手の育成")]
    assert [warning.code for warning in extracted.warnings] == ["furigana_dropped"]


@pytest.mark.parametrize(
    ("number", "kind", "printed"),
    [
        (3, "decimal", "3"),
        (12, "decimalFullWidth", "１２"),
        (2, "decimalEnclosedCircle", "②"),
        (21, "decimalEnclosedCircle", "21"),
        (1, "aiueoFullWidth", "ア"),
        (3, "iroha", "ハ"),
        (14, "upperRoman", "XIV"),
        (2, "lowerLetter", "b"),
        (12, "japaneseCounting", "十二"),
    ],
)
def test_word_prints_numbers(number: int, kind: str, printed: str) -> None:
    assert printed_number(number, kind) == printed


def test_html(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        """<!DOCTYPE html><html><head><title>題</title><style>p{}</style></head><body>
<nav>トップ</nav>
<h1>計画</h1>
<p>一行目<br>二行目 <ruby>担<rt>にな</rt></ruby>い手</p>
<ul><li>甲<ol><li>子</li><li>丑</li></ol></li></ul>
<table><tr><th>事業</th><th colspan="2">額</th></tr>
<tr><td rowspan="2">乙<br>丙</td><td>1</td><td></td></tr>
<tr><td>2</td><td><ul><li>点</li></ul></td></tr></table>
<script>x</script><footer>区役所</footer></body></html>"""
    )

    extracted, pages = read(path)

    assert lines(pages) == [
        (3, "計画"), (4, "一行目"), (4, "二行目 担い手"), (5, "・甲"), (5, "　1. 子"), (5, "　2. 丑"),
    ]  # fmt: skip
    assert texts(tables(pages)[0]) == [["事業", "額", None], ["乙\n丙", "1", ""], [None, "2", "・点"]]
    assert [warning.code for warning in extracted.warnings] == ["furigana_dropped", "page_frame_skipped"]


def test_html_layout_tables_are_read_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><body><table><tr><td><p>左</p></td><td><table><tr><td>a</td><td>b</td></tr>"
        "<tr><td>c</td><td>d</td></tr></table></td></tr></table></body></html>"
    )

    _, pages = read(path)

    assert lines(pages) == [(1, "左")]
    assert [texts(table) for table in tables(pages)] == [[["a", "b"], ["c", "d"]]]


def test_huge_spans_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        '<html><table><tr><td rowspan="99999999" colspan="3">a</td><td>b</td></tr><tr><td>c</td></tr></table></html>'
    )

    _, pages = read(path)

    assert texts(tables(pages)[0]) == [["a", None, None, "b"], [None, None, None, "c"]]


def test_a_text_file_is_read_without_heavy_libraries(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "a.txt"
    path.write_text("一行")
    code = (
        "import sys; from pathlib import Path; from kusei.documents.reading.extract import extract;"
        f"list(extract(Path({str(path)!r})).pages);"
        "print([m for m in ('pdfminer', 'openpyxl', 'lxml', 'pypdfium2', 'django') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一行")
    told: list[tuple[int, int | None]] = []

    list(extract(path, progress=lambda page, total: told.append((page, total))).pages)

    assert told == [(1, 1)]
