"""Tables that run on over page breaks: one table again, without the repeated header, cut rows and spanned cells whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kusei.documents.reading.extract.pdf_cut_rows import flows, is_cut_row
from kusei.documents.reading.extract.pdf_page import PageBlocks
from kusei.documents.reading.extract.pdf_tables import CellLine, RawCell, RawTable
from kusei.documents.reading.extract.pdf_tails import add_tail, fits_table, tail_bottom
from kusei.documents.reading.model import Line, Page

_MOST_PAGES = 200
"""A table longer than this is given in parts, so that memory does not grow with the file."""
_MARGIN = 0.09
_PAGE_NUMBER = re.compile(r"[\s\-‐‑–—―−ー~〜()（）Pp.．/／0-9０-９ページ頁]{1,14}")
_COUNTED = re.compile(
    r"\s*(?P<word>[^\d\s]{0,8}?)(?P<number>\d{1,2})[章節編]?[\s\u3000.．:：)）]+(?P<rest>\D.*)"
)
_NOTE = re.compile(r"\s*(※|＊|\*|[（(]?注)")
_REACH = 4.0

Rows = list[list[RawCell | None]]


class Joiner:
    """Gets the pages in order and gives them back when no table on them can grow any more."""

    def __init__(self) -> None:
        self.held: list[tuple[int, PageBlocks]] = []
        self.open: RawTable | None = None
        """The table at the end of the last held page."""
        self.open_page: PageBlocks | None = None

    def add(self, number: int, page: PageBlocks) -> Iterator[Page]:
        """The pages that are finished now that page `number` is known."""
        last = _last_table(page) or _tailed_table(page)
        first = _first_table(page, self.open)
        if (
            self.open
            and self.open_page
            and first
            and _take_tail(self.open, self.open_page, first)
            and _continues(self.open, self.open_page, first, page)
        ):
            if self.open.pages < _MOST_PAGES:
                page.blocks.remove(first)
                _take_overhang(self.open, self.open_page, first)
                _join(self.open, first)
                last = self.open if first is last else last
            else:
                _repeat_header(self.open, first)
        self.held.append((number, page))
        if last is None or last is not self.open:
            keep = 1 if last else 0
            yield from self._release(len(self.held) - keep)
        self.open, self.open_page = last, page

    def close(self) -> Iterator[Page]:
        """The pages still held at the end."""
        yield from self._release(len(self.held))

    def _release(self, count: int) -> Iterator[Page]:
        ready, self.held = self.held[:count], self.held[count:]
        for number, page in ready:
            yield Page([b.finish() if isinstance(b, RawTable) else b for b in page.blocks], number)


def _last_table(page: PageBlocks) -> RawTable | None:
    """The table that ends the page; page numbers, lines in the margin and notes may follow it."""
    for block in reversed(page.blocks):
        if isinstance(block, RawTable):
            return block
        if not (_is_marginal(block, page) or _NOTE.match(block.text)):
            return None
    return None


def _tailed_table(page: PageBlocks) -> RawTable | None:
    """The last table of the page if it has no rules and the lines below it may be its last rows."""
    tables = [block for block in page.blocks if isinstance(block, RawTable)]
    if tables and not tables[-1].is_ruled and fits_table(tables[-1], page, _tail(tables[-1], page)):
        return tables[-1]
    return None


def _tail(table: RawTable, page: PageBlocks) -> list[Line]:
    """The lines below `table`, but for page numbers."""
    return [
        block
        for block in page.blocks
        if isinstance(block, Line)
        and page.places[block.number][1] >= table.bottom - 2
        and not (_PAGE_NUMBER.fullmatch(block.text.strip()) and _is_marginal(block, page))
    ]


def _take_tail(table: RawTable, page: PageBlocks, other: RawTable) -> bool:
    """Whether nothing stands between `table` and the end of its page, lines that prove to be its rows now taken in."""
    tail = _tail(table, page)
    if table.is_ruled or all(_is_marginal(line, page) or _NOTE.match(line.text) for line in tail):
        return True
    if not fits_table(table, page, tail) or not _repeated_header(table, other):
        return False
    if tail_bottom(page, tail) < 0.8 * page.height:
        return False
    add_tail(table, page, tail)
    return True


def _first_table(page: PageBlocks, running: RawTable | None) -> RawTable | None:
    """The table that begins the page; running heads and the repeated lines over `running` may stand before it."""
    known = {_masked(text) for text in running.before} if running else set()
    for block in page.blocks:
        if isinstance(block, RawTable):
            return block
        if not (_is_marginal(block, page) or _masked(block.text) in known):
            return None
        if running and any(_counts_on(above, block.text) for above in running.before):
            return None  # the heading of a further table
    return None


def _counts_on(above: str, text: str) -> bool:
    """Whether two headings begin with the same word and count on: 戦略２ くらし, 戦略３ しごと."""
    first, second = _COUNTED.match(above), _COUNTED.match(text)
    if first is None or second is None or first["word"] != second["word"] or first["rest"] == second["rest"]:
        return False
    return int(second["number"]) == int(first["number"]) + 1


def _masked(text: str) -> str:
    """A line as it is recognised when printed again: without white space, "continued" and "2/3"."""
    return re.sub(r"\s|[（(]?(つづき|続き|その[0-9０-９]+|[0-9０-９]+[/／][0-9０-９]+)[）)]?", "", text)


def _is_marginal(line: Line, page: PageBlocks) -> bool:
    if _PAGE_NUMBER.fullmatch(line.text.strip()):
        return True
    _, top, _, bottom = page.places.get(line.number, (0.0, 0.0, 0.0, 0.0))
    return bottom < page.height * _MARGIN or top > page.height * (1 - _MARGIN)


def _continues(table: RawTable, table_page: PageBlocks, other: RawTable, page: PageBlocks) -> bool:
    """Whether `other`, first on its page, is the same table as `table`, last on the page before."""
    if table.is_ruled != other.is_ruled:
        return False
    if table.is_ruled and not _same_columns(table, other):
        return False
    repeated = _repeated_header(table, other)
    if not repeated and (not table.is_ruled or _has_lines_before(page, other)):
        return False
    body = other.rows[repeated:]
    if not body or any(cell and cell.open_bottom for cell in table.last_owners()):
        return True
    free = table_page.height * (1 - _MARGIN) - table.bottom
    needed = max((cell.height for cell in body[0] if cell), default=0.0)
    return free < needed + 0.12 * table_page.height


def _has_lines_before(page: PageBlocks, table: RawTable) -> bool:
    """Whether a line that is no running head stands over the table."""
    for block in page.blocks:
        if block is table:
            return False
        if isinstance(block, Line) and not _is_marginal(block, page):
            return True
    return False


def _same_columns(table: RawTable, other: RawTable) -> bool:
    """Whether the columns agree, if need be after cutting both finer where only one has a border. Changes both then.

    Pages bound left and right may be shifted as a whole.
    """
    if table.xs is other.xs:
        return True
    shift = other.xs[0] - table.xs[0]
    if abs(shift) > 40 or abs(other.xs[-1] - shift - table.xs[-1]) > _REACH:
        return False
    ours, theirs = table.xs, [x - shift for x in other.xs]
    extra = [x for x in theirs if all(abs(x - y) > _REACH for y in ours)]
    missing = [x for x in ours if all(abs(x - y) > _REACH for y in theirs)]
    if len(extra) + len(missing) > max(1, (min(len(ours), len(theirs)) - 2) // 2) and extra and missing:
        return False
    if len(theirs) < 3 or len(ours) < 3:
        return False
    if extra or missing:
        merged = sorted(ours + extra)
        table.set_columns(merged, [_nearest(merged, x) for x in ours])
        other.set_columns(merged, [_nearest(merged, x) for x in theirs])
    return len(table.xs) == len(other.xs)


def _nearest(positions: list[float], x: float) -> int:
    return min(range(len(positions)), key=lambda index: abs(positions[index] - x))


def _repeated_header(table: RawTable, other: RawTable) -> int:
    """How many rows at the top of `other` repeat those at the top of `table`."""
    count = 0
    for ours, theirs in zip(table.rows[:6], other.rows[:6], strict=False):
        if len(ours) != len(theirs) or not any(cell and cell.lines for cell in theirs):
            break
        if any((a and a.key) != (b and b.key) for a, b in zip(ours, theirs, strict=True)):
            break
        count += 1
    return count


def _repeat_header(table: RawTable, other: RawTable) -> None:
    """Gives the next part of a very long table the header that the file printed once."""
    if _repeated_header(table, other) == 0:
        header = table.rows[: table.header_rows or 1]
        if all(cell is None or cell.row_span <= len(header) for row in header for cell in row):
            other.rows[:0] = header


def _join(table: RawTable, other: RawTable) -> None:
    """Adds the rows of `other` to `table`: without a repeated header, cut rows and spanned cells made whole."""
    repeated = _repeated_header(table, other)
    table.header_rows = max(table.header_rows, repeated)
    body = other.rows[repeated:]
    table.pages += 1
    table.bottom = other.bottom
    if not body:
        return
    owners = table.last_owners()
    if is_cut_row(table, owners, body[0], repeated):
        _merge_row(table, owners, body)
    else:
        for column, cell in enumerate(body[0]):
            owner = owners[column]
            if cell and owner and _runs_on(table, column, owner, cell, repeated):
                owner.lines += cell.lines
                owner.row_span += cell.row_span
                owner.open_bottom = cell.open_bottom
                body[0][column] = None
        table.rows += body


def _take_overhang(table: RawTable, page: PageBlocks, other: RawTable) -> None:
    """Moves text printed below the table, within one column, into the empty cell that begins in `other`.

    Some makers print the text of a spanned cell on the page before the rows it belongs to.
    """
    row = next(iter(other.rows[_repeated_header(table, other) :]), [])
    for block in list(page.blocks):
        if not isinstance(block, Line) or _PAGE_NUMBER.fullmatch(block.text):
            continue
        x0, top, x1, _ = page.places[block.number]
        if top < table.bottom:
            continue
        for column, cell in enumerate(row):
            if (
                cell
                and (not cell.lines or cell.lines[0].page != cell.page)
                and table.xs[column] <= x0
                and x1 <= table.xs[column + cell.col_span] + 1
                and top - table.bottom < 4 * (block.size or 10)
            ):
                cell.lines.append(CellLine(block.text, cell.page - 1, block.number, False))
                page.blocks.remove(block)
                break


def _merge_row(table: RawTable, owners: list[RawCell | None], body: Rows) -> None:
    """Joins the first row of `body` to the last row of `table`; cells that span on take their later rows with them."""
    for column, cell in enumerate(body[0]):
        owner = owners[column]
        if cell and owner:
            owner.lines += cell.lines
            owner.row_span += cell.row_span - 1
            owner.open_bottom = cell.open_bottom
    table.rows += body[1:]


def _runs_on(table: RawTable, column: int, owner: RawCell, cell: RawCell, repeated: int) -> bool:
    """Whether a cell that spans rows was cut by the break between rows, `cell` being its second half."""
    if owner.col_span != cell.col_span or owner.open_bottom != _any_open(table):
        return False
    if owner.open_bottom and any(other and not other.open_bottom for other in table.last_owners()):
        return True  # only the cells that go on have no rule below them
    if owner.open_bottom or (cell.open_top and not repeated):
        return not (owner.lines and cell.lines) or flows(owner, cell)
    if cell.lines and owner.lines:
        return False
    above = [row[column] for row in table.rows[table.header_rows or repeated :] if row[column]]
    spanning = sum(1 for other in above if other and other.row_span > 1)
    empty = sum(1 for other in above if other and other is not owner and not other.lines)
    if not spanning or empty > 0.1 * len(above):
        return False
    return bool(owner.lines) != bool(cell.lines)  # makers print the text on one side of the break only


def _any_open(table: RawTable) -> bool:
    return any(cell and cell.open_bottom for cell in table.last_owners())
