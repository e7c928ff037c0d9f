"""Padded tables in the many ways in which they are set, and what must stay lines."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kusei.documents.reading.model import Line, Table
from kusei.documents.reading.padded import find_padded
from kusei.documents.reading.padded_rows import is_rule


def blocks_of(text: str) -> list[Line | Table]:
    """As the text extractor gives them: blank lines show as gaps in the numbers only."""
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return find_padded(lines)


def tables_in(text: str) -> list[list[list[str]]]:
    return [
        [[cell.text if cell else "" for cell in row] for row in block.rows]
        for block in blocks_of(text)
        if isinstance(block, Table)
    ]


def test_cells_that_wrap_side_by_side() -> None:
    tables = tables_in(
        """取組項目            令和５年度の計画          令和５年度の実績          担当課
防災訓練の          各地区で年１回の          ３地区で実施し、          総務課
充実                訓練を行う。              延べ２５０人が参加
                                              した。
見守り活動          協力店を１０店            １２店が登録した。        福祉保健課
                    増やす。"""
    )
    assert tables == [
        [
            ["取組項目", "令和５年度の計画", "令和５年度の実績", "担当課"],
            ["防災訓練の\n充実", "各地区で年１回の\n訓練を行う。", "３地区で実施し、\n延べ２５０人が参加\nした。", "総務課"],
            ["見守り活動", "協力店を１０店\n増やす。", "１２店が登録した。", "福祉保健課"],
        ]
    ]  # fmt: skip


def test_a_name_that_wraps_behind_its_number_is_one_cell_with_its_lines() -> None:
    text = """項目                                 本年度      前年度    主管課
==================================================================
１　出会う
(1) 朝の市をめぐる散歩                  820         760    地域課
(2) 外国のことばで楽しむ料             310         310    国際課
    理の会
(3) 歯の健康講座                        640         700    保健課
    　・歯科衛生士の話"""
    table = next(block for block in blocks_of(text) if isinstance(block, Table))
    names = [row[0] for row in table.rows]
    assert [name.text for name in names if name] == [
        "項目",
        "１　出会う",
        "(1) 朝の市をめぐる散歩",
        "(2) 外国のことばで楽しむ料\n理の会",
        "(3) 歯の健康講座",
    ]
    wrapped = names[3]
    assert wrapped is not None
    assert (wrapped.line, wrapped.end_line) == (5, 6)
    assert [row[-1].text for row in table.rows if row[-1]] == ["説明", "", "", "", "・歯科衛生士の話"]


def test_a_name_that_begins_on_the_line_above_its_row() -> None:
    assert tables_in(
        """施策　　　　　　　事業名　　　　　　　　　　予算額（千円）　担当
安全　　　　　　　地域防犯カメラ設置助成
　　　　　　　　　事業　　　　　　　　　　　　　３，０００　地域安全課
　　　　　　　　　通学路点検事業　　　　　　　　　　５００　学校教育課"""
    )[0][1:] == [
        ["安全", "地域防犯カメラ設置助成\n事業", "３，０００", "地域安全課"],
        ["", "通学路点検事業", "５００", "学校教育課"],
    ]


def test_single_blanks_with_money() -> None:
    assert tables_in(
        """番号 事業名 令和６年度 令和５年度 増減 所管課
1 居場所づくり事業 12,300 11,000 1,300 こども課
2 商店街 街路灯 更新事業 4,500 0 4,500 商工課
3 橋りょう点検事業 8,000 9,200 △1,200 道路課"""
    )[0][1:] == [
        ["1", "居場所づくり事業", "12,300", "11,000", "1,300", "こども課"],
        ["2", "商店街 街路灯 更新事業", "4,500", "0", "4,500", "商工課"],
        ["3", "橋りょう点検事業", "8,000", "9,200", "△1,200", "道路課"],
    ]


def test_a_minus_sign_set_apart_belongs_to_its_number() -> None:
    rows = tables_in(
        """事業名              本年度    前年度      増減      所管
漁港の改修           1,350     1,500    △ 150     漁港課
航路の支援              80        80        0     交通課"""
    )[0]
    assert rows[1] == ["漁港の改修", "1,350", "1,500", "△150", "漁港課"]


def test_rows_go_on_after_a_page_number() -> None:
    blocks = blocks_of(
        """                                        （単位：千円）
No.  事業名                     予算額   前年度額   担当課
１   丘の公園の整備             15,000     12,000   公園課
２   乳幼児の健診                8,200      8,100   健康課
                    － ３ －
主要な事業
３   電子の本の貸出し            2,000          0   図書館
４   消防団の装備の更新          6,700      5,000   防災課"""
    )
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [table.caption for table in tables] == ["(単位:千円)", "(単位:千円)"]
    last = tables[1].rows
    assert [cell.text for cell in last[0] if cell] == ["No.", "事業名", "予算額", "前年度額", "担当課"]
    assert [row[1].text for row in last[1:] if row[1]] == ["電子の本の貸出し", "消防団の装備の更新"]
    assert [b.text.strip() for b in blocks if isinstance(b, Line)] == [
        "（単位：千円）",
        "－ ３ －",
        "主要な事業",
    ]


def test_headings_of_the_outline_part_tables() -> None:
    blocks = blocks_of(
        """１　防災の推進
事業名                     予算額      所管
倉庫の整備                 3,000千円   危機管理課
家具の固定                 1,200千円   危機管理課

２　子育ての支援
一時預かり                 5,400千円   保育課
読み聞かせ                   300千円   図書館"""
    )
    assert [block.text if isinstance(block, Line) else len(block.rows) for block in blocks] == [
        "１　防災の推進",
        3,
        "２　子育ての支援",
        3,
    ]


def test_several_lines_of_prose_below_a_row() -> None:
    rows = tables_in(
        """事業名　　　　　　　　　予算額　　　　担当課
○水辺の道の整備　　　　　１２，０００千円　　公園課
　　川沿いに道を設け、
　　休憩所を２か所置きます。
○水質の調査　　　　　　　　　５００千円　　環境課"""
    )[0]
    assert [row[3] for row in rows] == ["説明", "川沿いに道を設け、\n休憩所を２か所置きます。", ""]


def test_framed_rows() -> None:
    assert tables_in(
        """┌────┬──────┬────┐
│事業名│予算額（千円）│担当課│
├────┼──────┼────┤
│花壇の│１，２００　　│公園課│
│手入れ│　　　　　　　│　　　│
├────┼──────┼────┤
│清掃　│３００　　　　│環境課│
└────┴──────┴────┘"""
    ) == [
        [
            ["事業名", "予算額（千円）", "担当課"],
            ["花壇の\n手入れ", "１，２００", "公園課"],
            ["清掃", "３００", "環境課"],
        ]
    ]


def test_tabs_that_pad() -> None:
    assert tables_in(
        "事業名\t\t\t予算額\t担当課\n公園の整備\t\t12,000千円\t公園課\n商店街の活性化の支援\t3,000千円\t商工課"
    ) == [
        [
            ["事業名", "予算額", "担当課"],
            ["公園の整備", "12,000千円", "公園課"],
            ["商店街の活性化の支援", "3,000千円", "商工課"],
        ]
    ]


def test_two_columns_need_wide_gaps_and_rows() -> None:
    assert tables_in(
        "事業名                担当課\n交通安全教室          地域振興課\n資源回収              環境課"
    ) == [[["事業名", "担当課"], ["交通安全教室", "地域振興課"], ["資源回収", "環境課"]]]
    assert tables_in("事業名　担当課\n交通安全　教室") == []


@pytest.mark.parametrize(
    "text",
    [
        "１　はじめに　　　　　　　　　　　１\n２　事業の一覧　　　　　　　　　　３\n３　予算の内訳　　　　　　　　　　７",
        "第１章　計画の考え方 ……………… １\n第２章　事業名　予算額　担当課 …… ２\n第３章　体制 …………… ３",
        "　(1)　計画の作成\n　　ア　実績の調査\n　　イ　予算の見積り\n　(2)　評価",
        "Ⅰ　つながりの再生　　　　３２５億円（２８１億円）\nⅡ　暮らしの脱炭素　　　　１８０億円（９７億円）\nⅢ　手続の刷新　　　　　　７３億円（７０億円）",
        "令和６年度　　区の方針\n　計画の期間　　令和６年度から８年度まで\n　対象者　　　　区内に住む方\n　　　　　　　　（働く方を含む）",
        "　令和６年　４月　　会議の開催　　　総務課\n　令和６年　６月　　中間の報告　　　総務課\n　令和６年１０月　　まとめ　　　　　総務課",
        "令和６年度　主要事業　予算の概要\n　区では、次のとおり進めます。\n　　まず、備えを固めます。",
    ],
    ids=["contents", "leaders", "outline", "money headings", "pairs", "calendar", "title"],
)
def test_what_is_no_table_stays(text: str) -> None:
    blocks = blocks_of(text)
    assert [block.text for block in blocks if isinstance(block, Line)] == text.split("\n")


# --- nothing is lost --------------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    ["事業名", "予算額", "担当課", "前年度", "区分", "計画", "実績", "防災訓練", "花壇の手入れ", "１，２００", "△ 30", "－", "総務課", "計", "１",
     "(1)", "◇", "【安心】", "※注", "（単位：千円）", "道を直します。", "事業", "―――――", "|", "│", "○名", "Ⅰ", "\"a", "第１章", "3/4", "５０人"]
)  # fmt: skip
_GAPS = st.sampled_from([" ", "  ", "　", "　　", "      ", "\t", "\t\t", "　　　　　　"])
_LINES = st.lists(st.tuples(_GAPS, _WORDS), max_size=6).map(lambda parts: "".join(a + b for a, b in parts))


def _bare(text: str) -> str:
    return re.sub(r"[\s|│\"]", "", text)


@pytest.mark.slow
@given(st.lists(_LINES, max_size=14))
@example([" 事業名  予算額  事業名", " 事業名  担当課", " 事業名 事業名  事業名"])
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost(texts: list[str]) -> None:
    lines = [Line(text, number) for number, text in enumerate(texts, 1) if text.strip()]
    blocks = find_padded(lines)
    kept = [block for block in blocks if isinstance(block, Line)]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [line.number for line in kept] == sorted(line.number for line in kept)
    for line in lines:
        if line in kept or is_rule(line.text):
            continue
        cells = [cell for table in tables for row in table.rows for cell in row if cell]
        own = "".join(c.text for c in cells if c.line <= line.number <= max(c.line, c.end_line))
        headings = ["".join(cell.text for cell in table.rows[0] if cell) for table in tables]
        if any(_bare(line.text) in _bare(heading) for heading in headings):
            continue
        assert all(_bare(word) in _bare(own) for word in line.text.split()), (line.text, own)


def test_headings_set_wide_tags_before_names_and_a_unit_alone() -> None:
    text = """　　　　　　　　　　　　　　　　　　　　　　　　　　　　　（百万円）
担当課　　　　　　事　業　名　　　　　　　　　前年度　　　本年度　　　説　明

■ 環境部
自然課　　　　　　木道の架替え　　　　　　　　　　　４８　　　　　５１　　老朽区間
自然課　　　新　　蝶の生息地の買入れ　　　　　　　　―　　　　　２２　　二地区"""
    blocks = blocks_of(text)
    (table,) = (block for block in blocks if isinstance(block, Table))
    rows = [[cell.text.strip() if cell else "" for cell in row] for row in table.rows]
    assert table.caption == "(単位:百万円)"
    assert rows[0] == ["担当課", "事業名", "前年度", "本年度", "説明", "新規・拡充"]
    assert rows[1][1] == "■ 環境部"
    assert rows[2:] == [
        ["自然課", "木道の架替え", "４８", "５１", "老朽区間", ""],
        ["自然課", "蝶の生息地の買入れ", "―", "２２", "二地区", "新"],
    ]


def test_headings_over_two_lines_and_groups_in_brackets() -> None:
    (rows,) = tables_in(
        """  事業    事業名                                令和５年度   担当課室
  番号                                            執行額

【施策１　防災】
  0001  河川の施設の老朽化対策                   18,450   河川課
  0002  土砂災害の調査                            6,120   砂防課"""
    )
    assert [text.strip() for text in rows[0]] == ["事業番号", "事業名", "令和５年度執行額", "担当課室"]
    assert [text.strip() for text in rows[1] if text] == ["施策１　防災"]
    assert [text.strip() for text in rows[2]] == ["0001", "河川の施設の老朽化対策", "18,450", "河川課"]


def test_a_unit_below_and_a_body_for_several_rows() -> None:
    (table,) = (
        block
        for block in blocks_of(
            """部局名　　　　　事業名　　　　　　　　　　　　予算額　　前年度
市長公室　　　　町の宣伝　　　　　　　　　　　　　450　　　400
　　　　　　　　寄附の推進　　　　　　　　　　　2,300　　1,900
福祉部　　　　　予防の教室　　　　　　　　　　　　680　　　600
（金額の単位は千円）"""
        )
        if isinstance(block, Table)
    )
    assert table.caption == "(単位:千円)"
    assert [row[0] and (row[0].text, row[0].row_span) for row in table.rows[1:]] == [
        ("市長公室", 2),
        None,
        ("福祉部", 1),
    ]


def test_names_with_bare_money_and_a_body_need_no_headings() -> None:
    (rows,) = tables_in(
        """１．活力ある産業
　　新　企業の誘致の強化　　　　　　　　　　　120　（商工課）
　　　　観光の広域連携　　　　　　　　　　　　 45　（観光課）
２．住みよい環境"""
    )
    assert rows[1:] == [["新", "企業の誘致の強化", "120", "商工課"], ["", "観光の広域連携", "45", "観光課"]]


def test_the_next_heading_ends_a_table() -> None:
    blocks = blocks_of(
        """１　総括表
　　区　分　　　　　令和６年度当初　　令和５年度当初　　増減率
　　施設費　　　　　　　８，４００千円　　　７，９００千円　　１．３％
　　事務費　　　　　　　　　９００千円　　　　　９６０千円　　△３．７％

２　主要事業

Ⅰ　自然と共に生きる社会　　　３，５４０千円（前年度　２，０２０千円）"""
    )
    assert [len(block.rows) for block in blocks if isinstance(block, Table)] == [3]
