"""Speeches, reports and policies in prose: what a reader takes for an item where little is numbered."""

from __future__ import annotations

import pytest

from kusei.documents.reading.beside import set_beside
from kusei.documents.reading.extract.decoding import Decoded
from kusei.documents.reading.extract.text import pages
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Cell, Line, Table
from kusei.documents.reading.reader import read_blocks
from kusei.documents.reading.tests.test_outline import item, read, tree

# --- announced pillars ---------------------------------------------------------------------------------------------------


def test_a_speech_announces_its_pillars_by_number() -> None:
    draft = read(
        """
令和７年度　施政方針

本日、議会が開会されるに当たり、町政の方針を申し述べます。

第一に、「子どもの声が響くまち」の実現であります。
保育士を増やし、待機児童をなくします。

第二に、災害への備えについてであります。昨年の雨で浸水した地区にポンプを増やします。

第三に、梨の輸出に取り組みます。
選果場を改修します。

以上、所信を申し述べました。
"""
    )
    assert tree(draft) == [
        "measure 第一 子どもの声が響くまち",
        "measure 第二 災害への備え",
        "measure 第三 梨の輸出に取り組みます。",
    ]
    assert item(draft, "災害への備え").body == "昨年の雨で浸水した地区にポンプを増やします。"
    assert [piece.text for piece in draft.unplaced][-1] == "以上、所信を申し述べました。"


def test_a_speech_goes_from_topic_to_topic() -> None:
    draft = read(
        """
令和８年度　市長施政方針

はじめに

対話を重ねてまいりました。

まず、子育て支援について申し上げます。
窓口での支払いをなくします。

次に、道路と公共交通についてご説明いたします。
バスの路線を見直します。

最後に、行政の改革についてであります。
窓口の手続を見直します。

むすびに

力を合わせてまいります。
"""
    )
    assert tree(draft) == [
        "measure 子育て支援",
        "measure 道路と公共交通",
        "organisation 行政の改革",
    ]
    assert item(draft, "行政の改革").body == "窓口の手続を見直します。"


def test_points_that_are_counted() -> None:
    draft = read(
        """
令和６年度　花川区の運営方針

一つ目は、「つながり」です。
手引を作り、行事の準備の手間を減らします。

二つ目は、「安心」です。
木造の住宅が多い地区で、器具の設置を補助します。
"""
    )
    assert tree(draft) == ["measure 一つ目 つながり", "measure 二つ目 安心"]


@pytest.mark.parametrize(
    "text",
    [
        "第一に、花を植えることについてであります。",
        "次に、予算の規模についてご説明いたします。\n\n次に、議案について申し上げます。",
        "次に、苗を植えます。\n\n次に、水をやります。",
    ],
)
def test_one_announcement_is_none_and_what_is_no_topic_is_none(text: str) -> None:
    assert not tree(read(f"令和６年度　花川区運営方針\n\n{text}\n"))


def test_a_numbered_pillar_in_a_heading() -> None:
    marker = find_marker("第２の柱　学べるまち")
    assert marker
    assert (marker.style, marker.number, marker.rest) == ("item_no", "2", "学べるまち")


# --- level words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "number", "word"),
    [
        ("政策目標１　花の産業", "1", "政策目標"),
        ("取組方針１－２　水源の保全", "1-2", "取組方針"),
        ("施策(2)　水やりの充実", "(2)", "施策"),
        ("視点Ｂ　外に出る", "B", "視点"),
    ],
)
def test_level_words_may_be_longer_and_their_numbers_stay_as_printed(
    printed: str, number: str, word: str
) -> None:
    marker = find_marker(printed)
    assert marker
    assert (marker.style, marker.number, marker.word) == ("level", number, word)


# --- the frame of chapters -----------------------------------------------------------------------------------------------


def test_the_chapters_of_a_report_are_no_items() -> None:
    draft = read(
        """
令和６年度　花川市緑の計画　取組状況報告書

１　報告の目的
　この報告書は、取組をまとめたものです。

２　花と緑のこの一年

基本方針１　花を植える
(1)　花壇の手入れ
　・苗を配った。
(2)　種の配布
　・種を配った。
基本方針２　木を守る
(1)　桜の診断
　・木を診た。

３　推進の仕組み
　協議会で点検します。
"""
    )
    assert tree(draft) == [
        "measure 1 花を植える",
        "  project (1) 花壇の手入れ",
        "    action 苗を配った。",
        "  project (2) 種の配布",
        "    action 種を配った。",
        "measure 2 木を守る",
        "  project (1) 桜の診断",
        "    action 木を診た。",
    ]


def test_a_first_row_of_pillars_is_no_frame() -> None:
    draft = read(
        """
令和６年度　花川区運営方針

１　花を植えるまち
(1)　花壇づくり
(2)　苗の配布
(3)　種の交換
２　花を守るまち
　水やりの当番を決めます。
３　問合せ
"""
    )
    assert [line for line in tree(draft) if not line.startswith(" ")] == [
        "measure 1 花を植えるまち",
        "measure 2 花を守るまち",
    ]


# --- the office ----------------------------------------------------------------------------------------------------------


def test_a_pillar_about_the_office_is_organisation_and_a_part_about_it_is_no_item() -> None:
    pillars = read(
        """
令和６年度　花海省　重点政策

Ⅰ　花を植える
１　苗の配布
Ⅱ　花を守る
１　水やりの当番
Ⅲ　省の仕事の進め方
１　調査の整理
"""
    )
    assert tree(pillars)[-2:] == ["organisation III 省の仕事の進め方", "  organisation 1 調査の整理"]
    part = read(
        """
令和６年度　花川区運営方針

方針１　花を植える
◇苗の配布
方針２　花を守る
◇水やりの当番
わたしたちの仕事の進め方
◇待たせない窓口
"""
    )
    assert tree(part)[-1] == "organisation 待たせない窓口"


def test_unmarked_headings_before_paragraphs() -> None:
    draft = read(
        """
令和５年度　花川市　市政運営の方針

はじめに
四十年の節目を迎えました。

健やかに暮らせるまち
休日の健診を月二回行い、自己負担を半額にします。

にぎわいのあるまち
空き店舗を市が借り上げ、創業する方に貸し出します。

行政改革の推進
庁内の会議を三割減らし、現場に出る時間を増やします。

おわりに
職員一丸となって進めてまいります。
"""
    )
    assert tree(draft) == [
        "measure 健やかに暮らせるまち",
        "measure にぎわいのあるまち",
        "organisation 行政改革の推進",
    ]
    assert [piece.text for piece in draft.unplaced if piece.reason == "section"] == ["はじめに", "おわりに"]


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
