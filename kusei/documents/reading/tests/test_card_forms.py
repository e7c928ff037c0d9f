"""Cards in the many ways in which labels are set, and what is no card."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kusei.documents.reading.cards import looks_like_cards, read_cards
from kusei.documents.reading.model import DraftItem, Line
from kusei.documents.reading.rows import RowsRead
from kusei.japanese.folding import fold


def lines_of(text: str) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def read(text: str, *, unit: str | None = None) -> RowsRead:
    assert looks_like_cards(lines_of(text))
    return read_cards(lines_of(text), unit=unit)


def money(item: DraftItem) -> tuple[float | None, float | None]:
    return (
        item.amount.thousand_yen if item.amount else None,
        item.previous_amount.thousand_yen if item.previous_amount else None,
    )


def test_one_sheet_in_two_columns_of_words() -> None:
    found = read(
        """令和５年度　事務事業評価シート

１　事業の概要
　事業名　　　　遊具の点検
　担当部署　　　公園緑地課
　事業の目的　　子どもが安心して遊べる公園を保つため、
　　　　　　　　遊具を定期に点検する。
２　事業費
　予算額　　　　４，２００千円
　前年度予算額　４，０００千円
３　評価
　成果　　　　　６５公園を点検した。
　評価　　　　　Ａ
　今後の方向性　継続"""
    )
    (item,) = found.items
    assert (item.kind, item.title, item.owners, money(item)) == (
        "project",
        "遊具の点検",
        ["公園緑地課"],
        (4200, 4000),
    )
    assert item.body == (
        "子どもが安心して遊べる公園を保つため、遊具を定期に点検する。\n"
        "成果:65公園を点検した。\n評価:A\n今後の方向性:継続"
    )
    assert [text.text for text in found.unplaced] == [
        "令和5年度 事務事業評価シート",
        "事業の概要",
        "事業費",
        "評価",
    ]


def test_several_labels_on_a_line() -> None:
    found = read(
        """【事業名】水道管の更新　【担当課】水道課
【予算額】12,500千円　【前年度】11,000千円
【評価】Ｂ　【方向性】拡充

【事業名】水質の検査　【担当課】浄水課
【予算額】800千円　【前年度】800千円
【評価】Ａ　【方向性】継続"""
    )
    assert [(item.title, item.owners, money(item), item.body) for item in found.items] == [
        ("水道管の更新", ["水道課"], (12500, 11000), "評価:B\n方向性:拡充"),
        ("水質の検査", ["浄水課"], (800, 800), "評価:A\n方向性:継続"),
    ]


@pytest.mark.parametrize(
    "form",
    ["{}：{}", "【{}】{}", "■{}　{}", "{} | {}", "・{}: {}", "**{}**：{}", "【{}】\n　{}", "(1) {}：{}"],
)
def test_forms_of_labels(form: str) -> None:
    cards = [
        ("里山の手入れ", "環境課", "1,200千円", "よく育った。"),
        ("川の清掃", "河川課", "300千円", "減った。"),
    ]
    labels = ("事業名", "担当課", "予算額", "成果")
    text = "\n\n".join(
        "\n".join(form.format(label, value) for label, value in zip(labels, card, strict=True))
        for card in cards
    )
    assert [
        (item.title, item.owners, money(item)[0], (item.body or "").removeprefix("成果:"))
        for item in read(text).items
    ] == [
        ("里山の手入れ", ["環境課"], 1200, "よく育った。"),
        ("川の清掃", ["河川課"], 300, "減った。"),
    ]


def test_a_measure_named_once_counts_for_the_cards_below() -> None:
    found = read(
        """施策：みんなで守るまち
-----
取組名：夜の見回り
担当：安全課　防犯係
計画：・月２回の見回り
　　　・車を増やす
実績：月２回見回り、延べ２８０人が参加した。
-----
取組名：カメラの設置
担当：安全課
計画：５台の設置
実績：４台を設置した。
-----
施策：学びのあるまち
-----
取組名：放課後の教室
担当：学習課／図書館
計画：週１回の開催
実績：４０回開いた。
※　実績は年度末の数。"""
    )
    assert [(item.kind, item.title, [c.title for c in item.children]) for item in found.items] == [
        ("measure", "みんなで守るまち", ["夜の見回り", "カメラの設置"]),
        ("measure", "学びのあるまち", ["放課後の教室"]),
    ]
    first = found.items[0].children[0]
    assert (first.kind, first.plan, first.owners) == ("action", ["月2回の見回り", "車を増やす"], ["安全課"])
    assert first.result == "月2回見回り、延べ280人が参加した。"
    assert [(figure.value, figure.unit) for figure in first.figures] == [(2, "回"), (280, "延べ人")]
    assert [text.text for text in found.unplaced] == ["※ 実績は年度末の数。"]


def test_labels_before_the_name_open_the_next_card() -> None:
    found = read(
        """№：1
基本目標：海とともに
施策：漁業
事業名：稚魚の放流（新規）
主管課：水産課
令和５年度予算額：３，０００千円
令和４年度予算額：２，５００千円

№：2
基本目標：海とともに
施策：漁業
事業名：港の清掃
主管課：水産課
令和５年度予算額：１億２，０００万円
令和４年度予算額：－"""
    )
    (goal,) = found.items
    (measure,) = goal.children
    assert [(item.number, item.title, item.tags, money(item)) for item in measure.children] == [
        ("1", "稚魚の放流", ["新規"], (3000, 2500)),
        ("2", "港の清掃", [], (120000, None)),
    ]
    assert [place.line for place in goal.places] == [2, 10]


def test_a_plan_without_a_result_is_text_of_a_project() -> None:
    (item,) = read("事業名：朝の市\n担当課：商工課\n計画：月１回開く。\n評価：Ａ").items
    assert (item.kind, item.plan, item.body) == ("project", [], "計画:月1回開く。\n評価:A")


@pytest.mark.parametrize(
    "text",
    [
        "会議名：推進会議\n日時：５月１日\n場所：区役所\n議題\n　委員：予算額はいくらか。\n　事務局：成果は次のとおり。",
        "１　基本目標\n　緑のまち\n２　施策\n　(1) 緑を守る\n　　・植える（担当課：公園課）\n３　予算：１２億円",
        "事業名　予算額　担当課\n花壇　１，２００　公園課\n清掃　３００　環境課",
        "区では次のことを行います。\n計画：三年\n緑を増やします。\n水を守ります。\n道を直します。",
    ],
    ids=["minutes", "outline", "table", "prose"],
)
def test_what_is_no_card(text: str) -> None:
    assert not looks_like_cards(lines_of(text))


_LABELS = st.sampled_from(
    ["事業名", "担当課", "予算額", "前年度", "計画", "実績", "成果", "評価", "施策", "整理番号", "備考", "色"]
)
_VALUES = st.sampled_from(
    [
        "花壇の手入れ",
        "公園課",
        "1,200千円",
        "・植える",
        "よく育った。",
        "Ａ",
        "０１",
        "",
        "１０人が来た。",
        "※注",
        "３ 課題",
    ]
)
_FORMS = st.sampled_from(
    [
        "{}：{}",
        "【{}】{}",
        "【{}】\n{}",
        "■{}　{}",
        "{} | {}",
        "{}　　{}",
        "――――――",
        "{1}",
        "２　{0}",
        "{0}：{1}　{0}：{1}",
    ]
)


@pytest.mark.slow
@given(st.lists(st.tuples(_FORMS, _LABELS, _VALUES), max_size=16))
@settings(max_examples=300, deadline=None)
def test_no_value_is_lost(parts: list[tuple[str, str, str]]) -> None:
    lines = lines_of("\n".join(form.format(label, value) for form, label, value in parts))
    found = read_cards(lines, unit=None)
    places = {
        number
        for root in found.items
        for item in root.walk()
        for place in item.places
        for number in range(place.line, place.end_line + 1)
    } | {text.line for text in found.unplaced}
    whole = "".join(
        "".join([item.title, item.number or "", item.body or "", item.result or "", *item.plan, *item.owners, *item.tags])
        + (item.amount.printed if item.amount else "")
        + (item.previous_amount.printed if item.previous_amount else "")
        for root in found.items
        for item in root.walk()
    ) + "".join(text.text for text in found.unplaced)  # fmt: skip
    bare = re.sub(r"[\s,]", "", whole)
    for form, _, value in parts:
        if "――" in form or form == "２　{0}":
            continue
        words = re.sub(r"[\s,・※]|千円", "", fold(value))
        assert words in bare or words.lstrip("3") in bare, (value, bare)
    assert places or not any("――" not in line.text for line in lines)
