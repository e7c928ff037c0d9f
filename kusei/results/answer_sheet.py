"""The sheet 取組結果 of the form in Excel that a body fills: one row for each action, its status and texts; and back.

Plain values, no database. It lies beside the sheet of months (`ledger.month_book`) in one workbook. What comes back is found by the
keys and headings that stand in it, so columns and rows may have been moved; what cannot be taken is told cell by cell.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from kusei.japanese.folding import fold
from kusei.ledger.month_book import Problem
from kusei.press.workbooks import broken
from kusei.results.answering import FIELDS
from kusei.results.enums import ANSWERABLE, Outcome

PART_FIELDS = ("text",)
"""What a body writes that shares an action and does not lead it."""

_KEY = "Kuseiの番号"
_FORMAT = "kusei-answers-1"
_SEEN_SHEET = "Kusei2"
_HEADINGS = {
    "outcome": "状況",
    "reason": "理由",
    "text": "実施した取組結果",
    "remark": "次の年度への申し送り",
}
_LEAD, _PART = "主", "分担"
_FIRST_ROW = 4
_WIDTHS = (30, 30, 34, 11, 18, 52, 28)
_LINE_POINTS = 18
_LEAST_LINES, _MOST_LINES = 3, 22  # room to write; Excel shows no row higher than 409 points
_HEADING_ROWS = 30
_MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One row of the sheet. `fields` has what stands there now; a part (`is_part`) has its text only."""

    item: str
    title: str
    planned: str
    last_year: str
    is_part: bool
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says. `at` is its address (F7)."""

    item: str
    is_part: bool
    name: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """What the sheet says, what cannot be taken over, and what it was filled with when it was made (by item, part, field)."""

    said: tuple[Said, ...] = ()
    problems: tuple[Problem, ...] = ()
    seen: Mapping[tuple[str, bool, str], str] = field(default_factory=dict)


def add_answer_sheet(book: Workbook, lines: Sequence[AnswerLine], *, note: str, request: str = "") -> None:
    """Add the sheet to a form: what was planned and last year's result to read, four columns to fill. `request` is what the
    planner asks and until when."""
    sheet = book.add_worksheet(str(_("取組結果")))
    read_only = book.add_format(
        {"bg_color": "#f2f2f2", "font_color": "#404040", "valign": "top", "text_wrap": True, "border": 1, "border_color": "#bfbfbf"}
    )  # fmt: skip
    free = book.add_format(
        {"locked": False, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#bfbfbf", "num_format": "@"}
    )  # fmt: skip
    heading = book.add_format({"bold": True, "bg_color": "#d9e6ff", "valign": "top", "align": "center"})
    sheet.write_string(0, 1, str(_("取組結果の報告")), book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 1, note)
    sheet.write_string(2, 0, _FORMAT)
    sheet.write_string(2, 1, request)
    names = [_KEY, str(_("取組")), str(_("計画したこと")), str(_("前の年度の結果")), *_HEADINGS.values()]
    for place, name in enumerate(names):
        sheet.write_string(_FIRST_ROW - 1, place, name, heading)
    for row, line in enumerate(lines, start=_FIRST_ROW):
        sheet.set_row(row, _height(line))
        key = f"{line.item} {_PART if line.is_part else _LEAD}"
        title = f"{line.title}{_('（分担）')}" if line.is_part else line.title
        for place, text in enumerate((key, title, line.planned, line.last_year)):
            sheet.write_string(row, place, text, read_only)
        for place, name in enumerate(_HEADINGS, start=len(names) - len(_HEADINGS)):
            open_here = not line.is_part or name in PART_FIELDS
            sheet.write_string(
                row, place, _shown(name, line.fields.get(name, "")), free if open_here else read_only
            )
    if lines:
        sheet.data_validation(
            _FIRST_ROW, 4, _FIRST_ROW + len(lines) - 1, 4,
            {
                "validate": "list", "source": [str(Outcome(value).label) for value in ANSWERABLE],
                "error_title": str(_("状況")), "error_message": str(_("一覧から選んでください。")),
            },
        )  # fmt: skip
    sheet.set_column(0, 0, 10, None, {"hidden": True})
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_FIRST_ROW, 2)
    sheet.protect(
        "", dict.fromkeys(("format_cells", "format_columns", "format_rows", "sort", "autofilter"), True)
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_ROW - 1)
    _write_seen(book, lines)


def _height(line: AnswerLine) -> float:
    """High enough for every text in its column, a letter of Japanese being two wide, and for three lines to be written."""
    texts = (
        line.title,
        line.planned,
        line.last_year,
        "",
        *(line.fields.get(name, "") for name in FIELDS[1:]),
    )
    lines = max(
        sum(len(each) * 2 // width + 1 for each in text.split("\n"))
        for text, width in zip(texts, _WIDTHS, strict=True)
    )
    return _LINE_POINTS * min(max(lines, _LEAST_LINES), _MOST_LINES)


def _write_seen(book: Workbook, lines: Sequence[AnswerLine]) -> None:
    """A sheet that nobody sees, with what the form showed: so what was typed is told from what merely stood there."""
    sheet = book.add_worksheet(_SEEN_SHEET)
    row = 0
    for line in lines:
        for name, text in line.fields.items():
            if text:
                for place, each in enumerate((line.item, _PART if line.is_part else _LEAD, name, text)):
                    sheet.write_string(row, place, each)
                row += 1
    sheet.very_hidden()


def _shown(name: str, text: str) -> str:
    if name == "outcome":
        return str(Outcome(text).label) if text in Outcome.values else ""
    return text


def read_answers(content: bytes) -> ReadAnswers | None:
    """What the sheet 取組結果 of a form says; None where the form has none.

    `content` was read as a form of months before, so its size is checked. Raises WorkbookRefused for a broken file.
    """
    from openpyxl import load_workbook  # slow to load

    try:
        values, typed = (load_workbook(io.BytesIO(content), data_only=only) for only in (True, False))
        seen = next((_seen(_rows(each)) for each in values.worksheets if each.title == _SEEN_SHEET), {})
        for sheet, other in zip(values.worksheets, typed.worksheets, strict=True):
            rows = _rows(sheet)
            if any(_FORMAT in row for row in rows[:_HEADING_ROWS]):
                merged = [(str(each), each.max_row - 1) for each in sheet.merged_cells.ranges]
                return _read(rows, _rows(other), merged, seen)
    except Exception as error:  # whatever a broken file makes the library raise, it is a broken file
        raise broken() from error
    return None


def _read(
    rows: list[tuple[Any, ...]],
    typed: list[tuple[Any, ...]],
    merged: Sequence[tuple[str, int]],
    seen: Mapping[tuple[str, bool, str], str],
) -> ReadAnswers:
    found = _headings(rows)
    if found is None:
        problem = Problem(
            "",
            _("「取組結果」のシートの見出しが消えています。様式を取り出し直して、書き写してください。"),
        )
        return ReadAnswers(problems=(problem,))
    heading, places, key_at = found
    said: list[Said] = []
    problems = [
        Problem(name, _("結合されたセルがあります。結合を解いて、一つずつ書いてください。"))
        for name, last_row in merged
        if last_row > heading
    ]
    rows_of: dict[tuple[str, bool], int] = {}
    for number in range(heading + 1, len(rows)):
        cells = {name: _at(rows[number], place) for name, place in places.items()}
        key = _key_of(_at(rows[number], key_at))
        if key is None:
            if any(_plain(value) for value in cells.values()):
                problems.append(
                    Problem(
                        f"{number + 1}",
                        _("この行は、どの取組の結果か分かりません。様式の行に書き直してください。"),
                    )
                )
            continue
        if key in rows_of:
            problems.append(
                Problem(
                    f"{number + 1}",
                    _("%(row)d行目と同じ取組です。一つの行にまとめてください。") % {"row": rows_of[key] + 1},
                )
            )
            continue
        rows_of[key] = number
        for name, value in cells.items():
            at = f"{xl_col_to_name(places[name])}{number + 1}"
            formula = _at(typed[number], places[name])
            if value is None and isinstance(formula, str) and formula.startswith("="):
                problems.append(
                    Problem(at, _("式の結果が保存されていません。式ではなく文を書いてください。"))
                )
                continue
            text = _plain(value)
            if name == "outcome" and text:
                outcome = _OUTCOMES.get(fold(text))
                if outcome is None:
                    words = "・".join(str(Outcome(each).label) for each in ANSWERABLE)
                    problems.append(
                        Problem(
                            at,
                            _("「%(text)s」は状況の言葉ではありません。%(words)sのどれかにしてください。")
                            % {"text": text[:20], "words": words},
                        )
                    )
                    continue
                text = outcome
            said.append(Said(*key, name, text, at))
    return ReadAnswers(tuple(said), tuple(problems), seen)


_OUTCOMES = {fold(str(Outcome(value).label)): value for value in ANSWERABLE}


def _headings(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int], int] | None:
    """The row of headings, the column of each field, and the column of the keys, wherever they stand now."""
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        names = {fold(str(value)): place for place, value in enumerate(row) if value is not None}
        if fold(_KEY) in names and all(fold(label) in names for label in _HEADINGS.values()):
            places = {name: names[fold(label)] for name, label in _HEADINGS.items()}
            return number, places, names[fold(_KEY)]
    return None


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True))


def _seen(rows: Sequence[Sequence[Any]]) -> dict[tuple[str, bool, str], str]:
    return {
        (str(row[0]), row[1] == _PART, str(row[2])): _plain(row[3])
        for row in rows
        if len(row) >= 4 and row[3] is not None and row[2] in FIELDS
    }


def _at(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _key_of(value: Any) -> tuple[str, bool] | None:
    parts = str(value).split() if value is not None else []
    return (parts[0], parts[1] == _PART) if len(parts) == 2 and parts[1] in (_LEAD, _PART) else None


def _plain(value: Any) -> str:
    """A cell as text: what Excel made a number or a day of is written out again."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if (value.hour or value.minute) else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return tidied(str(value).replace("_x000D_", ""))


def tidied(text: str) -> str:
    """A text as it is compared: browsers and Excel end lines each in their own way."""
    return text.replace("\r\n", "\n").strip()
