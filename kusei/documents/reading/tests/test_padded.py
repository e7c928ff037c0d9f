"""Columns kept apart by blanks, tabs or pipes."""

from __future__ import annotations

from kusei.documents.reading.grids import read_table
from kusei.documents.reading.model import Line, Table
from kusei.documents.reading.padded import find_padded


def blocks_of(text: str) -> list[Line | Table]:
    return find_padded([Line(line, number) for number, line in enumerate(text.split("\n"), 1)])


def table_in(text: str) -> Table:
    tables = [block for block in blocks_of(text) if isinstance(block, Table)]
    assert len(tables) == 1
    return tables[0]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.rows]


PADDED = """（単位：百万円）
区分　　　事業名　　　　　　　Ｒ７予算　　Ｒ６予算　　担当
――――――――――――――――――――――――
１　海のまち
　　　　　灯台を守る事業　　　　　１２５　　　　９０　　港湾課
　　　　　浜のデジタル連携　　　　　５８　　　　－　　　港湾課
　　　　　推進事業
２　山のまち
　　　　　林道を直す事業　　　　２，０１５　１，９７７　　森林課
※　四捨五入による。"""


def test_padded_columns_with_groups_and_wrapped_names() -> None:
    table = table_in(PADDED)
    read = read_table(table)

    assert [(item.number, item.title) for item in read.items] == [("1", "海のまち"), ("2", "山のまち")]
    rows = [child for item in read.items for child in item.children]
    assert [(row.title, row.amount and row.amount.thousand_yen, row.owners) for row in rows] == [
        ("灯台を守る事業", 125000, ["港湾課"]),
        ("浜のデジタル連携推進事業", 58000, ["港湾課"]),
        ("林道を直す事業", 2015000, ["森林課"]),
    ]
    assert [row.previous_amount and row.previous_amount.printed for row in rows] == ["90", None, "1977"]
    assert [row.places[0].line for row in rows] == [5, 6, 9]


def test_lines_around_a_padded_table_stay() -> None:
    kept = [block.text for block in blocks_of(PADDED) if isinstance(block, Line)]
    assert kept == ["（単位：百万円）", "※　四捨五入による。"]


def test_prose_below_a_row_describes_it() -> None:
    table = table_in(
        """  事業名                  本年度    前年度    所管

【暮らし】
◇ 柵を置く事業            8,400     6,000    土木課
    通学路に柵を置きます。
◇ 空家を見守る事業        4,080         0    建築課
    年に二回の巡回を行います。
    計                   12,480     6,000"""
    )
    read = read_table(table, unit="千円")
    assert [(item.kind, item.title, item.amount and item.amount.printed) for item in read.items] == [
        ("measure", "暮らし", "12480")
    ]
    assert [row.body for row in read.items[0].children] == [
        "通学路に柵を置きます。",
        "年に二回の巡回を行います。",
    ]


def test_tabs_with_a_quoted_line_break() -> None:
    table = table_in('番号\t事業名\t担当課\n1\t"海の学校\n（夏）"\t学習課\n2\t山の学校\t学習課\n\nおわり')
    assert texts(table) == [
        ["番号", "事業名", "担当課"],
        ["1", "海の学校\n（夏）", "学習課"],
        ["2", "山の学校", "学習課"],
    ]


def test_pipes() -> None:
    table = table_in("| 事業 | 事業費 | 担当 |\n|:---|---:|---|\n| 遊歩道 | 42,000 | 公園課 |\n")
    assert texts(table) == [["事業", "事業費", "担当"], ["遊歩道", "42,000", "公園課"]]


def test_money_without_headings() -> None:
    table = table_in(
        "道の補修      1,200    1,100   土木課\n公園の整備      900      1,000   公園課\n橋の点検        300        300   土木課".replace(
            "900 ", "2,900 "
        ).replace("300 ", "3,300 ")
    )
    assert len(table.rows) == 3


def test_headings_and_titles_are_no_tables() -> None:
    text = """令和７年度　みらい省　概算要求の概要
　　　　　　　　　　　　令和６年８月　大臣官房

Ⅰ　つながりの再生　　　　　　　　３２５億円（２８１億円）

第１　基本目標

　　潮風とともに歩むまち　みなと区"""
    assert not any(isinstance(block, Table) for block in blocks_of(text))
