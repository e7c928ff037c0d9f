"""Columns and heading rows told from what stands in them, and header words of a PDF that stand close together."""

from __future__ import annotations

from kusei.documents.reading.cells import split_owner_cell
from kusei.documents.reading.extract.pdf_glyphs import Glyph
from kusei.documents.reading.extract.pdf_header_tables import take_tables
from kusei.documents.reading.extract.pdf_lines import Row, join_segments, rows_of
from kusei.documents.reading.grids import read_table
from kusei.documents.reading.model import Line
from kusei.documents.reading.reader import read_blocks
from kusei.documents.reading.tests.test_grids import table_of, walk


def glyphs(x: float, top: float, text: str) -> list[Glyph]:
    """Full-width characters of 10 points side by side."""
    return [Glyph(c, x + 10 * i, top, x + 10 * i + 10, top + 10, 10, False) for i, c in enumerate(text)]


def printed(*lines: list[tuple[float, str]]) -> list[Row]:
    """Lines of texts at their x, 20 points below each other; an empty line only moves down."""
    found, top = [], 50.0
    for line in lines:
        for x, text in line:
            found += glyphs(x, top, text)
        top += 20
    return rows_of(found)[0]


def cells_of(rows: list[Row]) -> list[list[list[str]]]:
    """The tables among the rows, each as its cells' texts row by row."""
    tables, _ = take_tables(rows, 800)
    result = []
    for table in tables:
        grid = [[""] * (len(table.xs) - 1) for _ in range(table.row_count)]
        for cell in table.cells:
            grid[cell.row][cell.column] = "|".join(join_segments(row) for row in cell.rows)
        result.append(grid)
    return result


def test_header_words_with_a_hair_of_white_between_them_head_columns() -> None:
    rows = printed(
        [(50, "取組"), (200, "実績"), (221.5, "判定"), (243, "判定の理由")],
        [(50, "花壇の手入れ"), (185, "１２回"), (223, "Ａ"), (243, "秋も続けた")],
        [(50, "看板の塗り替え"), (195, "３基"), (223, "Ｂ"), (243, "二基が残った")],
        [(50, "鳥の巣箱"), (185, "４０個"), (223, "Ａ"), (243, "園児が作った")],
    )
    assert cells_of(rows) == [
        [
            ["取組", "実績", "判定", "判定の理由"],
            ["花壇の手入れ", "１２回", "Ａ", "秋も続けた"],
            ["看板の塗り替え", "３基", "Ｂ", "二基が残った"],
            ["鳥の巣箱", "４０個", "Ａ", "園児が作った"],
        ]
    ]


def test_a_line_with_hairs_of_white_is_no_header_where_no_columns_stand_below() -> None:
    rows = printed(
        [(50, "計画"), (71.5, "実績"), (93, "評価")],
        [(50, "この図は三つの段が輪になって続くことを表す。")],
        [(50, "毎年の秋に見直して次の年の計画に生かしている。")],
        [(50, "詳しくは別の冊子に書いたので読んでほしい。")],
    )
    assert cells_of(rows) == []


def test_a_lone_line_farther_down_heads_the_rows_of_a_table_without_rules() -> None:
    rows = printed(
        [(50, "事業名"), (200, "決算額"), (300, "評価"), (400, "課題")],
        [(50, "１　里山"), (420, "［森林課］")],
        [(60, "下草を刈る"), (200, "１２０"), (300, "Ａ"), (400, "人手が足りない")],
        [(60, "道標を立てる"), (210, "８０"), (300, "Ｂ"), (400, "土が緩い")],
        [],
        [(50, "２　水辺"), (420, "［河川課］")],
        [(60, "草を流す"), (210, "４０"), (300, "Ａ"), (400, "水が少ない")],
    )
    assert [row[0] for row in cells_of(rows)[0]] == [
        "事業名",
        "１　里山",
        "下草を刈る",
        "道標を立てる",
        "２　水辺",
        "草を流す",
    ]


def test_a_heading_row_names_its_body_in_brackets() -> None:
    read = read_table(
        table_of(
            [
                ["事業名", "決算額", "評価", "評価の理由"],
                ["１ 里山", "", "", "［森林課］"],
                ["下草刈り", "120", "Ａ", "予定の面積を終えた。"],
                ["道標の設置", "80", "Ｂ", "一基が残った。"],
                ["２ 水辺", "", "", "〔河川課、公園課〕"],
                ["藻刈り", "40", "Ａ", "舟が通れた。"],
            ]
        ),
        unit="千円",
    )
    assert [(item.kind, item.title, item.owners) for item in walk(read)] == [
        ("measure", "里山", ["森林課"]),
        ("project", "下草刈り", []),
        ("project", "道標の設置", []),
        ("measure", "水辺", ["河川課", "公園課"]),
        ("project", "藻刈り", []),
    ]


def test_judgements_out_of_a_short_list_are_no_results() -> None:
    rows: list[list[str | None]] = [
        ["番号", "事業名", "執行額（千円）", "点検結果", "担当課"],
        ["1", "灯籠の修繕", "300", "現状どおり", "観光課"],
        ["2", "植木市", "120", "事業の一部見直し", "観光課"],
        ["3", "句碑めぐり", "45", "廃止", "文化課"],
        ["4", "朝市", "90", "現状どおり", "観光課"],
    ]
    read = read_table(table_of(rows))
    assert [(item.kind, item.title, item.result, item.body) for item in read.items[:2]] == [
        ("project", "灯籠の修繕", None, "点検結果:現状どおり"),
        ("project", "植木市", None, "点検結果:事業の一部見直し"),
    ]


def test_what_a_check_found_in_sentences_is_a_result() -> None:
    rows: list[list[str | None]] = [
        ["事業名", "点検結果", "担当課"],
        ["灯籠の修繕", "三基の傾きを直した。", "観光課"],
        ["植木市", "出店が二割減った。", "観光課"],
        ["句碑めぐり", "案内板を読みやすくした。", "文化課"],
    ]
    assert [(item.kind, item.result) for item in read_table(table_of(rows)).items] == [
        ("action", "三基の傾きを直した。"),
        ("action", "出店が二割減った。"),
        ("action", "案内板を読みやすくした。"),
    ]


def test_amounts_that_print_their_scale() -> None:
    rows: list[list[str | None]] = [
        ["事業名", "予算額（万円）", "担当課"],
        ["灯台の改築", "1億8,000", "港湾課"],
        ["桟橋の修繕", "2億", "港湾課"],
        ["浮標の塗装", "950", "港湾課"],
        ["海図の印刷", "12万", "港湾課"],
    ]
    amounts = [item.amount for item in read_table(table_of(rows)).items]
    assert [amount and amount.thousand_yen for amount in amounts] == [180_000, 200_000, 9_500, 120]


def test_of_department_and_division_the_division_does_it() -> None:
    rows: list[list[str | None]] = [
        ["部局", "課", "係", "事業名", "予算額（千円）"],
        ["港湾部", "灯台課", "電気係", "灯台の改築", "800"],
        ["港湾部", "", "", "桟橋の修繕", "900"],
        ["観光部", "海辺課", "", "浜の掃除", "100"],
    ]
    assert [item.owners for item in read_table(table_of(rows)).items] == [["灯台課"], ["港湾部"], ["海辺課"]]


def test_a_column_for_each_level_of_the_office_is_no_spaced_out_word() -> None:
    text = """
部        課          事業名            決算額（千円）
港湾部    灯台課      灯台の改築             1,800
          桟橋課      桟橋の修繕               900
観光部    海辺課      浜の掃除               100
"""
    draft = read_blocks([Line(line, number) for number, line in enumerate(text.split("\n"), 1)])
    assert [item.owners for item in draft.items] == [["灯台課"], ["桟橋課"], ["海辺課"]]


def test_a_group_cell_beside_rows_of_one_line_each() -> None:
    rows = printed(
        [(50, "政策"), (120, "事業名"), (260, "予算額"), (330, "担当課")],
        [(50, "海"), (120, "灯台の改築"), (280, "８０"), (330, "港湾課")],
        [(120, "桟橋の修繕"), (280, "９０"), (330, "港湾課")],
        [(120, "浮標の塗装"), (280, "１０"), (330, "港湾課")],
        [(50, "山"), (120, "道標の設置"), (280, "２０"), (330, "森林課")],
        [(120, "小屋の修繕"), (280, "７０"), (330, "森林課")],
    )
    assert [row[1:3] for row in cells_of(rows)[0][1:]] == [
        ["灯台の改築", "８０"],
        ["桟橋の修繕", "９０"],
        ["浮標の塗装", "１０"],
        ["道標の設置", "２０"],
        ["小屋の修繕", "７０"],
    ]


def test_a_large_title_set_in_columns_heads_no_table() -> None:
    title = [
        Glyph(c, 50 + 20 * i + (30 if i > 3 else 0), 20, 70 + 20 * i + (30 if i > 3 else 0), 40, 20, False)
        for i, c in enumerate("実施計画予算")
    ]
    rows = [
        *rows_of(title)[0],
        *printed(
            [(50, "事業名"), (200, "予算額"), (300, "担当課")],
            [(50, "灯台の改築"), (220, "８０"), (300, "港湾課")],
            [(50, "桟橋の修繕"), (220, "９０"), (300, "港湾課")],
        ),
    ]
    assert [table[0] for table in cells_of(rows)] == [["事業名", "予算額", "担当課"]]


def test_bodies_joined_by_a_dot() -> None:
    assert split_owner_cell("港湾課・海辺図書館") == ["港湾課", "海辺図書館"]
    assert split_owner_cell("総務課・学校支援担当") == ["総務課", "学校支援担当"]
    assert split_owner_cell("海辺・山里支援課") == ["海辺・山里支援課"]
