"""The months' workbook: what is written comes back, wherever it was moved; what is wrong is told by cell."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kusei.ledger.month_book import MONTHS, Address, BookRow, read_book, write_book
from kusei.press.workbooks import WorkbookRefused

ADDRESS = Address("mirai", 2026, 7)
DECIMALS = {"times": 0, "metres": 1}
ROWS = (
    BookRow("a1", "健康教室", "times", "回数", "回", 0, {4: 3, 12: 4, 3: 5}),
    BookRow("a2", "道路の整備", "metres", "長さ", "m", 1, {6: 1205}),
)


def opened(rows=ROWS) -> tuple[object, Worksheet]:
    book = load_workbook(io.BytesIO(write_book(ADDRESS, rows, body_name="地域振興課")))
    return book, book.worksheets[0]


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def numbers(content: bytes) -> dict[tuple[str, int], int]:
    return {(cell.key[0], cell.month): cell.quantity for cell in read_book(content, DECIMALS).cells if cell.quantity is not None}  # fmt: skip


def problems(book) -> list[tuple[str, str]]:
    return [(each.at, each.message) for each in read_book(saved(book), DECIMALS).problems]


def test_what_is_written_comes_back() -> None:
    content = write_book(ADDRESS, ROWS, body_name="地域振興課")
    read = read_book(content, DECIMALS)
    assert read.address == ADDRESS
    assert read.problems == ()
    assert numbers(content) == {("a1", 4): 3, ("a1", 12): 4, ("a1", 3): 5, ("a2", 6): 1205}
    assert len(read.cells) == 24


@pytest.mark.slow
@given(st.lists(st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 10**9)), max_size=4))
@settings(max_examples=20)
def test_any_numbers_come_back(months) -> None:
    rows = [
        BookRow(f"a{place}", "取組", "times", "回数", "回", 0, numbers)
        for place, numbers in enumerate(months)
    ]
    content = write_book(ADDRESS, rows, body_name="課")
    said = {
        (f"a{place}", month): value
        for place, numbers in enumerate(months)
        for month, value in numbers.items()
    }
    assert numbers(content) == said


def test_moved_columns_and_rows_are_found_by_their_names() -> None:
    book, sheet = opened()
    sheet.insert_cols(3, 2)
    sheet.insert_rows(2, 3)
    assert numbers(saved(book)) == {("a1", 4): 3, ("a1", 12): 4, ("a1", 3): 5, ("a2", 6): 1205}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("約25", "数として読めません"),
        (-3, "0より小さい"),
        (2.5, "数として読めません"),
        (True, "数として読めません"),
        ("=A1+B1", "式の結果が保存されていません"),
        (10**16, "数として読めません"),
    ],
)
def test_what_is_no_count_is_told_by_its_cell(value, words: str) -> None:
    book, sheet = opened()
    sheet["E5"] = value
    [(at, message)] = problems(book)
    assert at == "E5"
    assert words in message


def test_full_width_digits_and_commas_are_numbers() -> None:
    book, sheet = opened()
    sheet["E5"] = "１，２５１"
    assert numbers(saved(book))["a1", 4] == 1251


def test_merged_cells_strange_rows_and_double_rows_are_told() -> None:
    book, sheet = opened()
    sheet.merge_cells("E5:F5")
    sheet["E7"] = 4
    sheet["A8"] = sheet["A5"].value
    sheet["E9"] = 2
    sheet["A9"] = "a1 gone"
    found = problems(book)
    assert [at for at, _message in found] == ["E5:F5", "7", "8", "9"]
    assert "5行目と同じ" in found[2][1]


def test_a_month_that_stands_twice_is_refused_instead_of_guessed() -> None:
    book, sheet = opened()
    sheet["R4"] = "5月"
    with pytest.raises(WorkbookRefused, match="「5月」の列が二つ"):
        read_book(saved(book), DECIMALS)


@pytest.mark.parametrize(("total", "told"), [(7, ["Q5"]), (12, []), ("=SUM(E5:P5)", []), (None, [])])
def test_a_row_pushed_aside_is_told_by_its_sum(total, told: list[str]) -> None:
    """March's number was pushed into the sums when somebody inserted a cell; sums pasted as values are none."""
    book, sheet = opened()
    sheet["Q5"] = total
    assert [at for at, _message in problems(book)] == told


def test_a_lost_heading_and_a_changed_mark_are_told() -> None:
    book, sheet = opened()
    sheet["F4"] = "五月"
    with pytest.raises(WorkbookRefused, match="「5月」"):
        read_book(saved(book), DECIMALS)
    book, sheet = opened()
    sheet["A3"] = "kusei-months-1 mirai"
    with pytest.raises(WorkbookRefused, match="書き換えられています"):
        read_book(saved(book), DECIMALS)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"a,b,c\n1,2,3\n"])
def test_other_files_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(WorkbookRefused):
        read_book(content, DECIMALS)


def test_another_workbook_and_one_without_end_are_refused() -> None:
    book, sheet = opened()
    sheet["A3"] = None
    with pytest.raises(WorkbookRefused, match="様式ではありません"):
        read_book(saved(book), DECIMALS)
    book, sheet = opened()
    sheet.cell(row=50_000, column=5, value=1)
    with pytest.raises(WorkbookRefused, match="行が多すぎます"):
        read_book(saved(book), DECIMALS)


def test_rows_of_districts_come_back_as_such() -> None:
    rows = (
        BookRow("a1", "健康教室", "times", "回数", "回", 0, {4: 3}),
        BookRow("a1", "健康教室", "times", "回数", "回", 0, {5: 2}, district=12, district_name="緑園"),
    )
    book, sheet = opened(rows)
    assert sheet["C6"].value == "回数　緑園"
    read = read_book(saved(book), DECIMALS)
    assert {(cell.key, cell.month): cell.quantity for cell in read.cells if cell.quantity} == {
        (("a1", "times", 0), 4): 3, (("a1", "times", 12), 5): 2,
    }  # fmt: skip
    assert read.seen == {(("a1", "times", 0), 4): 3, (("a1", "times", 12), 5): 2}
    assert read.problems == ()


def test_what_the_form_had_shown_comes_back_with_it_unless_its_sheet_is_gone() -> None:
    book, sheet = opened()
    sheet["E5"] = 9
    assert read_book(saved(book), DECIMALS).seen == {
        (("a1", "times", 0), 4): 3, (("a1", "times", 0), 12): 4, (("a1", "times", 0), 3): 5,
        (("a2", "metres", 0), 6): 1205,
    }  # fmt: skip
    del book["Kusei"]
    assert read_book(saved(book), DECIMALS).seen is None


def test_cells_merged_across_half_a_sheet_are_refused_before_they_fill_the_memory() -> None:
    content = write_book(ADDRESS, ROWS, body_name="地域振興課")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            text = old.read(each)
            if each.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(
                    b"</sheetData>",
                    b'</sheetData><mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>',
                )
            new.writestr(each, text)
    with pytest.raises(WorkbookRefused, match="結合"):
        read_book(out.getvalue(), DECIMALS)


@pytest.mark.slow
def test_a_lone_cell_far_to_the_right_does_not_matter() -> None:
    book, sheet = opened()
    sheet["XFA2900"] = 1
    assert numbers(saved(book))["a1", 4] == 3


def test_sums_of_decimals_are_read_as_excel_shows_them() -> None:
    book, sheet = opened()
    sheet["G6"] = 0.1 + 0.2
    assert numbers(saved(book))["a2", 6] == 3


@pytest.mark.parametrize(("shape", "told"), [("0%", "「10%」は数として読めません"), ('0"%"', "")])
def test_a_percentage_is_asked_about_and_never_taken_for_a_hundredth(shape: str, told: str) -> None:
    book, sheet = opened()
    sheet["G6"] = 0.1
    sheet["G6"].number_format = shape
    found = problems(book)
    assert [told in message for _at, message in found] == [True] * bool(told)


def with_part(name: str, change, *, into: str = "") -> bytes:
    """The form with one of its parts changed, perhaps under another name."""
    content = write_book(ADDRESS, ROWS, body_name="地域振興課")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            text = old.read(each)
            if each.filename == name:
                new.writestr(into or name, change(text))
            else:
                new.writestr(each, text.replace(name.rpartition("/")[2].encode(), (into or name).rpartition("/")[2].encode()))  # fmt: skip
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("into", ["", "xl/worksheets/sheet1.dat"])
@pytest.mark.parametrize("ref", [b"'A9:XFD1048576'", b'"a9:xfd1048576"', b'"$A$9:$XFD$1048576"'])
def test_half_a_sheet_is_refused_however_it_is_written(ref: bytes, into: str) -> None:
    merged = b"</sheetData><mergeCells count='1'><mergeCell ref=" + ref + b"/></mergeCells>"
    content = with_part(SHEET, lambda text: text.replace(b"</sheetData>", merged), into=into)
    with pytest.raises(WorkbookRefused, match="結合"):
        read_book(content, DECIMALS)


def test_other_letters_hide_nothing() -> None:
    content = with_part(
        SHEET, lambda text: text.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    )
    with pytest.raises(WorkbookRefused, match="壊れていて"):
        read_book(content, DECIMALS)


@pytest.mark.parametrize(
    "bomb", [b"<row>" + b"<c/>" * 400_000 + b"</row>", b"<!--" + b" " * 32_000_000 + b"-->"]
)
def test_what_unpacks_to_too_much_is_refused_before_it_is_opened(bomb: bytes) -> None:
    content = with_part(SHEET, lambda text: text.replace(b"</sheetData>", bomb + b"</sheetData>"))
    assert len(content) < 100_000
    with pytest.raises(WorkbookRefused, match=r"多すぎ|大きすぎ"):
        read_book(content, DECIMALS)
