"""A body's months as a workbook for Excel, and back: one row for each action and metric, one column for each month.

Plain values, no database. What comes back is found by the keys and headings that stand in it, not by where they stood:
columns and rows may have been moved. Whatever is no number is told cell by cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from kusei.japanese.fiscal_year import wareki_year
from kusei.japanese.folding import fold
from kusei.ledger.rules import from_smallest, to_smallest
from kusei.press.workbooks import WorkbookRefused, broken, check_workbook

MOST_ROWS = 3_000
_MOST_COLUMNS = 60
_HEADING_ROWS = 30
_ROUNDING = 1e-6
_KEY = "Kuseiの番号"
_FORMAT = "kusei-months-1"
_SEEN_SHEET = "Kusei"
_MOST_UNPACKED = 30 * 1024 * 1024
_MOST_CELLS = 300_000
_MOST_ACROSS = 2_000_000
_WIDEST_MERGE = 10_000
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_MERGE = re.compile(
    rb"""<(?:[\w.-]+:)?mergeCell\b[^>]*?\bref\s*=\s*["']\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})["']"""
)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)
_FIRST_ROW = 4
_FIRST_MONTH = 4
MONTHS = tuple((month - 1) % 12 + 1 for month in range(4, 16))
"""4, 5 … 12, 1, 2, 3: the months of a fiscal year in order."""

RowKey = tuple[str, str, int]
"""(public id of the action, key of the metric, id of the district or 0)."""


@dataclass(frozen=True, slots=True)
class BookRow:
    """One row of the form. `numbers` has the quantity of each month that has one, in the metric's smallest unit."""

    item: str
    item_title: str
    metric: str
    metric_name: str
    unit: str
    decimals: int
    numbers: Mapping[int, int] = field(default_factory=dict)
    district: int = 0
    district_name: str = ""

    @property
    def key(self) -> str:
        """What the form knows the row by."""
        return f"{self.item} {self.metric}" + (f" {self.district}" if self.district else "")


@dataclass(frozen=True, slots=True)
class Address:
    """For whom a form was made: the ward's key, the fiscal year, the body's id."""

    ward: str
    fiscal_year: int
    body: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that stands in a workbook; `quantity` None where the cell is empty. `at` is its address (F7)."""

    key: RowKey
    month: int
    quantity: int | None
    at: str
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell or row, in Japanese; `at` is the cell's address, empty for the whole sheet."""

    at: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What a workbook says, and what cannot be taken over."""

    address: Address
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    seen: Mapping[tuple[RowKey, int], int] | None = None
    """What the form was filled with when it was made, by row and month; None where nobody can tell any more."""


def day_of(fiscal_year: int, month: int) -> date:
    """The first day of a month of a fiscal year."""
    return date(fiscal_year + (month < 4), month, 1)


def write_book(
    address: Address,
    rows: Sequence[BookRow],
    *,
    body_name: str,
    more: Callable[[Workbook], None] | None = None,
) -> bytes:
    """The form as .xlsx, filled with what is known: keys hidden and locked, months open, a sum for each row.

    `more` adds what else the form asks for, on sheets of its own.
    """
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = _("%(year)s 実績の報告　%(body)s") % {"year": wareki_year(address.fiscal_year), "body": body_name}
    book.set_properties({"title": title})
    sheet = book.add_worksheet(str(_("実績")))
    locked = book.add_format(
        {"bg_color": "#f2f2f2", "font_color": "#404040", "valign": "top", "text_wrap": True}
    )
    heading = book.add_format({"bold": True, "bg_color": "#d9e6ff", "valign": "top", "align": "center"})
    bold = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 1, title, bold)
    sheet.write_string(
        1, 1, str(_("白い欄に数だけを書いてください。行った月に書き、なかった月は空けておきます。"))
    )
    sheet.write_string(2, 0, f"{_FORMAT} {address.ward} {address.fiscal_year} {address.body}")
    names = [
        _KEY,
        str(_("取組")),
        str(_("数えるもの")),
        str(_("単位")),
        *(f"{m}月" for m in MONTHS),
        str(_("合計")),
    ]
    for place, name in enumerate(names):
        sheet.write_string(_FIRST_ROW - 1, place, name, heading)
    last_month = _FIRST_MONTH + 11
    for line, row in enumerate(rows, start=_FIRST_ROW):
        number = "#,##0" if row.decimals == 0 else "#,##0." + "0" * row.decimals
        free = book.add_format({"locked": False, "num_format": number, "valign": "top"})
        counted = f"{row.metric_name}　{row.district_name}" if row.district else row.metric_name
        for place, text in enumerate((row.key, row.item_title, counted, row.unit)):
            sheet.write_string(line, place, text, locked)
        for place, month in enumerate(MONTHS, start=_FIRST_MONTH):
            if month in row.numbers:
                sheet.write_number(line, place, float(from_smallest(row.numbers[month], row.decimals)), free)
            else:
                sheet.write_blank(line, place, None, free)
        first, last = xl_rowcol_to_cell(line, _FIRST_MONTH), xl_rowcol_to_cell(line, last_month)
        total = sum(row.numbers.values())
        sum_format = book.add_format({"bg_color": "#f2f2f2", "num_format": number, "valign": "top"})
        sheet.write_formula(
            line,
            last_month + 1,
            f"=SUM({first}:{last})",
            sum_format,
            float(from_smallest(total, row.decimals)),
        )
    if rows:
        sheet.data_validation(
            _FIRST_ROW, _FIRST_MONTH, _FIRST_ROW + len(rows) - 1, last_month,
            {
                "validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True,
                "error_title": str(_("数")), "error_message": str(_("0以上の数だけを書いてください。")),
            },
        )  # fmt: skip
    sheet.set_column(0, 0, 10, None, {"hidden": True})
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 2, 22)
    sheet.set_column(3, 3, 8)
    sheet.set_column(_FIRST_MONTH, last_month, 8)
    sheet.set_column(last_month + 1, last_month + 1, 10)
    sheet.freeze_panes(_FIRST_ROW, _FIRST_MONTH)
    sheet.protect(
        "", dict.fromkeys(("format_cells", "format_columns", "format_rows", "sort", "autofilter"), True)
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_ROW - 1)
    if more is not None:
        more(book)
    _write_seen(book, rows)
    book.close()
    return out.getvalue()


def _write_seen(book: Workbook, rows: Sequence[BookRow]) -> None:
    """A sheet that nobody sees, with what the form showed: so what was typed is told from what merely stood there."""
    sheet = book.add_worksheet(_SEEN_SHEET)
    for line, row in enumerate(rows):
        sheet.write_string(line, 0, row.key)
        for place, month in enumerate(MONTHS, start=1):
            if month in row.numbers:
                sheet.write_number(line, place, row.numbers[month])
    sheet.very_hidden()


def _seen(rows: Sequence[Sequence[Any]]) -> dict[tuple[RowKey, int], int]:
    found = {}
    for row in rows:
        key = _key(row[0]) if row else None
        for month, value in zip(MONTHS, row[1:], strict=False):
            if key is not None and isinstance(value, int | float) and value == int(value):
                found[key, month] = int(value)
    return found


def read_book(content: bytes, decimals: Mapping[str, int]) -> ReadBook:
    """What a form that came back says. `decimals` are those of each metric by its key.

    A formula counts with the result that Excel stored beside it. Raises WorkbookRefused where it is no such form at all.
    """
    check_workbook(content, most_unpacked=_MOST_UNPACKED)
    shown, typed, merged, showed = _sheet(content)
    address = _address(shown)
    heading, months, key_at, total_at = _headings(shown)
    cells: list[Cell] = []
    problems = [
        Problem(name, _("結合されたセルがあります。結合を解いて、一つずつ書いてください。"))
        for name, first_row, last_row in merged
        if last_row > heading
    ]
    seen: dict[RowKey, int] = {}
    for number in range(heading + 1, len(shown)):
        row, formulas = shown[number], typed[number]
        written = {month: row[place] if place < len(row) else None for month, place in months.items()}
        key = _key(row[key_at] if key_at < len(row) else None)
        if key is None:
            if any(value not in (None, "") for value in written.values()):
                problems.append(
                    Problem(
                        f"{number + 1}",
                        _("この行は、どの取組の何の数か分かりません。様式の行に書き直してください。"),
                    )
                )
            continue
        if key in seen:
            problems.append(
                Problem(
                    f"{number + 1}",
                    _("%(row)d行目と同じ取組・数えるものです。一つの行にまとめてください。")
                    % {"row": seen[key] + 1},
                )
            )
            continue
        seen[key] = number
        if key[1] not in decimals:
            problems.append(Problem(f"{number + 1}", _("この数えるものは、もう使われていません。")))
            continue
        for month, value in written.items():
            at = f"{xl_col_to_name(months[month])}{number + 1}"
            formula = formulas[months[month]] if months[month] < len(formulas) else None
            is_formula = isinstance(formula, str) and formula.startswith("=")
            try:
                quantity = _quantity(value, decimals[key[1]], is_formula)
            except ValueError as error:
                problems.append(Problem(at, str(error)))
            else:
                cells.append(Cell(key, month, quantity, at, is_formula))
        if total_at is not None and _is_shifted(row, formulas, total_at, written.values()):
            problems.append(
                Problem(
                    f"{xl_col_to_name(total_at)}{number + 1}",
                    _(
                        "「合計」の列の数が、月の合計と合いません。この行のセルが右か左にずれていないか確かめてください。"
                    ),
                )
            )
    return ReadBook(address, tuple(cells), tuple(problems), showed)


def _is_shifted(row: Sequence[Any], formulas: Sequence[Any], total_at: int, months: Iterable[Any]) -> bool:
    """Whether a number was pushed into the column of sums: one stands there that no formula made, and it is another."""
    total = row[total_at] if total_at < len(row) else None
    formula = formulas[total_at] if total_at < len(formulas) else None
    if isinstance(total, bool) or not isinstance(total, int | float) or isinstance(formula, str):
        return False
    numbers = [each for each in months if isinstance(each, int | float)]
    return abs(total - sum(numbers)) > _ROUNDING


def _quantity(value: Any, decimals: int, is_formula: bool) -> int | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        if is_formula:
            raise ValueError(_("式の結果が保存されていません。式ではなく数を書いてください。"))
        return None
    try:
        quantity = to_smallest(value, decimals)
    except ValueError:
        raise ValueError(
            _("「%(value)s」は数として読めません。数だけを書いてください（小数は%(decimals)d桁まで）。")
            % {"value": str(value)[:30], "decimals": decimals}
        ) from None
    if quantity < 0:
        raise ValueError(_("「%(value)s」は0より小さい数です。") % {"value": str(value)[:30]})
    return quantity


_Sheet = tuple[
    list[tuple[Any, ...]],
    list[tuple[Any, ...]],
    list[tuple[str, int, int]],
    dict[tuple[RowKey, int], int] | None,
]


def _sheet(content: bytes) -> _Sheet:
    """The form's sheet: what its cells show, what was typed, its merged cells (name, first and last row from 0), and what
    stood there when the form was made."""
    from openpyxl import load_workbook  # slow to load

    try:
        _check_size(content)
        values = load_workbook(io.BytesIO(content), data_only=True)
        formulas = load_workbook(io.BytesIO(content))
        before = next((_rows(each) for each in values.worksheets if each.title == _SEEN_SHEET), None)
        for sheet, other in zip(values.worksheets, formulas.worksheets, strict=True):
            shown = _as_shown(sheet)
            if any(_marked(row) for row in shown[:_HEADING_ROWS]):
                merged = [
                    (str(each), each.min_row - 1, each.max_row - 1) for each in sheet.merged_cells.ranges
                ]
                return shown, _rows(other), merged, None if before is None else _seen(before)
    except WorkbookRefused:
        raise
    except Exception as error:  # whatever a broken file makes the library raise, it is a broken file
        raise broken() from error
    raise WorkbookRefused(
        _("Kuseiの様式ではありません。「様式をダウンロード」で取り出したファイルに書いてください。")
    )


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True))


def _as_shown(sheet: Any) -> list[tuple[Any, ...]]:
    """The values; a percentage as it stands there: Excel keeps 10% as 0.1, which is neither 10 nor 0.1 to who typed it."""
    return [
        tuple(
            f"{cell.value * 100:.15g}%"
            if isinstance(cell.value, int | float) and _is_percentage(cell.number_format)
            else cell.value
            for cell in row
        )
        for row in sheet.iter_rows(max_col=_MOST_COLUMNS)
    ]


def _is_percentage(number_format: str) -> bool:
    return "%" in number_format and "%" in re.sub(r'"[^"]*"|\\.', "", number_format)


def _check_size(content: bytes) -> None:
    """Refuse what would fill the memory once it is opened: too many rows or cells, and cells that are merged across half
    a sheet. Whatever the parts of the file are called: the library opens them by their relations, not by their names."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for each in archive.infolist():
            text = archive.read(each)
            if text[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in text[:64] or _ENCODING.match(text):
                if each.filename.endswith((".xml", ".rels")):
                    raise broken()
                continue
            if sum(1 for _cell in _CELL.finditer(text)) > _MOST_CELLS:
                raise _too_many_cells()
            if _merged_cells(text) > _WIDEST_MERGE:
                raise WorkbookRefused(
                    _(
                        "シートの広い範囲が一つのセルに結合されています。結合を解いてから、もう一度選んでください。"
                    )
                )
    across = 0
    for sheet in load_workbook(io.BytesIO(content), data_only=True, read_only=True).worksheets:
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            across += len(row)
            if across > _MOST_ACROSS:
                raise _too_many_cells()
            if number >= MOST_ROWS:
                raise WorkbookRefused(
                    _("行が多すぎます。%(count)d行までの様式に書いてください。") % {"count": MOST_ROWS}
                )


def _too_many_cells() -> WorkbookRefused:
    return WorkbookRefused(
        _("セルが多すぎて読めません。様式を取り出し直し、白い欄の数だけを書き写してください。")
    )


def _merged_cells(text: bytes) -> int:
    total = 0
    for found in _MERGE.finditer(text):
        left, top, right, bottom = (each.decode() for each in found.groups())
        columns = abs(_column(right) - _column(left)) + 1
        total += columns * (abs(int(bottom) - int(top)) + 1)
    return total


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _marked(row: Sequence[Any]) -> str | None:
    return next((str(each) for each in row if isinstance(each, str) and each.startswith(f"{_FORMAT} ")), None)


def _address(shown: Sequence[Sequence[Any]]) -> Address:
    mark = next(filter(None, map(_marked, shown[:_HEADING_ROWS])), "")
    parts = mark.split()
    try:
        _name, ward, year, body = parts
        return Address(ward, int(year), int(body))
    except ValueError:
        raise WorkbookRefused(
            _("様式の上の見えない欄が書き換えられています。様式を取り出し直して、書き写してください。")
        ) from None


def _headings(shown: Sequence[Sequence[Any]]) -> tuple[int, dict[int, int], int, int | None]:
    """The row of headings, and where the columns of the months, of the keys and of the sums stand now (the last may be gone)."""
    for number, row in enumerate(shown[:_HEADING_ROWS]):
        written = [fold(str(value)) for value in row]
        names = {name: place for place, name in enumerate(written) if row[place] is not None}
        if fold(_KEY) not in names:
            continue
        twice = [f"{month}月" for month in MONTHS if written.count(f"{month}月") > 1]
        if twice or written.count(fold(_KEY)) > 1:
            raise WorkbookRefused(
                _("「%(names)s」の列が二つあります。どちらの数か分からないので、一つにしてください。")
                % {"names": "、".join(twice) or _KEY}
            )
        missing = [month for month in MONTHS if f"{month}月" not in names]
        if missing:
            raise WorkbookRefused(
                _("「%(months)s」の列が見つかりません。列の見出しは消さずに使ってください。")
                % {"months": "、".join(f"{month}月" for month in missing)}
            )
        columns = {month: names[f"{month}月"] for month in MONTHS}
        return number, columns, names[fold(_KEY)], names.get(fold(str(_("合計"))))
    raise WorkbookRefused(_("見出しの行が見つかりません。様式を取り出し直して、書き写してください。"))


def _key(value: Any) -> RowKey | None:
    parts = str(value).split() if value is not None else []
    if len(parts) == 2:
        return parts[0], parts[1], 0
    if len(parts) == 3 and parts[2].isascii() and parts[2].isdecimal() and len(parts[2]) < 16:
        return parts[0], parts[1], int(parts[2])
    return None
