"""A table as a workbook: every cell is text or a number, none a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Sequence

from xlsxwriter import Workbook

_WIDEST = 40


def table_workbook(
    name: str, heading: Sequence[str], rows: Sequence[Sequence[str | int]], *, note: str = ""
) -> bytes:
    """One sheet with a heading that stays, rows below; `note` stands in the footer of what is printed."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for place, text in enumerate(heading):
        sheet.write_string(0, place, text, bold)
        widest = max((_width(row[place]) for row in rows), default=0)
        sheet.set_column(place, place, min(_WIDEST, max(_width(text), widest) + 2))
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, place, value, plain)
            else:
                sheet.write_string(line, place, value, plain)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(heading) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{note}&R&P / &N")
    book.close()
    return out.getvalue()


def _width(value: str | int) -> int:
    """In halves of a full-width character."""
    lines = str(value).splitlines() or [""]
    return max(sum(1 if ord(sign) < 0x2000 else 2 for sign in line) for line in lines)
