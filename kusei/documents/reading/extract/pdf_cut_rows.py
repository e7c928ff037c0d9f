"""Whether a page break went through a table row: what its two parts say about it."""

from __future__ import annotations

import re
from statistics import median

from kusei.documents.reading.extract.pdf_tables import RawCell, RawTable

_MARKER = re.compile(
    r"\s*([・○●◎◇◆□■△▲▽▼☆★※＊→⇒➢✓①-⑳❶-❿-]|[（(]?[0-9０-９]{1,3}[)）.．、 　]|[ア-ン][)）.．、 　]|[（(])"
)
_BULLET = re.compile(r"\s*[・○●◎◇◆□■△▲▽▼☆★※＊→⇒➢✓-]")
_SENTENCE_END = re.compile(r"[。．！？!?]\s*$")
_FIGURE = re.compile(r"[\s\d,，.．△▲−\-%％円千百万億()（）]+|.*計\s*")
_LEAST_WRAPPED = 8
"""A single line shorter than this fills its narrow cell by accident."""
_MOST_ROOM = 3.0
"""Blank space (in characters' sizes) under a text that was cut by the break: makers may keep two lines together."""
_STRETCHED = 0.1
"""Blank space that only a row drawn down to the end of its page has under its longest text."""
_UNLIKELY = 0.05
_FEW_ROWS = 4


def is_cut_row(
    table: RawTable, owners: list[RawCell | None], first: list[RawCell | None], repeated: int
) -> bool:
    """Whether a page break went through the last row, so that `first` is the rest of it."""
    pairs = [(c, owners[c], cell) for c, cell in enumerate(first) if cell and owners[c]]
    if not pairs or any(owner and owner.col_span != cell.col_span for _, owner, cell in pairs):
        return False
    if not table.is_ruled and repeated and _is_incomplete(table, owners, first):
        return True
    both = [(owner, cell) for _, owner, cell in pairs if owner and owner.lines and cell.lines]
    columns = [c for c, owner, cell in pairs if owner and flows(owner, cell)]
    flowing = [owner for c, owner, _ in pairs if owner and c in columns]
    least = min((owner.room for _, owner, _ in pairs if owner and owner.lines), default=0.0)
    is_open = all(owner and owner.open_bottom for _, owner, _ in pairs)
    room = _MOST_ROOM if flowing or is_open else min(_MOST_ROOM, least + 1.0)
    if any(owner.room > room for owner, _ in both):
        return False  # there was room: the text would have gone on before the break
    if is_open:
        return True
    if any(owner and owner.open_bottom for _, owner, _ in pairs):
        return False  # ruled cells end here, only open ones go on
    if not repeated and all(cell.open_top for _, _, cell in pairs):
        return True
    if flowing and (
        _chance_of_flowing(table, columns) < _UNLIKELY or _lacks_usual_text(table, owners, first)
    ):
        return True
    if _lacks_name(table, owners, first):
        return True
    if not both or (
        least - _usual_room(table) < _STRETCHED and not any(len(owner.lines) > 1 for owner in flowing)
    ):
        return False  # a row that was not cut is as tall as its longest text
    if any(owner not in flowing and not _BULLET.match(cell.lines[0].text) for owner, cell in both):
        return False
    if flowing and not table.is_ruled:
        return True  # without rules a cell's text may begin after the break
    if any(cell.lines and owner and not owner.lines and not _spans(table, c) for c, owner, cell in pairs):
        return False
    if flowing:
        return True
    return _has_unlikely_gaps(table, pairs, len(both))


def _is_incomplete(table: RawTable, owners: list[RawCell | None], first: list[RawCell | None]) -> bool:
    """Whether `first` lacks the text that no row lacks, or only continues the name of a row that has nothing else."""
    if _lacks_usual_text(table, owners, first):
        return True
    name, rest = owners[0], first[0]
    if not name or not name.lines or name.row_span > 1 or not rest or _MARKER.match(rest.text):
        return False
    return all(owner and not owner.lines and owner.row_span == 1 for owner in owners[1:])


def _chance_of_flowing(table: RawTable, columns: list[int]) -> float:
    """How likely the texts of two rows would seem to go on in all these columns by accident, to judge by other rows."""
    chance = 1.0
    for column in columns:
        others = [other for row in table.rows[table.header_rows : -1] if (other := row[column])]
        chance *= (1 + sum(map(_breaks_off, others))) / (2 + len(others))
    return chance


def _lacks_name(table: RawTable, owners: list[RawCell | None], first: list[RawCell | None]) -> bool:
    """Whether the cell by which every row of the table begins is empty. Numbers and totals never are the rest of a row."""
    if any(cell and _FIGURE.fullmatch(cell.text) for cell in first):
        return False
    for column, (owner, cell) in enumerate(zip(owners, first, strict=True)):
        if cell is None or owner is None or _spans(table, column):
            if cell and cell.lines:
                return False
            continue
        others = [row[column] for row in table.rows[table.header_rows : -1] if row[column]]
        filled = sum(1 for other in others if other and other.lines)
        is_usual = len(others) > _FEW_ROWS and filled >= 0.95 * len(others)
        return bool(owner.lines) and not cell.lines and is_usual
    return False


def _lacks_usual_text(table: RawTable, owners: list[RawCell | None], first: list[RawCell | None]) -> bool:
    return any(
        owner and owner.lines and cell and not cell.lines and _is_always_filled(table, column)
        for column, (owner, cell) in enumerate(zip(owners, first, strict=True))
    )


def _is_always_filled(table: RawTable, column: int) -> bool:
    """Whether the cells of a column hold text in nearly all rows, none spanning several."""
    anchors = [cell for row in table.rows[1:-1] if (cell := row[column])]
    filled = sum(1 for cell in anchors if cell.lines and cell.row_span == 1)
    return len(anchors) > (1 if column == 0 else 11) and filled >= 0.95 * len(anchors)


def _usual_room(table: RawTable) -> float:
    """The blank space under the longest text of a row that no break has touched."""
    rooms = []
    for row in table.rows[max(table.header_rows, len(table.rows) - 12) : -1]:
        own = [cell.room for cell in row if cell and cell.lines and cell.row_span == 1]
        if len(own) > 1:
            rooms.append(min(own))
    return median(rooms) if rooms else 0.0


def _has_unlikely_gaps(table: RawTable, pairs: list[tuple[int, RawCell | None, RawCell]], both: int) -> bool:
    """Whether the empty cells of a row make it the rest of a cut row rather than a row of its own.

    Nothing in the text tells (each side ends and begins with a whole bullet); columns that are seldom empty do.
    """
    chance = 1.0
    rests = False
    for column, owner, cell in pairs:
        anchors = [row[column] for row in table.rows[table.header_rows :] if row[column]]
        if _spans(table, column):
            if cell.lines and owner and owner.lines:
                return False
        elif not cell.lines:
            rests = True
            chance *= sum(1 for other in anchors if other and not other.lines) / len(anchors)
    return both > 1 or (rests and chance < 0.6)


def _spans(table: RawTable, column: int) -> bool:
    """Whether cells of this column commonly span rows."""
    anchors = [row[column] for row in table.rows[table.header_rows :] if row[column]]
    return sum(1 for cell in anchors if cell and cell.row_span > 1) > 0.1 * len(anchors)


def flows(owner: RawCell, cell: RawCell) -> bool:
    """Whether the text of `cell` goes on with the broken-off text of `owner`."""
    return bool(cell.lines) and _breaks_off(owner) and not _MARKER.match(cell.lines[0].text)


def _breaks_off(cell: RawCell) -> bool:
    """Whether a text fills its last line and doesn't end there."""
    if not cell.lines:
        return False
    last = cell.lines[-1]
    is_wide = len(cell.lines) > 1 or len(last.text) >= _LEAST_WRAPPED
    return last.is_full and is_wide and not _SENTENCE_END.search(last.text)
