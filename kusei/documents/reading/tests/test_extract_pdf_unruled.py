"""PDF: tables without rules under a header: wrapped cells, spans, several pages; and what is no table."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from kusei.documents.reading.model import Page
from kusei.documents.reading.tests.extract_samples import (
    HEADER,
    KnownRows,
    html_pdf,
    html_table,
    known_table,
    typst_pdf,
    typst_table,
)
from kusei.documents.reading.tests.test_extract_pdf import PROSE, squeezed
from kusei.documents.reading.tests.test_extract_text import lines, read, tables, texts

pytestmark = pytest.mark.slow

PLAIN = "table{{width:100%; border-collapse:collapse}} th{{text-align:left}} td,th{{padding:{padding}pt 4pt;vertical-align:top}} @page{{size:A4 {page}}}"


def share_exact(pages: list[Page], known: KnownRows) -> float:
    """How many of the known cells came back with text and spans, rows brought in line by their plan."""
    rows = [row for table in tables(pages) for row in table.rows]
    assert [cell and squeezed(cell.text) for cell in rows[0]] == HEADER
    found = rows[1:]
    wanted = [squeezed((row[2] or row[0]).text) for row in known]  # type: ignore[union-attr]
    had = [squeezed(text.text) if (text := row[2] or row[0]) else "" for row in found]
    right = 0
    for ours, theirs, size in SequenceMatcher(None, wanted, had, autojunk=False).get_matching_blocks():
        for offset in range(size):
            for place, other in enumerate(found[theirs + offset]):
                cell = known[ours + offset][place]
                if cell is None or other is None:
                    right += cell is other
                else:
                    right += (squeezed(cell.text), cell.row_span, cell.col_span) == (
                        squeezed(other.text), other.row_span, other.col_span,
                    )  # fmt: skip
    return right / (len(known) * len(HEADER))


def by_weasyprint(page: str, padding: int) -> Callable[[Path, KnownRows], Path]:
    return lambda path, rows: html_pdf(path, html_table(rows), style=PLAIN.format(padding=padding, page=page))


def by_typst(flipped: str, padding: int) -> Callable[[Path, KnownRows], Path]:
    return lambda path, rows: typst_pdf(
        path,
        typst_table(rows, options=f"stroke: none, inset: (x: 4pt, y: {padding}pt),"),
        page=f'paper: "a4", numbering: "1", flipped: {flipped}',
        size=9,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "least"),
    [
        pytest.param(by_weasyprint("portrait", 2), 0.88, id="weasyprint portrait, rows close"),
        pytest.param(by_weasyprint("landscape", 4), 0.94, id="weasyprint landscape"),
        pytest.param(by_typst("false", 2), 0.97, id="typst portrait, rows closer than lines"),
        pytest.param(by_typst("true", 6), 0.92, id="typst landscape, rows apart"),
    ],
)
def test_cells_come_back(tmp_path: Path, make: Callable[[Path, KnownRows], Path], least: float) -> None:
    known = known_table(40)

    extracted, pages = read(make(tmp_path / "a.pdf", known))

    assert len(tables(pages)) == 1
    assert share_exact(pages, known) >= least
    assert "unruled_table" in {warning.code for warning in extracted.warnings}


@pytest.mark.slow
def test_names_beside_prose(tmp_path: Path) -> None:
    """Two columns under known words; paragraphs of a cell stand closer than rows, a line reaches over both columns."""
    row = "<tr><td>{0} {1}<br>【1,200】<br>【地域振興課】<td><p>{2}</p><p class=b>(1) {1}の支援</p><p>{2}</p></tr>"
    wide = f"<tr><td colspan=2><p>○ 関連する取組として、{PROSE}</p></td></tr>"
    body = row.format(1, "見守りの輪", PROSE) + wide + row.format(2, "川辺の催し", PROSE)
    path = html_pdf(
        tmp_path / "a.pdf",
        f"<p>{PROSE}</p><table><thead><tr><th style='width:26%'>事業項目<th>事業概要</tr></thead>{body}</table><p>{PROSE}</p>",
        style=PLAIN.format(padding=2, page="portrait")
        + " p{margin:2pt 0;text-indent:1em} .b{margin-left:1em}",
    )

    _, pages = read(path)

    table = tables(pages)[0]
    assert [[cell and squeezed(cell) for cell in row] for row in texts(table)] == [
        ["事業項目", "事業概要"],
        ["1見守りの輪【1,200】【地域振興課】", squeezed(f"{PROSE}(1)見守りの輪の支援{PROSE}")],
        [squeezed(f"○関連する取組として、{PROSE}"), None],
        ["2川辺の催し【1,200】【地域振興課】", squeezed(f"{PROSE}(1)川辺の催しの支援{PROSE}")],
    ]
    assert "".join(text for _, text in lines(pages)) == PROSE * 2


def test_a_header_whose_words_wrap(tmp_path: Path) -> None:
    style = PLAIN.format(padding=3, page="portrait") + " td{width:33%} .n{width:40pt}"
    path = html_pdf(
        tmp_path / "a.pdf",
        "<table><tr><th>取組<th>実績<th class=n>実施主体となる課</tr>"
        + "".join(f"<tr><td>花の道{n}<td>{PROSE}<td class=n>緑の課</tr>" for n in range(1, 4))
        + "</table>",
        style=style,
    )

    _, pages = read(path)

    rows = [[cell and squeezed(cell) for cell in row] for row in texts(tables(pages)[0])]
    assert rows[0] == ["取組", "実績", "実施主体となる課"]
    assert rows[1:] == [[f"花の道{n}", squeezed(PROSE), "緑の課"] for n in range(1, 4)]


def test_words_side_by_side_head_no_table(tmp_path: Path) -> None:
    """Columns under headings that are no words of a table's header stay columns."""
    path = typst_pdf(
        tmp_path / "a.pdf",
        f"#grid(columns: (1fr, 1fr), column-gutter: 8mm, [*花の季節* \\ {PROSE * 2}], [*水の季節* \\ {PROSE * 2}])",
    )

    _, pages = read(path)

    assert tables(pages) == []
    assert squeezed("".join(text for _, text in lines(pages))) == f"花の季節{PROSE * 2}水の季節{PROSE * 2}"


@pytest.mark.slow
def test_names_beside_prose_go_on_after_a_page_break(tmp_path: Path) -> None:
    """What ends a page (a line over both columns, a name without its text) belongs to the table that goes on."""
    rows = [
        (f"{n} 川辺の催し【{n}00】", PROSE * (1 + n % 3), f"○ 関連する取組{n}として、{PROSE}")
        for n in range(1, 31)
    ]
    body = "".join(f"<tr><td>{name}<td>{text}</tr><tr><td colspan=2>{wide}</tr>" for name, text, wide in rows)
    body = body.rpartition("<tr>")[0]  # nothing tells a last line over both columns from text below the table
    path = html_pdf(
        tmp_path / "a.pdf",
        f"<table><thead><tr><th style='width:26%'>事業項目<th>事業概要</tr></thead>{body}</table>",
        style=PLAIN.format(padding=3, page="portrait"),
    )

    _, pages = read(path)

    assert len(pages) > 2
    found = [[cell and squeezed(cell) for cell in row] for table in tables(pages) for row in texts(table)]
    wanted = [["事業項目", "事業概要"]]
    for name, text, wide in rows:
        wanted += [[squeezed(name), squeezed(text)], [squeezed(wide), None]]  # type: ignore[list-item]
    assert found == wanted[:-1]
    assert lines(pages) == []
