"""Cards named by the line above their labels, and what cards list."""

from __future__ import annotations

import pytest

from kusei.documents.reading.card_actions import lists_deeds
from kusei.documents.reading.cards import are_named_by_labels, looks_like_cards, read_cards
from kusei.documents.reading.model import DraftItem, Line
from kusei.documents.reading.rows import RowsRead


def lines_of(text: str) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def read(text: str) -> RowsRead:
    assert looks_like_cards(lines_of(text))
    return read_cards(lines_of(text))


def listed(items: list[DraftItem]) -> list[tuple[str, str | None, str, list[str]]]:
    return [(item.kind, item.number, item.title, [child.title for child in item.children]) for item in items]


@pytest.mark.parametrize(
    ("first", "second", "numbers"),
    [
        ("■１　夜の窓口", "■２　空き家の調べ", ("1", "2")),
        ("３．夜の窓口", "４．空き家の調べ", ("3", "4")),
        ("(1) 夜の窓口", "(2) 空き家の調べ", ("(1)", "(2)")),
        ("No.7　夜の窓口", "No.8　空き家の調べ", ("7", "8")),
        ("【事業１】夜の窓口", "【事業２】空き家の調べ", ("1", "2")),
        ("施策１－１　夜の窓口", "施策１－２　空き家の調べ", ("1-1", "1-2")),
        ("◆夜の窓口", "◆空き家の調べ", (None, None)),
        ("\n夜の窓口", "\n空き家の調べ", (None, None)),
        ("━━━━━━\n夜の窓口\n━━━━━━", "━━━━━━\n空き家の調べ\n━━━━━━", (None, None)),
        ("整理番号１２\n夜の窓口", "整理番号１３\n空き家の調べ", ("12", "13")),
    ],
)
def test_names_above_the_labels(first: str, second: str, numbers: tuple[str | None, str | None]) -> None:
    found = read(
        f"""{first}
担当課：市民課
目　的：夜も証明書を渡す。
予算額：３，２００千円（前年度：３，０００千円）
評　価：Ａ
{second}
担当課：建築課
予算額：８００千円
目　的：持ち主に尋ねる。
主な取組：
　・調べる
　・相談を受ける
評　価：Ｂ"""
    )
    assert listed(found.items) == [
        ("project", numbers[0], "夜の窓口", []),
        ("project", numbers[1], "空き家の調べ", ["調べる", "相談を受ける"]),
    ]
    one, two = found.items
    assert (one.owners, two.owners) == (["市民課"], ["建築課"])
    assert one.amount is not None
    assert one.previous_amount is not None
    assert (one.amount.thousand_yen, one.previous_amount.thousand_yen) == (3200, 3000)


def test_text_between_a_name_and_its_labels_is_no_part_of_the_name() -> None:
    found = read(
        """１　夜の窓口
　夜も証明書を渡す。
担当：市民課
予算：300千円
２　朝の窓口
　朝も証明書を渡す。
担当：市民課
予算：200千円"""
    )
    assert [(item.title, item.body) for item in found.items] == [
        ("夜の窓口", "夜も証明書を渡す。"),
        ("朝の窓口", "朝も証明書を渡す。"),
    ]


def test_groups_above_named_cards_and_parts_that_are_no_groups() -> None:
    found = read(
        """第２章　評価の結果
〈基本目標１　つながるまち〉
No.1　茶の間
担当：地域課　　予算額：1,200千円
課題：場所
No.2　出前講座
担当：地域課　　予算額：850千円
課題：講師
〈基本目標２　安全なまち〉
No.3　見回り
担当：総務課　　予算額：300千円
課題：人手
第３章　学識経験者の意見
　・よく進んでいる。"""
    )
    assert listed(found.items) == [
        ("measure", "1", "つながるまち", ["茶の間", "出前講座"]),
        ("measure", "2", "安全なまち", ["見回り"]),
    ]
    assert [text.text for text in found.unplaced] == [
        "第2章 評価の結果",
        "第3章 学識経験者の意見",
        "・よく進んでいる。",
    ]


def test_a_cycle_of_plan_and_deed_is_an_action() -> None:
    (item, _) = read(
        """■事業名
子ども食堂
■担当課
子ども課
■PLAN（計画）
・年３回開く
■DO（実施）
４回開いた。
■CHECK（評価）
Ｂ
■事業名
ことばの窓口
■担当課
市民課
■PLAN（計画）
・相談を受ける
■DO（実施）
９８０件であった。
■CHECK（評価）
Ａ"""
    ).items
    assert (item.kind, item.title, item.owners, item.plan, item.result, item.body) == (
        "action",
        "子ども食堂",
        ["子ども課"],
        ["年3回開く"],
        "4回開いた。",
        "CHECK(評価):B",
    )


def test_a_plan_by_years_lists_actions_without_their_year() -> None:
    found = read(
        """【事業番号】１－１
【事 業 名】広場の整備
【所 管 課】港湾課
【事業期間】令和６年度～令和８年度
【年度計画】
　令和６年度　・設計
　　　　　　　・話し合い
　令和７年度　・工事
【事業番号】１－２
【事 業 名】桟橋の補修
【所 管 課】港湾課
【事業期間】令和６年度～令和７年度
【年度計画】
　令和６年度　・調べる
　令和７年度　・直す"""
    )
    assert listed(found.items) == [
        ("project", "1-1", "広場の整備", ["設計", "話し合い", "工事"]),
        ("project", "1-2", "桟橋の補修", ["調べる", "直す"]),
    ]
    assert [child.places[0].line for child in found.items[0].children] == [6, 7, 8]


def test_labels_side_by_side_in_columns() -> None:
    first, second = read(
        """事業名　　　協定の拡大　　　　　　担当　　福祉課　地域係
予算額　　　１２０千円　　　　　　決算額　　９８千円
評　価　　　Ａ　　　　　　　　　　今後の方向　　継続

事業名　　　成年後見の周知　　　　担当　　福祉課、学校連携・こども担当
予算額　　　３００千円　　　　　　決算額　　２６０千円
評　価　　　Ｂ　　　　　　　　　　今後の方向　　拡充"""
    ).items
    assert (first.title, first.owners, second.owners) == (
        "協定の拡大",
        ["福祉課"],
        ["福祉課", "学校連携・こども担当"],
    )
    assert first.amount is not None
    assert first.amount.thousand_yen == 120
    assert first.body == "担当:福祉課 地域係\n決算額:98千円\n評価:A\n今後の方向:継続"


def test_marked_labels_that_come_once() -> None:
    text = """令和６年度　支援事業　計画カード
■事業名
　食堂
■担当課
　福祉課
■実施すること
　・月２回開く
　・手伝いを募る
■事業名
　保健室
■担当課
　福祉課
■実施すること
　・測定
■備考
　医師会と共催"""
    assert are_named_by_labels(lines_of(text))
    found = read(text)
    assert listed(found.items) == [
        ("project", None, "食堂", ["月2回開く", "手伝いを募る"]),
        ("project", None, "保健室", ["測定"]),
    ]
    assert found.items[1].body == "備考:医師会と共催"


@pytest.mark.parametrize(
    "text",
    [
        "１　花を植える\n　担当：公園課\n　花壇をつくる。\n　苗を配る。\n２　木を植える\n　担当：公園課\n　並木をつくる。\n　苗木を配る。",
        "１　日時：五月一日\n　場所：区役所\n２　議題\n　委員：予算額はいくらか。\n　事務局：示したとおり。",
    ],
    ids=["outline", "minutes"],
)
def test_what_is_no_card(text: str) -> None:
    assert not looks_like_cards(lines_of(text))


def test_labels_above_deeds() -> None:
    assert all(lists_deeds(label) for label in ("取組内容", "主な取組", "年度計画", "実施内容"))
    assert not any(lists_deeds(label) for label in ("実績", "今後の取組", "課題", "評価の理由", "実施時期"))
