"""Fields as text and back, tables that come back from Excel, and moving by steps: plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.plans.draft_fields import COLUMNS, Vocabulary, changes_of, money_typed, shown, texts_of
from kusei.plans.draft_sheet import HEADINGS, SheetError, SheetRow, compare_table, rows_of, split_pasted
from kusei.plans.draft_workbook import read_workbook, write_workbook
from kusei.plans.drafting import Owner, Row, Tree, build
from kusei.plans.errors import DraftingError
from kusei.plans.moving import place_beside, place_towards
from kusei.plans.rules import Money

WORDS = Vocabulary(2026, {7: "地域振興課", 8: "福祉保健課"}, {"地域振興課": 7, "福祉保健課": 8, "福祉課": 8})
YES = lambda tree, item: True  # noqa: E731


def row(item: int, parent: int | None = None, title: str = "見守り", **more: object) -> Row:
    return Row(item, parent, str(more.pop("kind", "project")), title, **more)  # type: ignore[arg-type]


def money(yen: int | None, source: str = "", year: int = 2026, basis: str = "current") -> Money:
    return Money(year, basis, source, yen, str((yen or 0) // 1000), "千円" if yen is not None else "")


@pytest.mark.parametrize(
    ("column", "of", "text"),
    [
        ("kind", row(1), "事業"),
        ("current", row(1, money=(money(3_000_000),)), "3000"),
        ("current", row(1, money=(money(3_000_500, "区"),)), "3000.5"),
        ("current", row(1, money=(money(1_000_000, "区"), money(2_000_000, "局"))), "区: 1000\n局: 2000"),
        ("current", row(1, money=(Money(2026, "current", "", None, "12", ""),)), "12（単位なし）"),
        ("previous", row(1, money=(money(5_000, year=2025, basis="previous"),)), "5"),
        ("previous", row(1, money=(money(5_000, year=2024, basis="previous"),)), ""),  # of another year
        ("owners", row(1, owners=(Owner(7, "地域振興課"), Owner(8, "福祉課"))), "地域振興課\n福祉課"),
        ("tags", row(1, tags=("新規", "重点")), "新規、重点"),
    ],
)
def test_a_column_says_what_the_row_holds(column: str, of: Row, text: str) -> None:
    assert shown(column, of, WORDS) == text


@pytest.mark.parametrize(
    ("column", "text", "field", "value"),
    [
        ("title", " 見守り隊\r\n", "title", "見守り隊"),
        ("kind", "施策", "kind", "measure"),
        ("owners", "福祉課、地域振興課", "owners", (Owner(8, "福祉課"), Owner(7, "地域振興課"))),
        ("owners", "", "owners", ()),
        ("tags", "新規, 重点、新規", "tags", ("新規", "重点")),
        ("plan_bullets", "一つ\n\n 二つ", "plan_bullets", ("一つ", "二つ")),
        ("current", "６，５８８", "money", (Money(2026, "current", "区", 6_588_000, "6588", "千円"),)),
        ("current", "5000円", "money", (Money(2026, "current", "区", 5_000, "5", "千円"),)),
        ("current", "", "money", ()),
        ("current", "局: 2億円", "money", (Money(2026, "current", "局", 200_000_000, "200000", "千円"),)),
    ],
)
def test_a_text_becomes_the_value_it_means(column: str, text: str, field: str, value: object) -> None:
    base = row(1, money=(money(3_000_000, "区"),), owners=(Owner(7, "地域振興課"),))
    assert changes_of({column: text}, base, None, WORDS) == ({field: value}, [])


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("title", "  ", "題名がありません"),
        ("kind", "内訳の項目", "ここに置けない種類"),
        ("kind", "謎", "ここに置けない種類"),
        ("owners", "環境課", "登録されていません"),
        ("current", "たくさん", "金額として読めません"),
        ("current", "-5", "金額として読めません"),
        ("current", "0.0001", "1円に満たない"),
        ("current", "9999999999999", "大きすぎます"),
        ("current", "区: 1\n区: 2", "二度"),
        ("number", "1" * 21, "20字まで"),
        ("tags", "あ" * 41, "長すぎます"),
    ],
)
def test_what_cannot_be_taken_says_why(column: str, text: str, says: str) -> None:
    changes, problems = changes_of({column: text}, row(1), None, WORDS)
    assert changes == {}
    assert [problem.column for problem in problems] == [column]
    assert says in problems[0].message


def test_what_was_left_as_shown_is_never_read() -> None:
    """An amount without a unit, a printed spelling that is no alias: looking and saving changes nothing."""
    base = row(1, title="", owners=(Owner(7, "振興"),), money=(Money(2026, "current", "", None, "12", ""),))
    assert changes_of(texts_of(base, WORDS), base, "goal", WORDS) == ({}, [])


def test_money_of_a_form_keeps_what_is_unchanged_and_its_printed_form() -> None:
    printed = Money(2026, "current", "区", 3_000_000, "3,000", "千円")
    other = money(1_000, year=2024)
    kept, problems = money_typed([("区", "3000"), ("局", "20")], "current", (printed, other), WORDS)
    assert (kept, problems) == ((other, printed, money(20_000, "局")), [])


TREE = build(
    [
        row(1, title="つながり", kind="measure"), row(2, 1, "見守り", text="訪ねる。", revision=3), row(3, 2, "電話", kind="component"),
        row(4, 1, "健康", revision=1),
    ]
)  # fmt: skip
IDS = {f"0000000{item}-0000-4000-8000-000000000000": item for item in (1, 2, 3, 4)}
ID_OF = {item: public_id for public_id, item in IDS.items()}


def table(*rows: dict[str, str]) -> list[SheetRow]:
    return [
        SheetRow(line, {HEAD[name]: text for name, text in each.items()}) for line, each in enumerate(rows, 2)
    ]


HEAD = {str(name): column for column, name in HEADINGS.items()}


def test_a_changed_cell_is_told_with_before_and_after() -> None:
    found = compare_table(
        TREE, table({"項目ID": ID_OF[2], "更新回数": "3", "題名": "見守り", "説明": "毎週"}), WORDS, ids=IDS, may_edit=YES
    )  # fmt: skip
    (cell,) = found.cells
    assert (cell.item, cell.column, cell.before, cell.after, cell.is_clash) == (
        2,
        "text",
        "訪ねる。",
        "毎週",
        False,
    )
    assert found.changes == {2: {"text": "毎週"}}
    assert (found.missing, found.problems) == (3, [])


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1"])
def test_numbers_that_are_none_are_told_or_passed_over(number: str) -> None:
    revised = table({"項目ID": ID_OF[2], "更新回数": number, "題名": "見守り", "説明": "毎週"})
    assert compare_table(TREE, revised, WORDS, ids=IDS, may_edit=YES).cells
    new = table({"項目ID": ID_OF[1]}, {"題名": "新しい", "段": number})
    assert [each.column for each in compare_table(TREE, new, WORDS, ids=IDS, may_edit=YES).problems] == [
        "level"
    ]


@pytest.mark.parametrize("mark", ["8_3", "8_1", "_", "7_x"])
def test_a_table_of_another_draft_changes_only_what_is_chosen(mark: str) -> None:
    """Revisions of two drafts may be equal: they say nothing of what stood there."""
    rows = table({"項目ID": ID_OF[2], "更新回数": mark, "題名": "見守り", "説明": "毎週"})
    found = compare_table(TREE, rows, WORDS, ids=IDS, may_edit=YES, version=7)
    assert [(cell.column, cell.is_clash) for cell in found.cells] == [("text", True)]
    assert (found.is_of_another, found.changes) == (True, {})
    chosen = compare_table(
        TREE, rows, WORDS, ids=IDS, may_edit=YES, version=7, mine=frozenset({found.cells[0].key})
    )
    assert chosen.changes == {2: {"text": "毎週"}}

    own = table({"項目ID": ID_OF[2], "更新回数": "7_3", "題名": "見守り", "説明": "毎週"})
    assert compare_table(TREE, own, WORDS, ids=IDS, may_edit=YES, version=7).changes == {2: {"text": "毎週"}}


def test_what_others_changed_since_stays_unless_chosen() -> None:
    base = {(2, 2): row(2, 1, "見守り", text="月に一度", number="1")}
    rows = table({"項目ID": ID_OF[2], "更新回数": "2", "番号": "1", "題名": "見守り", "説明": "毎週"})
    found = compare_table(TREE, rows, WORDS, ids=IDS, may_edit=YES, bases=base)
    (cell,) = found.cells  # the number, that only the others changed, is left alone
    assert (cell.column, cell.is_clash, cell.is_chosen) == ("text", True, False)
    assert found.changes == {}
    assert found.others == [(2, "見守り")]

    chosen = compare_table(TREE, rows, WORDS, ids=IDS, may_edit=YES, bases=base, mine=frozenset({cell.key}))
    assert chosen.changes == {2: {"text": "毎週"}}


def test_new_rows_stand_where_the_table_puts_them_and_are_found_again() -> None:
    rows = table(
        {"項目ID": ID_OF[3], "題名": "電話"},
        {"題名": "メール", "段": "3"},
        {"題名": "返事", "段": "4"},
        {"項目ID": ID_OF[4], "題名": "健康"},
        {"題名": "体操", "種類": "取組", "段": "3"},
    )
    for _round in range(2):  # as the table came, and as the confirmed form sends it again
        found = compare_table(TREE, rows, WORDS, ids=IDS, may_edit=YES)
        rows = found.rows
        assert [(new.row.title, new.row.kind, new.under, new.behind) for new in found.added] == [
            ("メール", "component", 2, 3),
            ("返事", "subcomponent", -1, None),
            ("体操", "action", 4, None),
        ]
        assert (found.problems, found.changes) == ([], {})


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"項目ID": "x", "題名": "a"}, "この下書きにありません"),
        ({"項目ID": "", "更新回数": "3", "題名": "a"}, "項目IDが消えています"),
        ({"項目ID": "", "題名": "", "説明": "a"}, "題名がありません"),
        ({"項目ID": "", "題名": "a", "段": "9"}, "新しい行の段"),
        ({"項目ID": ID_OF[2], "段": "4"}, "段は表では変えられません"),
        ({"項目ID": ID_OF[2], "担当": "環境課"}, "登録されていません"),
        ({"項目ID": ID_OF[2], "題名": ""}, "題名がありません"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(cells: dict[str, str], says: str) -> None:
    found = compare_table(TREE, table(cells), WORDS, ids=IDS, may_edit=YES)
    assert [says in problem.message for problem in found.problems] == [True]
    assert not found.can_be_taken


def test_an_item_twice_and_one_of_somebody_else() -> None:
    rows = table({"項目ID": ID_OF[2], "説明": "x"}, {"項目ID": ID_OF[2], "説明": "y"})
    assert "2行目と同じ項目" in compare_table(TREE, rows, WORDS, ids=IDS, may_edit=YES).problems[0].message
    refused = compare_table(TREE, rows[:1], WORDS, ids=IDS, may_edit=lambda tree, item: False)
    assert "担当でない" in refused.problems[0].message
    assert refused.changes == {}


def test_a_pasted_table_without_ids_finds_items_by_their_title() -> None:
    lines = split_pasted('題名\t説明\r\n見守り\t"一行目\n二行目"\r\n新しい取組\tはじめる\r\n')
    rows, columns = rows_of(lines)
    assert columns == ("title", "text")
    found = compare_table(TREE, rows, WORDS, ids=IDS, may_edit=YES, by_title=True, under=1)
    assert found.changes == {2: {"text": "一行目\n二行目"}}
    assert [(new.row.title, new.under, new.row.kind) for new in found.added] == [("新しい取組", 1, "project")]
    again = compare_table(TREE, found.rows, WORDS, ids=IDS, may_edit=YES, by_title=True, under=1)
    assert (again.changes, again.added) == (found.changes, found.added)


def test_a_pasted_table_without_headings_has_its_columns_in_order() -> None:
    rows, _columns = rows_of(split_pasted("1\t見守り\t訪ねる。\t地域振興課\t3,000\t2,500"))
    found = compare_table(TREE, rows, WORDS, ids=IDS, may_edit=YES, by_title=True)
    assert {cell.column: cell.after for cell in found.cells} == {
        "number": "1",
        "owners": "地域振興課",
        "current": "3,000",
        "previous": "2,500",
    }


@pytest.mark.parametrize(
    ("pasted", "says"),
    [("", "表が空"), ("a\tb\tc\td\te\tf\tg", "列が多すぎます"), ("題名\t題名\na\tb", "列が二つ")],
)
def test_a_table_that_is_none_is_told(pasted: str, says: str) -> None:
    with pytest.raises(SheetError, match=says):
        rows_of(split_pasted(pasted))


def test_a_title_that_two_items_bear_needs_the_number() -> None:
    tree = build([row(1, title="会議", number="1"), row(2, title="会議", number="2")])
    found = compare_table(
        tree, table({"題名": "会議", "説明": "x"}), WORDS, ids={}, may_edit=YES, by_title=True
    )
    assert "いくつもあります" in found.problems[0].message
    told = compare_table(
        tree, table({"題名": "会議", "番号": "2", "説明": "x"}), WORDS, ids={}, may_edit=YES, by_title=True
    )
    assert told.changes == {2: {"text": "x"}}


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
ROWS = st.builds(
    row,
    st.just(1),
    title=TEXTS.filter(str.strip),
    number=st.text("0123456789()ア", max_size=6),
    text=TEXTS,
    programme=TEXTS,
    plan_bullets=st.lists(st.text("あいう・", min_size=1, max_size=8), max_size=3).map(tuple),
    tags=st.lists(st.sampled_from(["新規", "重点"]), unique=True, max_size=2).map(tuple),
    owners=st.lists(st.sampled_from([Owner(7, "地域振興課"), Owner(8, "福祉課")]), unique=True, max_size=2).map(tuple),
    money=st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 10**13)), st.sampled_from(["", "区", "局"])), max_size=3, unique_by=lambda each: each[1]
    ).map(lambda pairs: tuple(money(yen, source) for yen, source in pairs)),
)  # fmt: skip


@pytest.mark.slow
@given(of=ROWS)
def test_a_workbook_that_was_not_touched_changes_nothing(of: Row) -> None:
    tree = Tree((of,))
    content = write_workbook(tree, WORDS, {1: ID_OF[1]}, version=7, title="計画", bodies=["地域振興課"])
    rows, _columns = rows_of(read_workbook(content), needs_id=True)
    found = compare_table(tree, rows, WORDS, ids=IDS, may_edit=YES)
    assert (found.cells, found.added, found.problems, found.others) == ([], [], [], [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "ではないか、壊れています"),
        (b"\xd0\xcf\x11\xe0rest", "古い形式"),
        (b"PK\x03\x04rest", "壊れています"),
    ],
)
def test_a_file_that_is_no_workbook_is_told(content: bytes, says: str) -> None:
    with pytest.raises(SheetError, match=says):
        read_workbook(content)


def test_a_workbook_without_the_column_of_ids_is_refused() -> None:
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["題名", "説明"])  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SheetError, match="項目ID"):
        read_workbook(out.getvalue())


@pytest.mark.parametrize(
    ("item", "step", "place"),
    [
        (4, "up", (1, None)),
        (2, "down", (1, 4)),
        (4, "in", (2, 3)),
        (3, "out", (1, 2)),
        (2, "out", (None, 1)),
    ],
)
def test_a_step_by_keyboard_leads_to_its_place(
    item: int, step: str, place: tuple[int | None, int | None]
) -> None:
    assert place_towards(TREE, item, step) == place


@pytest.mark.parametrize(("item", "step"), [(2, "up"), (4, "down"), (2, "in"), (1, "out"), (1, "up")])
def test_a_step_that_leads_nowhere_is_told(item: int, step: str) -> None:
    with pytest.raises(DraftingError):
        place_towards(TREE, item, step)


@pytest.mark.parametrize(("side", "place"), [("before", (1, None)), ("behind", (1, 2)), ("under", (2, 3))])
def test_dropping_beside_another_row(side: str, place: tuple[int | None, int | None]) -> None:
    assert place_beside(TREE, 4, 2, side) == place


def test_every_column_of_the_workbook_has_a_heading() -> None:
    assert list(HEADINGS)[3:] == list(COLUMNS)
