"""Plain text and Markdown."""

from __future__ import annotations

import re

from kusei.documents.reading.extract.decoding import Decoded
from kusei.documents.reading.model import Cell, Line, Page, Table

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*$")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_RULE = re.compile(r"\s{0,3}([-*_])(\s*\1){2,}\s*$")
_DIVIDER = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_NAVIGATION = re.compile(r"^(?:\[[^\]]{1,40}\]\([^)\s]*\)[\s/|・>｜]*){2,12}$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_BREAK = re.compile(r"<br\s*/?>", re.I)


def pages(decoded: Decoded, *, markdown: bool) -> list[Page]:
    """The whole text as one page without a number; blank lines show as gaps in the line numbers."""
    lines = decoded.lines()
    return [Page(_markdown(lines) if markdown else _with_tables(lines))]


def _with_tables(lines: list[str]) -> list[Line | Table]:
    """Printed lines as they are; pipe tables are tables in plain text too."""
    blocks: list[Line | Table] = []
    index = 0
    while index < len(lines):
        table, end = _pipe_table(lines, index)
        if table:
            blocks.append(table)
            index = end
            continue
        if lines[index].strip():
            blocks.append(Line(lines[index], index + 1))
        index += 1
    return blocks


def _markdown(lines: list[str]) -> list[Line | Table]:
    blocks: list[Line | Table] = []
    fenced = False
    index = 0
    while index < len(lines):
        text = lines[index]
        number = index + 1
        index += 1
        if _FENCE.match(text):
            fenced = not fenced
            continue
        if not text.strip():
            continue
        if fenced:
            blocks.append(Line(text, number))
            continue
        table, end = _pipe_table(lines, index - 1)
        if table:
            blocks.append(table)
            index = end
            continue
        if heading := _HEADING.match(text):
            if heading[2]:
                blocks.append(Line(_plain(heading[2]), number, heading=len(heading[1]), bold=True))
            continue
        if index < len(lines) and _is_underlined(text, lines[index]):
            level = 1 if lines[index].strip()[0] == "=" else 2
            blocks.append(Line(_plain(text.strip()), number, heading=level, bold=True))
            index += 1
            continue
        if _RULE.match(text):
            continue
        text = re.sub(r"^(\s{0,3}>\s?)+", "", text)
        if text.strip():
            stripped = text.strip()
            if _NAVIGATION.match(stripped):
                blocks.append(Line(text, number))  # kept as printed: a row of links leads to other pages
                continue
            bold = bool(re.fullmatch(r"(\*\*|__)(?:(?!\1).)+\1", stripped))
            blocks.append(Line(_plain(text), number, bold=bold))
    return blocks


def _is_underlined(text: str, below: str) -> bool:
    """A heading marked by a line of = or - below; a list item or a table above such a line is none."""
    return bool(
        _UNDERLINE.match(below)
        and len(below.strip()) >= 3
        and not re.match(r"\s*([-*+>|]|\d+\.)\s", text)
        and "|" not in text
    )


def _pipe_table(lines: list[str], start: int) -> tuple[Table | None, int]:
    """The table whose header is `lines[start]`, and the index behind it; None where there is none."""
    if start + 1 >= len(lines) or "|" not in lines[start] or not _is_divider(lines[start + 1]):
        return None, start
    header = _cells(lines[start], start + 1)
    if len(header) != len(_split(lines[start + 1])):
        return None, start
    rows: list[list[Cell | None]] = [header]
    index = start + 2
    while index < len(lines) and "|" in lines[index] and lines[index].strip():
        row = _cells(lines[index], index + 1)[: len(header)]
        row += [Cell("", line=index + 1, end_line=index + 1) for _ in range(len(header) - len(row))]
        rows.append(row)
        index += 1
    for number, row in enumerate(rows, 1):
        row[:] = [
            Cell(cell.text, line=cell.line, end_line=cell.end_line, ref=f"R{number}C{column}")
            for column, cell in enumerate(row, 1)
            if cell
        ]
    return Table(rows, line=start + 1), index


def _is_divider(text: str) -> bool:
    return "|" in text and bool(_DIVIDER.match(text))


def _split(text: str) -> list[str]:
    return [part.strip() for part in _PIPE.split(text.strip().removeprefix("|").removesuffix("|"))]


def _cells(text: str, number: int) -> list[Cell | None]:
    return [
        Cell(_BREAK.sub("\n", _plain(part.replace("\\|", "|"))), line=number, end_line=number)
        for part in _split(text)
    ]


def _plain(text: str) -> str:
    """Markdown's text without its marks of emphasis, code and links; indentation stays."""
    return _LINK.sub(r"\1", _STRONG.sub(r"\2", text)).replace("`", "")
