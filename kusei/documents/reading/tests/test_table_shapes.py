"""Tables in the shapes in which other offices print them: what a column means by what stands in it, and rows that head others."""

from __future__ import annotations

from kusei.documents.reading.grids import read_table
from kusei.documents.reading.legends import legend_of, marked
from kusei.documents.reading.model import Draft, DraftItem, Line, Table
from kusei.documents.reading.reader import read_blocks
from kusei.documents.reading.tests.test_grids import Spans, table_of, walk


def outline(
    rows: list[list[str | None]], spans: Spans | None = None, **options: object
) -> list[tuple[str, str | None, str, str | None]]:
    """Kind, number, title and parent's title of every item of a table."""
    return tree_of(read_table(table_of(rows, spans), **options).items)  # type: ignore[arg-type]


def tree_of(
    items: list[DraftItem], parent: str | None = None
) -> list[tuple[str, str | None, str, str | None]]:
    found = []
    for item in items:
        found.append((item.kind, item.number, item.title, parent))
        found += tree_of(item.children, item.title)
    return found


def draft_of(*blocks: Line | Table) -> Draft:
    return read_blocks(blocks)


def test_columns_named_by_goal_and_deed_group_the_rows_below_them() -> None:
    read = read_table(
        table_of(
            [
                ["目標", "行動", "今年度の内容", "主体", "実績"],
                ["１ 聴く", "声を集めます。", "・会議を開く\n・提案の会", "企画課", "会議は四回"],
                [None, None, "・箱を置く", "企画課\n学校連携担当", "二か所"],
                [None, "返事をします。", "・返事の掲示", "広報課", "毎月"],
                ["２ 広げる", "仲間を増やします。", "・名簿づくり", "総務課", "十人"],
                [None, None, "・集い", "総務課", "三回"],
            ],
            {(1, 0): (3, 1), (1, 1): (2, 1), (4, 0): (2, 1), (4, 1): (2, 1)},
        )
    )

    assert tree_of(read.items)[:5] == [
        ("measure", "1", "聴く", None),
        ("measure", None, "声を集めます。", "聴く"),
        ("action", None, "会議を開く", "声を集めます。"),
        ("action", None, "箱を置く", "声を集めます。"),
        ("measure", None, "返事をします。", "聴く"),
    ]
    actions = [item for item in walk(read) if item.kind == "action"]
    assert [item.plan for item in actions][:2] == [["会議を開く", "提案の会"], ["箱を置く"]]
    assert actions[1].owners == ["企画課", "学校連携担当"]


def test_columns_named_by_year_are_plan_and_result() -> None:
    read = read_table(
        table_of(
            [
                ["担当", "柱", "事業", "令和６年度の予定", "令和６年度にしたこと", "評価", "今後"],
                ["福祉課", "１ 支える", "見守り", "三十店", "二十八店が加わった。", "Ｂ", "継続"],
                ["〃", "", "配食", "週四回", "週四回届けた。", "Ａ", "拡充"],
                ["環境課", "２ 植える", "苗木", "千本", "千二百本を配った。", "Ａ", "継続"],
            ]
        )
    )

    assert read.header_year == 2024
    assert tree_of(read.items) == [
        ("measure", "1", "支える", None),
        ("action", None, "見守り", "支える"),
        ("action", None, "配食", "支える"),
        ("measure", "2", "植える", None),
        ("action", None, "苗木", "植える"),
    ]
    meals = walk(read)[2]
    assert (meals.plan, meals.result, meals.owners, meals.tags) == (
        ["週四回"],
        "週四回届けた。",
        ["福祉課"],
        [],
    )
    assert meals.body == "評価:A\n今後:拡充"


def test_one_of_two_group_columns_names_the_rows_where_nothing_else_does() -> None:
    assert outline(
        [
            ["No.", "分野", "プロジェクト", "予定", "実績", "進み具合", "担当局"],
            ["1", "安全", "管の点検", "・撮影", "三十キロ", "順調", "下水道局"],
            ["2", "", "橋の点検", "・六十橋", "六十橋を終えた。", "順調", "建設局"],
            ["3", "環境", "屋根の発電", "・二十校", "二十校で終えた。", "遅れ", "教育局"],
        ]
    ) == [
        ("measure", None, "安全", None),
        ("action", "1", "管の点検", "安全"),
        ("action", "2", "橋の点検", "安全"),
        ("measure", None, "環境", None),
        ("action", "3", "屋根の発電", "環境"),
    ]


def test_the_same_word_row_after_row_is_a_group() -> None:
    assert outline(
        [
            ["地区", "やりたいこと", "だれが", "いつ"],
            ["東", "花の道", "自治会", "5月"],
            ["東", "夜市", "商店会", "8月"],
            ["西", "倉庫の点検", "防災組織", "9月"],
        ]
    ) == [
        ("measure", None, "東", None),
        ("action", None, "花の道", "東"),
        ("action", None, "夜市", "東"),
        ("measure", None, "西", None),
        ("action", None, "倉庫の点検", "西"),
    ]


def test_a_column_of_tags_is_no_group_and_a_part_of_the_money_no_name() -> None:
    read = read_table(
        table_of(
            [
                ["区分", "事項", "前年度予算額", "要求・要望額", "うち重要政策"],
                ["新規", "灯台", "－", "1,200", "1,000"],
                ["", "港", "3,000", "3,400", "0"],
                ["拡充", "市場", "500", "900", "400"],
            ]
        ),
        unit="百万円",
    )

    assert [(item.title, item.tags, item.amount and item.amount.printed) for item in read.items] == [
        ("灯台", ["新規"], "1200"),
        ("港", [], "3400"),
        ("市場", ["拡充"], "900"),
    ]


def test_a_wide_row_with_money_heads_the_rows_below() -> None:
    read = read_table(
        table_of(
            [
                ["事業名", "区分", "予算額", "担当課"],
                ["● 霧の朝も歩けるまち", None, "7,000", ""],
                ["まち歩き", "拡充", "4,000", "企画課"],
                ["・地図の印刷", "", "1,500", ""],
                ["反射材", "", "3,000", "福祉課"],
                ["● 花のまち", None, "900", ""],
                ["街道の花", "", "900", "土木課"],
            ],
            {(1, 0): (1, 2), (5, 0): (1, 2)},
        ),
        unit="千円",
    )

    assert tree_of(read.items) == [
        ("measure", None, "霧の朝も歩けるまち", None),
        ("project", None, "まち歩き", "霧の朝も歩けるまち"),
        ("component", None, "地図の印刷", "まち歩き"),
        ("project", None, "反射材", "霧の朝も歩けるまち"),
        ("measure", None, "花のまち", None),
        ("project", None, "街道の花", "花のまち"),
    ]
    assert read.items[0].amount is not None
    assert read.items[0].amount.printed == "7000"
    assert read.items[0].children[0].tags == ["拡充"]


def test_a_name_with_the_sum_of_the_rows_below_heads_them() -> None:
    assert outline(
        [
            ["事業", "予算額", "説明"],
            ["みどりのまち", "3,000", ""],
            ["苗木", "1,000", "千本を配る。"],
            ["芝生", "2,000", "二校で張る。"],
        ],
        unit="千円",
    ) == [
        ("measure", None, "みどりのまち", None),
        ("project", None, "苗木", "みどりのまち"),
        ("project", None, "芝生", "みどりのまち"),
    ]


def test_a_banner_below_two_heading_rows_is_no_heading_of_columns() -> None:
    assert outline(
        [
            ["施策", "取組", "令和５年度", None, "担当"],
            [None, None, "計画", "実績", None],
            ["基本目標１　産み育てる", None, None, None, None],
            ["(1) 出産", "産後ケア", "宿泊を始める", "十二組が使った。", "健康課"],
            [None, "両親学級", "年六回", "年六回行った。", "子ども課"],
            ["基本目標２　学ぶ", None, None, None, None],
            ["(1) 読書", "本の宅配", "学年を広げる", "三年生まで広げた。", "図書館"],
        ],
        {
            (0, 0): (2, 1),
            (0, 1): (2, 1),
            (0, 2): (1, 2),
            (0, 4): (2, 1),
            (2, 0): (1, 5),
            (3, 0): (2, 1),
            (5, 0): (1, 5),
        },
    ) == [
        ("goal", "1", "産み育てる", None),
        ("measure", "(1)", "出産", "産み育てる"),
        ("action", None, "産後ケア", "出産"),
        ("action", None, "両親学級", "出産"),
        ("goal", "2", "学ぶ", None),
        ("measure", "(1)", "読書", "学ぶ"),
        ("action", None, "本の宅配", "読書"),
    ]


def test_the_number_beside_a_group_is_the_group_s() -> None:
    assert outline(
        [
            ["施策番号", "施策名", "事業名", "予算額"],
            ["1-1", "海岸", "清掃", "1,240"],
            ["1-1", "海岸", "藻場", "860"],
            ["1-2", "脱炭素", "蓄電池", "3,500"],
        ]
    ) == [
        ("measure", "1-1", "海岸", None),
        ("project", None, "清掃", "海岸"),
        ("project", None, "藻場", "海岸"),
        ("measure", "1-2", "脱炭素", None),
        ("project", None, "蓄電池", "脱炭素"),
    ]


def test_a_repeated_row_is_no_second_item() -> None:
    read = read_table(
        table_of(
            [
                ["実施主体", "施策", "番号", "事業", "令和７年度の実施内容", "令和８年度以降"],
                ["市\nバス会社", "１ 幹線", "1-1", "増発", "・一時間に四本", "見直し"],
                ["市", "", "1-2", "専用車線", "・協議", "試行"],
                ["（再掲）", "２ 支線", "1-1", "増発", "", ""],
                ["市", "", "2-1", "予約車", "・二地区", "拡大"],
            ]
        )
    )

    assert [(item.number, item.title) for item in walk(read) if item.kind == "action"] == [
        ("1-1", "増発"),
        ("1-2", "専用車線"),
        ("2-1", "予約車"),
    ]
    assert walk(read)[1].owners == ["市", "バス会社"]
    assert walk(read)[1].body == "令和8年度以降:見直し"
    assert [(text.text, text.reason) for text in read.unplaced][-1] == ("(再掲) 2 支線 1-1 増発", "remark")


def test_several_bullets_under_a_heading_of_names_are_what_is_planned() -> None:
    read = read_table(
        table_of(
            [
                ["課", "令和６年度の主な取組"],
                ["総務課", "・庁舎の省エネ\n・文書の電子化"],
                ["人事課", "・研修\n・面談"],
            ]
        )
    )

    assert [(item.kind, item.title, item.plan, item.owners) for item in read.items] == [
        ("action", "庁舎の省エネ", ["庁舎の省エネ", "文書の電子化"], ["総務課"]),
        ("action", "研修", ["研修", "面談"], ["人事課"]),
    ]


def test_steps_of_years_are_no_money() -> None:
    read = read_table(
        table_of(
            [
                ["改革項目", "取組名", "R4", "R5", "R6", "進捗"],
                ["１ 窓口", "予約", "検討", "導入", "→", "◎"],
                ["", "郵送", "実施", "→", "→", "○"],
            ]
        )
    )

    assert [(item.title, item.amount, item.plan) for item in walk(read)[1:]] == [
        ("予約", None, []),
        ("郵送", None, []),
    ]
    assert (walk(read)[1].body or "").splitlines()[:2] == ["R4:検討", "R5:導入"]


def test_amounts_of_several_units_are_no_reason_to_fail() -> None:
    read = read_table(
        table_of(
            [
                ["事業", "金額", "所管"],
                ["まつり", "1500万円", "地域課"],
                ["手すり", "3億2000万円", "港湾課"],
                ["計", "3億3500万円", ""],
            ]
        )
    )

    assert [item.amount and item.amount.thousand_yen for item in read.items] == [15000, 320000]
    assert read.warnings == []


def test_each_table_has_the_unit_stated_above_it() -> None:
    rows: list[list[str | None]] = [
        ["事業名", "予算額", "担当課"],
        ["橋", "318", "道路課"],
        ["学校", "1,045", "教育課"],
    ]
    draft = draft_of(
        Line("令和６年度　霧野区　予算", 1),
        Line("単位：千円", 2),
        table_of([["事業名", "予算額", "担当課"], ["花壇", "1,860", "公園課"], ["講座", "1,100", "企画課"]]),
        Line("局の事業", 20),
        Line("単位：百万円", 21),
        table_of(rows),
    )

    money = {item.title: item.amount.thousand_yen for item in draft.walk() if item.amount}
    assert money == {"花壇": 1860, "講座": 1100, "橋": 318000, "学校": 1045000}


def test_marks_before_names_mean_what_the_legend_says() -> None:
    draft = draft_of(
        Line("令和５年度　桧沢村　予算", 1),
        table_of(
            [
                ["番号", "することがら", "予算", "係"],
                ["①", "入浴券", "1,840", "福祉係"],
                ["②", "＋相談員", "620", "福祉係・総務係"],
                ["", "計", "2,460", ""],
            ]
        ),
        Line("＋は新しく始めることです。", 30),
    )

    found = [item for item in draft.walk() if item.amount]
    assert [(item.title, item.tags, item.owners) for item in found] == [
        ("入浴券", [], ["福祉係"]),
        ("相談員", ["新規"], ["福祉係", "総務係"]),
    ]


def test_legends() -> None:
    assert legend_of(["★は重点事業、☆は新規", "※印は拡充した事業", "◎：大いに進んだ"]) == {
        "★": "重点",
        "※": "拡充",
    } | ({"☆": "新規"})
    assert marked("★カートの貸出", {"★": "新規"}) == (["新規"], "カートの貸出")
    assert marked("C++の教室", {}) == ([], "C++の教室")


def test_a_goal_above_the_column_headings_holds_the_table() -> None:
    draft = draft_of(
        Line("共同参画プラン　令和６年度進捗状況", 1),
        table_of(
            [
                ["基本目標Ⅰ　力を発揮できる職場", None, None, None],
                ["方針", "事業名", "計画内容", "実施状況"],
                ["１ 働き方", "育休", "・研修\n・体験談", "研修は全員が受けた。"],
                [None, "在宅勤務", "・端末", "八十台を増やした。"],
            ],
            {(0, 0): (1, 4), (2, 0): (2, 1)},
        ),
    )

    assert tree_of(draft.items) == [
        ("goal", "I", "力を発揮できる職場", None),
        ("measure", "1", "働き方", "力を発揮できる職場"),
        ("action", None, "育休", "働き方"),
        ("action", None, "在宅勤務", "働き方"),
    ]


def test_a_second_table_explains_the_items_of_the_first() -> None:
    draft = draft_of(
        Line("令和７年度　交通省　概算要求", 1),
        Line("（単位：百万円）", 2),
        table_of(
            [
                ["事項", None, "前年度予算額", "要求額"],
                ["１　駅", "乗換え拠点の改良", "12,300", "14,850"],
                [None, "情報の共通化の支援", "－", "460"],
            ],
            {(0, 0): (1, 2), (1, 0): (2, 1)},
        ),
        Line("主な内容", 20),
        table_of([["事項", "内容"], ["乗換え拠点の改良", "・屋根を付ける\n・時刻を示す"]]),
    )

    titles = [item.title for item in draft.walk()]
    assert titles.count("乗換え拠点の改良") == 1
    works = next(item for item in draft.walk() if item.title == "乗換え拠点の改良")
    assert [child.title for child in works.children] == ["屋根を付ける", "時刻を示す"]
    assert works.amount is not None


def test_an_aim_beside_what_is_done_for_it_names_the_row() -> None:
    read = read_table(
        table_of(
            [
                ["重点項目", "目標", "取組内容", "上半期の状況", "自己評価"],
                ["安全", "事故を減らす", "標識を直す", "十本を直した。", "Ａ"],
                ["", "音を減らす", "柵を立てる", "二か所に立てた。", "Ｂ"],
            ]
        )
    )

    assert [(item.kind, item.title) for item in walk(read)] == [
        ("measure", "安全"),
        ("action", "事故を減らす"),
        ("action", "音を減らす"),
    ]
    assert (walk(read)[1].plan, walk(read)[1].result) == (["標識を直す"], "十本を直した。")


def test_last_year_s_result_is_told_beside_this_year_s_plan() -> None:
    read = read_table(
        table_of(
            [
                ["No", "実施主体", "取組", "前年度の実績", "今年度の計画"],
                ["1", "町内会", "清掃の日", "年三回行った。", "年四回行う"],
                ["2", "社協", "見守り", "百世帯を訪ねた。", "百二十世帯を訪ねる"],
            ]
        )
    )

    assert [(item.title, item.plan, item.result, item.body) for item in read.items] == [
        ("清掃の日", ["年四回行う"], None, "前年度の実績:年三回行った。"),
        ("見守り", ["百二十世帯を訪ねる"], None, "前年度の実績:百世帯を訪ねた。"),
    ]


def test_months_as_columns_and_an_empty_first_column() -> None:
    read = read_table(
        table_of(
            [
                ["部", "取組", "4～6月", "7～9月", "10～12月", "1～3月"],
                ["健康部", "体操の会", "募集", "実施", "実施", "まとめ"],
                ["", "検診の案内", "発送", "", "", ""],
                ["土木部", "花壇", "", "植付け", "", "植替え"],
            ]
        )
    )

    assert [(item.title, item.owners) for item in read.items] == [
        ("体操の会", ["健康部"]),
        ("検診の案内", ["健康部"]),
        ("花壇", ["土木部"]),
    ]


def test_rows_with_indicators_are_items_where_somebody_does_them() -> None:
    read = read_table(
        table_of(
            [
                ["取組名", "概要", "指標名", "目標値", "実績値", "担当所属"],
                ["見守りの輪", "協力店を募る", "協力店数", "30店", "28店", "福祉課"],
                ["緑の輪", "苗を配る", "配布数", "1000本", "1200本", "環境課"],
            ]
        )
    )

    assert [(item.title, item.owners) for item in read.items] == [
        ("見守りの輪", ["福祉課"]),
        ("緑の輪", ["環境課"]),
    ]
