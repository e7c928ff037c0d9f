"""PDF: rows and cells that a page break cut, and text that is drawn but not shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.documents.reading.extract.pdf_cut_rows import is_cut_row
from kusei.documents.reading.extract.pdf_joins import Joiner
from kusei.documents.reading.extract.pdf_page import PageBlocks
from kusei.documents.reading.extract.pdf_tables import CellLine, RawCell, RawTable
from kusei.documents.reading.model import Page
from kusei.documents.reading.tests.extract_samples import typst_pdf
from kusei.documents.reading.tests.test_extract_text import lines, read, tables

pytestmark = pytest.mark.slow

OFFICE = Path(__file__).parent / "office"


def printed(pages: list[Page]) -> list[str]:
    return [text for _, text in lines(pages)]


def cell(*texts: str, full: bool = False, span: int = 1, is_open: bool = False) -> RawCell:
    """A cell by its lines; `full`: its text fills the last of them."""
    found = [CellLine(text, 1, 1, full) for text in texts]
    return RawCell(found, 1, None, row_span=span, room=0.1, open_bottom=is_open)


def table(*rows: list[RawCell | None]) -> RawTable:
    header: list[RawCell | None] = [cell("取組"), cell("計画"), cell("実績"), cell("担当")]
    return RawTable([header, *rows], [0, 100, 200, 300, 400], 1, 1, 50, 700, header_rows=1)


def usual_rows(count: int = 6) -> list[list[RawCell | None]]:
    """Rows without any oddity, two and two under one cell of the first column."""
    rows: list[list[RawCell | None]] = []
    for number in range(count):
        group = cell(f"取組その{number}", span=2) if number % 2 == 0 else None
        rows.append([group, cell(f"・計画{number}"), cell("行った。"), cell("川の課")])
    return rows


def test_cells_of_a_spreadsheet_over_a_page_break() -> None:
    """Calc draws the merged cell on both pages, cut off at the break, its text in the middle of its whole height."""
    extracted, pages = read(OFFICE / "calc_cells_over_pages.pdf")

    (found,) = tables(pages)
    assert [[each and " ".join(each.text.split()) for each in row] for row in found.rows[4:9]] == [
        ["２ 坂の足", "坂の便", "・坂の便の手配", "二便を配した。", "区政推進課 福祉保健課 坂の会 土木事務所"],
        [None, None, "・便の入口の手入れ", "二か所行った。", None],
        [None, None, "・便の会", "四回行った。", None],
        [None, None, "・学校への便", "行わなかった。", None],
        [None, "坂の手入れ", "・手すり", "六か所に配した。", "土木事務所"],
    ]  # fmt: skip
    assert [each.row_span for row in found.rows[4:5] for each in row if each] == [5, 4, 1, 1, 4]
    assert printed(pages) == ["令和８年度 みらい区 実施計画の実績", "1", "2"]
    assert extracted.warnings == []


def test_text_outside_the_clipping_path_is_not_read(tmp_path: Path) -> None:
    body = """
#place(dx: 40pt, dy: 20pt, box(clip: true, width: 200pt, height: 12pt)[見える字#linebreak()隠れた字])
#place(dx: 40pt, dy: 34pt)[次の段]
#box(width: 10pt)[#h(0pt)]文章の続きはこの行にある。まだある。もっとある。
"""
    extracted, pages = read(typst_pdf(tmp_path / "hidden.pdf", body))
    assert "隠れた字" not in "".join(printed(pages))
    assert {"見える字", "次の段"} <= {text.strip() for text in printed(pages)}
    assert extracted.warnings == []


def test_text_cut_off_in_its_line_is_told(tmp_path: Path) -> None:
    body = """
文章はこの行にある。まだある。もっとある。ずっとある。いつまでもある。

#box(clip: true, width: 45pt, height: 12pt)[#box(width: 300pt)[収まらない名前の事業]]
"""
    extracted, pages = read(typst_pdf(tmp_path / "cut.pdf", body))
    assert printed(pages)[-1].startswith("収まら")
    assert [(each.code, each.page) for each in extracted.warnings] == [("text_cut_off", 1)]


def test_a_page_that_would_lose_most_of_its_text_is_read_whole(tmp_path: Path) -> None:
    body = "#box(clip: true, width: 200pt, height: 3pt)[#v(20pt)すべての字が道の外にある。]"
    _, pages = read(typst_pdf(tmp_path / "all.pdf", body))
    assert printed(pages) == ["すべての字が道の外にある。"]


LAST = [None, cell("・川辺の手入れの会"), cell("春と秋に行い", full=True), cell("川の課")]
LONG = [None, cell("・川辺の手入れの", full=True), cell("春と秋に二回行い", full=True), cell("川の課")]


@pytest.mark.parametrize(
    ("last", "first", "expected"),
    [
        # every row has a plan: what comes without one is the rest of a row, whatever its other cells say
        (LAST, [cell(), cell(), cell("人が集まった。"), cell("坂の課")], True),
        (LAST, [cell(), cell(), cell(), cell("坂の課")], True),
        # several texts that break off at once are no accident, though the bodies begin anew
        (LONG, [cell(), cell("会"), cell("人が集まった。"), cell("坂の課")], True),
        # a row of its own: its plan begins with a mark
        (LAST, [cell(), cell("・坂の手入れ"), cell("行った。"), cell("坂の課")], False),
        # a total has no plan either
        (LAST, [cell(), cell(), cell("合計"), cell("1,200")], False),
        # a new group
        (LAST, [cell("坂の取組"), cell(), cell("行った。"), cell("坂の課")], False),
    ],
)  # fmt: skip
def test_the_rest_of_a_row(last: list[RawCell | None], first: list[RawCell | None], expected: bool) -> None:
    found = table(*usual_rows(), [cell("川の取組"), *last[1:]])
    assert is_cut_row(found, found.last_owners(), first, 1) is expected


def test_a_cell_without_a_rule_below_goes_on_where_others_end() -> None:
    closed: list[RawCell | None] = [
        cell("川の取組"),
        cell("・川の会"),
        cell("行った。"),
        cell("川の課", is_open=True),
    ]
    ours = table(*usual_rows(), closed)
    theirs = table([cell("坂の取組"), cell("・坂の会"), cell("行った。"), cell("坂の課")])
    ours.bottom, theirs.top = 780.0, 40.0
    joiner = Joiner()
    pages = list(joiner.add(1, PageBlocks([ours], height=842.0)))
    pages += list(joiner.add(2, PageBlocks([theirs], height=842.0)))
    pages += list(joiner.close())

    (found,) = tables(pages)
    assert [each and (each.text, each.row_span) for each in found.rows[7]][3] == ("川の課\n坂の課", 2)
    assert found.rows[8][3] is None
