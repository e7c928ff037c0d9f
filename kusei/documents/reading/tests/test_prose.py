"""Speeches, reports and policies in prose: what a reader takes for an item where little is numbered."""

from __future__ import annotations

import pytest

from kusei.documents.reading.markers import find_marker
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


# --- programmes ----------------------------------------------------------------------------------------------------------


def test_programmes_named_under_an_announced_pillar() -> None:
    draft = read(
        """
令和７年度　施政方針

第一に、子育て支援についてであります。
保育士を増やします。また、「のびのび応援事業」を始め、「花の里構想」を見直します。

第二に、産業の振興についてであります。
「なしの里プロジェクト」により、若手を募ります。
"""
    )
    assert tree(draft) == [
        "measure 第一 子育て支援",
        "  project のびのび応援事業",
        "measure 第二 産業の振興",
        "  project なしの里プロジェクト",
    ]


def test_a_programme_without_a_mark_stands_under_the_numbered_headings() -> None:
    draft = read(
        """
令和６年度　花川区運営方針

１　花を植えるまち
◆花壇の会
花壇を整えます。
２　花を守るまち
＜新規＞ 花壇づくり事業
地域で当番を決め、毎週水をやります。
花の講座事業
⇒ 区 花の講座
⇒ 局 重点 木の講座
"""
    )
    assert tree(draft) == [
        "measure 1 花を植えるまち",
        "  project 花壇の会",
        "measure 2 花を守るまち",
        "  project 花壇づくり事業",
        "  project 花の講座事業",
        "    action 花の講座",
        "    action 木の講座",
    ]
    assert item(draft, "花壇づくり事業").tags == ["新規"]
    assert item(draft, "木の講座").tags == ["局", "重点"]


def test_a_bullet_that_names_a_programme_and_says_what_it_is() -> None:
    draft = read(
        """
令和６年度　花川区運営方針

１　にぎわい
・まちなか花めぐり事業：スタンプラリーを春と秋に開きます。
・花の店応援事業【新規】：出店する方を支えます。
"""
    )
    assert tree(draft) == [
        "measure 1 にぎわい",
        "  project まちなか花めぐり事業",
        "  project 花の店応援事業",
    ]
    assert item(draft, "花の店応援事業").body == "出店する方を支えます。"
    assert item(draft, "花の店応援事業").tags == ["新規"]


def test_parts_with_their_names_in_brackets() -> None:
    draft = read(
        """
令和７年度　花浜市　施政方針

【市政を取り巻く状況】
　物価の高騰が市民生活に影響を及ぼしています。

【重点的に取り組む施策】

１　人口減少への対応
　家賃の補助と奨学金の返還の支援を始めます。
２　公共交通の再編
　乗合タクシーを三つの地区で運行します。

【予算の概要】
　一般会計は２５０億円で、前年度から増となりました。
"""
    )
    assert tree(draft) == ["measure 1 人口減少への対応", "measure 2 公共交通の再編"]
    assert item(draft, "公共交通の再編").body == "乗合タクシーを三つの地区で運行します。"
