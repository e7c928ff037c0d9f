"""The four steps together: a file → a draft plan tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from kusei.documents.reading.beside import set_beside
from kusei.documents.reading.cards import are_named_by_labels, looks_like_cards, read_cards
from kusei.documents.reading.checks import check
from kusei.documents.reading.columns import stated_unit as unit_in_words
from kusei.documents.reading.extract import extract
from kusei.documents.reading.flattened import looks_flattened, read_flattened
from kusei.documents.reading.grids import read_table
from kusei.documents.reading.identity import identify
from kusei.documents.reading.layout import as_lines, is_calendar
from kusei.documents.reading.legends import legend_of
from kusei.documents.reading.lines import TABLE_MARK, heads_marked_cells, prepare, split_inline
from kusei.documents.reading.merging import drop_empty_headings, known_items, merge_rows
from kusei.documents.reading.model import Draft, DraftItem, Extract, Line, Page, Table
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.outline import read_outline, stated_unit
from kusei.documents.reading.padded import find_padded
from kusei.documents.reading.remains import keep_remains, name_all
from kusei.documents.reading.rows import RowsRead

Progress = Callable[[int, int | None], None]


def read_file(path: Path, *, progress: Progress | None = None) -> Draft:
    """Read one document. Raises ReadingError (with a Japanese message) for a file that cannot be read.

    `progress(page, pages)` is called while pages are extracted; `pages` is None where the format does not tell.
    """
    return read_extract(extract(path, progress=progress))


def read_extract(extracted: Extract, *, keep: Callable[[Page], None] | None = None) -> Draft:
    """Steps 2 to 4 on an extracted file. `keep` sees every page as it passes (to store its lines)."""
    blocks: list[Line | Table] = []
    for page in extracted.pages:
        if keep is not None:
            keep(page)
        blocks.extend(page.blocks)
    draft = read_blocks(blocks)
    draft.warnings[:0] = extracted.warnings
    return draft


def read_blocks(blocks: Iterable[Line | Table]) -> Draft:
    """Lines and tables in reading order → draft."""
    blocks = [block for one in blocks if (block := _readable(one))]
    draft = _draft_of(blocks)
    name_all(draft)
    keep_remains(draft, blocks)
    check(draft)
    return draft


def _draft_of(blocks: list[Line | Table]) -> Draft:
    lines = [block for block in blocks if isinstance(block, Line)]
    if looks_flattened(lines) and not are_named_by_labels(lines):
        return _finish(lines, read_flattened(lines))
    if not any(isinstance(block, Table) for block in blocks) and looks_like_cards(lines):
        return _finish(lines, read_cards(lines, unit=stated_unit(prepare(lines).texts)))
    return _read_mixed(_with_padded_tables(set_beside(blocks)))


_LONG_BLANK = re.compile(r"[ \t\u3000\u00a0]{200,}")


def _readable(block: Line | Table) -> Line | Table | None:
    """`block` without endless blanks; None for a line of nothing but blanks and invisible characters."""
    if isinstance(block, Table):
        return block
    if TABLE_MARK in block.text or _LONG_BLANK.search(block.text):
        text = _LONG_BLANK.sub(lambda run: run[0][:200], block.text.replace(TABLE_MARK, ""))
        block = replace(block, text=text)
    return block if clean(block.text) else None


def _with_padded_tables(blocks: list[Line | Table]) -> list[Line | Table]:
    result: list[Line | Table] = []
    run: list[Line] = []
    for block in blocks:
        if isinstance(block, Line) and not heads_marked_cells(block.text):
            run.append(block)
            continue
        result += find_padded(run)
        run = []
        result.append(block)
    return result + find_padded(run)


def _read_mixed(blocks: list[Line | Table]) -> Draft:
    """A document of lines with tables between them."""
    tables: list[Table] = []
    units: list[str | None] = []
    lines: list[Line] = []
    stated: str | None = None
    for block in blocks:
        if isinstance(block, Line):
            stated = unit_in_words(block.text) or stated
        if isinstance(block, Table) and (laid_out := as_lines(block)) is not None:
            lines += laid_out
        elif isinstance(block, Table):
            last = lines[-1] if lines else None
            lines.append(Line(f"{TABLE_MARK}{len(tables)}", last.number if last else block.line, block.page))
            tables.append(block)
            units.append(stated)
        else:
            lines.append(block)
    prepared = prepare(lines)
    prepared.texts = split_inline(prepared.texts)
    unit = stated_unit(prepared.texts)
    legend = legend_of(text.text for text in prepared.texts)
    rows = [
        read_table(table, unit=above or unit, outline_cell=_outline_of_cell, legend=legend)
        for table, above in zip(tables, units, strict=True)
    ]
    header_year = next((one.header_year for one in rows if one.header_year), None)
    identity = identify(
        [text for text in prepared.texts if not text.text.startswith(TABLE_MARK)],
        header_year=header_year,
        in_tables=_cell_texts(tables),
    )
    prepared.title = identity.title_texts
    outline = read_outline(prepared, ward=identity.ward)
    draft = Draft(
        identity.title,
        identity.ward,
        identity.fiscal_year,
        identity.kind,
        outline.items,
        outline.unplaced,
        identity.warnings,
    )
    known = known_items(draft.items)
    for index, one in enumerate(rows):
        if index in outline.aside_tables and is_calendar(tables[index]):
            continue  # what is done in which month of the year is no plan: its rows are kept as unplaced
        merge_rows(draft, one, under=outline.anchors.get(index), known=known)
    drop_empty_headings(draft, outline.anchors.values())
    return draft


def _cell_texts(tables: list[Table]) -> list[tuple[str, Line]]:
    """The folded text of every cell with a line that says where it stands."""
    return [
        (clean(cell.text), Line("", cell.line or table.line, cell.page))
        for table in tables
        for row in table.rows
        for cell in row
        if cell is not None and cell.text.strip()
    ]


def _finish(lines: list[Line], rows: RowsRead) -> Draft:
    """A document that is one table or one pack of cards."""
    identity = identify(prepare(lines).texts, header_year=rows.header_year, allow_first=False)
    title = {text.line.number for text in identity.title_texts}
    return Draft(
        identity.title,
        identity.ward,
        identity.fiscal_year,
        identity.kind,
        rows.items,
        [text for text in rows.unplaced if text.line not in title],
        [*identity.warnings, *rows.warnings],
    )


def _outline_of_cell(lines: list[Line]) -> list[DraftItem]:
    """A table's cell that holds an outline of its own."""
    prepared = prepare([replace(line, text=line.text.replace(TABLE_MARK, "")) for line in lines])
    prepared.texts = split_inline(prepared.texts)
    return read_outline(prepared).items
