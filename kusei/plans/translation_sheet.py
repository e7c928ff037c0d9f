"""The sheet that goes to translators and comes back: CSV that Excel opens (UTF-8 with BOM). Plain values, no database."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = ("項目ID", "位置", "種類", "日本語の題名", "日本語の説明", "訳した題名", "訳した説明", "状態")
_NEEDED = ("項目ID", "日本語の題名", "日本語の説明", "訳した題名", "訳した説明")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnreadableSheet(ValueError):
    """Not a sheet that was exported here; the message is Japanese and says what to do."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One item. `state` is words for the reader of the sheet; it is not read back."""

    line: int
    public_id: str
    path: str
    kind: str
    japanese_title: str
    japanese_text: str
    title: str
    text: str
    state: str


def write_sheet(rows: Iterable[SheetRow]) -> str:
    """The sheet as text, its columns as in COLUMNS."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (
            row.public_id,
            row.path,
            row.kind,
            row.japanese_title,
            row.japanese_text,
            row.title,
            row.text,
        )
        writer.writerow([*(_safe(cell) for cell in cells), row.state])
    return out.getvalue()


def read_sheet(content: bytes) -> list[SheetRow]:
    """The rows of a sheet that came back, wherever its columns stand now. Blank rows are left out.

    `line` counts rows as a spreadsheet does: the heading is row 1. Raises UnreadableSheet.
    """
    table = list(csv.reader(io.StringIO(_decoded(content), newline="")))
    header = [cell.strip() for cell in table[0]] if table else []
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise UnreadableSheet(
            f"1行目に「{'」「'.join(missing)}」の列がありません。書き出したときの見出しのままにしてください。"
        )
    place = {name: header.index(name) for name in COLUMNS if name in header}

    def cell(row: list[str], name: str) -> str:
        at = place.get(name)
        return _unsafe(row[at]) if at is not None and at < len(row) else ""

    return [
        SheetRow(line, *(cell(row, name) for name in COLUMNS))
        for line, row in enumerate(table[1:], start=2)
        if any(value.strip() for value in row)
    ]


def _decoded(content: bytes) -> str:
    """UTF-8, or what Excel calls Unicode text; nothing else can hold every language."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
        return _with_commas(text)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableSheet(
            "文字コードが UTF-8 ではありません。Excel では「CSV UTF-8（コンマ区切り）」を選んで保存してください。"
        ) from None
    return _with_commas(text)


def _with_commas(text: str) -> str:
    """A sheet saved with tabs between the cells, as one with commas."""
    first = text.split("\n", 1)[0]
    if "\t" not in first or "," in first:
        return text
    out = io.StringIO()
    csv.writer(out).writerows(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    return out.getvalue()


def _safe(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unsafe(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
