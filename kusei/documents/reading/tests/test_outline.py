"""The grammar of outlines, rule by rule, on small documents of our own."""

from __future__ import annotations

import pytest

from kusei.documents.reading.extract.decoding import Decoded
from kusei.documents.reading.extract.text import pages
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Draft, DraftItem, Line
from kusei.documents.reading.reader import read_blocks


def read(text: str) -> Draft:
    """The draft of a text file."""
    blocks = [block for page in pages(Decoded(text.strip("\n")), markdown=False) for block in page.blocks]
    return read_blocks(blocks)


def tree(draft: Draft) -> list[str]:
    """Every item as `kind number title`, indented by depth."""

    def lines(item: DraftItem, depth: int) -> list[str]:
        own = "  " * depth + " ".join(part for part in (item.kind, item.number, item.title) if part)
        return [own, *(line for child in item.children for line in lines(child, depth + 1))]

    return [line for item in draft.items for line in lines(item, 0)]


def item(draft: Draft, title: str) -> DraftItem:
    (found,) = (one for one in draft.walk() if one.title == title)
    return found


def codes(draft: Draft) -> set[str]:
    return {warning.code for warning in draft.warnings}


def reasons(draft: Draft) -> dict[str, str | None]:
    return {piece.text: piece.reason for piece in draft.unplaced}


# --- markers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "style", "number", "rest"),
    [
        ("第２章　花のまち", "chapter", "2", "花のまち"),
        ("基本目標３　花のまち", "level", "3", "花のまち"),
        ("施策 1-2 花のまち", "level", "1-2", "花のまち"),
        ("Ⅱ　花のまち", "roman", "II", "花のまち"),
        ("１　花のまち", "digit", "1", "花のまち"),
        ("１．花のまち", "digit.", "1", "花のまち"),
        ("（３）花のまち", "(digit)", "(3)", "花のまち"),
        ("⑫花のまち", "circled", "12", "花のまち"),
        ("イ　花のまち", "kana", "イ", "花のまち"),
        ("2-1 花のまち", "chained", "2-1", "花のまち"),
        ("◆花のまち", "diamond", None, "花のまち"),
        ("・花のまち", "dot", None, "花のまち"),
        ("⇒ 花のまち", "arrow", None, "花のまち"),
        ("- 花のまち", "hyphen", None, "花のまち"),
        ("- ・花のまち", "dot", None, "花のまち"),
    ],
)
def test_markers(printed: str, style: str, number: str | None, rest: str) -> None:
    marker = find_marker(printed)
    assert marker
    assert (marker.style, marker.number, marker.rest) == (style, number, rest)


@pytest.mark.parametrize(
    "printed", ["３回開催しました", "２０２１年の春", "花のまち", "", "・", "・、", "10人が参加"]
)
def test_what_is_no_marker(printed: str) -> None:
    assert find_marker(printed) is None


# --- levels --------------------------------------------------------------------------------------------------------------


def test_levels_sections_and_goal() -> None:
    draft = read(
        """
令和３年度　花川区運営方針

基本目標
みんなで育てる花のまち
目標達成に向けた施策
１　花を植えるまち
◆花壇づくり
公園の花壇を住民の手で整えます。
・苗を配ります
２　花を守るまち
◆水やり当番
地域で当番を決めます。

組織運営
１　窓口の改善
待ち時間を短くします。
・番号札を出します
"""
    )
    assert (draft.title, draft.ward, draft.fiscal_year, draft.kind) == (
        "令和3年度 花川区運営方針", "花川区", 2021, "policy",
    )  # fmt: skip
    assert tree(draft) == [
        "goal みんなで育てる花のまち",
        "  measure 1 花を植えるまち",
        "    project 花壇づくり",
        "      action 苗を配ります",
        "  measure 2 花を守るまち",
        "    project 水やり当番",
        "organisation 1 窓口の改善",
        "  action 番号札を出します",
    ]
    assert item(draft, "花壇づくり").body == "公園の花壇を住民の手で整えます。"


def test_which_mark_stands_above_is_learnt_from_the_document() -> None:
    numbers_above = read(
        """
花川区運営方針
（１）花のまち
◆花壇の会
花壇を整えます。
（２）水のまち
◆水路の会
水路を掃除します。
"""
    )
    marks_above = read(
        """
花川区運営方針
◆花のまち
（１）花壇の会
花壇を整えます。
（２）苗木の会
苗木を配ります。
◆水のまち
（１）水路の会
水路を掃除します。
"""
    )
    assert [one.number for one in numbers_above.items] == ["(1)", "(2)"]
    assert [one.title for one in marks_above.items] == ["花のまち", "水のまち"]
    assert [child.number for child in marks_above.items[0].children] == ["(1)", "(2)"]


def test_larger_type_stands_above() -> None:
    sizes = [
        ("花川区運営方針", 20.0),
        ("花のまち", 16.0),
        ("花壇の会", 13.0),
        ("花壇を整え、花を植えて育てていきます。", 10.0),
    ]
    sizes += [("水のまち", 16.0), ("水路の会", 13.0), ("水路を掃除し、水辺を見守っていきます。", 10.0)]
    draft = read_blocks(
        [
            Line(text, number, 1, (50, 30.0 * number, 300, 30.0 * number + size), size)
            for number, (text, size) in enumerate(sizes, 1)
        ]
    )

    assert [one.title for one in draft.items] == ["花のまち", "水のまち"]
    assert [one.title for one in draft.items[0].children] == ["花壇の会"]


def test_bullets_set_further_in_belong_to_the_bullet_above() -> None:
    draft = read(
        "花川区運営方針\n１　花のまち\n◆花壇の会\n・苗を配ります\n　　・春の花\n　　・秋の花\n・花壇を整えます"
    )

    assert tree(draft)[1:] == [
        "  project 花壇の会",
        "    action 苗を配ります",
        "      action 春の花",
        "      action 秋の花",
        "    action 花壇を整えます",
    ]


def test_rows_whose_headings_are_printed_elsewhere_go_to_the_headings_they_are_like() -> None:
    draft = read(
        """
令和４年度　花川区運営方針
１　花を植えるまち
２　水を守るまち
１　水路の見回り
水路の泥を上げ、水を守ります。
２　水辺の声かけ
水を守る人に声をかけます。
１　花壇の手入れ
花を植え、花壇を育てます。
２　花の苗の贈り物
花の苗を配り、植えるのを手伝います。
"""
    )
    assert tree(draft) == [
        "measure 1 花を植えるまち",
        "  project 1 花壇の手入れ",
        "  project 2 花の苗の贈り物",
        "measure 2 水を守るまち",
        "  project 1 水路の見回り",
        "  project 2 水辺の声かけ",
    ]


# --- money ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "number", "unit", "thousand"),
    [
        ("350円", "350", "円", 0.35),
        ("6,588千円", "6588", "千円", 6588),
        ("12万円", "12", "万円", 120),
        ("15百万円", "15", "百万円", 15_000),
        ("2億円", "2", "億円", 200_000),
        ("1.2兆円", "1.2", "兆円", 1_200_000_000),
        ("2億3,400万円", "2億3400万", "円", 234_000),
        ("△1,000千円", "-1000", "千円", -1000),
    ],
)
def test_amounts_with_their_units(printed: str, number: str, unit: str, thousand: float) -> None:
    draft = read(f"令和４年度　花川市予算\n１　花壇整備事業 【{printed}】\n花壇を整えます。")

    amount = item(draft, "花壇整備事業").amount
    assert amount
    assert (amount.printed, amount.unit, amount.thousand_yen) == (number, unit, thousand)
    assert "unit_unknown" not in codes(draft)


def test_unit_stated_once_for_the_document() -> None:
    draft = read(
        """
令和４年度　花川区予算
（単位：千円）
１　花のまち【１２，３４５】
(1) 花壇の会（5,000）
花壇を整えます。
(2) 苗木の会（7,345）
苗木を配ります。
"""
    )
    assert [one.amount.thousand_yen for one in draft.walk() if one.amount] == [12_345, 5_000, 7_345]
    assert reasons(draft) == {"(単位:千円)": "unit"}
    assert not codes(draft)


def test_unit_stated_nowhere_stays_unknown() -> None:
    draft = read(
        "令和４年度　花川区予算\n１　花のまち【12,345】\n花を植えます。\n２　水のまち【2,300】\n水を守ります。"
    )

    amount = item(draft, "花のまち").amount
    assert amount
    assert (amount.printed, amount.unit, amount.thousand_yen) == ("12345", None, None)
    assert [(w.code, w.line) for w in draft.warnings] == [("unit_unknown", 2), ("unit_unknown", 4)]


def test_parts_that_do_not_add_up_are_told_and_kept() -> None:
    draft = read(
        "令和４年度　花川区予算\n（単位：千円）\n１　花のまち【10,000】\n(1) 花壇の会（4,000）\n花壇です。\n(2) 苗木の会（5,000）\n苗木です。"
    )
    assert [(w.code, w.line) for w in draft.warnings] == [("sum_differs", 3)]
    assert [one.amount.thousand_yen for one in draft.walk() if one.amount] == [10_000, 4_000, 5_000]


def test_money_of_this_year_and_of_the_year_before() -> None:
    draft = read("令和４年度　花川区予算\n１　花の教室　350千円（前年度 300千円）\n教室を開きます。")

    found = item(draft, "花の教室")
    assert found.amount
    assert found.previous_amount
    assert (found.amount.thousand_yen, found.previous_amount.thousand_yen) == (350, 300)


# --- what stands beside a heading ----------------------------------------------------------------------------------------


def test_tags_before_behind_and_below_a_heading() -> None:
    draft = read(
        """
令和４年度　花川区運営方針
１　花のまち
◆【新規】花壇整備事業
花壇を整えます。
◆苗木の会＜拡充＞
苗木を配ります。
◆水やりの会
重点
水をやります。
"""
    )
    assert [(one.title, one.tags) for one in draft.walk() if one.kind == "project"] == [
        ("花壇整備事業", ["新規"]), ("苗木の会", ["拡充"]), ("水やりの会", ["重点"]),
    ]  # fmt: skip


def test_owners_and_programmes() -> None:
    draft = read(
        """
令和４年度　花川区運営方針
１　花のまち
◆花壇の会【総務課・区政推進課】
花壇を整えます。
◆苗木の会
担当：福祉保健課、こども家庭課
苗木を配ります。
◆水やりの会【花いっぱい推進事業】
水をやります。
"""
    )
    assert item(draft, "花壇の会").owners == ["総務課", "区政推進課"]
    assert item(draft, "苗木の会").owners == ["福祉保健課", "こども家庭課"]
    assert item(draft, "水やりの会").programme == "花いっぱい推進事業"
    assert item(draft, "水やりの会").owners == []


def test_programmes_of_other_budgets_belong_to_the_project_they_are_like() -> None:
    draft = read(
        """
令和４年度　花川区予算
（単位：千円）
１　花のまち推進事業【5,000】
花を植え、花壇を育てます。
２　水路清掃事業【3,000】
水路の泥を上げ、清掃します。
○　花壇を育てる会（570）【環境局区配】
花を植える会を開きます。
"""
    )
    related = item(draft, "花壇を育てる会")
    assert related.kind == "related"
    assert related.budget_source == "環境局区配"
    assert related in item(draft, "花のまち推進事業").children
    assert "sum_differs" not in codes(draft)


# --- lines ---------------------------------------------------------------------------------------------------------------


def test_a_bullet_is_whole_title_and_no_body() -> None:
    draft = read(
        "花川区運営方針\n１　花のまち\n・公園の花壇を整え、\n子どもたちと苗を植えます。\n・苗を配ります。"
    )

    first, second = (one for one in draft.walk() if one.kind == "action")
    assert (first.title, first.body) == ("公園の花壇を整え、子どもたちと苗を植えます。", None)
    assert [(place.line, place.end_line) for place in first.places] == [(3, 4)]
    assert second.title == "苗を配ります。"


def test_a_column_keeps_its_text_and_stands_beside_the_outline() -> None:
    draft = read(
        """
令和４年度　花川区運営方針
１　花のまち
◆花壇の会
花壇を整え、みんなで育てます。

コラム① 花のまちの歩み
昭和の頃から花を植える人がいました。今も受け継がれています。

２　水のまち
◆水路の会
水路の泥を上げ、清掃します。
"""
    )
    column = item(draft, "花のまちの歩み")
    assert (column.kind, column.number) == ("column", "1")
    assert column.body == "昭和の頃から花を植える人がいました。今も受け継がれています。"
    assert [one.title for one in draft.items if one.kind == "measure"] == ["花のまち", "水のまち"]


def test_furigana_left_behind_is_taken_out_of_the_sentence() -> None:
    draft = read("令和４年度　花川区運営方針\n１　花のまち\n・地域の方と花壇を\nかだん\n整えて、見守ります。")

    assert item(draft, "地域の方と花壇を整えて、見守ります。").kind == "action"
    assert reasons(draft) == {"かだん": "furigana"}


def test_page_furniture_is_no_item_and_is_kept() -> None:
    draft = read(
        """
令和４年度　花川区運営方針
目次
１　花のまち………………… 2
２　水のまち………………… 5

- 1 -
１　花のまち
花壇を整えます。
- 2 -
２　水のまち
水路を整えます。
＜水路の様子＞
※ 金額は見込みです。
問合せ 総務課 電話 000-000-0000
"""
    )
    assert tree(draft) == ["measure 1 花のまち", "measure 2 水のまち"]
    assert sorted(reason or "" for reason in reasons(draft).values()) == [
        "caption", "contact", "contents", "contents", "page_number", "page_number", "remark", "section",
    ]  # fmt: skip
    assert "unplaced_text" not in codes(draft)


def test_text_without_a_place_is_kept_and_told() -> None:
    draft = read(
        "花川区運営方針\n春の陽ざしのなか、皆様いかがお過ごしでしょうか。\n１　花のまち\n花壇を整えます。"
    )

    assert reasons(draft) == {"春の陽ざしのなか、皆様いかがお過ごしでしょうか。": None}
    assert ("unplaced_text", 2) in [(w.code, w.line) for w in draft.warnings]


def test_radicals_widths_and_dots_are_folded() -> None:
    draft = read("花川区運営方針\n１　⻭と⼝の健康づくり\nﾊﾟﾝﾌﾚｯﾄを配ります。")

    assert item(draft, "歯と口の健康づくり").body == "パンフレットを配ります。"


def test_what_the_text_does_not_say_stays_unknown() -> None:
    draft = read("１　花のまち\n花壇を整えます。")

    assert (draft.title, draft.ward, draft.fiscal_year) == (None, None, None)
    assert {"title_unknown", "ward_unknown", "year_unknown"} <= codes(draft)


def test_numbered_rows_at_the_top_of_pages_are_no_running_heads() -> None:
    lines = [Line("令和５年度　花川区予算", 1, 1)]
    for page in range(1, 5):
        lines.append(Line(f"{page}　花壇事業{page}　　　　1,00{page}千円", 2, page))
        lines.append(Line("区内の花壇を地域の方と整えます。", 3, page))

    draft = read_blocks(lines)

    found = [(item.title, item.amount.printed) for item in draft.walk() if item.amount]
    assert found == [(f"花壇事業{page}", f"100{page}") for page in range(1, 5)]
