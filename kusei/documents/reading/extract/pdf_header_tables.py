"""Tables without rules under a header: the header's words say which columns there are, white space where they end.

Cells may wrap, span rows or reach over columns. Rows are found by distance: lines of one cell stand closer than cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from kusei.documents.reading.extract.pdf_glyphs import Glyph
from kusei.documents.reading.extract.pdf_grids import GridCell
from kusei.documents.reading.extract.pdf_lines import Row, Segment, box_of, make_segment, rows_of
from kusei.documents.reading.extract.pdf_row_starts import MARKED, ColumnLine, row_starts
from kusei.documents.reading.extract.pdf_tight_headers import split_tight
from kusei.documents.reading.extract.pdf_unruled import LARGER, is_header

_RUN = 0.35
"""A gap this wide (in sizes of the characters) may part two columns."""
_LONGEST_OF_TWO = 7
"""Two words beside each other head a table only if they are short and known."""
_NAME = re.compile(
    r".*(項目|事業|事業名|取組|取組名|施策|施策名|計画|区分|分類|分野|番号|名称|目標|課題|テーマ|柱|方針|No\.?)"
)
_TEXT = re.compile(
    r".*(概要|内容|説明|取組|取組み|結果|実績|状況|成果|計画|方向|方向性|考え方|目的|評価|理由|課題|意見)"
)
_OTHER = re.compile(
    r"[部局課室係班]|.*(主体|担当|担当課|所管|所管課|部署|課名|団体|機関|予算|予算額|事業費|金額|額|指標|目標値|備考|時期|年度|場所|対象|期間|回数|単位|進捗)"
)
_LEVELS = ("部", "局", "課", "室", "係", "班")
_OWNER = re.compile(r".*(主体|担当|担当課|所管|所管課|部署|課名|団体|機関)")
_PAGE_NUMBER = re.compile(r"[\s\-‐‑–—―−ー~〜()（）Pp.．/／0-9０-９ページ頁]{1,14}")
_NOTE = re.compile(r"\s*(※|＊|\*|[（(]?注)")


@dataclass(slots=True)
class HeaderTable:
    """A table found under its header. A field of `cells` is missing where another cell spans it."""

    cells: list[GridCell]
    xs: list[float]
    row_count: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(slots=True)
class _Run:
    """Characters of one line without a gap; `first` to `last` are the header's columns it reaches over."""

    glyphs: list[Glyph]
    x0: float
    x1: float
    first: int = -1
    last: int = -1

    @property
    def crosses(self) -> bool:
        return self.last > self.first


def take_tables(rows: list[Row], height: float) -> tuple[list[HeaderTable], list[Row]]:
    """The tables among the rows of a page of `height`, and the rows that belong to none."""
    tables: list[HeaderTable] = []
    rest: list[Row] = []
    index = 0
    while index < len(rows):
        found = _table_at(rows, index, height)
        if found:
            tables.append(found[0])
            index += found[1]
        else:
            rest.append(rows[index])
            index += 1
    return tables, rest


def _table_at(rows: list[Row], index: int, height: float) -> tuple[HeaderTable, int] | None:
    header = _header_of(rows, index)
    if header is None:
        return None
    body = rows[index + 1 : _end(rows, index, height)]
    runs = [_runs(row, header) for row in body]
    used = _without_text_below(runs, header)
    body, runs = body[:used], runs[:used]
    least = 1 if index == 0 else 2  # a page may begin with the header again and the rest of one cell
    if len(body) < least or sum(1 for row in runs if any(run.crosses for run in row)) > 0.6 * len(body):
        return None
    borders = _borders(header, [run for row in runs for run in row if not run.crosses], len(body))
    if borders is None:
        return None
    columns = _columns(header, runs, borders)
    if sum(1 for lines in columns if len(lines) > 1) < least:
        return None
    table = _build(columns, header, body, borders)
    return (table, 1 + used) if table else None


def _header_of(rows: list[Row], index: int) -> Row | None:
    """The words that head columns on a line: those apart from each other or, where rows below say so, closer ones."""
    header = _join_spaced(rows[index])
    if index + 1 < len(rows) and header[0].size > LARGER * rows[index + 1][0].size:
        return None  # a title
    tight = split_tight(header, rows[index + 1 :]) if _may_hold_more(header) else header
    if len(tight) > max(len(header), 2) and is_header(tight) and sum(map(_is_word, tight)) + 1 >= len(tight):
        return tight
    if len(header) < 2 or not is_header(header) or not _is_known(header):
        return None
    return header


def _may_hold_more(header: Row) -> bool:
    """Whether some text of a line is longer than the words of columns, and ends like one."""
    return sum(len(segment.glyphs) for segment in header) <= 60 and any(
        len(segment.glyphs) >= 4 and _is_word(segment) for segment in header
    )


def _is_word(segment: Segment) -> bool:
    text = "".join(segment.text.split())
    return any(pattern.fullmatch(text) for pattern in (_NAME, _TEXT, _OTHER))


def _join_spaced(row: Row) -> Row:
    """A header whose words are spaced out (事　　業) with each word whole: single characters side by side are one."""
    joined: Row = []
    spaced = False
    for segment in row:
        levels = spaced and segment.text in _LEVELS and joined[-1].text in _LEVELS  # 部 課: a column each
        if (
            spaced
            and len(segment.glyphs) == 1
            and not levels
            and segment.x0 - joined[-1].x1 < 4 * segment.size
        ):
            joined[-1] = make_segment([*joined[-1].glyphs, *segment.glyphs])
        else:
            joined.append(segment)
        spaced = len(segment.glyphs) == 1
    return joined


def _is_known(header: Row) -> bool:
    texts = ["".join(segment.text.split()) for segment in header]
    if len(texts) == 2:
        short = all(len(text) <= _LONGEST_OF_TWO for text in texts)
        return (
            short and bool(_NAME.fullmatch(texts[0]) and _TEXT.fullmatch(texts[1])) and texts[0] != texts[1]
        )
    known = sum(1 for text in texts if any(p.fullmatch(text) for p in (_NAME, _TEXT, _OTHER)))
    return known * 2 >= len(texts)


def _end(rows: list[Row], index: int, height: float) -> int:
    """Where the rows that may belong to a table end: at a wide gap, a page number, or the header of another table."""
    reached = max(segment.bottom for segment in rows[index])
    for number in range(index + 1, len(rows)):
        row = rows[number]
        top = min(segment.top for segment in row)
        if top - reached > 5 * row[0].size:
            return number
        if len(row) == 1 and _NOTE.match(row[0].text):
            return number
        if row[0].top > 0.91 * height and len(row) == 1 and _PAGE_NUMBER.fullmatch(row[0].text):
            return number
        reached = max(reached, max(segment.bottom for segment in row))
    return len(rows)


def _runs(row: Row, header: Row) -> list[_Run]:
    runs: list[_Run] = []
    for segment in row:
        for glyph in segment.glyphs:
            if glyph.text.isspace():
                if runs:
                    runs[-1].glyphs.append(glyph)
                continue
            if runs and glyph.x0 - runs[-1].x1 < _RUN * glyph.size:
                runs[-1].glyphs.append(glyph)
                runs[-1].x1 = max(runs[-1].x1, glyph.x1)
            else:
                runs.append(_Run([glyph], glyph.x0, glyph.x1))
    for run in runs:
        reached = [
            k
            for k, (left, right) in enumerate(pairwise(header))
            if run.x0 < left.x1 and run.x1 > right.x0 + 0.6 * right.size
        ]
        if reached:
            run.first, run.last = reached[0], reached[-1] + 1
    return runs


def _without_text_below(runs: list[list[_Run]], header: Row) -> int:
    """How many rows are left without the text of full width that follows a table."""
    second = header[1].x0 - 1.5 * header[1].size
    last = 0
    for number, row in enumerate(runs, 1):
        if any(run.x0 >= second and not run.crosses for run in row):
            last = number
    below = runs[last:]
    return last if any(run.crosses for row in below for run in row) else len(runs)


def _borders(header: Row, runs: list[_Run], rows: int) -> list[float] | None:
    """The x between each two columns, in the white strip between their header words; None if there is no such strip."""
    size = median([segment.size for segment in header])
    borders: list[float] = []
    for left, right in pairwise(header):
        low, high = left.x1, right.x0
        if high - low < 0.5 * size:
            low, high = (
                low - 0.5 * size,
                high + 0.5 * size,
            )  # text may reach a little below a tight header's words
        strip = None
        for allowed in range(max(2, rows // 16) + 1):
            strip = _strip(low, high, runs, allowed, 0.25 * size)
            if strip:
                break
        if strip is None:
            return None
        borders.append(strip[1] - min((strip[1] - strip[0]) / 2, 0.5 * size))
    return borders


def _strip(
    low: float, high: float, runs: list[_Run], allowed: int, least: float
) -> tuple[float, float] | None:
    """Of the white strips between `low` and `high` the one before the most beginnings of lines, or the last of these."""
    inner = [run for run in runs if run.x1 > low and run.x0 < high]
    points = sorted({low, high, *(x for run in inner for x in (run.x0, run.x1) if low < x < high)})
    strips: list[tuple[float, float]] = []
    for a, b in pairwise(points):
        middle = (a + b) / 2
        if sum(1 for run in inner if run.x0 < middle < run.x1) <= allowed:
            if strips and strips[-1][1] == a:
                strips[-1] = (strips[-1][0], b)
            else:
                strips.append((a, b))
    strips = [(a, b) for a, b in strips if b - a >= least]
    if not strips:
        return None
    reach = 6 * least
    return max(strips, key=lambda s: (sum(1 for run in runs if s[1] - 0.5 <= run.x0 <= s[1] + reach), s[1]))


def _columns(header: Row, runs: list[list[_Run]], borders: list[float]) -> list[list[ColumnLine]]:
    """The printed lines of each column from the header's word down."""
    glyphs: list[list[Glyph]] = [[] for _ in header]
    reach: dict[int, int] = {}
    for row in runs:
        for run in row:
            if run.crosses:
                glyphs[run.first] += run.glyphs
                last = sum(1 for border in borders if run.x1 > border + 0.5)
                for glyph in run.glyphs:
                    reach[id(glyph)] = max(run.first, last)
                continue
            for glyph in run.glyphs:
                x = (glyph.x0 + glyph.x1) / 2
                glyphs[sum(1 for border in borders if x > border)].append(glyph)
    columns: list[list[ColumnLine]] = []
    for column, (word, own) in enumerate(zip(header, glyphs, strict=True)):
        lines = [_line([word], column, reach)]
        found, _ = rows_of(own)
        lines += [_line(row, column, reach) for row in found]
        columns.append(lines)
    return columns


def _line(row: Row, column: int, reach: dict[int, int]) -> ColumnLine:
    glyphs = [glyph for segment in row for glyph in segment.glyphs]
    last = max((reach.get(id(glyph), column) for glyph in glyphs), default=column)
    center = median([glyph.center for glyph in glyphs])
    return ColumnLine(row, center, row[0].size, last)


@dataclass(slots=True)
class _Place:
    """A cell while its lines and spans are collected."""

    row: int
    column: int
    lines: list[Row] = field(default_factory=list)
    row_span: int = 1
    last: int = 0
    """The last column it reaches over."""


def _build(
    columns: list[list[ColumnLine]], header: Row, body: Sequence[Row], borders: list[float]
) -> HeaderTable | None:
    starts = row_starts(columns)
    if starts is None:
        return None
    tops, first_of = starts
    grid: list[list[_Place | None]] = [[None] * len(columns) for _ in tops]
    places: list[_Place] = []
    for column, lines in enumerate(columns):
        place: _Place | None = None
        for number, line in enumerate(lines):
            row = first_of[column].get(number)
            if row is not None or place is None:
                place = _Place(row or 0, column, last=column)
                places.append(place)
                grid[place.row][column] = place
            place.lines.append(line.row)
            place.last = max(place.last, line.last_column)
    heads = ["".join(s.text for row in place.lines for s in row) for place in grid[0] if place]
    owners = [bool(_OWNER.fullmatch("".join(head.split()))) for head in heads]
    _fill(grid, columns, tops, places, owners)
    x0, top, x1, bottom = box_of([segment for row in [header, *body] for segment in row])
    xs = [x0, *borders, x1]
    sides = [_sides(lines, column) for column, lines in enumerate(columns)]
    edges = _edges(columns, tops, top, bottom)
    cells = [
        GridCell(
            place.row, place.column, place.row_span, place.last - place.column + 1,
            sides[place.column][0], edges[place.row], sides[place.last][1], edges[place.row + place.row_span],
            rows=place.lines,
        )
        for place in places
    ]  # fmt: skip
    return HeaderTable(cells, xs, len(tops), x0, top, x1, bottom)


def _sides(lines: list[ColumnLine], column: int) -> tuple[float, float]:
    """Where the text of a column begins and ends."""
    own = [segment for line in lines if line.last_column == column for segment in line.row]
    return min(segment.x0 for segment in own), max(segment.x1 for segment in own)


def _fill(
    grid: list[list[_Place | None]],
    columns: list[list[ColumnLine]],
    tops: list[float],
    places: list[_Place],
    owners: list[bool],
) -> None:
    """Gives each field without text to the cell above that spans it, else an empty cell.

    Cells of columns left of the most broken one group rows. Right of it, a column spans where its text ran on beside the
    start of a row, and where it names who acts: those are seldom left out.
    """
    begun = [sum(1 for row in grid[1:] if row[column]) for column in range(len(columns))]
    main = max(range(len(columns)), key=lambda column: (begun[column], -column))
    runs_on = [_runs_past(place, tops) for place in places]
    spanning = {place.column for place, past in zip(places, runs_on, strict=True) if past > place.row}
    past_of = {id(place): past for place, past in zip(places, runs_on, strict=True)}
    for r in range(1, len(grid)):
        covered = -1
        heads = _is_marked_alone(grid[r], r)
        for column in range(len(columns)):
            here = grid[r][column]
            if here and here.row == r and here.column == column:
                covered = max(covered, here.last)
                continue
            if column <= covered:
                continue
            above = grid[r - 1][column]
            if above and above.column != column:
                above = None
            begins_left = any((p := grid[r][c]) and p.row == r for c in range(column))
            if above and above.row > 0:
                goes_on = past_of.get(id(above), 0) >= r
                groups = column < main and not begins_left and above.last == column
                shares = column > main and (column in spanning or owners[column]) and bool(above.lines)
                shares = shares and not heads
                if goes_on or groups or shares:
                    grid[r][column] = above
                    above.row_span = r - above.row + 1
                    continue
            empty = _Place(r, column, last=column)
            grid[r][column] = empty
            places.append(empty)


def _is_marked_alone(row: Sequence[_Place | None], r: int) -> bool:
    """Whether a row holds nothing but a marked name in the first column: it heads the rows below and shares no cell."""
    begun = [place for place in row if place and place.row == r and place.lines]
    return len(begun) == 1 and begun[0].column == 0 and bool(MARKED.match(begun[0].lines[0][0].text))


def _runs_past(place: _Place, tops: list[float]) -> int:
    """The last row whose start lies above the last line of the cell."""
    if not place.lines:
        return place.row
    center = median([glyph.center for segment in place.lines[-1] for glyph in segment.glyphs])
    size = place.lines[-1][0].size
    past = place.row
    while past + 1 < len(tops) and tops[past + 1] < center - 0.6 * size:
        past += 1
    return past


def _edges(columns: list[list[ColumnLine]], tops: list[float], top: float, bottom: float) -> list[float]:
    """The heights between the rows: in the middle between the last line above and the row's first."""
    edges = [top]
    centers = sorted(line.center for lines in columns for line in lines)
    for start in tops[1:]:
        above = [center for center in centers if center < start - 1]
        edges.append((above[-1] + start) / 2 if above else start)
    return [*edges, bottom]
