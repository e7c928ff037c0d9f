"""HTML: headings, paragraphs, lists and tables; what frames the page (navigation, header, footer) is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from kusei.documents.reading.extract.decoding import Decoded
from kusei.documents.reading.extract.grids import blocks_of, place_cells, split_leading
from kusei.documents.reading.extract.guards import damaged, span
from kusei.documents.reading.model import Cell, Line, Page, Table, Warning

_UNSEEN = {
    "script", "style", "template", "noscript", "head", "title", "meta", "link", "svg", "iframe", "object", "select", "button",
    "textarea", "input", "form-control", "audio", "video", "map", "canvas", "math",
}  # fmt: skip
_FRAME = {"nav", "header", "footer"}
_FRAME_ROLES = {"navigation", "banner", "contentinfo", "search"}
_RUBY = {"rt", "rp"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "aside", "blockquote", "pre", "address", "figure", "figcaption", "dl", "dt", "dd",
    "fieldset", "legend", "details", "summary", "hr", "center", "form", "body", "html", "header", "footer", "nav", "hgroup",
    "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "ul", "ol", "li", "menu", "dir",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_MAX_DEPTH = 200
_INDENT = "　"


def pages(decoded: Decoded) -> list[Page]:
    """The page's text as one Page; `number` of a line is its line in the source."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml_html.document_fromstring(decoded.text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise damaged() from error
    body = root.find("body")
    reader = _Reader(keep_header_headings=not _headings_outside_frames(root))
    reader.walk(root if body is None else body, _Style())
    reader.flush()
    if reader.furigana:
        message = f"ふりがなを {reader.furigana} か所、本文から外しました。"
        decoded.warnings.append(Warning("furigana_dropped", message))
    if reader.framing:
        message = f"ページの枠（ナビゲーション、ヘッダー、フッター）の文字を {reader.framing} 字、読み飛ばしました。"
        decoded.warnings.append(Warning("page_frame_skipped", message))
    return [Page(reader.blocks)]


def _headings_outside_frames(root: etree._Element) -> bool:
    return any(
        not any(_is_frame(ancestor) for ancestor in heading.iterancestors())
        for heading in root.iter("h1")
        if heading.text_content().strip()
    )


_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:(?:global|site|page|local|g|l)?(?:header|footer|nav|navi|navigation|menu)|breadcrumbs?|topic-?path|pan-?kuzu|skip(?:-?link)?s?|side-?(?:bar|menu|nav)|pagetop)(?:$|[\s_-])",
    re.IGNORECASE,
)


def _is_frame(element: etree._Element) -> bool:
    if element.tag in _FRAME or element.get("role") in _FRAME_ROLES:
        return True
    names = f"{element.get('id', '')} {element.get('class', '')}".strip()
    return element.tag in {"div", "ul", "ol", "p", "section", "aside"} and bool(_FRAME_NAMES.search(names))


@dataclass(slots=True, frozen=True)
class _Style:
    """What the surrounding elements say about text."""

    heading: int | None = None
    bold: bool = False
    depth: int = 0
    level: int = 0
    """How deep in lists; the first level stands at 1."""
    pre: bool = False

    def but(self, **changes: object) -> _Style:
        values = {name: getattr(self, name) for name in self.__slots__}
        return _Style(**{**values, **changes})  # type: ignore[arg-type]


@dataclass(slots=True)
class _Reader:
    """Walks the tree once and collects blocks; text gathers in `pending` until a block begins or ends."""

    keep_header_headings: bool = False
    blocks: list[Line | Table] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    marker: str = ""
    line: int = 0
    style: _Style = field(default_factory=_Style)
    furigana: int = 0
    framing: int = 0
    counts: dict[etree._Element, int] = field(default_factory=dict)
    term: str = ""
    """The label (dt) that the next description belongs to."""

    def flush(self) -> None:
        text = _SPACES.sub(" ", "".join(self.pending)).strip(" ")
        self.pending = []
        if not text.strip():
            return
        indent = _INDENT * max(0, self.style.level - 1)
        marker, self.marker = self.marker, ""
        if self.term:
            marker, self.term = f"{marker}{self.term}：", ""
        line = Line(f"{indent}{marker}{text}", self.line, bold=self.style.bold, heading=self.style.heading)
        self.blocks.append(line)

    def add(self, text: str | None, element: etree._Element, style: _Style) -> None:
        if not text:
            return
        if style.pre:
            for offset, piece in enumerate(text.split("\n")):
                if offset:
                    self.flush()
                self._add(piece, (element.sourceline or 0) + offset, style)
        else:
            leading = len(text) - len(text.lstrip())
            self._add(text, (element.sourceline or 0) + text.count("\n", 0, leading), style)

    def _add(self, text: str, line: int, style: _Style) -> None:
        if text.strip() and not any(piece.strip() for piece in self.pending):
            self.line, self.style = line, style
        self.pending.append(text)

    def walk(self, element: etree._Element, style: _Style) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN or _is_hidden(element) or style.depth > _MAX_DEPTH:
            return
        if tag in _RUBY:
            self.furigana += tag == "rt" and bool("".join(element.itertext()).strip())
            return
        if _is_frame(element):
            self._frame(element, style)
            return
        if tag == "br":
            self.flush()
            return
        if tag == "table":
            self.flush()
            self._table(element, style)
            return
        is_block = tag in _BLOCKS or tag in _HEADINGS
        if is_block:
            self.flush()
        inner = style.but(
            depth=style.depth + 1,
            heading=_HEADINGS.get(tag, style.heading),
            bold=style.bold or tag in ("b", "strong", "th", "dt") or tag in _HEADINGS,
            pre=style.pre or tag == "pre",
            level=style.level + (tag in ("ul", "ol", "menu", "dir")),
        )
        if tag == "li":
            self.marker = _list_marker(element, self.counts)
        self.add(element.text, element, inner)
        for child in element:
            self.walk(child, inner)
            if child.tail:
                self._tail(child, inner)
        if is_block:
            self.flush()
            if tag == "li":
                self.marker = ""
            elif tag == "dt":
                self._hold_term(element)

    def _hold_term(self, element: etree._Element) -> None:
        """A term whose description is one line stands before it, as labels do: 担当：防災課."""
        description = element.getnext()
        last = self.blocks[-1] if self.blocks else None
        if (
            isinstance(last, Line)
            and description is not None
            and description.tag == "dd"
            and "".join(description.itertext()).strip()
            and not any(
                child.tag in _BLOCKS or child.tag in {"br", "table"}
                for child in description.iter()
                if child is not description
            )
            and last.text.strip() == _SPACES.sub(" ", "".join(element.itertext())).strip()
        ):
            self.blocks.pop()
            self.term = last.text.strip().rstrip("：:")

    def _tail(self, child: etree._Element, style: _Style) -> None:
        """Text behind a child; lxml does not say where it stands, so its line is counted on from the child's text."""
        if style.pre:
            self.add(child.tail, child, style)
            return
        tail = child.tail or ""
        within = sum(text.count("\n") for text in child.itertext()) if len(child) < 50 else 0
        leading = len(tail) - len(tail.lstrip())
        self._add(tail, (child.sourceline or 0) + within + tail.count("\n", 0, leading), style)

    def _frame(self, element: etree._Element, style: _Style) -> None:
        if element.tag == "header" and self.keep_header_headings:
            for heading in element.iter("h1"):
                self.flush()
                self.walk(heading, style)
                self.flush()
            return
        self.framing += len("".join("".join(element.itertext()).split()))

    def _table(self, table: etree._Element, style: _Style) -> None:
        rows = [row for row in table.iter("tr") if _owner(row) is table]
        if any(True for row in rows for _ in row.iterdescendants("table")):
            self._layout(table, style)
            return
        caption = table.find("caption")
        caption_text = None
        if caption is not None:
            self.walk(caption, style)
            caption_text = _SPACES.sub(" ", "".join(caption.itertext())).strip() or None
        cells = [
            [self._cell(cell) for cell in row if cell.tag in ("td", "th") and not _is_hidden(cell)]
            for row in rows
        ]
        grid = place_cells([row for row in cells if row])
        for number, row in enumerate(grid, 1):
            row[:] = [cell and _with_ref(cell, f"R{number}C{column}") for column, cell in enumerate(row, 1)]
        above, grid = split_leading(grid)
        if above and not grid:
            self.blocks += above
            return
        self.blocks += above
        self.blocks += blocks_of(Table(grid, line=table.sourceline or 0, caption=caption_text))

    def _layout(self, table: etree._Element, style: _Style) -> None:
        """A table that holds tables only lays out the page: its cells are read one after the other."""
        for cell in table.iter("td", "th", "caption"):
            if _owner(cell) is table:
                self.walk(cell, style.but(depth=style.depth + 3))

    def _cell(self, element: etree._Element) -> Cell:
        inner = _Reader()
        inner.walk(element, _Style())
        inner.flush()
        self.furigana += inner.furigana
        lines = [block for block in inner.blocks if isinstance(block, Line)]
        first = lines[0].number if lines else element.sourceline or 0
        last = max((line.number for line in lines), default=first)
        text = "\n".join(line.text for line in lines)
        return Cell(
            text,
            line=first,
            end_line=last,
            row_span=_row_span(element),
            col_span=span(element.get("colspan", 1)),
        )


def _row_span(element: etree._Element) -> int:
    """HTML's rowspan="0" reaches to the end of the table."""
    value = element.get("rowspan", "1")
    return span(1000 if value.strip() == "0" else value)


def _with_ref(cell: Cell, ref: str) -> Cell:
    return Cell(cell.text, cell.page, cell.line, cell.end_line, cell.box, ref, cell.row_span, cell.col_span)


def _owner(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors("table"), None)


def _is_hidden(element: etree._Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))


def _list_marker(element: etree._Element, counts: dict[etree._Element, int]) -> str:
    """The printed marker: ・ in ul, the number in ol (start, value and type are followed). `counts` keeps how many items of each
    list came before."""
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return "・"
    before = counts.get(parent, 0)
    counts[parent] = before + 1
    value = element.get("value") or ""
    if value.lstrip("-").isdigit():
        number = int(value)
    else:
        start = parent.get("start") or "1"
        number = (int(start) if start.lstrip("-").isdigit() else 1) + before
    kind = element.get("type") or parent.get("type") or "1"
    if kind in ("a", "A") and 1 <= number <= 26:
        return f"{chr(ord(kind) + number - 1)}. "
    return f"{number}. "
