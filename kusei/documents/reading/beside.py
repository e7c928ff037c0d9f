"""Headings with their bullets beside them, in a column to the right: put together, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kusei.documents.reading.columns import Role, read_headings
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Line, Table
from kusei.documents.reading.normalise import clean

_HEAD_AND_BULLET = re.compile(
    r"^(?P<head>\s*[^\s・•‣].{1,40}?)(?P<gap>[ \u3000]{4,}|\u3000{3,})(?P<bullet>[・•‣]\s*\S.*)$"
)
_MORE_COLUMNS = re.compile(r"[ \u3000]{2,}[^\s\u3000・•‣]")
"""Text behind a bullet and a wide blank: the row of a table, no heading with its bullet."""
_LONGEST = 300
_REACH = 60
"""How many lines on the left one column of bullets may stand beside."""


def set_beside(blocks: Iterable[Line | Table]) -> list[Line | Table]:
    """The same blocks, each bullet behind the heading that it stands beside.

    A line that holds a heading and, after a wide blank, a bullet becomes two. On a page with positions, a column of bullets
    that was read after the column of its headings goes between them. A table whose columns are boxes (a title over
    bullets) becomes the lines of its columns.
    """
    result: list[Line | Table] = []
    for block in blocks:
        if isinstance(block, Table):
            result += _boxes(block) or [block]
        else:
            result += _split(block)
    return _by_rows(result)


def _split(line: Line) -> list[Line]:
    match = _HEAD_AND_BULLET.match(line.text) if len(line.text) <= _LONGEST else None
    if match is None or _is_bullet(line) or _MORE_COLUMNS.search(match["bullet"]):
        return [line]
    if line.size is None:
        return [
            replace(line, text=f"{match['head']}{match['gap']}\t{match['bullet']}")
        ]  # read as a heading with its cells
    head = replace(line, text=match["head"], bold=not match["head"].startswith(("【", "[", "（", "(")))
    return [head, replace(line, text=match["bullet"])]


def _is_bullet(line: Line) -> bool:
    marker = find_marker(line.text)
    return marker is not None and marker.is_bullet


def _by_rows(blocks: list[Line | Table]) -> list[Line | Table]:
    result: list[Line | Table] = []
    at = 0
    while at < len(blocks):
        right = _right_column(blocks, at)
        start = _left_column(result, right) if right else None
        if start is None:
            result.append(blocks[at])
            at += 1
            continue
        left: list[Line] = [one for one in result[start:] if isinstance(one, Line)]
        places = [(_top(line), side, line) for side, column in enumerate((left, right)) for line in column]
        result[start:] = [line for _, _, line in sorted(places, key=lambda place: place[:2])]
        at += len(right)
    return result


def _top(line: Line) -> float:
    assert line.box is not None
    return round(line.box[1])


def _right_column(blocks: list[Line | Table], at: int) -> list[Line]:
    """The column of bullets that begins at `at`, above the line before it on the page; [] where none does."""
    first = blocks[at]
    before = blocks[at - 1] if at else None
    if not isinstance(first, Line) or not isinstance(before, Line) or first.box is None or before.box is None:
        return []
    if first.page != before.page or not _is_bullet(first) or _top(first) >= _top(before):
        return []
    column: list[Line] = []
    for line in blocks[at : at + _REACH]:
        if not isinstance(line, Line) or line.box is None or line.page != first.page:
            break
        if line.box[0] < first.box[0] - 2 or (column and _top(line) < _top(column[-1])):
            break
        column.append(line)
    return column


def _left_column(before: list[Line | Table], right: list[Line]) -> int | None:
    """Where the headings to the left of `right` begin among the lines before it; None where these are no such column."""
    edge, top = right[0].box[0] if right[0].box else 0.0, _top(right[0])
    start = len(before)
    for at in range(len(before) - 1, max(len(before) - 1 - _REACH, -1), -1):
        line = before[at]
        if (
            not isinstance(line, Line)
            or line.box is None
            or line.page != right[0].page
            or _top(line) < top - 2
        ):
            break
        if line.box[2] > edge or _is_bullet(line):
            return None
        start = at
    if start == len(before):
        return None
    first = before[start]
    beside = isinstance(first, Line) and first.box is not None and abs(_top(first) - top) <= 3
    return start if beside else None


def _boxes(table: Table) -> list[Line | Table]:
    """The lines of a table whose columns are boxes; [] for any other table."""
    if len(table.rows) < 2 or not 2 <= len(table.rows[0]) <= 4:
        return []
    heads = table.rows[0]
    if any(len(row) != len(heads) for row in table.rows):
        return []
    titles = [clean(cell.text.replace("\n", "")) if cell else "" for cell in heads]
    if not all(3 <= len(title) <= 24 and find_marker(title) is None for title in titles):
        return []
    if any(heading.role is not Role.OTHER for heading in read_headings(titles)):
        return []
    columns = [
        [cell for row in table.rows[1:] if (cell := row[at]) is not None and cell.text.strip()]
        for at in range(len(heads))
    ]
    if not all(cells and re.match(r"\s*[・•‣]", cells[0].text) for cells in columns):
        return []
    lines: list[Line | Table] = []
    for head, title, cells in zip(heads, titles, columns, strict=True):
        assert head is not None
        # a box's title stands out as its frame made it stand out
        lines.append(Line(f"◆{title}", head.line or table.line, head.page, head.box))
        lines += [
            Line(text, (cell.line or table.line) + at, cell.page, cell.box)
            for cell in cells
            for at, text in enumerate(cell.text.split("\n"))
            if text.strip()
        ]
    return lines
