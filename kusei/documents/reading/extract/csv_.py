"""CSV and TSV: one table, with the lines printed over it."""

from __future__ import annotations

import csv
from collections import Counter

from kusei.documents.reading.extract.decoding import Decoded
from kusei.documents.reading.extract.grids import split_leading, split_trailing
from kusei.documents.reading.model import Cell, Line, Page, Table, Warning

_DELIMITERS = (",", "\t", ";")
_FIELD_LIMIT = 4 * 1024**2

Record = tuple[int, int, list[str]]
"""First physical line, last physical line, fields."""


def pages(decoded: Decoded, *, tab_first: bool) -> list[Page]:
    """One page: title lines (rows with a single filled cell before the table), the table, notes behind it."""
    lines = decoded.lines()
    delimiter = _sniff_delimiter(lines, tab_first)
    records, sound = _records(lines, delimiter)
    if not sound:
        message = '引用符（"）が閉じていない行があったため、引用符を無視して 1 行ずつ読みました。'
        decoded.warnings.append(Warning("broken_quotes", message))
    records = [record for record in records if any(value.strip() for value in record[2])]
    width = max((len(fields) for _, _, fields in records), default=0)
    rows: list[list[Cell | None]] = [
        [
            Cell(value.strip(), line=first, end_line=last, ref=f"R{number}C{column}")
            for column, value in enumerate(fields + [""] * (width - len(fields)), 1)
        ]
        for number, (first, last, fields) in enumerate(records, 1)
    ]
    above, rows = split_leading(rows)
    rows, below = split_trailing(rows)
    blocks: list[Line | Table] = [*above]
    if rows:
        caption = above[-1].text if above else None
        blocks.append(Table(_without_empty_columns(rows), line=_first_line(rows), caption=caption))
    return [Page([*blocks, *below])]


def _first_line(rows: list[list[Cell | None]]) -> int:
    return next((cell.line for cell in rows[0] if cell), 0)


def _without_empty_columns(rows: list[list[Cell | None]]) -> list[list[Cell | None]]:
    """`rows` without the empty columns at the right that trailing delimiters leave."""
    width = max((index for row in rows for index, cell in enumerate(row, 1) if cell and cell.text), default=0)
    return [row[:width] for row in rows]


def _sniff_delimiter(lines: list[str], tab_first: bool) -> str:
    """The delimiter that cuts most lines into the same number (more than one) of fields."""
    order = ("\t", ",", ";") if tab_first else _DELIMITERS
    sample = [line for line in lines if line.strip()][:300]

    def agreement(delimiter: str) -> float:
        counts = Counter(len(fields) for _, _, fields in _records(sample, delimiter)[0])
        best = max((count * min(width, 20) for width, count in counts.items() if width > 1), default=0)
        return best / max(1, sum(counts.values()))

    return max(order, key=agreement)


def _records(lines: list[str], delimiter: str) -> tuple[list[Record], bool]:
    """Records with the physical lines they cover; quotes that never close make each line a record of its own."""
    csv.field_size_limit(_FIELD_LIMIT)
    records: list[Record] = []
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    try:
        before = 0
        for fields in reader:
            records.append((before + 1, reader.line_num, fields))
            before = reader.line_num
    except csv.Error:
        return _line_by_line(lines, delimiter), False
    if records and records[-1][1] - records[-1][0] > 200 and "".join(lines).count('"') % 2:
        return _line_by_line(lines, delimiter), False
    return records, True


def _line_by_line(lines: list[str], delimiter: str) -> list[Record]:
    return [
        (number, number, [value.strip('"') for value in line.split(delimiter)])
        for number, line in enumerate(lines, 1)
    ]
