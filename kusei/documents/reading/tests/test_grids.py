"""Tables with cells → items."""

from __future__ import annotations

from kusei.documents.reading.grids import read_table
from kusei.documents.reading.model import Cell, DraftItem, Line, Table
from kusei.documents.reading.rows import RowsRead

Spans = dict[tuple[int, int], tuple[int, int]]


def table_of(rows: list[list[str | None]], spans: Spans | None = None, caption: str | None = None) -> Table:
    """A table whose row r stands on line r + 1; None is covered by the cell that `spans` (rows, columns) names."""
    spans = spans or {}
    cells: list[list[Cell | None]] = []
    for r, row in enumerate(rows):
        line = r + 1
        cells.append(
            [
                None
                if text is None
                else Cell(text, 1, line, line, None, f"A!{chr(65 + c)}{line}", *spans.get((r, c), (1, 1)))
                for c, text in enumerate(row)
            ]
        )
    return Table(cells, 1, 1, caption)


def walk(read: RowsRead) -> list[DraftItem]:
    return [item for root in read.items for item in root.walk()]


ACTION_PLAN = table_of(
    [
        ["行動計画", "取組", "令和３年度実施計画", "実施した取組結果", "実施主体"],
        [
            "１\n水辺を\n守る",
            "川の清掃を進\nめます。",
            "・清掃の日の実施",
            "３回行った。参加者120人",
            "土木課\n川を守る会",
        ],
        [None, None, "・用具の貸出\n・手引の\n　作成", "40件貸した。", None],
        [None, "生き物を調べます。", "・観察会", "雨で中止した。", "環境課"],
        ["行動計画", "取組", "令和３年度実施計画", "実施した取組結果", "実施主体"],
        ["２\n憩う", "広場をつくります。", "・ベンチの設置", "", "公園課、土木課"],
    ],
    {(1, 0): (3, 1), (1, 1): (2, 1), (1, 4): (2, 1)},
)


def test_action_plan_with_spanning_cells() -> None:
    read = read_table(ACTION_PLAN)

    assert [(item.kind, item.number, item.title) for item in walk(read)] == [
        ("focus", "1", "水辺を守る"),
        ("measure", None, "川の清掃を進めます。"),
        ("action", None, "清掃の日の実施"),
        ("action", None, "用具の貸出"),
        ("measure", None, "生き物を調べます。"),
        ("action", None, "観察会"),
        ("focus", "2", "憩う"),
        ("measure", None, "広場をつくります。"),
        ("action", None, "ベンチの設置"),
    ]
    rows = [item for item in walk(read) if item.kind == "action"]
    assert [row.owners for row in rows] == [
        ["土木課", "川を守る会"],
        ["土木課", "川を守る会"],
        ["環境課"],
        ["公園課", "土木課"],
    ]
    assert rows[1].plan == ["用具の貸出", "手引の作成"]
    assert [row.result for row in rows] == ["3回行った。参加者120人", "40件貸した。", "雨で中止した。", None]
    assert (rows[0].figures[1].value, rows[0].figures[1].label) == (120, "参加者")
    assert read.header_year == 2021


def test_action_rows_know_their_places() -> None:
    row = next(item for item in walk(read_table(ACTION_PLAN)) if item.title == "用具の貸出")
    assert [(place.field, place.line, place.cell) for place in row.places] == [
        ("title", 3, "A!C3"),
        ("plan", 3, "A!C3"),
        ("result", 3, "A!D3"),
        ("owner", 2, "A!E2"),  # the merged cell's own place
    ]


def test_budget_with_two_heading_rows_and_components() -> None:
    read = read_table(
        table_of(
            [
                ["事業名", None, "予算額", None, "増減", "担当課", "説明"],
                [None, None, "令和５年度", "令和４年度", None, None, None],
                ["1", "水防事業", "12,000", "10,000", "2,000", "土木課", "水位計を置く。"],
                ["", "(1) 水位計", "8,000", "7,000", "1,000", "", ""],
                ["", "(2) 訓練", "4,000", "3,000", "1,000", "", ""],
                ["2", "広報事業 【新規】", "1,500", "―", "皆増", "広報課", ""],
                ["", "合計", "13,500", "10,000", "3,500", "", ""],
            ],
            {(0, 0): (2, 2), (0, 2): (1, 2), (0, 4): (2, 1), (0, 5): (2, 1), (0, 6): (2, 1)},
            caption="（単位：千円）",
        )
    )
    found = [
        (
            item.kind,
            item.number,
            item.title,
            item.amount and item.amount.thousand_yen,
            item.previous_amount and item.previous_amount.printed,
        )
        for item in walk(read)
    ]
    assert found == [
        ("project", "1", "水防事業", 12000, "10000"),
        ("component", "(1)", "水位計", 8000, "7000"),
        ("component", "(2)", "訓練", 4000, "3000"),
        ("project", "2", "広報事業", 1500, None),
    ]
    assert read.items[1].tags == ["新規"]
    assert read.items[0].body == "水位計を置く。"
    assert read.warnings == []
    assert read.header_year == 2023


def test_total_that_does_not_add_up_warns_with_its_place() -> None:
    read = read_table(
        table_of([["事業", "予算額(円)"], ["灯台事業", "100"], ["港の市", "200"], ["合計", "350"]])
    )
    assert [(warning.code, warning.line) for warning in read.warnings] == [("sum_differs", 4)]
    assert [item.amount.unit for item in read.items if item.amount] == ["円", "円"]


def test_difference_that_does_not_agree_warns() -> None:
    read = read_table(
        table_of(
            [
                ["事業名", "本年度", "前年度", "増減"],
                ["灯台事業", "500", "300", "△100"],
                ["市の日", "9", "9", "0"],
            ]
        )
    )
    assert [warning.code for warning in read.warnings] == ["sum_differs"]


def test_subtotal_becomes_the_amount_of_its_heading_row() -> None:
    read = read_table(
        table_of(
            [
                ["項目", "本年度", "前年度"],
                ["１ 海のまち", "", ""],
                ["灯台事業", "1,000", "900"],
                ["港の市", "2,000", "1,000"],
                ["小計", "3,000", "1,900"],
                ["２ 山のまち", "", ""],
                ["林道事業", "500", "500"],
                ["総計", "3,500", "2,400"],
            ]
        ),
        unit="千円",
    )
    assert [
        (item.kind, item.number, item.amount and item.amount.printed, len(item.children))
        for item in read.items
    ] == [
        ("measure", "1", "3000", 2),
        ("measure", "2", None, 1),
    ]
    assert read.warnings == []


def test_table_without_headings_is_read_by_its_content() -> None:
    read = read_table(
        table_of(
            [
                ["道の補修", "12,300", "11,000", "土木課"],
                ["公園の整備", "4,500", "-", "公園課"],
                ["橋の点検", "2,000", "2,000", "土木課"],
            ]
        ),
        unit="千円",
    )
    assert [(item.title, item.amount and item.amount.printed, item.owners) for item in read.items] == [
        ("道の補修", "12300", ["土木課"]),
        ("公園の整備", "4500", ["公園課"]),
        ("橋の点検", "2000", ["土木課"]),
    ]
    assert read.items[1].previous_amount is None


def test_indicators_are_no_items() -> None:
    read = read_table(table_of([["指標", "現状値", "目標値（R8）"], ["利用者数", "120人", "200人"]]))
    assert read.items == []
    assert [text.text for text in read.unplaced] == ["指標 現状値 目標値(R8)", "利用者数 120人 200人"]


def test_evaluation_sheet_is_one_item() -> None:
    read = read_table(
        table_of(
            [
                ["事業名", "子ども広場事業", "担当課", "子ども課"],
                ["予算額", "1,234千円", "前年度予算額", "1,000千円"],
                ["事業内容", "広場を開く。", None, None],
                ["評価", "Ａ", "今後の方向性", "継続"],
            ],
            {(2, 1): (1, 3)},
        )
    )
    item = read.items[0]
    assert (len(read.items), item.kind, item.title, item.owners) == (
        1,
        "project",
        "子ども広場事業",
        ["子ども課"],
    )
    assert item.amount is not None
    assert item.amount.thousand_yen == 1234
    assert item.body == "広場を開く。\n評価:A\n今後の方向性:継続"


def test_row_name_column_is_the_title_of_an_action() -> None:
    read = read_table(
        table_of(
            [
                ["No.", "取組名", "計画", "取組状況", "状況"],
                ["1", "朝市", "・月1回の開催", "12回開いた。", "完了"],
            ]
        )
    )
    row = read.items[0]
    assert (row.kind, row.number, row.title, row.plan, row.result) == (
        "action",
        "1",
        "朝市",
        ["月1回の開催"],
        "12回開いた。",
    )
    assert row.body == "状況:完了"


def test_cell_with_an_outline_goes_to_the_hook() -> None:
    seen: list[Line] = []

    def outline(lines: list[Line]) -> list[DraftItem]:
        seen.extend(lines)
        return [DraftItem("project", "看板", number="(1)"), DraftItem("project", "巡回")]

    read = read_table(
        table_of(
            [
                ["事業名", "予算額", "主な内容"],
                ["灯台事業", "10千円", "(1) 看板\n・巡回"],
                ["港の市", "20千円", "朝に開く。"],
            ]
        ),
        outline_cell=outline,
    )
    assert [line.text for line in seen] == ["(1) 看板", "・巡回"]
    assert [child.kind for child in read.items[0].children] == ["component", "action"]
    assert read.items[1].body == "朝に開く。"


def test_row_broken_by_a_page_goes_on() -> None:
    read = read_table(
        table_of(
            [
                ["取組", "計画", "結果"],
                ["朝市", "・開催", "四月から毎月開き、"],
                ["", "", "延べ300人が来た。"],
                ["夕市", "・開催", "中止した。"],
            ]
        )
    )
    assert [item.result for item in walk(read) if item.kind == "action"] == [
        "四月から毎月開き、延べ300人が来た。",
        "中止した。",
    ]


def test_marks_of_progress_are_no_result() -> None:
    read = read_table(
        table_of(
            [
                ["計画", "実績", "進捗"],
                ["・鏡の設置", "17か所に設けた。", "◎"],
                ["・点検", "5月に行った。", "○"],
            ]
        )
    )
    assert [(item.result, item.body) for item in read.items] == [
        ("17か所に設けた。", "進捗:◎"),
        ("5月に行った。", "進捗:○"),
    ]


def test_plans_on_lines_of_their_own() -> None:
    read = read_table(
        table_of([["計画", "実績", "担当"], ["窓口を一本化する\n受付を延ばす", "見送った。", "総務係"]])
    )
    assert read.items[0].plan == ["窓口を一本化する", "受付を延ばす"]


def test_owner_before_bullets_of_a_year() -> None:
    read = read_table(
        table_of(
            [
                ["担当", "令和7年度の取組"],
                ["総務課", "・訓練の日"],
                [None, "・備蓄の入替え\n・食品の寄付"],
                ["衛生課", "・犬の訓練"],
            ],
            {(1, 0): (2, 1)},
        )
    )
    assert [(item.kind, item.plan, item.owners) for item in read.items] == [
        ("action", ["訓練の日"], ["総務課"]),
        ("action", ["備蓄の入替え", "食品の寄付"], ["総務課"]),
        ("action", ["犬の訓練"], ["衛生課"]),
    ]
    assert read.header_year == 2025
