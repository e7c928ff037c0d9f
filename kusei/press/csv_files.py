"""Tables as files for spreadsheets: UTF-8 with a mark so that Excel reads it, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table as text, its first row the heading."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(each) for each in heading])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(value: str) -> str:
    """A cell that a spreadsheet takes for text or a number, never for a formula."""
    is_number = value[:1] == "-" and value[1:].isdecimal()
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number else value


def csv_answer(name: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """The table as a download called `name`."""
    response = HttpResponse(csv_text(heading, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
