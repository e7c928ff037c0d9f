"""PDF: reading order, tables and their cells over page breaks, notes on what was left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from kusei.documents.reading.model import Line, Page, Table
from kusei.documents.reading.tests.extract_samples import (
    HEADER,
    Known,
    KnownRows,
    html_pdf,
    html_table,
    known_table,
    typst_pdf,
    typst_table,
)
from kusei.documents.reading.tests.test_extract_text import lines, read, tables, texts

pytestmark = pytest.mark.slow

PROSE = "区では、地域の皆様とともに、安心して暮らせるまちづくりを進めています。今年度は担い手を育てる講座を開きます。"
RULED = "table{border-collapse:collapse;width:100%} td,th{border:0.7px solid #000;padding:3px;vertical-align:top} "


def squeezed(text: str) -> str:
    return "".join(text.split())


def share_exact(pages: list[Page], known: KnownRows) -> float:
    """How many of the known cells came back in their place, with their text and spans; covered places as None."""
    found = [row for table in tables(pages) for row in table.rows]
    assert [cell and squeezed(cell.text) for cell in found[0]] == HEADER
    right = total = 0
    for index, row in enumerate(known, 1):
        for column, cell in enumerate(row):
            total += 1
            other = found[index][column] if index < len(found) else Known("(missing)")
            if cell is None or other is None:
                right += cell is other
            else:
                right += (squeezed(cell.text), cell.row_span, cell.col_span) == (
                    squeezed(other.text), other.row_span, other.col_span,
                )  # fmt: skip
    return right / total


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(
            lambda p, t: typst_pdf(p, typst_table(t), page='paper: "a4", numbering: "1"', size=9),
            id="typst portrait",
        ),
        pytest.param(
            lambda p, t: typst_pdf(p, typst_table(t), page='paper: "a4", flipped: true', size=9),
            id="typst landscape",
        ),
        pytest.param(
            lambda p, t: html_pdf(p, html_table(t), style=RULED + "@page { size: A4 }"),
            id="weasyprint portrait",
        ),
        pytest.param(
            lambda p, t: html_pdf(
                p, html_table(t), style=RULED + "@page { size: A4 landscape } tr { break-inside: avoid }"
            ),
            id="weasyprint landscape",
        ),
    ],
)
def test_cells_come_back_over_page_breaks(tmp_path: Path, make: Callable[[Path, KnownRows], Path]) -> None:
    known = known_table(60)

    _, pages = read(make(tmp_path / "a.pdf", known))

    assert len(pages) > 3
    assert len(tables(pages)) == 1
    assert share_exact(pages, known) >= 0.98


def test_table_on_one_page_with_its_places(tmp_path: Path) -> None:
    path = typst_pdf(
        tmp_path / "a.pdf",
        "令和５年度の計画\n"
        "#table(columns: 4, table.header[行動計画][取組][結果][主体], table.cell(rowspan: 2)[見守り], [甲], [一 \\ 二], [課], "
        "[乙], [], [係], table.cell(colspan: 2)[合計], [10], [])\n終わりの行",
    )

    _, pages = read(path)

    table = tables(pages)[0]
    assert lines(pages) == [(1, "令和５年度の計画"), (7, "終わりの行")]
    assert texts(table) == [
        ["行動計画", "取組", "結果", "主体"], ["見守り", "甲", "一\n二", "課"], [None, "乙", "", "係"], ["合計", None, "10", ""],
    ]  # fmt: skip
    assert (table.page, table.line, table.caption) == (1, 2, "令和５年度の計画")
    cell = table.rows[1][2]
    assert cell
    assert (cell.page, cell.line, cell.end_line, cell.ref) == (1, 3, 4, "R2C3")
    spanning = table.rows[1][0]
    assert spanning
    assert spanning.box
    assert (spanning.row_span, spanning.col_span) == (2, 1)
    assert spanning.box[3] - spanning.box[1] > 30


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    body = (
        "= 区政運営方針\n全体の説明です。" + PROSE + "\n"
        "#columns(2)[左の始まり。"
        + PROSE * 4
        + "\n\n・左の取組 #colbreak() 右の始まり。"
        + PROSE * 4
        + "]\n= 終わりに\n"
        + PROSE
    )
    path = typst_pdf(tmp_path / "a.pdf", body)

    _, pages = read(path)

    whole = "".join(text for _, text in lines(pages))
    assert whole == squeezed(
        f"区政運営方針全体の説明です。{PROSE}左の始まり。{PROSE * 4}・左の取組右の始まり。{PROSE * 4}終わりに{PROSE}"
    )


def test_unruled_table_is_told(tmp_path: Path) -> None:
    rows = "".join(f"[事業{n}の推進], [{n * 1230}], [地域振興課]," for n in range(1, 6))
    path = typst_pdf(
        tmp_path / "a.pdf",
        f"予算です。\n#table(stroke: none, columns: (2fr, 1fr, 1fr), [事業名], [予算額], [担当], {rows})\n{PROSE}",
    )

    extracted, pages = read(path)

    assert texts(tables(pages)[0])[:2] == [
        ["事業名", "予算額", "担当"],
        ["事業1の推進", "1230", "地域振興課"],
    ]
    assert len(tables(pages)[0].rows) == 6
    assert [(warning.code, warning.page, warning.line) for warning in extracted.warnings] == [
        ("unruled_table", 1, 2)
    ]


def test_table_open_at_its_sides(tmp_path: Path) -> None:
    """Rules between rows and columns, none at the left and right: common in print."""
    style = "table{border-collapse:collapse;width:100%} td{border-top:1px solid;border-bottom:1px solid;padding:3px} td+td{border-left:1px solid}"
    path = html_pdf(
        tmp_path / "a.pdf",
        "<table><tr><td>事業</td><td>額</td><td>課</td></tr><tr><td>甲</td><td>1</td><td>福祉</td></tr></table>",
        style=style,
    )

    _, pages = read(path)

    assert texts(tables(pages)[0]) == [["事業", "額", "課"], ["甲", "1", "福祉"]]


def test_a_box_and_underlines_are_no_tables(tmp_path: Path) -> None:
    path = typst_pdf(
        tmp_path / "a.pdf",
        "#box(stroke: 1pt, inset: 6pt)[枠の一行目 \\ 二行目]\n\n#underline[下線の文]\n\n#line(length: 100%)\n本文",
    )

    _, pages = read(path)

    assert tables(pages) == []
    assert [text for _, text in lines(pages)] == ["枠の一行目", "二行目", "下線の文", "本文"]


def test_different_tables_on_following_pages_stay_apart(tmp_path: Path) -> None:
    table = "#table(columns: (1fr, 1fr), [番号], [取組], [1], [甲])"
    path = typst_pdf(tmp_path / "a.pdf", f"= 施策１\n{table}\n#pagebreak()\n= 施策２\n{table}")

    _, pages = read(path)

    assert [(t.page, texts(t)) for t in tables(pages)] == [
        (1, [["番号", "取組"], ["1", "甲"]]), (2, [["番号", "取組"], ["1", "甲"]]),
    ]  # fmt: skip


def test_furigana_is_dropped_and_counted(tmp_path: Path) -> None:
    ruby = "#let ruby(t, r) = box(baseline: 0pt, stack(dir: ttb, spacing: 1pt, align(center, text(size: 5pt, r)), t))\n"
    path = typst_pdf(
        tmp_path / "a.pdf", ruby + "#ruby[泉区][いずみく]の#ruby[担][にな]い手を育てます。\n\n次の行です。"
    )

    extracted, pages = read(path)

    assert [text for _, text in lines(pages)] == ["泉区の担い手を育てます。", "次の行です。"]
    assert [warning.code for warning in extracted.warnings] == ["furigana_dropped"]


def test_characters_printed_twice_count_once(tmp_path: Path) -> None:
    path = typst_pdf(
        tmp_path / "a.pdf",
        "#place(dx: 0.3pt)[太い見出し]太い見出し\n\n#table(columns: 2, [#place(dx: 0.3pt)[ああ]ああ], [い], [う], [え])",
    )

    _, pages = read(path)

    assert [(b.text, b.bold) for b in pages[0].blocks if isinstance(b, Line)] == [("太い見出し", True)]
    assert texts(tables(pages)[0]) == [["ああ", "い"], ["う", "え"]]


@pytest.mark.slow
@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_turned_pages_are_read_upright(tmp_path: Path, rotate: int) -> None:
    """Pages turned by their own entry, their text printed the other way: what people see is upright."""
    path = typst_pdf(
        tmp_path / "a.pdf",
        f"#rotate({-rotate}deg, reflow: true)[#block(width: 12cm)[一行目 \\ 二行目 #table(columns: 2, [あ], [い], [う], [え])]]",
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Rotate = rotate
        pdf.save(path)

    _, pages = read(path)

    assert [text for _, text in lines(pages)] == ["一行目", "二行目"]
    assert texts(tables(pages)[0]) == [["あ", "い"], ["う", "え"]]


def test_text_printed_sideways_is_read_with_its_place_on_the_page(tmp_path: Path) -> None:
    path = typst_pdf(
        tmp_path / "a.pdf", "#place(top + left, rotate(-90deg, reflow: true)[横向きの長い見出しです])"
    )

    _, pages = read(path)

    line = pages[0].blocks[0]
    assert isinstance(line, Line)
    assert line.text == "横向きの長い見出しです"
    assert line.box
    assert line.box[3] - line.box[1] > 5 * (line.box[2] - line.box[0])


def test_pages_come_one_by_one_with_progress(tmp_path: Path) -> None:
    from kusei.documents.reading.extract import extract

    path = typst_pdf(tmp_path / "a.pdf", "一 #pagebreak() 二 #pagebreak() 三")
    told: list[tuple[int, int | None]] = []

    pages = extract(path, progress=lambda page, total: told.append((page, total))).pages
    first = next(pages)

    assert first.number == 1
    assert told == [(1, 3)]
    assert [page.number for page in pages] == [2, 3]


def test_tables_keep_the_page_of_each_cell(tmp_path: Path) -> None:
    rows = ", ".join(f"[{n}], [取組{n}]" for n in range(1, 80))
    path = typst_pdf(tmp_path / "a.pdf", f"#table(columns: (1fr, 3fr), table.header[番号][取組], {rows})")

    _, pages = read(path)

    table = tables(pages)[0]
    assert isinstance(table, Table)
    assert [cell and cell.text for cell in (row[0] for row in table.rows)] == [
        "番号",
        *(str(n) for n in range(1, 80)),
    ]
    assert {cell.page for row in table.rows for cell in row if cell} == {1, 2, 3}
    assert all(cell.line >= 1 for row in table.rows for cell in row if cell)
