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
    assert first.body == "担当課:港湾課 灯台係\n成果:見学者が12名増え、好評であった。"
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
    assert [text.text for text in read.unplaced if text.reason is None] == ["■ 調書1", "■ 調書2"]


def test_prose_is_no_card() -> None:
    assert not looks_like_cards(
        lines_of("１　目的\n　海を守る。\n２　内容\n(1) 灯台\n　灯台を直す。\n日時：４月１日")
    )


def test_labels_of_own_words_mean_what_their_values_say() -> None:
    text = """南の町　歩いて楽しむ行動計画

作戦１　道をつなぐ

〔名称〕案内板づくり
〔中身〕・矢印を描く
　　　　・休める店を募る
〔動く人〕建設課、サイクル協会
〔時期〕五月
〔費用〕２，４００千円

作戦２　言葉で迎える

〔名称〕かるたの制作
〔中身〕・読み札を募る
〔動く人〕観光協会
〔時期〕六月
〔費用〕職員が行う"""
    assert looks_like_cards(lines_of(text))
    read = read_cards(lines_of(text))

    assert [(group.kind, group.number, group.title) for group in read.items] == [
        ("measure", "1", "道をつなぐ"),
        ("measure", "2", "言葉で迎える"),
    ]
    (first,), (second,) = (group.children for group in read.items)
    assert (first.kind, first.plan, first.owners) == (
        "action",
        ["矢印を描く", "休める店を募る"],
        ["建設課", "サイクル協会"],
    )
    assert first.amount is not None
    assert first.amount.thousand_yen == 2400
    assert (second.kind, second.owners, second.amount) == ("action", ["観光協会"], None)


def test_letters_explained_once_are_labels_below_a_heading() -> None:
    text = """みどりの計画　実施状況
（計＝計画　果＝結果　主＝主体）
基本方向Ⅰ　残す
行動１　林を守る
○樹林の指定
計　三か所／四か所
果　二か所を指定
した。
主　みどり課
○落ち葉の回収
計　袋の配布
果　配った。
主　みどり課、農園の会
行動２　水を守る
○水量の観測
計　月一回
果　毎月行った。
主　環境課"""
    read = read_cards(lines_of(text))

    (direction,) = read.items
    assert (direction.number, direction.title) == ("I", "残す")
    assert [(group.number, [item.title for item in group.children]) for group in direction.children] == [
        ("1", ["樹林の指定", "落ち葉の回収"]),
        ("2", ["水量の観測"]),
    ]
    item = direction.children[0].children[0]
    assert (item.kind, item.plan, item.result) == ("action", ["三か所", "四か所"], "二か所を指定した。")


def test_a_form_with_labels_set_wide_and_several_years() -> None:
    text = """事務事業評価表　　　　　　　　　　　東の町

事務事業名　　公園の遊具の更新
施　　　策　　１－２　遊び場
担　当　課　　公園課
根拠法令　　　都市公園法
事業費の推移（千円）
　　　　　　　令和３年度　　令和４年度　　令和５年度
　決算額　　　　　8,200　　　　9,100　　　　9,800
必　要　性　　Ａ
評　　　価　　◎

事務事業評価表　　　　　　　　　　　東の町

事務事業名　　自転車の整理
施　　　策　　１－２　遊び場
担　当　課　　交通課
決　算　額　　２，０００千円　（前年度決算額　１，８００千円）
必　要　性　　Ｂ
評　　　価　　○"""
    read = read_cards(lines_of(text))

    (measure,) = read.items
    assert (measure.number, measure.title) == ("1-2", "遊び場")
    assert [
        (
            item.title,
            item.owners,
            item.amount and item.amount.thousand_yen,
            item.previous_amount and item.previous_amount.thousand_yen,
        )
        for item in measure.children
    ] == [("公園の遊具の更新", ["公園課"], 9800, 9100), ("自転車の整理", ["交通課"], 2000, 1800)]
    assert "根拠法令:都市公園法" in (measure.children[0].body or "")
    assert "評価:◎" in (measure.children[0].body or "")


def test_tags_in_brackets_and_numbered_measures_are_no_labels() -> None:
    assert not looks_like_cards(
        lines_of("事業名　　要求額　　前年度\n［新規］窓口　　24,000　－\n［拡充］出張　　6,500　5,000")
    )
    assert not looks_like_cards(
        lines_of(
            "施策(1)　農業者の確保\n■相談\n〔実施主体：農政課〕\n・相談会を開く。\n施策(2)　経営の強化\n■研修\n〔実施主体：農政課〕\n・学ぶ。"
        )
    )
