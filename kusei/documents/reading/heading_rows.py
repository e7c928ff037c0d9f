"""Rows inside a table that head the rows below them: one wide cell, a name alone, or a name with the sum of what follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from kusei.documents.reading.attributes import split_bodies
from kusei.documents.reading.cells import cell_text
from kusei.documents.reading.columns import Role
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Cell, DraftItem
from kusei.documents.reading.row_names import rank_of
from kusei.documents.reading.row_values import RowValues
from kusei.documents.reading.totals import is_total, value_of
from kusei.japanese.folding import fold

_MONEY = {Role.AMOUNT, Role.PREVIOUS, Role.DIFFERENCE}


_IN_BRACKETS = re.compile(r"[(\[【〔<](?P<names>[^()\[\]【】〔〕<>]{2,60})[)\]】〕>]")


def bodies_in_brackets(text: str) -> list[str]:
    """The bodies that a cell names in brackets (［水道課］), as heading rows do; [] for any other cell."""
    match = _IN_BRACKETS.fullmatch(text)
    return split_bodies(match["names"]) if match else []


class HeadingRows:
    """Tells heading rows, and keeps those that are open, outermost first."""

    def __init__(self, values: RowValues, names: list[int], groups: list[int], first: int) -> None:
        self.values = values
        self.grid = values.grid
        self.names = names
        self.groups = groups
        self.first = first
        self.open: list[tuple[str, int, DraftItem]] = []
        self.bare = False

    @property
    def current(self) -> DraftItem | None:
        """The innermost open heading."""
        return self.open[-1][2] if self.open else None

    def name_of(self, r: int) -> Cell | None:
        """The cell that heads the rows below row `r`; None where the row is an ordinary one."""
        texts = self.grid.texts(r)
        filled = [c for c, text in enumerate(texts) if text and not (c and bodies_in_brackets(text))]
        cells = [cell for c in filled if (cell := self.values.own(r, c))]
        if not cells or r + 1 >= self.grid.height:
            return None
        wide = self._wide(r, filled[0])
        name = self.values.own(r, self.names[0]) if self.names else None
        if wide and len(filled) == 1 and cells[0].col_span >= self.grid.width and self._fuller_below(r):
            return cells[0]
        roles = [self.values.headings[c].role for c in filled]
        numbered = roles[0] is Role.NUMBER and not wide
        rest = roles[2:] if numbered else roles[1:]
        if name is None or name is not cells[1 if numbered and len(cells) > 1 else 0]:
            if not wide or len(filled) > 1 or not self._fuller_below(r):
                return None
            return cells[0] if filled[0] not in self.groups else None
        if any(
            role not in _MONEY and not self._is_figure(r, c)
            for c, role in zip(filled[-len(rest) :] if rest else [], rest, strict=True)
        ):
            return None
        if not rest:
            return name if not numbered and self._stands_alone(r, name) else None
        if wide and self._others_are_narrow(filled[0]) and self._fuller_below(r):
            return name
        return name if self._sums_up(r, name) else None

    def _is_figure(self, r: int, c: int) -> bool:
        return bool(re.fullmatch(r"[△▲\-−]?[\d,.]+%?", fold(self.grid.text(r, c))))

    def _wide(self, r: int, c: int) -> bool:
        cell = self.grid.at(r, c)
        return cell is not None and cell.col_span >= 2 and not is_total(cell_text(cell))

    def _others_are_narrow(self, c: int) -> bool:
        own = [
            self._wide(r, c)
            for r in range(self.first, self.grid.height)
            if self.grid.origin(r, c) == (r, c)
            and self.grid.text(r, c)
            and not is_total(self.grid.text(r, c))
        ]
        return sum(own) * 2 < len(own)

    def _fuller_below(self, r: int) -> bool:
        after = [
            sum(bool(text) for text in self.grid.texts(rr))
            for rr in range(r + 1, min(r + 4, self.grid.height))
        ]
        return bool(after) and max(after) >= 2

    def _stands_alone(self, r: int, name: Cell) -> bool:
        """A name and nothing else, before rows with more, no merged cell reaching into it."""
        if any(
            self.values.covering(r, c) not in {None, name} and not bodies_in_brackets(self.grid.text(r, c))
            for c in range(self.grid.width)
            if c not in self.groups
        ):
            return False
        after = [
            sum(bool(text) for text in self.grid.texts(rr))
            for rr in range(r + 1, min(r + 3, self.grid.height))
        ]
        return bool(after) and max(after) >= 2 and len(self.values.columns) > 1

    def _sums_up(self, r: int, name: Cell) -> bool:
        """Whether the rows below, up to the next row of this form, add up to this row's money, and stand no deeper by their number."""
        value = value_of(self.values.money(r)[0])
        if value is None or (Role.OWNER not in self.values.columns and Role.BODY not in self.values.columns):
            return False
        glyph = self._glyph(name)
        own = rank_of(name)[0]
        total, rank, count, full = Decimal(0), None, 0, 0
        for rr in range(r + 1, self.grid.height):
            below = self.values.own(rr, self.names[0])
            if below is None:
                continue
            if is_total(cell_text(below)) or (glyph and self._glyph(below) == glyph):
                break
            deep = rank_of(below)[0]
            if rank is None:
                rank = deep
                if deep > own and not glyph:
                    return False
            if deep < rank or (count and deep == rank and not glyph and total == value):
                break
            found, _, _ = self.values.money(rr)
            if deep == rank and found is not None:
                total += value_of(found) or 0
                count += 1
                full += sum(bool(text) for text in self.grid.texts(rr)) > sum(
                    bool(text) for text in self.grid.texts(r)
                )
        return count >= 2 and full * 2 > count and total == value

    @staticmethod
    def _glyph(cell: Cell) -> str:
        marker = find_marker(cell_text(cell))
        return marker.glyph if marker is not None and not marker.is_bullet else ""

    def opened(
        self, name: Cell, item: DraftItem, place: Callable[[DraftItem], None], *, rows_between: bool
    ) -> None:
        """Open a heading: below the one right above it where their marks differ, beside the one of its own mark, else at the top."""
        marker = find_marker(cell_text(name))
        signature = marker.signature if marker else ""
        rank = marker.rank if marker else 0
        same = next((i for i, (mark, _, _) in enumerate(self.open) if mark == signature), None)
        if same is not None:
            del self.open[same:]
        else:
            while self.open and self._closes(self.open[-1][1], rank, rows_between=rows_between):
                self.open.pop()
        parent = self.current
        if parent is not None:
            parent.children.append(item)
        else:
            place(item)
        self.open.append((signature, rank, item))

    @staticmethod
    def _closes(open_rank: int, rank: int, *, rows_between: bool) -> bool:
        """Whether a heading ends the open one: by its rank where both have one, else where rows stand between them."""
        if open_rank and rank:
            return open_rank > rank or (open_rank == rank and rows_between)
        return rows_between
