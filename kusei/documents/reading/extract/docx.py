"""Word documents: paragraphs with their heading levels and printed numbers, tables with their spans.

The parts are read with lxml straight from the package: python-docx shows neither list numbers nor spans as printed.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from kusei.documents.reading.extract.grids import blocks_of, place_cells, split_leading
from kusei.documents.reading.extract.guards import damaged, empty_file, span
from kusei.documents.reading.extract.numbering import Numbering, W, read_numbering
from kusei.documents.reading.model import Cell, Extract, Line, Page, Table, Warning

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_NAME = re.compile(r"(?:heading|見出し)\s*([1-9])", re.I)
_LIST_NAME = re.compile(r"list (?:bullet|number) ([2-9])", re.IGNORECASE)
_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "body")}


@dataclass(slots=True)
class _Style:
    heading: int | None = None
    bold: bool = False
    size: float | None = None
    number: tuple[str, int] | None = None
    depth: int = 0
    """How far in a list's style sets its lines: 0 for List Bullet, 1 for List Bullet 2."""


@dataclass(slots=True)
class _Reader:
    styles: dict[str, _Style]
    numbering: Numbering
    count: int = 0
    """Paragraphs so far: what stands as the line number."""
    furigana: int = 0
    blocks: list[Line | Table] = field(default_factory=list)

    def body(self, parent: etree._Element) -> None:
        for element in parent:
            if element.tag == f"{W}p":
                self.blocks += self.paragraph(element)
            elif element.tag == f"{W}tbl":
                self.table(element)
            elif element.tag in _WRAPPERS:
                self.body(element)

    def paragraph(self, element: etree._Element) -> list[Line]:
        """The lines of a paragraph (several where it holds forced breaks), then those of its text boxes."""
        self.count += 1
        properties = element.find(f"{W}pPr")
        style = self._style(properties)
        boxes: list[etree._Element] = []
        text = self._text(element, boxes)
        marker = self._marker(properties, style)
        bold, size = self._run_look(element, style)
        lines = [
            Line(piece, self.count, size=size, bold=bold, heading=style.heading)
            for piece in re.split(r"[\n\f]", marker + text if text.strip() else text)
            if piece.strip()
        ]
        for box in boxes:
            for inner in box:
                if inner.tag == f"{W}p":
                    lines += self.paragraph(inner)
                elif inner.tag == f"{W}tbl":
                    lines += [line for cell in inner.iter(f"{W}p") for line in self.paragraph(cell)]
        return lines

    def _style(self, properties: etree._Element | None) -> _Style:
        name = _value(properties, "pStyle")
        style = self.styles.get(name or "", _Style())
        outline = _value(properties, "outlineLvl")
        if outline and outline.isdigit() and int(outline) < 9:
            return _Style(int(outline) + 1, style.bold, style.size, style.number, style.depth)
        return style

    def _marker(self, properties: etree._Element | None, style: _Style) -> str:
        number = style.number
        own = properties.find(f"{W}numPr") if properties is not None else None
        if own is not None:
            list_id = _value(own, "numId") or (number[0] if number else "0")
            depth = _value(own, "ilvl")
            number = (list_id, int(depth) if depth and depth.isdigit() else (number[1] if number else 0))
        if not number or number[0] == "0":
            return ""
        marker = self.numbering.marker(*number)
        indent = max(style.depth, number[1])
        return "\u3000\u3000" * indent + marker if marker else ""

    def _text(self, element: etree._Element, boxes: list[etree._Element]) -> str:
        """Text as printed: without deleted text, field codes and furigana; text boxes are put aside."""
        parts: list[str] = []
        stack: list[etree._Element] = list(reversed(element))
        while stack:
            node = stack.pop()
            tag = node.tag
            if tag == f"{W}t":
                parts.append(node.text or "")
            elif tag == f"{W}tab":
                parts.append("\t")
            elif tag in (f"{W}br", f"{W}cr"):
                parts.append("\n")
            elif tag == f"{W}noBreakHyphen":
                parts.append("-")
            elif tag == f"{W}sym":
                parts.append("・")
            elif tag == f"{W}rt":
                self.furigana += 1
            elif tag == f"{W}txbxContent":
                boxes.append(node)
            elif tag in (f"{W}pPr", f"{W}rPr", f"{W}del", f"{W}moveFrom", f"{W}instrText", _FALLBACK):
                continue
            else:
                stack.extend(reversed(node))
        return "".join(parts)

    def _run_look(self, element: etree._Element, style: _Style) -> tuple[bool, float | None]:
        bold, size = style.bold, style.size
        runs = [run for run in element.iterchildren(f"{W}r") if run.find(f"{W}t") is not None]
        looks = [run.find(f"{W}rPr") for run in runs]
        if runs and all(look is not None and _is_on(look, "b") for look in looks):
            bold = True
        sizes = [_value(look, "sz") for look in looks if look is not None]
        if sizes and sizes[0] and sizes[0].isdigit():
            size = int(sizes[0]) / 2
        return bold, size

    def table(self, element: etree._Element) -> None:
        first = self.count + 1
        rows: list[list[Cell]] = []
        open_spans: dict[int, tuple[int, int]] = {}
        for row in _rows(element):
            cells: list[Cell] = []
            column = span_or_zero(row, "gridBefore")
            if column:
                cells.append(Cell("", col_span=column))
            for cell in _cells(row):
                properties = cell.find(f"{W}tcPr")
                width = span(_value(properties, "gridSpan") or 1)
                merge = properties.find(f"{W}vMerge") if properties is not None else None
                if merge is not None and merge.get(f"{W}val") != "restart" and column in open_spans:
                    self.count += sum(1 for _ in cell.iter(f"{W}p"))
                    above_row, above_index = open_spans[column]
                    rows[above_row][above_index] = _taller(rows[above_row][above_index])
                else:
                    if merge is not None:
                        open_spans[column] = (len(rows), len(cells))
                    else:
                        open_spans.pop(column, None)
                    cells.append(self._cell(cell, width))
                column += width
            rows.append(cells)
        grid = place_cells(rows)
        for number, line in enumerate(grid, 1):
            line[:] = [cell and _with_ref(cell, f"R{number}C{place}") for place, cell in enumerate(line, 1)]
        above, grid = split_leading(grid)
        self.blocks += above
        if grid:
            self.blocks += blocks_of(Table(grid, line=first))

    def _cell(self, cell: etree._Element, width: int) -> Cell:
        first = self.count + 1
        lines = [line for paragraph in cell.iter(f"{W}p") for line in self._cell_paragraph(paragraph, cell)]
        text = "\n".join(line.text for line in lines)
        if lines:
            return Cell(text, line=lines[0].number, end_line=lines[-1].number, col_span=width)
        return Cell("", line=first, end_line=max(first, self.count), col_span=width)

    def _cell_paragraph(self, paragraph: etree._Element, cell: etree._Element) -> list[Line]:
        if any(
            ancestor.tag == f"{W}txbxContent"
            for ancestor in paragraph.iterancestors(f"{W}txbxContent", f"{W}tc")
        ):
            return []  # read with the paragraph that holds the text box
        return self.paragraph(paragraph)


def read(path: Path, progress: Any = None) -> Extract:
    """The document as one Page without a number; the number of a line is the count of its paragraph."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            main = next(name for name in names if re.fullmatch(r"word/document\w*\.xml", name))
            root = etree.fromstring(_part(archive, main) or b"", parser)
            styles = _read_styles(_part(archive, "word/styles.xml"), parser)
            numbering = read_numbering(_part(archive, "word/numbering.xml"), parser)
            notes = _part(archive, "word/footnotes.xml")
        reader = _Reader(styles, numbering)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise damaged()
        reader.body(body)
        if notes:
            for note in etree.fromstring(notes, parser).iterchildren(f"{W}footnote"):
                if note.get(f"{W}type") is None:
                    reader.body(note)
    except (etree.XMLSyntaxError, ValueError, KeyError, StopIteration, zipfile.BadZipFile, OSError) as error:
        raise damaged() from error
    if not reader.blocks:
        raise empty_file()
    warnings = []
    if reader.furigana:
        message = f"ふりがなを {reader.furigana} か所、本文から外しました。"
        warnings.append(Warning("furigana_dropped", message))
    if progress:
        progress(1, 1)
    return Extract("docx", iter([Page(reader.blocks)]), 1, warnings)


def _part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    if name not in archive.namelist():
        return None
    return archive.read(name).replace(_STRICT, _TRANSITIONAL)


def _read_styles(xml: bytes | None, parser: etree.XMLParser) -> dict[str, _Style]:
    """Paragraph styles by id, each with what it inherits."""
    if not xml:
        return {}
    elements = {style.get(f"{W}styleId"): style for style in etree.fromstring(xml, parser).iter(f"{W}style")}
    return {name: _resolve_style(name, elements, 0) for name in elements if name}


def _resolve_style(name: str | None, elements: dict[str | None, etree._Element], depth: int) -> _Style:
    element = elements.get(name)
    if element is None or depth > 20:
        return _Style()
    base = _resolve_style(_value(element, "basedOn"), elements, depth + 1)
    properties, look = element.find(f"{W}pPr"), element.find(f"{W}rPr")
    heading = base.heading
    named = _HEADING_NAME.fullmatch(_value(element, "name") or "")
    outline = _value(properties, "outlineLvl")
    if named:
        heading = int(named[1])
    elif outline and outline.isdigit():
        heading = int(outline) + 1 if int(outline) < 9 else None
    elif (_value(element, "name") or "").lower() in ("title", "表題"):
        heading = 1
    number = base.number
    own = properties.find(f"{W}numPr") if properties is not None else None
    if own is not None:
        list_id = _value(own, "numId") or (number[0] if number else None)
        depth_text = _value(own, "ilvl")
        if list_id:
            number = (list_id, int(depth_text) if depth_text and depth_text.isdigit() else 0)
    size = _value(look, "sz")
    listed = _LIST_NAME.fullmatch(_value(element, "name") or "")
    return _Style(
        heading,
        base.bold if look is None or look.find(f"{W}b") is None else _is_on(look, "b"),
        int(size) / 2 if size and size.isdigit() else base.size,
        number,
        int(listed[1]) - 1 if listed else base.depth,
    )


def _value(parent: etree._Element | None, name: str) -> str | None:
    child = parent.find(f"{W}{name}") if parent is not None else None
    return None if child is None else child.get(f"{W}val")


def _is_on(parent: etree._Element, name: str) -> bool:
    child = parent.find(f"{W}{name}")
    return child is not None and child.get(f"{W}val") not in ("0", "false", "off", "none")


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table]


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]


def span_or_zero(row: etree._Element, name: str) -> int:
    """How many grid columns a row leaves free before its first cell."""
    value = _value(row.find(f"{W}trPr"), name)
    return span(value) if value and value.isdigit() and int(value) > 0 else 0


def _taller(cell: Cell) -> Cell:
    return Cell(
        cell.text, cell.page, cell.line, cell.end_line, cell.box, cell.ref, cell.row_span + 1, cell.col_span
    )


def _with_ref(cell: Cell, ref: str) -> Cell:
    return Cell(cell.text, cell.page, cell.line, cell.end_line, cell.box, ref, cell.row_span, cell.col_span)
