"""What the table readers give back: items, and everything that is no item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kusei.documents.reading.model import DraftItem, Line, Unplaced, Warning

OutlineCell = Callable[[list[Line]], list[DraftItem]]
"""Reads the text of one cell as an outline: lines in, root items out."""


@dataclass(slots=True)
class RowsRead:
    """A table as read. `items` are roots (nested where the table groups its rows); `header_year` is the fiscal year that a
    column heading names (令和３年度実施計画 → 2021), None where no heading does."""

    items: list[DraftItem] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    header_year: int | None = None

    def take(self, other: RowsRead) -> None:
        """Add what `other` holds behind what is here."""
        self.items.extend(other.items)
        self.unplaced.extend(other.unplaced)
        self.warnings.extend(other.warnings)
        if self.header_year is None:
            self.header_year = other.header_year
