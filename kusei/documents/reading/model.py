"""What passes between the four steps of reading: extract → normalise → outline → draft.

`Extract` is what a file holds (pages of lines and tables, as printed). `Draft` is the plan tree read from it; its JSON is
what `kusei read --json` prints and what the database keeps. No step needs Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the upper left corner of the page."""


class ReadingError(Exception):
    """A file that cannot be read. `message` is Japanese, for the user: what is wrong and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True)
class Warning:
    """What a person should look at. `code` is stable (docs/reading.md lists them), `message` is Japanese."""

    code: str
    message: str
    page: int | None = None
    line: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "page": self.page, "line": self.line}


# --- extract -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, frozen=True)
class Line:
    """One printed line. `page` is None where the format has no pages; `number` counts from 1 over the page, or over the
    file where there are no pages. `text` is as printed (not yet NFKC)."""

    text: str
    number: int
    page: int | None = None
    box: Box | None = None
    size: float | None = None
    bold: bool = False
    heading: int | None = None
    """Heading level where the format states it (HTML h1–h6, Word's heading styles, Markdown #)."""


@dataclass(slots=True, frozen=True)
class Cell:
    """One cell of a table. `text` may hold line breaks (as printed). Empty text is an empty cell; a position covered by
    another cell's span holds None in `Table.rows` instead."""

    text: str
    page: int | None = None
    line: int = 0
    end_line: int = 0
    box: Box | None = None
    ref: str | None = None
    row_span: int = 1
    col_span: int = 1


@dataclass(slots=True)
class Table:
    """A grid. `rows[r][c]` is a Cell, or None where a cell above or to the left spans that place."""

    rows: list[list[Cell | None]]
    page: int | None = None
    line: int = 0
    caption: str | None = None
    """The line printed right above the table, or the sheet's name."""


@dataclass(slots=True)
class Page:
    """Lines and tables in reading order. The lines of a table are not repeated among the lines."""

    blocks: list[Line | Table]
    number: int | None = None


@dataclass(slots=True)
class Extract:
    """A file, page by page. `pages` may be a generator: it is walked once, so that memory does not grow with the file."""

    format: str
    pages: Iterator[Page]
    page_count: int | None = None
    warnings: list[Warning] = field(default_factory=list)


# --- draft -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Place:
    """Where a piece of an item stands in the file. `field` names the piece: title, body, amount, owner, tag, plan, result …"""

    field: str
    page: int | None
    line: int
    end_line: int
    box: Box | None = None
    cell: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "page": self.page,
            "line": self.line,
            "end_line": self.end_line,
            "box": [round(value, 1) for value in self.box] if self.box else None,
            "cell": self.cell,
        }


@dataclass(slots=True)
class Amount:
    """Money as printed. `printed` is the number in NFKC without commas; `unit` is None where none is stated."""

    printed: str
    unit: str | None = None

    @property
    def thousand_yen(self) -> float | int | None:
        """The amount in 千円 (decimals if need be); None while the unit is unknown."""
        from kusei.documents.reading.amounts import to_thousand_yen

        return to_thousand_yen(self.printed, self.unit)


@dataclass(slots=True)
class Figure:
    """A count in a result: 28 件, labelled 新規登録."""

    value: float | int
    unit: str
    label: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "unit": self.unit, "label": self.label}


@dataclass(slots=True)
class DraftItem:
    """One node of the plan tree. All strings are folded (NFKC, radicals, dashes) and unwrapped."""

    kind: str
    title: str
    number: str | None = None
    body: str | None = None
    amount: Amount | None = None
    previous_amount: Amount | None = None
    tags: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    programme: str | None = None
    budget_source: str | None = None
    plan: list[str] = field(default_factory=list)
    result: str | None = None
    figures: list[Figure] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    children: list[DraftItem] = field(default_factory=list)

    @property
    def source(self) -> Place | None:
        return self.places[0] if self.places else None

    def walk(self) -> Iterator[DraftItem]:
        """This item and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_json(self) -> dict[str, Any]:
        source = self.source
        return {
            "kind": self.kind,
            "number": self.number,
            "title": self.title,
            "body": self.body,
            "amount_thousand_yen": self.amount.thousand_yen if self.amount else None,
            "previous_amount_thousand_yen": self.previous_amount.thousand_yen
            if self.previous_amount
            else None,
            "amount_printed": self.amount.printed if self.amount else None,
            "amount_unit": self.amount.unit if self.amount else None,
            "tags": self.tags,
            "owners": self.owners,
            "programme": self.programme,
            "budget_source": self.budget_source,
            "plan": self.plan,
            "result": self.result,
            "figures": [figure.to_json() for figure in self.figures],
            "source": {"page": source.page, "line": source.line} if source else None,
            "places": [place.to_json() for place in self.places],
            "children": [child.to_json() for child in self.children],
        }


@dataclass(slots=True)
class Unplaced:
    """Text that found no place in the tree: kept, shown and counted. `reason` names what is no item by nature (caption,
    page_number, running_head, contents, contact, furigana, unit, section, remark, total, column_heading); None: the reader could
    not place it."""

    text: str
    page: int | None
    line: int
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "page": self.page, "line": self.line, "reason": self.reason}


@dataclass(slots=True)
class Draft:
    """A whole document as read. What the text does not say is None."""

    title: str | None = None
    ward: str | None = None
    fiscal_year: int | None = None
    kind: str = "other"
    items: list[DraftItem] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    def walk(self) -> Iterator[DraftItem]:
        """Every item of the tree, in order."""
        for item in self.items:
            yield from item.walk()

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "ward": self.ward,
            "fiscal_year": self.fiscal_year,
            "kind": self.kind,
            "items": [item.to_json() for item in self.items],
            "unplaced": [text.to_json() for text in self.unplaced],
            "warnings": [warning.to_json() for warning in self.warnings],
        }
