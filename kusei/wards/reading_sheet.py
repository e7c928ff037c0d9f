"""The ward's readings as a sheet: 言葉, よみがな. Out for spreadsheets, and back in. Plain values, no database."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

COLUMNS = ("言葉", "よみがな")
MOST_ROWS = 5000


class UnreadableReadings(ValueError):
    """Not such a sheet; the message is Japanese and says what to do."""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One word. `line` counts as a spreadsheet does: the heading is row 1."""

    line: int
    surface: str
    reading: str


def read_readings(content: bytes) -> list[ReadingRow]:
    """The rows of a sheet, whatever order its columns stand in; blank rows are left out. Raises UnreadableReadings."""
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ","))
    except csv.Error:
        raise UnreadableReadings(_not_a_sheet()) from None
    heading = [cell.strip() for cell in table[0]] if table else []
    if any(name not in heading for name in COLUMNS):
        raise UnreadableReadings(_not_a_sheet())
    if len(table) > MOST_ROWS + 1:
        raise UnreadableReadings(
            _("一度に取り込めるのは%(most)d行までです。分けて送ってください。") % {"most": MOST_ROWS}
        )
    word, reading = (heading.index(name) for name in COLUMNS)
    return [
        ReadingRow(line, _cell(row, word), _cell(row, reading))
        for line, row in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _decoded(content: bytes) -> str:
    """UTF-8, what Excel calls Unicode text, or the Shift_JIS of its plain CSV."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableReadings(
        _("ファイルの文字を読めません。Excel では「CSV UTF-8（コンマ区切り）」を選んで保存してください。")
    )


def _cell(row: list[str], at: int) -> str:
    return row[at].removeprefix("'").strip() if at < len(row) else ""


def _not_a_sheet() -> str:
    return _(
        "1行目に「言葉」「よみがな」の列がある表（CSV）を選んでください。「表を書き出す」で、その形の表が手に入ります。"
    )
