"""The parts of a flattened page: rows, group cells, merged owners, each with the lines it was printed on."""

from __future__ import annotations

from dataclasses import dataclass, field

from kusei.documents.reading.model import Line, Place
from kusei.documents.reading.normalise import unwrap


@dataclass(slots=True)
class Text:
    """A cell: its pieces as printed, each with the line it stands on."""

    pieces: list[tuple[str, Line]] = field(default_factory=list)

    def add(self, piece: str, line: Line) -> None:
        self.pieces.append((piece, line))

    @property
    def whole(self) -> str:
        return unwrap(piece for piece, _ in self.pieces)

    @property
    def last(self) -> str:
        return self.pieces[-1][0] if self.pieces else ""

    def place(self, name: str) -> Place:
        """Where the cell stands, from its first line to its last."""
        first, last = self.pieces[0][1], self.pieces[-1][1]
        return Place(name, first.page, first.number, max(first.number, last.number), first.box)


@dataclass(slots=True)
class Row:
    """A planned action: `owners` are those of its own cell, merged ones are dealt out later."""

    plans: list[Text] = field(default_factory=list)
    result: Text = field(default_factory=Text)
    owners: list[tuple[str, Line]] = field(default_factory=list)
    name: Text | None = None
    notes: Text = field(default_factory=Text)
    """Cells of indicators, printed with their headings."""
    closed: bool = False
    """Whether the cell of owners is complete: it has one line, printed beside the result."""
    short: bool = False
    """Whether owners begin beside the planned line while the result begins below it."""

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.owners]

    @property
    def plan_text(self) -> str:
        return "".join(plan.whole for plan in self.plans)


@dataclass(slots=True)
class Group:
    """A cell of a group column: with a number it is a label (行動計画), else a sentence or name (取組)."""

    text: Text = field(default_factory=Text)
    number: str | None = None
    number_line: Line | None = None

    @property
    def is_label(self) -> bool:
        return self.number is not None


@dataclass(slots=True)
class Merged:
    """Owners printed apart from their rows; `parts` keep what blank lines divide."""

    parts: list[list[tuple[str, Line]]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for part in self.parts for name, _ in part]


@dataclass(slots=True)
class FlatPage:
    """One printed page of the table."""

    elements: list[Row | Group | Merged] = field(default_factory=list)
    loose: list[Text] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [element for element in self.elements if isinstance(element, Row)]
