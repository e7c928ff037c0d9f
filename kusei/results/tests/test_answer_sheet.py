"""The sheet 取組結果 of a form: what is written comes back, wherever it was moved; what is wrong is told by its cell."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook

from kusei.ledger.month_book import Address, write_book
from kusei.results.answer_sheet import AnswerLine, ReadAnswers, add_answer_sheet, read_answers, tidied
from kusei.results.answering import LONGEST_TEXT
from kusei.results.returned import Standing, compare_answers

LINES = (
    AnswerLine("a1", "1 健康教室を開く", "年12回開く", "全10回開いた。", False, {"outcome": "done", "text": "開いた。"}),
    AnswerLine("a2", "2 見守り", "", "", True, {"text": ""}),
)  # fmt: skip


def made(lines=LINES) -> bytes:
    def more(book: Workbook) -> None:
        add_answer_sheet(book, lines, note="書いてください。")

    return write_book(Address("mirai", 2026, 7), [], body_name="地域振興課", more=more)


def opened():
    book = load_workbook(io.BytesIO(made()))
    return book, book["取組結果"]


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> ReadAnswers:
    found = read_answers(content)
    assert found is not None
    return found


def said(content: bytes) -> dict[tuple[str, bool, str], str]:
    return {(each.item, each.is_part, each.name): each.text for each in read(content).said if each.text}


def test_what_is_written_comes_back_and_is_no_change() -> None:
    found = read(made())
    assert found.problems == ()
    assert said(made()) == {("a1", False, "outcome"): "done", ("a1", False, "text"): "開いた。"}
    standing = {("a1", False): Standing(1, "健康教室", {"outcome": "done", "text": "書き換わった。"})}
    assert compare_answers(found, standing).rows == ()


def test_a_form_without_the_sheet_asks_for_nothing() -> None:
    assert read_answers(write_book(Address("mirai", 2026, 7), [], body_name="課")) is None


@pytest.mark.slow
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=80))
@settings(max_examples=25, deadline=None)
def test_any_text_comes_back(text: str) -> None:
    found = said(made([AnswerLine("a1", "取組", "", "", False, {"text": text})]))
    assert found.get(("a1", False, "text"), "") == tidied(text)


def test_moved_columns_and_rows_are_found_by_their_headings() -> None:
    book, sheet = opened()
    sheet.insert_cols(5)
    sheet.insert_rows(2, 3)
    assert said(saved(book)) == said(made())


@pytest.mark.parametrize(
    ("at", "value", "told"),
    [
        ("E5", "やった", "「やった」は状況の言葉ではありません"),
        ("G5", "=A1", "式の結果が保存されていません"),
        ("A6", "a1 主", "5行目と同じ取組です"),
    ],
)
def test_what_cannot_be_taken_is_told_by_its_cell(at: str, value: str, told: str) -> None:
    book, sheet = opened()
    sheet[at] = value
    problems = read(saved(book)).problems
    assert [told in each.message for each in problems] == [True]
    assert problems[0].at in (at, at[1:])


def test_a_row_without_its_key_is_told_only_where_something_was_written() -> None:
    book, sheet = opened()
    sheet["A6"], sheet["G6"] = None, "手伝った。"
    assert [each.at for each in read(saved(book)).problems] == ["6"]
    sheet["G6"] = None
    assert read(saved(book)).problems == ()


def test_merged_cells_are_told() -> None:
    book, sheet = opened()
    sheet.merge_cells("G5:G6")
    assert [each.at for each in read(saved(book)).problems] == ["G5:G6"]


def test_without_headings_nothing_is_guessed() -> None:
    book, sheet = opened()
    sheet["E4"] = "じょうきょう"
    found = read(saved(book))
    assert (found.said, [each.at for each in found.problems]) == ((), [""])


def test_numbers_and_days_typed_as_text_are_read_as_they_look() -> None:
    book, sheet = opened()
    sheet["F5"], sheet["G5"] = 12.0, 3.5
    assert said(saved(book))[("a1", False, "reason")] == "12"
    assert said(saved(book))[("a1", False, "text")] == "3.5"


def test_what_would_change_and_what_would_not() -> None:
    book, sheet = opened()
    sheet["G5"], sheet["F5"], sheet["G6"], sheet["E6"] = "全12回開いた。", "雨のため", "手伝った。", "実施"
    found = read(saved(book))
    standing = {
        ("a1", False): Standing(1, "健康教室", {"outcome": "done", "text": "別の文。", "reason": "雨のため"}),
        ("a2", True): Standing(2, "見守り", {"text": ""}),
    }
    check = compare_answers(found, standing)
    assert [(row.name, row.now, row.new, row.is_overtaken, row.sign) for row in check.rows] == [
        ("text", "別の文。", "全12回開いた。", True, "changed"),
        ("text", "", "手伝った。", False, "added"),
    ]
    assert ["「実施した取組結果」だけ" in each.message for each in check.problems] == [True]
    other = {
        **standing,
        ("a1", False): Standing(1, "健康教室", {"outcome": "done", "text": "さらに別の文。"}),
    }
    assert compare_answers(found, other).fingerprint != check.fingerprint


@pytest.mark.parametrize(
    "standing", [{}, {("a1", False): Standing(1, "健康教室", {}, "もう提出されています")}]
)
def test_what_is_not_asked_or_closed_is_refused_once_for_its_row(standing) -> None:
    book, sheet = opened()
    sheet["F5"], sheet["G5"] = "理由", "文"
    problems = compare_answers(read(saved(book)), standing).problems
    assert len(problems) == 1


def test_a_text_that_is_too_long_is_refused() -> None:
    book, sheet = opened()
    sheet["G5"] = "長" * (LONGEST_TEXT + 1)
    standing = {("a1", False): Standing(1, "健康教室", {})}
    assert [each.at for each in compare_answers(read(saved(book)), standing).problems] == ["G5"]
