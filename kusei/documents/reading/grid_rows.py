"""The rows of a grid as items: group cells above them, names with their level, money, bodies, plan and result."""

from __future__ import annotations

import re

from kusei.documents.reading.attributes import read_attributes
from kusei.documents.reading.cells import (
    Grid,
    bullets_of,
    cell_text,
    has_bullets,
    is_ditto,
    place_of,
    split_owner_cell,
)
from kusei.documents.reading.columns import Heading, Role
from kusei.documents.reading.figures import read_figures
from kusei.documents.reading.heading_rows import HeadingRows, bodies_in_brackets
from kusei.documents.reading.legends import legend_of, marked
from kusei.documents.reading.markers import find_marker, is_note
from kusei.documents.reading.model import Cell, DraftItem, Unplaced
from kusei.documents.reading.row_names import number_and_title, number_of_group, rank_of
from kusei.documents.reading.row_values import RowValues
from kusei.documents.reading.rows import OutlineCell, RowsRead
from kusei.documents.reading.totals import Entry, Sums, is_total
from kusei.japanese.folding import fold_name

_DEPTHS = ("project", "component", "subcomponent")
_KIND_OF_GROUP = {
    Role.FOCUS: "focus",
    Role.MEASURE: "measure",
    Role.MATTER: "measure",
    Role.PROJECT: "project",
}


class RowReader:
    """Reads row after row, from row `first` on, into `read.items`; `sums` collects the money of rows and totals."""

    def __init__(
        self,
        grid: Grid,
        headings: list[Heading],
        read: RowsRead,
        *,
        unit: str | None,
        outline_cell: OutlineCell | None,
        first: int = 0,
        legend: dict[str, str] | None = None,
    ) -> None:
        self.grid = grid
        self.headings = headings
        self.read = read
        self.unit = unit
        self.legend = legend or {}
        self.first = first
        self.sums = Sums()
        self.values = RowValues(
            grid, headings, read.warnings, unit=unit, outline_cell=outline_cell, first=first
        )
        self.columns = self.values.columns
        self.groups, self.names = self._split_names()
        self.group_numbers = self._split_numbers()
        self.path: list[DraftItem | None] = [None] * len(self.groups)
        self.heads = HeadingRows(self.values, self.names, self.groups, first)
        self.rows_since_heading = False
        self.stack: list[tuple[int, DraftItem]] = []
        self.last: DraftItem | None = None
        self.group_count = 0
        self.is_plan_table = Role.PLAN in self.columns or Role.RESULT in self.columns
        money = Role.AMOUNT in self.columns or Role.PREVIOUS in self.columns
        self.is_task_list = (
            not self.is_plan_table
            and not money
            and Role.PROJECT not in self.columns
            and Role.STATUS not in self.columns
        )

    def _split_names(self) -> tuple[list[int], list[int]]:
        """Which columns group rows, and which name them: of several name columns the last one names."""
        groups = sorted(self.columns.get(Role.FOCUS, []) + self.columns.get(Role.MEASURE, []))
        names = sorted(self.columns.get(Role.MATTER, []) + self.columns.get(Role.PROJECT, []))
        if Role.PLAN in self.columns or Role.RESULT in self.columns:
            content = (self.columns.get(Role.PLAN) or self.columns[Role.RESULT])[0]
            while names and (len(names) > 1 or self._spans_rows(names[0], content)):
                groups.append(names.pop(0))
        else:
            while len(names) > 1:
                groups.append(names.pop(0))
            if not names and groups:
                names.append(groups.pop())
        return groups, names

    def _split_numbers(self) -> dict[int, int]:
        """Columns of numbers that belong to the group column right of them, since the same number comes again with its group."""
        found: dict[int, int] = {}
        for c in self.groups:
            if c - 1 not in self.columns.get(Role.NUMBER, ()):
                continue
            rows = [r for r in range(self.first, self.grid.height) if self.grid.text(r, c - 1)]
            pairs = {(self.grid.text(r, c - 1), self.grid.text(r, c)) for r in rows}
            if len(pairs) < len(rows) and len({number for number, _ in pairs}) == len(pairs):
                found[c] = c - 1
                self.columns[Role.NUMBER].remove(c - 1)
        return found

    def _spans_rows(self, column: int, content: int) -> bool:
        """Whether cells of a column reach over several rows of content (merged, or left empty below)."""
        for r in range(self.first, self.grid.height):
            if self.grid.starts(r, content) and self.grid.text(r, content):
                if not self.grid.starts(r, column):
                    return True
                if not self.grid.text(r, column) and r and self.grid.text(r - 1, column):
                    return True
        return False

    # --- one row --------------------------------------------------------------------------------------------------

    def row(self, r: int) -> None:
        """Read one row."""
        texts = self.grid.texts(r)
        filled = [c for c, text in enumerate(texts) if text]
        first = next(
            (texts[c] for c in filled if self.headings[c].role is not Role.NUMBER),
            texts[filled[0]] if filled else "",
        )
        if not filled:
            return
        if len(filled) == 1 and (is_note(first) or legend_of([first]) or re.match(r"^\(?単位", first)):
            self.read.unplaced.append(Unplaced(first, *self.grid.line_of(r)))
            return
        named = next((texts[c] for c in self.names if texts[c]), "")
        if total := next((text for text in (first, named) if is_total(text)), ""):
            self._total(r, total)
            return
        if self._is_repeated(r):
            text = " ".join(text for text in texts if text)
            self.read.unplaced.append(Unplaced(text, *self.grid.line_of(r), "remark"))
            return
        if (heading := self.heads.name_of(r)) is not None:
            self._open_heading(r, heading)
            return
        self.rows_since_heading = True
        self._open_groups(r)
        name = self.values.own(r, self.names[0]) if self.names else None
        content = [c for c in filled if c not in self.groups]
        if not content:
            return
        if name is None and not self._has_plan(r):
            self._without_name(r, content)
        elif self.is_plan_table:
            self._action(r, name)
        else:
            self._project(r, name)

    def _is_repeated(self, r: int) -> bool:
        """A row that says 再掲 in a cell of its own, of a name that stands in the table already, is no second item."""
        if not any(re.fullmatch(r"[(\[【<]?再掲[)\]】>]?", text) for text in self.grid.texts(r)):
            return False
        names = [
            fold_name(number_and_title(cell_text(cell))[1])
            for c in self.names
            if (cell := self.values.own(r, c))
        ]
        known = {fold_name(item.title) for root in self.read.items for item in root.walk()}
        return bool(names) and names[0] in known

    def _has_plan(self, r: int) -> bool:
        return any(
            self.values.own(r, c) for role in (Role.PLAN, Role.RESULT) for c in self.columns.get(role, ())
        )

    def _total(self, r: int, text: str) -> None:
        amount, previous, _ = self.values.money(r)
        page, line = self.grid.line_of(r)
        entry = Entry(amount, previous, text, page, line, self.group_count)
        group = self._parent
        if group is not None and group.amount is None and self.sums.is_group_total(entry):
            group.amount, group.previous_amount = amount, previous
            return
        self.sums.entries.append(entry)

    # --- groups ---------------------------------------------------------------------------------------------------

    def _open_groups(self, r: int) -> None:
        for level, c in enumerate(self.groups):
            cell = self.values.own(r, c)
            if cell is None:
                continue
            if is_ditto(cell.text) or re.fullmatch(
                r"[(第]?(?:\d{1,3}|[ア-ンa-zA-Z]|[IVX]+)[).]?", cell_text(cell)
            ):
                continue  # a bare number points at a group named elsewhere
            number, title = number_of_group(cell)
            if c in self.group_numbers:
                number = number or self.grid.text(r, self.group_numbers[c]) or None
            attributes = read_attributes(title, unit=self.unit, bare_amounts=False)
            current = self.path[level]
            if current is not None and fold_name(current.title) == fold_name(attributes.title):
                continue
            parent = next(
                (item for item in reversed(self.path[:level]) if item is not None), self.heads.current
            )
            siblings = parent.children if parent else self.read.items
            kind = self._kind_of_group(c)
            item = next(
                (s for s in siblings if s.kind == kind and fold_name(s.title) == fold_name(attributes.title)),
                None,
            )
            if item is None:
                item = DraftItem(
                    kind, attributes.title, number=number, tags=attributes.tags, amount=attributes.amount
                )
                item.places.append(place_of(cell, "title"))
                siblings.append(item)
            self.path[level] = item
            self.path[level + 1 :] = [None] * (len(self.path) - level - 1)
            self.stack.clear()
            self.group_count += 1

    def _kind_of_group(self, c: int) -> str:
        heading = self.headings[c]
        if "基本目標" in heading.text:
            return "goal"
        return _KIND_OF_GROUP[heading.role]

    @property
    def _parent(self) -> DraftItem | None:
        return next((item for item in reversed(self.path) if item is not None), self.heads.current)

    def _open_heading(self, r: int, name: Cell) -> None:
        number, title = number_and_title(cell_text(name))
        attributes = read_attributes(title, unit=self.unit, bare_amounts=True)
        marker = find_marker(cell_text(name))
        kind = "goal" if marker is not None and "基本目標" in marker.word else "measure"
        item = DraftItem(
            kind, attributes.title, number=number, amount=attributes.amount, tags=attributes.tags
        )
        amount, previous, _ = self.values.money(r)
        item.amount = item.amount or amount
        item.previous_amount = previous
        item.places.append(place_of(name, "title"))
        for c in range(1, self.grid.width):
            cell = self.values.own(r, c)
            if cell is not None and cell is not name and (owners := bodies_in_brackets(cell_text(cell))):
                item.owners += owners
                item.places.append(place_of(cell, "owner"))
        self.heads.opened(name, item, self.read.items.append, rows_between=self.rows_since_heading)
        self.rows_since_heading = False
        self.path = [None] * len(self.groups)
        self.stack.clear()
        self.group_count += 1

    # --- items ----------------------------------------------------------------------------------------------------

    def _without_name(self, r: int, content: list[int]) -> None:
        """A row without name: money of the group cell that begins here, or the rest of the row above (a page broke it)."""
        amount, previous, _ = self.values.money(r)
        group = next((item for item in reversed(self.path) if item is not None), None)
        opens = any(self.values.own(r, c) for c in self.groups)
        if amount and group is not None and opens and group.amount is None:
            group.amount, group.previous_amount = amount, previous
            group.owners = self.values.owners(r) or group.owners
            return
        if self.last is not None and not amount and not opens:
            for c in content:
                self._continue(self.last, r, c)
            return
        text = " ".join(text for text in self.grid.texts(r) if text)
        self.read.unplaced.append(Unplaced(text, *self.grid.line_of(r)))

    def _continue(self, item: DraftItem, r: int, c: int) -> None:
        cell = self.values.own(r, c)
        if cell is None:
            return
        role = self.headings[c].role
        text = cell_text(cell)
        if role is Role.RESULT:
            item.result = (item.result or "") + text
            item.figures = read_figures(item.result)
        elif role is Role.PLAN and has_bullets(cell):
            item.plan += bullets_of(cell)
        elif role is Role.PLAN and item.plan:
            item.plan[-1] += text
        elif role is Role.OWNER:
            item.owners += [owner for owner in split_owner_cell(cell.text) if owner not in item.owners]
        else:
            item.body = (item.body or "") + text
        item.places.append(
            place_of(cell, role.value if role in {Role.RESULT, Role.PLAN, Role.OWNER} else "body")
        )

    def _action(self, r: int, name: Cell | None) -> None:
        plan_cells = [cell for c in self.columns.get(Role.PLAN, ()) if (cell := self.values.covering(r, c))]
        starts = any(self.grid.starts(r, c) for c in [*self.columns.get(Role.PLAN, ()), *self.names])
        if not starts and self.last is not None:
            for c in self.columns.get(Role.RESULT, ()):
                self._continue(self.last, r, c)
            return
        item = DraftItem("action", "")
        if name is not None:
            marks, text = marked(cell_text(name), self.legend)
            item.number, title = number_and_title(text)
            attributes = read_attributes(title, unit=self.unit, bare_amounts=False)
            item.title, item.programme = attributes.title, attributes.programme
            item.tags = [*marks, *attributes.tags]
            item.owners = attributes.owners
            item.places.append(place_of(name, "title"))
        for cell in plan_cells:
            item.plan += bullets_of(cell)
            item.places.append(place_of(cell, "plan"))
        results = [cell for c in self.columns.get(Role.RESULT, ()) if (cell := self.values.covering(r, c))]
        if results:
            item.result = "".join(cell_text(cell) for cell in results)
            item.figures = read_figures(
                "\n".join(cell.text for cell in results) if len(results) > 1 else item.result
            )
            item.places += [place_of(cell, "result") for cell in results]
        if not item.title:
            if not item.plan and self.last is not None and item.result:
                self.last.result = (self.last.result or "") + item.result
                return
            item.title = item.plan[0] if item.plan else item.result or ""
            if item.places:
                source = item.places[0]
                item.places.insert(
                    0,
                    type(source)("title", source.page, source.line, source.end_line, source.box, source.cell),
                )
        self.values.fill(item, r)
        self._place(item)
        self._count(item, r)

    def _project(self, r: int, name: Cell | None) -> None:
        assert name is not None
        marks, text = marked(cell_text(name), self.legend)
        rank, number, title = rank_of(name, text)
        inner, title = marked(title, self.legend)
        marks += [mark for mark in inner if mark not in marks]
        attributes = read_attributes(title, unit=self.unit, bare_amounts=True)
        item = DraftItem(
            "project",
            attributes.title,
            number=number,
            tags=[*marks, *attributes.tags],
            owners=list(attributes.owners),
        )
        item.amount, item.previous_amount = attributes.amount, attributes.previous
        item.programme, item.budget_source = attributes.programme, attributes.budget_source
        item.places.append(place_of(name, "title"))
        self.values.fill(item, r)
        if self.is_task_list:
            item.kind = "action"
            item.plan = [item.title]
            self._place(item)
            return
        while self.stack and self.stack[-1][0] >= rank:
            self.stack.pop()
        item.kind = _DEPTHS[min(len(self.stack), 2)]
        if self.stack:
            self.stack[-1][1].children.append(item)
            self.last = item
        else:
            self._place(item)
            self._count(item, r)
        self.stack.append((rank, item))

    def _place(self, item: DraftItem) -> None:
        parent = self._parent
        (parent.children if parent else self.read.items).append(item)
        self.last = item

    def _count(self, item: DraftItem, r: int) -> None:
        page, line = self.grid.line_of(r)
        self.sums.entries.append(Entry(item.amount, item.previous_amount, None, page, line, self.group_count))
