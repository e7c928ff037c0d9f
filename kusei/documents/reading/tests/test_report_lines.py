"""Lines of reports and leaflets: labels with values, dots, running heads, columns side by side, boxes, calendars."""

from __future__ import annotations

from pathlib import Path

import docx

from kusei.documents.reading.beside import set_beside
from kusei.documents.reading.extract.decoding import Decoded
from kusei.documents.reading.extract.text import pages
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.reader import read_blocks, read_file
from kusei.documents.reading.tests.test_outline import item, read, tree

# --- labels, dots and running heads --------------------------------------------------------------------------------------


def test_labelled_lines_of_a_report_are_text_money_and_bodies() -> None:
    draft = read(
        """
令和６年度　花山県施策評価書

政策目標１　花の産業を育てる

施策１－１　新しい品種の開発
　産地とともに、新しい品種を育てた。
　予算の状況：執行額　２，４６０百万円
　主な取組
　ア　産地への補助（９４件）
　イ　見本市への出展
　評　価　Ｂ　　今後の方向　拡充
施策１－２　苗の流通
　市場へ運ぶ道を整えた。
　〔実施主体：園芸課、ＪＡ花山〕　予算額　４，５００千円
　ア　集荷場の整備
　評　価　Ａ　　今後の方向　継続
"""
    )
    assert tree(draft) == [
        "measure 1 花の産業を育てる",
        "  measure 1-1 新しい品種の開発",
        "    action ア 産地への補助(94件)",
        "    action イ 見本市への出展",
        "  measure 1-2 苗の流通",
        "    action ア 集荷場の整備",
    ]
    breeding, trade = item(draft, "新しい品種の開発"), item(draft, "苗の流通")
    assert breeding.amount
    assert breeding.amount.thousand_yen == 2_460_000
    assert trade.amount
    assert trade.amount.thousand_yen == 4_500
    assert trade.owners == ["園芸課", "JA花山"]
    assert not breeding.tags


def test_dots_lead_from_a_name_to_its_money() -> None:
    draft = read(
        """
令和８年度　花海庁　概算要求の概要

（注）〔　〕書きは前年度予算額である。

第１　花の観測・・・・・・・・・・・・３１２億円〔２８４億円〕
　１．観測船の建造 ……………………… １７８億円［１６６億円］
　２．ブイの設置・・・・・・・・・・・・　２８億円
"""
    )
    assert tree(draft) == ["measure 第1 花の観測", "  project 1 観測船の建造", "  project 2 ブイの設置"]
    money = [(one.amount, one.previous_amount) for one in draft.walk()]
    assert [(now and now.printed, before and before.printed) for now, before in money] == [
        ("312", "284"),
        ("178", "166"),
        ("28", None),
    ]


def test_a_line_that_comes_back_beside_page_numbers_is_a_running_head() -> None:
    draft = read(
        """
花山市緑の計画　実施プログラム（令和７年度版）

取組１　花を植える
●苗の配布
　・公園に苗を植えます。植える日は、地域の
花山市緑の計画　実施プログラム
－１－
　　皆さまと決めます。
取組２　花を守る
●水やりの当番
　・当番を決めます。
花山市緑の計画　実施プログラム
－２－
"""
    )
    assert "公園に苗を植えます。植える日は、地域の皆さまと決めます。" in [one.title for one in draft.walk()]
    assert [piece.reason for piece in draft.unplaced].count("running_head") == 2


# --- columns, boxes and calendars ----------------------------------------------------------------------------------------


def test_bullets_beside_their_headings() -> None:
    draft = read(
        """
令和６年度　花川区運営方針

１　備えるまち
　地震と水害に備えます。

防災訓練の充実　　　　　　・避難所を開く訓練をします。
【そなえ事業】　　　　　　・外国語の案内を作ります。
感震ブレーカーの普及　　　・設置を補助します。
　　　　　　　　　　　　　・説明会を開きます。
"""
    )
    assert tree(draft) == [
        "measure 1 備えるまち",
        "  project 防災訓練の充実",
        "    action 避難所を開く訓練をします。",
        "    action 外国語の案内を作ります。",
        "  project 感震ブレーカーの普及",
        "    action 設置を補助します。",
        "    action 説明会を開きます。",
    ]
    assert item(draft, "防災訓練の充実").programme == "そなえ事業"


def at(text: str, number: int, left: float, top: float, right: float) -> Line:
    return Line(text, number, 1, (left, top, right, top + 10))


def test_a_column_of_bullets_goes_between_the_headings_to_its_left() -> None:
    lines: list[Line | Table] = [
        at("つながりづくり", 1, 48, 100, 150),
        at("２　支え合うまち", 2, 48, 160, 150),
        at("・集いの場を開く", 3, 240, 100, 400),
        at("・名簿を作る", 4, 240, 180, 400),
    ]
    assert [line.number for line in set_beside(lines) if isinstance(line, Line)] == [1, 3, 2, 4]
    two_columns: list[Line | Table] = [
        at("つながりづくり", 1, 48, 100, 150),
        at("・集いの場を開く", 2, 48, 120, 150),
        at("・名簿を作る", 3, 240, 100, 400),
    ]
    assert set_beside(two_columns) == two_columns


def test_a_table_of_boxes_is_read_box_by_box() -> None:
    table = Table(
        [
            [Cell("伝わる窓口", line=1), Cell("学び合う職場", line=1)],
            [Cell("・やさしい言葉で案\n内します。", line=2), Cell("・研修をします。", line=2)],
        ]
    )
    texts = [line.text for line in set_beside([table]) if isinstance(line, Line)]
    assert texts == ["◆伝わる窓口", "・やさしい言葉で案", "内します。", "◆学び合う職場", "・研修をします。"]
    ragged = Table([[Cell("伝わる窓口"), Cell("学び合う職場")], [Cell("・研修をします。")]])
    assert set_beside([ragged]) == [ragged]


def test_headings_that_are_counted_beforehand_are_stances() -> None:
    draft = read(
        """
令和７年度　花川区運営方針

三つのまなざし

声の小さな人に届く区政
職員から出向き、困りごとを聞いて回ります。

紙に頼らない区政
手続の九割を来庁なしで済むようにします。

まちの宝を生かす区政
川と古い街道を区の誇りとして伝えます。

方針１　花を植える
◇苗の配布
"""
    )
    assert tree(draft) == [
        "stance 声の小さな人に届く区政",
        "stance 紙に頼らない区政",
        "stance まちの宝を生かす区政",
        "measure 1 花を植える",
        "  project 苗の配布",
    ]


def test_links_to_other_pages_and_a_calendar_are_no_items() -> None:
    text = """# 花村 令和8年度 運営方針

[トップ](./index.md) | [過去の方針](./old.md)

## 1. 職員が大切にする姿勢

### 姿勢A すぐに動く

その日のうちに応えます。

## 2. 重点施策

### 重点1 花を植える

1. 苗の配布
   - 苗を配ります。

## 3. 年間の流れ

| 月 | すること |
|---|---|
| 4月 | 方針の公表 |
| 9月 | 中間の点検 |
"""
    blocks = [block for page in pages(Decoded(text), markdown=True) for block in page.blocks]
    draft = read_blocks(blocks)
    assert tree(draft) == [
        "stance A すぐに動く",
        "measure 1 花を植える",
        "  project 1 苗の配布",
        "    action 苗を配ります。",
    ]
    unplaced = " ".join(piece.text for piece in draft.unplaced)
    assert "過去の方針" in unplaced
    assert "中間の点検" in unplaced


def test_the_levels_of_a_list_in_word_stay(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("花海省　重点政策（令和８年度）", 1)
    document.add_heading("１　苗の配布", 2)
    document.add_paragraph("補助を設ける", style="List Bullet")
    document.add_paragraph("小さな村を先にする", style="List Bullet 2")
    document.add_paragraph("手引を示す", style="List Bullet")
    path = tmp_path / "plan.docx"
    document.save(str(path))
    draft = read_file(path)
    assert [one.title for one in item(draft, "補助を設ける").children] == ["小さな村を先にする"]
    assert item(draft, "手引を示す") in item(draft, "苗の配布").children


def test_municipalities_are_bodies_too() -> None:
    draft = read(
        """
令和６年度　花川区運営方針

１　花を植える［園芸局・市町村］
・苗を配る
"""
    )
    assert item(draft, "花を植える").owners == ["園芸局", "市町村"]
