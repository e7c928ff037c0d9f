"""Tables flattened by text extraction."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kusei.documents.reading.flattened import looks_flattened, read_flattened
from kusei.documents.reading.model import Draft, DraftItem, Line
from kusei.documents.reading.rows import RowsRead
from kusei.documents.reading.tests import scoring


def lines_of(text: str) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("\n"), 1)]


def walk(read: RowsRead) -> list[DraftItem]:
    return [item for root in read.items for item in root.walk()]


def rows_of(read: RowsRead) -> list[DraftItem]:
    return [item for item in walk(read) if item.kind == "action"]


CELL_BY_CELL = """ 行動計画 取組  令和５年度実施計画 実施した取組結果 実施主体

・灯台の見学会の実施 ２回実施し、計４５人が参加した。
港湾課

灯台を守る会

・灯台だよりの発行と学校への
　配布

年４回発行し、全ての小学校に届けた。このほか、駅の案内所と図書館にも置いてもらい、
手に取る人が増えた。

港湾課

浜の植物を子どもと調べ
ます。

・観察会の開催

雨のため中止した。

環境課

・直売会の支援

(1) 駅前
・販売の実績：12回
(2) 港
・販売の実績：3回（波が高く休止あり）

・市の日の周知 広報に載せ、ポスターを30枚貼った。

１
海とともに
生きる

灯台を大切にする心を育
てます。

港の市をにぎやかにしま
す。

商工課

※　市の日は毎月第１日曜日。
 行動計画 取組  令和５年度実施計画 実施した取組結果 実施主体

・植樹の会の開催
・苗木の配布

７０人が参加し、苗木を３００本配った。

森林課

１
海とともに
生きる

山を育てて海を守ります。"""


def test_cells_printed_one_after_another() -> None:
    read = read_flattened(lines_of(CELL_BY_CELL))

    assert [(item.kind, item.number, item.title) for item in walk(read) if item.kind != "action"] == [
        ("focus", "1", "海とともに生きる"),
        ("measure", None, "灯台を大切にする心を育てます。"),
        ("measure", None, "浜の植物を子どもと調べます。"),
        ("measure", None, "港の市をにぎやかにします。"),
        ("measure", None, "山を育てて海を守ります。"),
    ]
    assert [(row.plan, row.owners) for row in rows_of(read)] == [
        (["灯台の見学会の実施"], ["港湾課", "灯台を守る会"]),
        (["灯台だよりの発行と学校への配布"], ["港湾課"]),
        (["観察会の開催"], ["環境課"]),
        (["直売会の支援"], ["商工課"]),  # the merged cell, printed at the end of the page
        (["市の日の周知"], ["商工課"]),
        (["植樹の会の開催", "苗木の配布"], ["森林課"]),
    ]
    assert read.header_year == 2023


def test_result_bullets_are_no_plans_and_results_are_whole() -> None:
    results = [row.result for row in rows_of(read_flattened(lines_of(CELL_BY_CELL)))]
    assert results[0] == "2回実施し、計45人が参加した。"
    assert (
        results[1]
        == "年4回発行し、全ての小学校に届けた。このほか、駅の案内所と図書館にも置いてもらい、手に取る人が増えた。"
    )
    assert results[3] == "(1) 駅前・販売の実績:12回(2) 港・販売の実績:3回(波が高く休止あり)"


def test_rows_stand_under_the_cell_they_fit() -> None:
    read = read_flattened(lines_of(CELL_BY_CELL))
    under = {child.title: item.title for item in walk(read) for child in item.children}
    assert under["灯台だよりの発行と学校への配布"] == "灯台を大切にする心を育てます。"
    assert under["観察会の開催"] == "浜の植物を子どもと調べます。"
    assert under["直売会の支援"] == "港の市をにぎやかにします。"
    assert under["植樹の会の開催"] == "山を育てて海を守ります。"


def test_footnotes_are_kept_as_unplaced_and_places_are_known() -> None:
    read = read_flattened(lines_of(CELL_BY_CELL))
    assert [text.text for text in read.unplaced] == ["※ 市の日は毎月第1日曜日。"]
    second = rows_of(read)[1]
    assert [(place.field, place.line, place.end_line) for place in second.places] == [
        ("title", 8, 9),
        ("plan", 8, 9),
        ("result", 11, 12),
        ("owner", 14, 14),
    ]


NO_BLANK_LINES = """みどり市子ども計画　進捗
基本施策 取組内容 令和5年度計画 令和5年度実績 担当課
１ 安心して産み育てる
・産前産後の訪問の実施 延べ３１２件の訪問を行った。 健康課
・両親学級の開催（年６回）
６回開催し、８８組が参加した。
健康課
子育て支援センター
・産後ケアの周知
手帳の交付時に案内を配り、利用は４２件となった。
健康課
２ 地域で育ちを支える
・一時預かりの拡充
新たに２施設で始めたが、保育士の確保が間に合わず一部の曜日にとど
まった。
こども課"""


def test_table_without_blank_lines() -> None:
    read = read_flattened(lines_of(NO_BLANK_LINES))
    assert [(item.kind, item.number, item.title, len(item.children)) for item in read.items] == [
        ("measure", "1", "安心して産み育てる", 3),
        ("measure", "2", "地域で育ちを支える", 1),
    ]
    assert [row.owners for row in rows_of(read)] == [
        ["健康課"],
        ["健康課", "子育て支援センター"],
        ["健康課"],
        ["こども課"],
    ]
    assert (
        rows_of(read)[3].result == "新たに2施設で始めたが、保育士の確保が間に合わず一部の曜日にとどまった。"
    )
    assert [text.text for text in read.unplaced] == ["みどり市子ども計画 進捗"]


def test_owners_between_plan_and_result() -> None:
    read = read_flattened(
        lines_of(
            """取組 担当課 実施計画 取組状況
・防災訓練の実施 危機管理課 ３地区で行い、２１０人が参加した。
・備蓄品の更新 危機管理課 食料１，２００食を更新した。
取組 担当課 実施計画 取組状況
・避難所の点検
施設課
１８か所で点検し、不具合のあった
４か所を直した。
・名簿の更新 福祉課 年２回更新した。"""
        )
    )
    assert [(row.title, row.owners, row.result) for row in rows_of(read)] == [
        ("防災訓練の実施", ["危機管理課"], "3地区で行い、210人が参加した。"),
        ("備蓄品の更新", ["危機管理課"], "食料1,200食を更新した。"),
        ("避難所の点検", ["施設課"], "18か所で点検し、不具合のあった4か所を直した。"),
        ("名簿の更新", ["福祉課"], "年2回更新した。"),
    ]


def test_group_cells_printed_after_their_rows() -> None:
    read = read_flattened(
        lines_of(
            """施策 実施計画 実施結果 実施主体

○見守り協力員の募集
２３名の応募があった。

福祉課
社会福祉協議会

○配食の継続
延べ４，１００食を届けた。

福祉課

ひとり暮らしの方を見守り
ます。

○サロンの立上げ
５か所で始まった。

社会福祉協議会

○料理教室
感染症のため中止した。

社会福祉協議会

集いの場を増やします。"""
        )
    )
    assert [(item.title, [child.title for child in item.children]) for item in read.items] == [
        ("ひとり暮らしの方を見守ります。", ["見守り協力員の募集", "配食の継続"]),
        ("集いの場を増やします。", ["サロンの立上げ", "料理教室"]),
    ]


def test_two_levels_of_bullets_and_owners_below_their_rows() -> None:
    read = read_flattened(
        lines_of(
            """区分　事業内容　令和５年度実施内容　結果　担当
１ 学び合う

○講座を増やします。
・夜間講座　計画どおり６回開いた。
・出張講座　２つの集会所で開いた。
生涯学習課
中央公民館

○図書館を使いやすくします。
・電子書籍　７月から始めた。
・返却箱の設置
・駅での受取り
箱は２か所に置いた。受取りは協議中である。
図書館"""
        )
    )
    assert [(item.kind, item.title) for item in walk(read) if item.kind != "action"] == [
        ("measure", "学び合う"),
        ("measure", "講座を増やします。"),
        ("measure", "図書館を使いやすくします。"),
    ]
    assert [(row.plan, row.owners) for row in rows_of(read)] == [
        (["夜間講座"], ["生涯学習課", "中央公民館"]),
        (["出張講座"], ["生涯学習課", "中央公民館"]),
        (["電子書籍"], ["図書館"]),
        (["返却箱の設置", "駅での受取り"], ["図書館"]),
    ]


def test_looks_flattened() -> None:
    assert looks_flattened(lines_of(CELL_BY_CELL))
    assert looks_flattened(lines_of(NO_BLANK_LINES))
    assert not looks_flattened(
        lines_of("１　目的\n　海を守る。\n・灯台\n・浜\n\n２　計画 実績 担当をまとめる。")
    )
    padded = "事業名　　　本年度　　前年度　　担当\n灯台　　　　１００　　　９０　　　港湾課\n市の日　　　２００　　　１８０　　商工課"
    assert not looks_flattened(lines_of(padded))


def test_nothing_is_lost() -> None:
    read = read_flattened(lines_of(CELL_BY_CELL))
    kept = "".join(
        f"{item.number or ''}{item.title}{''.join(item.plan[1:])}{item.result or ''}{''.join(item.owners)}"
        for item in walk(read)
    ) + "".join(text.text for text in read.unplaced)
    for word in ("案内所", "波が高く", "観察会", "苗木", "第1日曜日", "灯台を守る会", "ポスター"):
        assert word in kept


@pytest.mark.parametrize(
    "text", ["", "・", "１\n２\n３", "計画 実績 担当\n・・・\n\n\n１\n", "計画 実績 担当\n総務課\n総務課"]
)
def test_odd_texts_do_not_fail(text: str) -> None:
    read_flattened(lines_of(text))


@pytest.mark.seeds
def test_action_plan_of_the_real_documents(seeds: Path) -> None:
    """223 rows under 14 focus and 68 measures, against the annotation made by hand."""
    (source,) = seeds.glob("003_*.txt")
    read = read_flattened(lines_of(source.read_text(encoding="utf-8")))
    items = walk(read)
    annotation = json.loads((Path(__file__).parent / "annotations" / "003.json").read_text(encoding="utf-8"))

    result = scoring.score(annotation, Draft(items=read.items).to_json())

    assert [sum(item.kind == kind for item in items) for kind in ("focus", "measure", "action")] == [
        14,
        68,
        223,
    ]
    assert sum(len(item.plan) for item in items) == 229
    assert read.header_year == 2021
    assert min(result.titles.f1, result.rows.f1, result.results.f1) >= 0.97
    assert min(result.kinds.value, result.parents.value) >= 0.95
    assert result.owners.value >= 0.9


OWNERS_FIRST = """所管　予定していた内容　令和６年度の到達点　ねらい　重点項目

健康課
・血圧計の設置
十一館に置いた。

健康課
食生活の会
・試飲会
・味覚の検査
試飲会は八会場で、検査は機材の不足により
二会場で行った。

病気に気付ける人を増やす。

運動課
・歩数を競う対抗戦の開
催 四十二の事業所が加わった。

公園課
・健康器具の増設 二公園に置いた。

楽しみながら体を動かす。
１
元気に
－５－
所管　予定していた内容　令和６年度の到達点　ねらい　重点項目

相談室
・研修
四回開いた。

相談室
保健所
・夜の電話 二百件を受けた。

悩みを打ち明けられる場をつくる。
２
こころ
－６－"""


def test_bodies_first_and_rows_parted_by_blank_lines() -> None:
    read = read_flattened(lines_of(OWNERS_FIRST))

    assert [(item.title, [child.title for child in item.children]) for item in read.items] == [
        ("元気に", ["病気に気付ける人を増やす。", "楽しみながら体を動かす。"]),
        ("こころ", ["悩みを打ち明けられる場をつくる。"]),
    ]
    rows = [row for item in read.items for group in item.children for row in group.children]
    assert [(row.plan, row.owners) for row in rows] == [
        (["血圧計の設置"], ["健康課"]),
        (["試飲会", "味覚の検査"], ["健康課", "食生活の会"]),
        (["歩数を競う対抗戦の開催"], ["運動課"]),
        (["健康器具の増設"], ["公園課"]),
        (["研修"], ["相談室"]),
        (["夜の電話"], ["相談室", "保健所"]),
    ]
    assert [text.reason for text in read.unplaced] == ["page_number", "page_number"]


CHAPTERS = """基本目標１　森でしごとをつくる
数値目標　就業者数　目標１５０人　実績１１２人

具体的施策 事業名 令和６年度の取組内容 令和６年度の実績 ＫＰＩ 担当課
(1)林業を伸ばす
受発注の橋渡し
・担当者の配置
４月に配置し、二十三件をつないだ。
ＫＰＩ　出荷量　目標　８，０００㎥　実績　７，６５０㎥
林政課

就学の支援
・資金の貸与
・住居のあっせん
二名に貸し、住居は二戸を確保した。
ＫＰＩ　就業　目標　３人　実績　２人
林政課
建設課

1

基本目標２　人を呼ぶ

具体的施策 事業名 令和６年度の取組内容 令和６年度の実績 ＫＰＩ 担当課
(1)移り住む
相談会
・首都圏での開催
四回開いた。
ＫＰＩ　件数　目標　１００件　実績　１２６件
企画課

2"""


def test_parts_with_headings_rows_with_names_and_indicators() -> None:
    read = read_flattened(lines_of(CHAPTERS))

    assert [(item.kind, item.number, item.title) for item in read.items] == [
        ("goal", "1", "森でしごとをつくる"),
        ("goal", "2", "人を呼ぶ"),
    ]
    assert [(group.number, group.title) for item in read.items for group in item.children] == [
        ("(1)", "林業を伸ばす"),
        ("(1)", "移り住む"),
    ]
    rows = [row for item in read.items for group in item.children for row in group.children]
    assert [(row.title, row.plan, row.owners, row.body) for row in rows] == [
        ("受発注の橋渡し", ["担当者の配置"], ["林政課"], "KPI 出荷量 目標 8,000m3 実績 7,650m3"),
        ("就学の支援", ["資金の貸与", "住居のあっせん"], ["林政課", "建設課"], "KPI 就業 目標 3人 実績 2人"),
        ("相談会", ["首都圏での開催"], ["企画課"], "KPI 件数 目標 100件 実績 126件"),
    ]
    assert rows[2].result == "四回開いた。"
