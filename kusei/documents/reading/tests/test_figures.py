"""Figures told from result texts. Every sentence here is invented."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.documents.reading.figures import read_figures
from kusei.japanese.counted import Found, figures_in

Expected = list[tuple[str, str, str | None]]


def told(text: str) -> Expected:
    return [(str(found.value), found.unit, found.label) for found in figures_in(text)]


def units(text: str) -> list[str]:
    return [f"{found.value}{found.unit}" for found in figures_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("案内を配った。新規登録28件", [("28", "件", "新規登録")]),
        ("来場者数：約1,200人", [("1200", "人", "来場者数")]),
        ("計３回開催し、４９名が参加", [("3", "回", None), ("49", "名", None)]),
        ("面接:585件、電話151件", [("585", "件", "面接"), ("151", "件", "電話")]),
        ("補助金として、計329,000円を交付", [("329000", "円", None)]),
        ("利用率が11%であった。", [("11", "%", "利用率")]),
        ("小学校７校、中学校２校で実施した。", [("7", "校", "小学校"), ("2", "校", "中学校")]),
        ("歩道の修繕は9小学校で終えた。", [("9", "校", "小学校")]),  # the counter stands within the noun
        ("参加者は男12名、女3名", [("12", "名", "男"), ("3", "名", "女")]),
        ("広報紙は年4回発行した。", [("4", "回", "広報紙")]),
        ("9月22日から3日間開催", [("3", "日間", None)]),  # a date is no label
        ("令和３年度末時点の見守り員：80人", [("80", "人", "見守り員")]),
        ("前年度比+21人、前年度比△3件", [("21", "人", "前年度比"), ("-3", "件", "前年度比")]),
        ("新たな5つの講座を開いた。", [("5", "つ", "講座")]),  # what is counted stands behind
        ("2回目の会場で12人が来た。", [("12", "人", "会場")]),
        ("協力店は三十二店", [("32", "店", "協力店")]),
        ("はがきで申し込む家庭 310世帯", [("310", "世帯", "家庭")]),  # the noun, not the verb before it
        ("ふるさと便り1,203通、肺がん検診40人", [("1203", "通", "ふるさと便り"), ("40", "人", "肺がん検診")]),
        ("実施回数 ６回／参加者 ４５人", [("6", "回", "実施回数"), ("45", "人", "参加者")]),
        ("機器の故障により6か所、計画に基づき遊具3基", [("6", "か所", None), ("3", "基", "遊具")]),
        ("24時間電話相談 312件", [("312", "件", "24時間電話相談")]),
        ("10名以上の団体5団体が申し込んだ", [("5", "団体", "10名以上の団体")]),
    ],
)
def test_value_unit_and_label(text: str, expected: Expected) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the examples of the office
        ("延べ1,251人参加", ["1251延べ人"]),
        ("計44,450,120円", ["44450120円"]),
        ("149団体", ["149団体"]),
        ("年間24回", ["24回"]),
        # per visit
        ("延べ参加者数は300人", ["300延べ人"]),
        ("延べ52組", ["52組"]),
        ("参加者数(延):120人、利用延人数40人", ["120延べ人", "40延べ人"]),
        ("延長した日に20人", ["20人"]),
        # frequencies
        ("毎月1回、週2回、隔月1回、年６回", ["1回", "2回", "1回", "6回"]),
        ("相談は週５日", ["5日"]),
        ("週3日、1日4時間", ["3日", "4時間"]),
        ("全12回の講座", ["12回"]),
        # numbers in their spellings
        ("1万2千人", ["12000人"]),
        ("1.2万人", ["12000人"]),
        ("三十四人", ["34人"]),
        ("二千五百冊", ["2500冊"]),
        ("一二〇人", ["120人"]),
        ("1,500 人を対象", ["1500人"]),
        # money keeps a printed multiple, sums of multiples are told in yen
        ("1,080千円を交付", ["1080千円"]),
        ("44万円", ["44万円"]),
        ("2.5億円", ["2.5億円"]),
        ("5百万円", ["5百万円"]),
        ("1億2,000万円", ["120000000円"]),
        ("二百七十万円", ["2700000円"]),
        ("1人当たり5,000円", ["5000円"]),
        # none, rates and measures
        ("申込みは0件", ["0件"]),
        ("3割、1.5倍、98.5％", ["3割", "1.5倍", "98.5%"]),
        ("三割六分", ["3.6割"]),
        ("柵400ｍ、林2.5ha、広場5㎡", ["400m", "2.5ha", "5m2"]),
        ("研修8時間、講義30分間、巡回2週間", ["8時間", "30分間", "2週間"]),
        # products, brackets, signs in between
        ("3回×2会場", ["3回", "2会場"]),
        ("20人(うち子ども8人)", ["20人", "8人"]),
        ("30件30人", ["30件", "30人"]),
        ("6団体12基", ["6団体", "12基"]),
        ("①20人②30人", ["20人", "30人"]),
        ("10人中8人", ["10人", "8人"]),
        # places and bodies that are counted without a counter
        ("7中学校区の3交差点", ["7中学校区", "3交差点"]),
        ("25市町村のうち19市町村", ["25市町村", "19市町村"]),
        ("四十二の事業所", ["42事業所"]),
        ("4か所、3ヶ所、17箇所、2カ所", ["4か所", "3ヶ所", "17箇所", "2カ所"]),
        ("SNSで25件、LINE登録100人", ["25件", "100人"]),
        # a month or an item number before it does no harm
        ("4月3回、9/22に10人", ["3回", "10人"]),
        ("(1)20人", ["20人"]),
    ],
)
def test_numbers_and_units(text: str, expected: list[str]) -> None:
    assert units(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一部中止",
        "令和３年度は中止した。",
        "2021年4月1日の10時30分に始めた。",
        "R4.2.1に始め、9/22～10/22に展示した。",
        "第4期の計画を定めた。",
        "第２回の会議、第2・3回の講座、第１回から第３回",
        "2回目の会議に出た。",
        "条例第12条第3項に基づく。",
        "A4判で作った。",
        "40歳以上、10代、3年生、5年3組",  # ages and classes
        "4か月児健診、1歳6か月児健診、生後4か月まで",
        "100円バス、3キロウォーク、24時間テレビ",  # names
        "「100人会議」の話をした。",
        "「みんなの３０人会」",
        "5人制、3人組、百人一首",
        "回転、回収、3回転",
        "定員30人以内、5人未満",  # limits
        "30人以上の団体が対象",
        "電話045-123-4567、#7119、3番窓口、2丁目5番",
        "要介護3、5類、2次募集、3級、2位",
        "3分の2が来た。徒歩5分",
        "数十人が来た。来場者数十人、約数百人、何人か",
        "1人1台の端末、3人1組で話した。",
        "一人暮らし、一人ひとり、誰一人取り残さない、一人当たり",
        "一部、一体、一般、統一、唯一、一例として、一本化",
        "六本木、三枚町、百人町、三者、四半期、十分に",  # words and places written with numerals
        "3つの柱、2つの目標、1つ",
        "24時間365日の対応",
        "20～30人、3~5回、3、4人",  # no one value
        "(単位:千円)",
        "5か年計画、10周年",
        "No.5、P.12、vol.3",
        "半数、全員、毎月",
        "１ 地域の力",  # the number of a heading
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert units(text) == []


def test_price_of_one_is_money_only() -> None:
    assert units("1枚100円") == ["100円"]


def test_places_are_those_of_the_text_as_given() -> None:
    text = "㈱みどり、延べ１，２５１人\n参加 ㌔２５㎡"

    found = figures_in(text)

    assert [text[each.begin : each.end] for each in found] == ["１，２５１人", "２５㎡"]
    assert found[0] == Found(Decimal(1251), "延べ人", None, 7, 13)


def test_draft_keeps_the_same_figures() -> None:
    figures = read_figures("講座を3回開き、満足は98.5%")

    assert [(figure.value, figure.unit) for figure in figures] == [(3, "回"), (98.5, "%")]
    assert isinstance(figures[0].value, int)


_PIECES = st.sampled_from(
    [
        *("3", "１２", "1,234", "1,", "4.2.1", "五", "二十", "百", "万", "億", "〇", "①", "△", "-", "~", "第", "延べ", "計", "約"),
        *("回", "人", "名", "件", "円", "千円", "万円", "か所", "つ", "の", "割", "分", "日", "月", "年", "%", "㎡", "ｍ", "㌔", "校", "小学校"),
        *("「", "」", "、", "。", "\n", " ", "　", "(", ")", "：", "×", "ﾊﾞ", "が", "\u0301", "参加", "バス", "目", "A", "R"),
    ]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map("".join)))
def test_any_text_is_read_without_overlap(text: str) -> None:
    found = figures_in(text)

    end = 0
    for each in found:
        assert end <= each.begin < each.end <= len(text)
        assert each.value.is_finite()
        assert each.unit
        assert each.label is None or each.label.strip()
        end = each.end
    assert [(each.unit, each.label) for each in found] == [
        (figure.unit, figure.label) for figure in read_figures(text)
    ]


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_figures_do_not_hang_on_width(text: str) -> None:
    """Full-width digits say the same."""
    wide = text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})

    assert units(wide) == units(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    ["9", "1,", "1,111", "十", "1万", "「", "3人", "延べ", "第1、", "\n3", "講座を3回開き、25人が来た。"],
)
def test_time_grows_with_the_text_only(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        began = time.process_time()
        figures_in(text)
        return time.process_time() - began

    assert seconds(40_000) <= 0.1 + 10 * seconds(10_000)
