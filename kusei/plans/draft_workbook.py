"""A draft as a workbook for Excel, and back: one row for each item. Plain values, no database."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from kusei.plans.draft_fields import COLUMNS, Vocabulary, plain, texts_of
from kusei.plans.draft_sheet import HEADINGS, ID, LEVEL, REVISION, SheetError, revision_mark
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import ItemKind
from kusei.press.workbooks import WorkbookRefused, broken, check_workbook

_MOST_ROWS = 20_000
_MOST_CHARACTERS = 32_767
"""More than that no cell of Excel holds."""

_WIDTHS = {
    ID: 13, REVISION: 8, LEVEL: 5, "kind": 12, "number": 8, "title": 36, "text": 48, "programme": 18,
    "budget_source": 16, "plan_bullets": 36, "tags": 14, "owners": 22, "current": 14, "previous": 14,
}  # fmt: skip
_MONEY = ("current", "previous")


def write_workbook(
    tree: Tree,
    words: Vocabulary,
    public_ids: Mapping[int, str],
    *,
    version: int,
    title: str,
    bodies: Sequence[str],
) -> bytes:
    """The draft as .xlsx: Kusei's own columns locked, kinds and bodies to choose from a list, money in 千円."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title})
    locked = book.add_format({"bg_color": "#f2f2f2", "font_color": "#595959", "valign": "top"})
    free = book.add_format({"locked": False, "text_wrap": True, "valign": "top", "num_format": "@"})
    money = book.add_format({"locked": False, "valign": "top", "num_format": "#,##0.###"})
    heading = book.add_format({"bold": True, "bg_color": "#d9e6ff", "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(str(_("計画")))
    lists = book.add_worksheet(str(_("選択肢")))
    last = max(len(tree.rows) + 500, 1000)
    for place, (column, name) in enumerate(HEADINGS.items()):
        own = column in {ID, REVISION, LEVEL}
        # a new row gets its level by hand: only the id and the revision are closed there, too
        sheet.set_column(place, place, _WIDTHS[column], locked if own and column != LEVEL else money if column in _MONEY else free)  # fmt: skip
        sheet.write_string(0, place, str(name), heading)
    for line, row in enumerate(tree.rows, start=1):
        cells = cells_of(row, tree, words, public_ids) | {REVISION: revision_mark(version, row.revision)}
        for place, column in enumerate(HEADINGS):
            text = cells[column]
            if column in {ID, REVISION, LEVEL}:
                sheet.write_string(line, place, text, locked)
            elif column in _MONEY and text.replace(".", "", 1).isdecimal() and text.isascii():
                sheet.write_number(line, place, float(text), money)
            elif text:
                sheet.write_string(line, place, text if len(text) <= _MOST_CHARACTERS else too_long(), free)
    for line, name in enumerate(bodies):
        lists.write_string(line, 1, name)
    for line, kind in enumerate(ItemKind):
        lists.write_string(line, 0, str(kind.label))
    kinds, owners = list(HEADINGS).index("kind"), list(HEADINGS).index("owners")
    source = f"='{lists.get_name()}'!$A$1:$A${len(ItemKind)}"
    sheet.data_validation(
        1, kinds, last, kinds,
        {"validate": "list", "source": source, "error_title": str(_("種類")), "error_message": str(_("一覧から選んでください。"))},
    )  # fmt: skip
    if bodies:
        sheet.data_validation(
            1, owners, last, owners,
            {
                "validate": "list", "source": f"='{lists.get_name()}'!$B$1:$B${len(bodies)}", "error_type": "information",
                "error_title": str(_("担当")), "error_message": str(_("いくつかの課が担当するときは、セルの中で改行して並べます。")),
            },
        )  # fmt: skip
    lists.hide()
    sheet.freeze_panes(1, list(HEADINGS).index("title") + 1)
    sheet.autofilter(0, 0, len(tree.rows), len(HEADINGS) - 1)
    sheet.protect("", dict.fromkeys(("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter"), True))  # fmt: skip
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()


def cells_of(row: Row, tree: Tree, words: Vocabulary, public_ids: Mapping[int, str]) -> dict[str, str]:
    """What stands in each column of HEADINGS for one row."""
    texts = {
        ID: public_ids[row.item],
        REVISION: str(row.revision),
        LEVEL: str(tree.depth(row.item) + 1),
        **texts_of(row, words),
    }
    return {column: plain(texts[column]) for column in HEADINGS}


def too_long() -> str:
    """What stands in a cell whose text Excel cannot hold; on the way back it changes nothing."""
    return str(_("（長すぎるため、この欄は下書きの画面で直してください）"))


def read_workbook(content: bytes) -> list[list[str]]:
    """The cells of the workbook's sheet as text, row by row from the heading on. Raises SheetError."""
    try:
        check_workbook(content)
    except WorkbookRefused as error:
        raise SheetError(str(error)) from None
    from openpyxl import load_workbook  # slow to load

    try:
        book = load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what other programs write there is often wrong
            lines = []
            for number, row in enumerate(sheet.iter_rows(values_only=True)):
                if number > _MOST_ROWS:
                    raise SheetError(
                        _("行が多すぎます。%(count)d行までの表にしてください。") % {"count": _MOST_ROWS}
                    )
                lines.append([_text(value) for value in row[: 4 * len(HEADINGS)]])
            if lines and str(HEADINGS[ID]) in [cell.strip() for cell in lines[0]]:
                return lines
    except SheetError:
        raise
    except Exception as error:  # whatever a broken file makes the library raise, it is a broken file
        raise SheetError(str(broken())) from error
    raise SheetError(
        _(
            "1行目に「%(name)s」の列がある表が見つかりません。Kuseiから書き出したファイルの列を消さずに使ってください。"
        )
        % {"name": HEADINGS[ID]}
    )


def without_too_long(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row without those that Excel could not hold."""
    return {column: text for column, text in cells.items() if column not in COLUMNS or text != too_long()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
