"""Tables that kept nothing but order: single blanks, or a cell a line."""

from __future__ import annotations

import time

import pytest

from kusei.documents.reading.model import Draft, DraftItem, Line
from kusei.documents.reading.reader import read_blocks


def read(text: str) -> Draft:
    return read_blocks([Line(line, number) for number, line in enumerate(text.split("\n"), 1)])


def rows(items: list[DraftItem], depth: int = 0) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for item in items:
        money = [a.printed if a else None for a in (item.amount, item.previous_amount)]
        found.append((depth, item.kind, item.title, *money, item.owners))
        found += rows(item.children, depth + 1)
    return found


PLAN_ROWS = [
    ("１ 川と遊ぶ", "水辺の教室", "夏に３回開く", "２回開き、４５人が学んだ。", "環境課"),
    ("１ 川と遊ぶ", "川岸の掃除", "秋に行う", "雨で中止した。", "河川課"),
    ("２ 森と遊ぶ", "木登りの会", "毎月開く", "毎月開いた。", "公園課"),
]
HEADS = ["行動計画", "取組", "令和５年度の計画", "令和５年度の実績", "担当"]
TREE = [
    ("focus", "1", "川と遊ぶ", None, []),
    ("action", None, "水辺の教室", "2回開き、45人が学んだ。", ["環境課"]),
    ("action", None, "川岸の掃除", "雨で中止した。", ["河川課"]),
    ("focus", "2", "森と遊ぶ", None, []),
    ("action", None, "木登りの会", "毎月開いた。", ["公園課"]),
]


def tree(draft: Draft) -> list[tuple[object, ...]]:
    return [(item.kind, item.number, item.title, item.result, item.owners) for item in draft.walk()]


@pytest.mark.parametrize("blank", [" ", "\u3000"])
def test_rows_whose_cells_single_blanks_part(blank: str) -> None:
    text = "\n".join(blank.join(cells) for cells in [HEADS, *PLAN_ROWS])
    draft = read(text)
    assert tree(draft) == TREE
    assert [(item.plan, item.places[0].line) for item in draft.walk() if item.kind == "action"][1] == (
        ["秋に行う"],
        3,
    )


@pytest.mark.parametrize("head", [" ".join(HEADS), "\n".join(HEADS)], ids=["one line", "a word a line"])
@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["no gap", "blank lines"])
def test_a_cell_on_each_line(head: str, between: str) -> None:
    text = head + "\n\n" + between.join("\n".join(cells) for cells in PLAN_ROWS)
    assert tree(read(text)) == TREE


def test_group_cells_printed_once_and_a_list_of_bodies() -> None:
    shown = ["\n".join(PLAN_ROWS[0]), "\n".join(PLAN_ROWS[1][1:]) + "\n水の会", "\n".join(PLAN_ROWS[2])]
    found = tree(read(" ".join(HEADS) + "\n" + "\n".join(shown)))
    assert found[2] == ("action", None, "川岸の掃除", "雨で中止した。", ["河川課", "水の会"])
    assert [row[:3] for row in found] == [row[:3] for row in TREE]


def test_money_in_rows_and_brackets_that_head_them() -> None:
    draft = read(
        "（単位：千円）\n事業名 本年度予算額 前年度予算額 増減 担当課 事業内容\n【港のまち】\n"
        "灯台の塗り替え 1,200 900 300 港湾課 塩に強い塗料を使います。\n防波堤の点検 3,400 3,400 0 港湾課 潜って調べます。\n"
        "合計 4,600 4,300 300\n"
    )
    assert rows(draft.items) == [
        (0, "measure", "港のまち", None, None, []),
        (1, "project", "灯台の塗り替え", "1200", "900", ["港湾課"]),
        (1, "project", "防波堤の点検", "3400", "3400", ["港湾課"]),
    ]


def test_rows_go_on_behind_a_page_number_and_the_heads_again() -> None:
    head = "事業名 実施状況 進捗 担当課"
    draft = read(
        f"{head}\n朝市 月に二度開いた。 順調 観光課\n花市 三月に開いた。 順調 観光課\n\n- 4 -\n\n{head}\n"
        "夜市 台風で見送った。 遅れ 商工課\n骨董市 会場を探している。 遅れ 商工課\n"
    )
    assert [(item.title, item.owners) for item in draft.walk()] == [
        ("朝市", ["観光課"]),
        ("花市", ["観光課"]),
        ("夜市", ["商工課"]),
        ("骨董市", ["商工課"]),
    ]


def test_prose_below_three_words_of_columns_is_no_table() -> None:
    draft = read(
        "計画 実績 評価\n私たちは毎年この三つを見直します。\n見直しには市民の声を生かします。\n"
        "結果は秋に公表します。\n\n１ 声を聞く\n・会議を開く\n・手紙を受ける\n"
    )
    assert [item.title for item in draft.walk()] == ["声を聞く", "会議を開く", "手紙を受ける"]


def test_a_title_of_several_words_heads_no_columns() -> None:
    draft = read(
        "松風市 健康づくり推進計画 令和６年度 事業報告\n\n"
        + "\n".join(["\n".join(HEADS), *map("\n".join, PLAN_ROWS)])
    )
    assert draft.title == "松風市 健康づくり推進計画 令和6年度 事業報告"
    assert tree(draft) == TREE


@pytest.mark.slow
def test_long_tables_take_time_in_step_with_their_length() -> None:
    times = []
    for count in (400, 1600):
        text = "\n".join([" ".join(HEADS), *(" ".join(PLAN_ROWS[k % 3]) for k in range(count))])
        start = time.process_time()
        read(text)
        times.append(time.process_time() - start)
    assert times[1] < 8 * times[0] + 0.5


def test_a_heading_of_the_document_ends_the_rows_above_it() -> None:
    heads = "施策の方向 具体的な事業 令和５年度の実施内容 担当課"
    draft = read(
        f"基本目標１ 海を知る\n{heads}\n（１）学びの場 磯の教室 年３回開いた。 港湾課\n（１）学びの場 図書の紹介 棚を置いた。 図書課\n\n"
        f"基本目標２ 山を知る\n{heads}\n（１）歩く道 道標の設置 二基を立てた。 森林課\n（１）歩く道 道の掃除 ６月に掃いた。 森林課\n"
    )
    assert [(item.title, len(item.children)) for item in draft.items] == [("海を知る", 1), ("山を知る", 1)]
    assert [item.result for item in draft.walk() if item.kind == "action"] == [
        "年3回開いた。",
        "棚を置いた。",
        "二基を立てた。",
        "6月に掃いた。",
    ]


def test_cells_that_wrap_in_blocks() -> None:
    draft = read(
        "取組項目\n活動内容\n令和６年度の実績\n実施主体\n\n磯の\n教室の充実\n月１回、浜でお茶と\n体操の会を開く\n"
        "１２回のうち１０回開き、延べ\n９４０人が参加した。\n港の会\n\n道しるべ\n古い板を取り替える\n６月に更新した。\n森林課\n"
    )
    assert [(item.title, item.body, item.result, item.owners) for item in draft.walk()] == [
        (
            "磯の教室の充実",
            "月1回、浜でお茶と体操の会を開く",
            "12回のうち10回開き、延べ940人が参加した。",
            ["港の会"],
        ),
        ("道しるべ", "古い板を取り替える", "6月に更新した。", ["森林課"]),
    ]


def test_several_grades_in_a_row() -> None:
    draft = read(
        "（単位：千円）\nNo. 事業名 所管課 決算額 必要性 有効性 総合評価 方向性\n1 灯台の改築 港湾課 18,400 高 中 A 継続\n"
        "2 桟橋の修繕 港湾課 2,150 中 低 C 見直し\n合計 20,550\n"
    )
    assert rows(draft.items) == [
        (0, "project", "灯台の改築", "18400", None, ["港湾課"]),
        (0, "project", "桟橋の修繕", "2150", None, ["港湾課"]),
    ]
    assert draft.items[0].body == "必要性:高\n有効性:中\n総合評価:A\n方向性:継続"


def test_who_does_what_by_when_is_the_row_of_a_plan() -> None:
    draft = read(
        "松風町計画　地区の取組（令和６年度）\n〔浜地区〕\n◇ 海辺で暮らす\n・浜の掃除　／　だれが：港の会　／　いつ：６月\n"
        "◇ 海辺で会う\n・灯台の一般公開　／　だれが：港湾課　／　いつ：秋\n"
    )
    assert [(item.plan, item.owners) for item in draft.walk() if item.kind == "action"] == [
        (["浜の掃除"], ["港の会"]),
        (["灯台の一般公開"], ["港湾課"]),
    ]


def test_prose_below_the_rows_is_no_part_of_the_last_one() -> None:
    draft = read(
        "事業名 実施状況 進捗 担当課\n朝市 月に二度開いた。 順調 観光課\n花市 三月に開いた。 順調 観光課\n"
        "来年度は会場を広げて続けることにしています。\n"
    )
    assert [(item.title, item.owners) for item in draft.walk()] == [
        ("朝市", ["観光課"]),
        ("花市", ["観光課"]),
    ]
    assert "来年度は会場を広げて続けることにしています。" in [text.text for text in draft.unplaced]


def test_planned_things_with_bullets_and_blank_lines_between_cells() -> None:
    draft = read(
        "松風市実施計画　令和５年度の計画と実績\n\n施策 取組 令和５年度の実施計画 令和５年度の実績 実施主体\n\n１　海を守る\n\n(1)　浜をきれいに\n\n"
        "・浜の掃除の呼びか\n　け\n\n１２回開き、３４２人が加わ\nった。\n\n港湾課\n海辺愛護推進員\n\n・流木の片付け\n\n８６本を運んだ。\n\n港湾課\n\n"
        "２　山を守る\n\n(1)　道を直す\n\n・道標の設置\n\n二基を立てた。\n\n森林課\n山の会\n\n(2)　森を育てる\n\n・苗木の植付け\n\n９６０本を植えた。\n\n森林課\n"
    )
    assert [(item.kind, item.number, item.title, item.owners) for item in draft.walk()] == [
        ("measure", "1", "海を守る", []),
        ("measure", "(1)", "浜をきれいに", []),
        ("action", None, "浜の掃除の呼びかけ", ["港湾課", "海辺愛護推進員"]),
        ("action", None, "流木の片付け", ["港湾課"]),
        ("measure", "2", "山を守る", []),
        ("measure", "(1)", "道を直す", []),
        ("action", None, "道標の設置", ["森林課", "山の会"]),
        ("measure", "(2)", "森を育てる", []),
        ("action", None, "苗木の植付け", ["森林課"]),
    ]
