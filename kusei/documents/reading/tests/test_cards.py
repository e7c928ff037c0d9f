"""Label cards."""

from __future__ import annotations

from kusei.documents.reading.cards import looks_like_cards, read_cards
from kusei.documents.reading.model import Line


def lines_of(text: str) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("\n"), 1)]


CARDS = """海山町　事業の評価
――――――――
整理番号：０１
上位施策：海のまち
事業名：灯台を守る事業
担当課：港湾課　灯台係
事業費：６，３２０千円（前年度　６，１００千円）
成果：見学者が１２名増え、
好評であった。
――――――――
整理番号：０２
上位施策：海のまち
事業名：港の市
担当課：商工課、港湾課
事業費：９００千円
成果：天候にめぐまれた。"""


def test_cards_become_projects_under_their_measure() -> None:
    assert looks_like_cards(lines_of(CARDS))
    read = read_cards(lines_of(CARDS))

    assert [(item.kind, item.title, len(item.children)) for item in read.items] == [
        ("measure", "海のまち", 2)
    ]
    first, second = read.items[0].children
    assert (first.number, first.title, first.owners) == ("01", "灯台を守る事業", ["港湾課"])
    assert first.amount is not None
    assert first.previous_amount is not None
    assert (first.amount.thousand_yen, first.previous_amount.thousand_yen) == (6320, 6100)
    assert (
        first.body == "成果:見学者が12名増え、好評であった。"
        or first.body == "見学者が12名増え、好評であった。"
    )
    assert second.owners == ["商工課", "港湾課"]
    assert [text.text for text in read.unplaced] == ["海山町 事業の評価"]
    assert first.places[0].line == 5


def test_cards_without_rules_begin_with_their_first_label() -> None:
    read = read_cards(
        lines_of(
            "【事業名】朝市\n【担当課】商工課\n予算額　1,200千円\n【事業名】夕市\n【担当課】商工課\n予算額　800千円"
        )
    )
    assert [(item.title, item.amount and item.amount.printed) for item in read.items] == [
        ("朝市", "1200"),
        ("夕市", "800"),
    ]


def test_card_with_plan_and_result_is_an_action() -> None:
    read = read_cards(lines_of("取組名：朝市\n計画：・月１回の開催\n結果：１２回開いた。\n担当：商工課"))
    item = read.items[0]
    assert (item.kind, item.plan, item.result, item.owners) == (
        "action",
        ["月1回の開催"],
        "12回開いた。",
        ["商工課"],
    )


def test_labels_on_lines_of_their_own() -> None:
    text = """■ 調書１
【取組名】
森の学び舎
【担当】
森林課
【予算額】
１８，６００千円
【計画】
・学習林の整備
・指導員の養成
【実績】
学習林は１か所を開いた。

■ 調書２
【取組名】
木の机
【担当】
森林課
【予算額】
７，２５０千円
【計画】
・机の配備
【実績】
全校に届けた。"""
    assert looks_like_cards(lines_of(text))
    read = read_cards(lines_of(text))
    assert [(item.kind, item.title, item.plan, item.result, item.places[0].line) for item in read.items] == [
        ("action", "森の学び舎", ["学習林の整備", "指導員の養成"], "学習林は1か所を開いた。", 3),
        ("action", "木の机", ["机の配備"], "全校に届けた。", 16),
    ]
    assert [text.text for text in read.unplaced] == ["■ 調書1", "■ 調書2"]


def test_prose_is_no_card() -> None:
    assert not looks_like_cards(
        lines_of("１　目的\n　海を守る。\n２　内容\n(1) 灯台\n　灯台を直す。\n日時：４月１日")
    )
