"""What the cells of one row say of its item: number, money, bodies, tags and text."""

from __future__ import annotations

import re

from kusei.documents.reading.cells import (
    Grid,
    amount_in,
    cell_lines,
    cell_text,
    has_bullets,
    is_ditto,
    place_of,
    split_owner_cell,
)
from kusei.documents.reading.columns import GROUPS, NAMES, Heading, Role
from kusei.documents.reading.model import Amount, Cell, DraftItem, Warning
from kusei.documents.reading.row_names import below
from kusei.documents.reading.rows import OutlineCell
from kusei.documents.reading.totals import value_of
from kusei.japanese.folding import fold

_LABELLED = {
    Role.STATUS,
    Role.PERIOD,
    Role.NOTE,
    Role.OTHER,
    Role.BASELINE,
    Role.TARGET,
    Role.ACTUAL,
    Role.INDICATOR,
}


_DEPARTMENT, _DIVISION, _SECTION = 1, 2, 3
_LEVELS = (
    (_DEPARTMENT, re.compile(r"^(?:担当|所管|主管)?(?:部|局|部局|局部|部局等?|本部)名?$")),
    (_DIVISION, re.compile(r"^(?:担当|所管|主管)?(?:課|室|課室|課所|課・室|室課|課等)名?$")),
    (_SECTION, re.compile(r"^(?:担当|所管)?(?:係|班|係・担当|グループ|担当者)名?$")),
)


def _level_of(heading: str) -> int:
    """Which level of an office a column of bodies names; 0 where its heading does not say."""
    return next((level for level, pattern in _LEVELS if pattern.match(heading)), 0)


class RowValues:
    """Reads the cells of a row by the meaning of their columns; `warnings` takes what does not add up."""

    def __init__(
        self,
        grid: Grid,
        headings: list[Heading],
        warnings: list[Warning],
        *,
        unit: str | None,
        outline_cell: OutlineCell | None,
        first: int = 0,
    ) -> None:
        self.grid = grid
        self.headings = headings
        self.warnings = warnings
        self.unit = unit
        self.outline_cell = outline_cell
        self.columns: dict[Role, list[int]] = {}
        for c, heading in enumerate(headings):
            self.columns.setdefault(heading.role, []).append(c)
        self.first = first
        before = [c for c, heading in enumerate(headings) if heading.role is not Role.NUMBER]
        self.filled_down = {before[0]} & set(self.columns.get(Role.OWNER, ())) if before else set()

    def own(self, r: int, c: int) -> Cell | None:
        """The cell that begins in this row and holds text; one that begins in a column further left counts for names only."""
        cell = self.grid.at(r, c)
        if cell is None or not self.grid.starts(r, c) or not cell_text(cell):
            return None
        return cell if self.grid.origin(r, c) == (r, c) or self.headings[c].role in NAMES | GROUPS else None

    def covering(self, r: int, c: int) -> Cell | None:
        """The cell that covers this place and holds text (merged cells carry on)."""
        cell = self.grid.at(r, c)
        return cell if cell is not None and cell_text(cell) else None

    def fill(self, item: DraftItem, r: int) -> None:
        """Number, money, bodies, tags and body text of a row."""
        for c in self.columns.get(Role.NUMBER, ()):
            if (cell := self.own(r, c)) and item.number is None:
                item.number = cell_text(cell)
        amount, previous, left = self.money(r)
        item.amount = item.amount or amount
        item.previous_amount = item.previous_amount or previous
        item.places += [
            place_of(cell, "amount" if role is Role.AMOUNT else "previous_amount")
            for role in (Role.AMOUNT, Role.PREVIOUS)
            for c in self.columns.get(role, ())
            if (cell := self.own(r, c))
        ]
        self._check_difference(item, r)
        item.owners += [owner for owner in self.owners(r) if owner not in item.owners]
        item.places += [
            place_of(cell, "owner") for c in self.columns.get(Role.OWNER, ()) if (cell := self.covering(r, c))
        ]
        for c in self.columns.get(Role.TAG, ()):
            if cell := self.own(r, c):
                item.tags += self._tags(c, cell_text(cell))
        self._body(item, r, left)

    def _tags(self, c: int, text: str) -> list[str]:
        if re.fullmatch(r"[○◯〇●◎✓レ★☆1]", text):
            return [self.headings[c].text]
        return [
            word
            for word in re.split(r"[\s・、/]+", text.strip("<>[]【】()"))
            if word and not re.fullmatch(r"[-―ー−]", word)
        ]

    def money(self, r: int) -> tuple[Amount | None, Amount | None, list[str]]:
        """This year's money, last year's, and words that stood beside them."""
        amount = previous = None
        left: list[str] = []
        for role in (Role.AMOUNT, Role.PREVIOUS):
            for c in self.columns.get(role, ()):
                cell = self.own(r, c)
                if cell is None:
                    continue
                found, before, rest = amount_in(cell.text, unit=self.headings[c].unit or self.unit)
                if role is Role.AMOUNT and amount is None:
                    amount, previous = found, previous or before
                elif role is Role.PREVIOUS:
                    previous = previous or found
                if rest and not re.fullmatch(r"皆[増減]|新規|皆無|なし|無し?|未定", rest):
                    left.append(rest)
        return amount, previous, left

    def _check_difference(self, item: DraftItem, r: int) -> None:
        for c in self.columns.get(Role.DIFFERENCE, ()):
            cell = self.own(r, c)
            if (
                cell is None
                or "%" in cell.text
                or "%" in fold(self.headings[c].text)
                or "率" in self.headings[c].text
            ):
                continue
            stated, _, _ = amount_in(cell.text, unit=self.headings[c].unit or self.unit)
            if not (stated and item.amount and item.previous_amount) or "比" in self.headings[c].text:
                continue
            now, before, difference = map(value_of, (item.amount, item.previous_amount, stated))
            if now is None or before is None or difference is None or now - before == difference:
                continue
            if len({item.amount.unit, item.previous_amount.unit, stated.unit}) == 1:
                self.warnings.append(
                    Warning(
                        "sum_differs",
                        f"「{item.title}」の増減は{stated.printed}と書かれていますが、差し引きと合いません。",
                        cell.page,
                        cell.line,
                    )
                )

    def owners(self, r: int) -> list[str]:
        """The bodies of a row. Where one column names the division and others what it is part of, or a part of it (部 課 係),
        the division is meant."""
        found: list[tuple[int, list[str]]] = []
        for c in self.columns.get(Role.OWNER, ()):
            above = r
            while above > self.first and self._goes_on(above, c):
                above -= 1
            if cell := self.covering(above, c):
                found.append((_level_of(self.headings[c].text), split_owner_cell(cell.text)))
        if any(level == _DIVISION and names for level, names in found):
            found = [(level, names) for level, names in found if level in {_DIVISION, 0}]
        elif any(level == _DEPARTMENT and names for level, names in found):
            found = [(level, names) for level, names in found if level in {_DEPARTMENT, 0}]
        return list(dict.fromkeys(name for _, names in found for name in names))

    def _goes_on(self, r: int, c: int) -> bool:
        """Whether a cell of bodies says what the one above says: by a ditto mark, or left empty in the first column."""
        cell = self.covering(r, c)
        return is_ditto(cell.text) if cell is not None else c in self.filled_down

    def _body(self, item: DraftItem, r: int, left: list[str]) -> None:
        several = len(self.columns.get(Role.BODY, ())) > 1
        pieces = [item.body] if item.body else []
        for c, heading in enumerate(self.headings):
            cell = self.own(r, c)
            if cell is None or (heading.role is not Role.BODY and heading.role not in _LABELLED):
                continue
            if heading.role is Role.BODY and self.outline_cell is not None and has_bullets(cell):
                item.children += [below(child) for child in self.outline_cell(cell_lines(cell))]
                continue
            text = cell_text(cell)
            labelled = heading.text and (several or heading.role is not Role.BODY)
            pieces.append(f"{heading.text}:{text}" if labelled else text)
            item.places.append(place_of(cell, "body"))
        pieces += left
        item.body = "\n".join(pieces) or None
