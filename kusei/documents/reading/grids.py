"""Tables with their cells apart: budgets, action plans, evaluations, lists → items."""

from __future__ import annotations

import re

from kusei.documents.reading.cards import card_pairs, items_of_card
from kusei.documents.reading.cells import Grid, cell_lines, cell_text, is_amount, place_of
from kusei.documents.reading.column_content import by_content
from kusei.documents.reading.columns import (
    GROUPS,
    VALUES,
    Heading,
    Role,
    header_score,
    header_year,
    heading_of,
    read_headings,
    stated_unit,
)
from kusei.documents.reading.grid_rows import RowReader
from kusei.documents.reading.legends import legend_of
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import DraftItem, Table, Unplaced
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.row_pillars import raise_pillars
from kusei.documents.reading.rows import OutlineCell, RowsRead
from kusei.documents.reading.totals import are_accounts, check_totals


def read_table(
    table: Table,
    *,
    unit: str | None = None,
    outline_cell: OutlineCell | None = None,
    legend: dict[str, str] | None = None,
) -> RowsRead:
    """Read a table whose cells are known.

    `unit` is the unit of money stated for the document; the table's caption or headings overrule it. `outline_cell` reads
    a cell whose text is an outline of its own; `legend` says what marks before names stand for. Rows that are no items (totals, notes, indicators) are checked or unplaced.
    """
    grid = Grid(table)
    read = RowsRead()
    if not grid.height:
        return read
    unit = stated_unit(table.caption or "") or unit
    pairs = card_pairs(grid)
    if pairs:
        items_of_card(pairs, read, unit=unit)
        return read
    head, body = _find_header(grid)
    over: DraftItem | None = None
    for r in range(head):
        text = " ".join(part for part in grid.texts(r) if part)
        unit = stated_unit(text) or unit
        if (heading := _heading_above(grid, r, outline_cell)) is not None:
            over = heading
        elif text:
            read.unplaced.append(Unplaced(text, *grid.line_of(r)))
    headings = _headings(grid, head, body) if body > head else _guess(grid)
    read.header_year = header_year(headings)
    roles = [heading.role for heading in headings]
    unit = next((h.unit for h in headings if h.unit and h.role in {Role.AMOUNT, Role.PREVIOUS}), None) or unit
    if not _has_items(roles) or are_accounts([grid.text(r, 0) for r in range(body, grid.height)]):
        for r in range(head, grid.height):
            _unplace(grid, r, read)
        return read
    alone = [
        texts[0]
        for r in range(body, grid.height)
        if len(texts := [text for text in grid.texts(r) if text]) == 1
    ]
    legend = legend_of(alone) | (legend or {})
    printed = {_key(grid.texts(r)) for r in range(head, body)}
    reader = RowReader(grid, headings, read, unit=unit, outline_cell=outline_cell, first=body, legend=legend)
    for r in range(body, grid.height):
        texts = grid.texts(r)
        if not any(texts) or _key(texts) in printed:
            continue
        reader.row(r)
    check_totals(reader.sums, read)
    raise_pillars(read.items)
    if over is not None:
        over.children, read.items = read.items, [over]
    return read


def _heading_above(grid: Grid, r: int, outline_cell: OutlineCell | None) -> DraftItem | None:
    """The goal or pillar that a row above the column headings names for the whole table (基本目標Ⅰ …)."""
    cell = grid.at(r, 0)
    if outline_cell is None or cell is None or not cell_text(cell) or len(cell_text(cell)) > 60:
        return None
    marker = find_marker(cell_text(cell))
    if marker is None or not marker.word or not marker.rest or marker.ordinal is None:
        return None
    found = outline_cell(cell_lines(cell))
    if len(found) != 1 or found[0].children or found[0].kind not in {"goal", "measure", "focus"}:
        return None
    if "基本目標" in marker.word:
        found[0].kind = "goal"
    found[0].places = [place_of(cell, "title")]
    return found[0]


def _key(texts: list[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"\s", "", text) for text in texts if text)


def _unplace(grid: Grid, r: int, read: RowsRead) -> None:
    text = " ".join(part for part in grid.texts(r) if part)
    if text:
        read.unplaced.append(Unplaced(text, *grid.line_of(r)))


def _has_items(roles: list[Role]) -> bool:
    """Whether rows of such columns are things of a plan: they have a name or plan, and are no mere indicators."""
    if Role.INDICATOR in roles and not {Role.PLAN, Role.RESULT, Role.AMOUNT, Role.OWNER, Role.PROJECT} & set(
        roles
    ):
        return False
    if Role.PLAN in roles or Role.PROJECT in roles:
        return True
    others = {Role.OWNER, Role.AMOUNT, Role.RESULT, Role.STATUS, Role.BODY, Role.PREVIOUS}
    measured = VALUES & set(roles) and not {Role.OWNER, Role.RESULT, Role.AMOUNT} & set(roles)
    return bool({Role.MATTER, *GROUPS} & set(roles)) and bool(others & set(roles)) and not measured


def _find_header(grid: Grid) -> tuple[int, int]:
    """First row of the heading and first row below it; (0, 0) without heading."""
    for r in range(min(grid.height, 8)):
        texts = [text for text in grid.texts(r) if text]
        score = header_score(texts)
        if (
            len(texts) >= 2
            and score >= 2
            and score * 2 >= len(texts)
            and not any(is_amount(text) for text in texts)
        ):
            return r, _header_end(grid, r)
    return 0, 0


def _header_end(grid: Grid, r: int) -> int:
    """A second heading row stands under cells that span columns, or a first one's cells reach down into it."""
    end = r + 1
    while end < min(grid.height, r + 4):
        below = [text for text in grid.texts(end) if text]
        reaching = any(not grid.starts(end, c) and grid.text(end, c) for c in range(grid.width))
        spanning = any(
            grid.origin(r, c) == grid.origin(r, c + 1) and grid.origin(r, c) is not None
            for c in range(grid.width - 1)
        )
        if any(is_amount(text) for text in below) or _is_banner(grid, end):
            break
        units = bool(below) and all(
            re.fullmatch(
                r"[(\[]?(?:単位[::])?\s*(?:[千百十]*[万億]?円|%|[A-C]|[A-C]-[A-C]|\(?[A-C]\)?)[)\]]?", text
            )
            for text in below
        )
        known = header_score(below)
        words = (
            below and known * 2 >= len(below) and (reaching or spanning) and (spanning or known == len(below))
        )
        if not (units or words or (not below and reaching)):
            break
        end += 1
    return end


def _is_banner(grid: Grid, r: int) -> bool:
    """Whether one cell takes a whole row: it heads the rows below, not the columns."""
    cell = grid.at(r, 0)
    return cell is not None and grid.width > 1 and cell.col_span >= grid.width


def _headings(grid: Grid, head: int, body: int) -> list[Heading]:
    """One heading for each column; words of a spanning cell stand before those below it."""
    texts: list[str] = []
    for c in range(grid.width):
        parts: list[str] = []
        for r in range(head, body):
            text = grid.text(r, c)
            if text and text not in parts:
                parts.append(text)
        whole = "".join(parts)
        if len(parts) > 1 and heading_of(whole) is None:
            whole = next((part for part in reversed(parts) if heading_of(part)), whole)
        texts.append(whole)
    found = read_headings(texts)
    return by_content(grid, _split_spans(grid, found, head, body), body)


def _split_spans(grid: Grid, found: list[Heading], head: int, body: int) -> list[Heading]:
    """A heading over several columns: numbers in the first make it the number's column; of money only the first counts."""
    result = list(found)
    for c in range(1, grid.width):
        same = grid.origin(body - 1, c) == grid.origin(body - 1, c - 1)
        if not same or found[c].role is not found[c - 1].role:
            continue
        if found[c].role in {Role.PROJECT, Role.MATTER, Role.MEASURE, Role.FOCUS}:
            cells = [grid.text(r, c - 1) for r in range(body, grid.height) if grid.starts(r, c - 1)]
            filled = [text for text in cells if text]
            if filled and all(re.fullmatch(r"[(]?[\dア-ンa-zA-Z①-⑳-]{1,4}[).]?", text) for text in filled):
                result[c - 1] = Heading(Role.NUMBER, found[c - 1].text)
        elif found[c].role in {Role.AMOUNT, Role.PREVIOUS}:
            result[c] = Heading(Role.OTHER, found[c].text)
    return result


def _guess(grid: Grid) -> list[Heading]:
    """Without headings: columns of figures are money (this year's first), columns of bodies owners, the first other text the name."""
    headings = [Heading(Role.OTHER, "") for _ in range(grid.width)]
    if grid.height < 2:
        return headings
    money = 0
    named = False
    evidence = False
    for c in range(grid.width):
        cells = [grid.text(r, c) for r in range(grid.height) if grid.starts(r, c) and grid.text(r, c)]
        if not cells:
            continue
        figures = sum(is_amount(text) for text in cells)
        commas = any("," in text or "円" in text for text in cells)
        owners = sum(
            bool(re.search(r"(?:課|室|局|係|部|署|事務所|センター)$", clean(text))) for text in cells
        )
        if figures * 10 >= len(cells) * 6 and commas:
            role = (Role.AMOUNT, Role.PREVIOUS, Role.DIFFERENCE)[min(money, 2)]
            money += 1
            evidence = True
        elif owners * 10 >= len(cells) * 6:
            role = Role.OWNER
            evidence = True
        elif all(re.fullmatch(r"[(]?\d{1,3}[).]?", text) for text in cells):
            role = Role.NUMBER
        elif not named:
            role = Role.PROJECT
            named = True
        else:
            role = Role.BODY
        headings[c] = Heading(role, "")
    return headings if evidence and named else [Heading(Role.OTHER, "") for _ in range(grid.width)]
