"""The pure rules of editing a draft: trees in, trees out."""

from __future__ import annotations

import pytest

from kusei.plans import drafting
from kusei.plans.drafting import Owner, Row, Tree
from kusei.plans.enums import AmountBasis, ItemKind, ReviewState
from kusei.plans.errors import DraftingError
from kusei.plans.rules import Money


def row(item: int, parent: int | None, kind: str = "project", title: str = "", **fields: object) -> Row:
    return Row(item=item, parent=parent, kind=kind, title=title or f"項目{item}", **fields)  # type: ignore[arg-type]


def yen(amount: int, year: int = 2026) -> Money:
    return drafting.money_of_yen(amount, year, AmountBasis.CURRENT.value)


@pytest.fixture
def tree() -> Tree:
    """1 施策 > 2 事業 (> 3, 4 内訳), 5 事業; 6 施策."""
    return Tree(
        (
            row(1, None, "measure"),
            row(2, 1, "project"),
            row(3, 2, "component"),
            row(4, 2, "component"),
            row(5, 1, "project"),
            row(6, None, "measure"),
        )
    )


def shape(tree: Tree) -> list[tuple[int, int | None]]:
    return [(row.item, row.parent) for row in tree.rows]


def test_a_branch_is_moved_whole(tree: Tree) -> None:
    moved = drafting.move(tree, 2, under=6, after=None)
    assert shape(moved) == [(1, None), (5, 1), (6, None), (2, 6), (3, 2), (4, 2)]
    assert [row.kind for row in moved.branch(2)] == ["project", "component", "component"]


def test_a_row_is_moved_behind_the_whole_branch_of_its_neighbour(tree: Tree) -> None:
    assert shape(drafting.move(tree, 5, under=1, after=None))[1] == (5, 1)  # first child
    back = drafting.move(drafting.move(tree, 5, under=1, after=None), 5, under=1, after=2)
    assert back == tree


def test_the_kind_follows_the_new_position(tree: Tree) -> None:
    moved = drafting.move(tree, 2, under=5, after=None)
    assert [(each.item, each.kind) for each in moved.branch(2)] == [
        (2, "component"),  # under a project
        (3, "subcomponent"),
        (4, "subcomponent"),
    ]
    assert drafting.move(tree, 3, under=None, after=6).row(3).kind == "measure"


@pytest.mark.parametrize(("under", "after"), [(2, None), (3, None), (1, 2), (2, 3)])
def test_nothing_is_moved_below_itself(tree: Tree, under: int, after: int | None) -> None:
    with pytest.raises(DraftingError):
        drafting.move(tree, 2, under=under, after=after)


def test_moving_beside_something_that_went_elsewhere_is_refused(tree: Tree) -> None:
    with pytest.raises(DraftingError, match="動かされました"):
        drafting.move(tree, 5, under=6, after=2)


def test_removing_keeps_or_takes_what_stands_below(tree: Tree) -> None:
    assert shape(drafting.remove(tree, 2, with_children=True)) == [(1, None), (5, 1), (6, None)]
    assert shape(drafting.remove(tree, 2, with_children=False)) == [
        (1, None), (3, 1), (4, 1), (5, 1), (6, None),
    ]  # fmt: skip


def test_split_keeps_identity_money_and_children_with_the_first_piece(tree: Tree) -> None:
    tree = drafting.edit(
        tree, 2, {"money": (yen(6_588_000),), "owners": (Owner(7, "総務課"),), "number": "1"}
    )
    after = drafting.split(tree, 2, [("見守り", "訪ねる"), ("集い", "")], [-1])

    assert shape(after) == [(1, None), (2, 1), (3, 2), (4, 2), (-1, 1), (5, 1), (6, None)]
    first, second = after.row(2), after.row(-1)
    assert (first.title, first.text, first.current_yen, first.number) == ("見守り", "訪ねる", 6_588_000, "1")
    assert (second.title, second.current_yen, second.number, second.owners) == (
        "集い",
        None,
        "",
        first.owners,
    )


@pytest.mark.parametrize("pieces", [[("一つ", "")], [("一つ", ""), (" ", "")], []])
def test_split_needs_two_titles(tree: Tree, pieces: list[tuple[str, str]]) -> None:
    with pytest.raises(DraftingError):
        drafting.split(tree, 2, pieces, [-1] * max(0, len(pieces) - 1))


def test_merge_brings_everything_into_the_other(tree: Tree) -> None:
    tree = drafting.edit(tree, 2, {"money": (yen(500_000),), "tags": ("新規",), "text": "訪ねる。"})
    tree = drafting.edit(tree, 5, {"money": (yen(1_000_500),), "tags": ("重点",), "text": "集う。"})
    after = drafting.merge(tree, 2, 5)

    assert shape(after) == [(1, None), (5, 1), (3, 5), (4, 5), (6, None)]
    merged = after.row(5)
    assert (merged.tags, merged.text) == (("重点", "新規"), "集う。\n項目2\n訪ねる。")
    assert merged.money == (Money(2026, "current", "", 1_500_500, "1500.5", "千円"),)


def test_merge_refuses_sums_of_unknown_units_and_of_oneself(tree: Tree) -> None:
    unknown = Money(2026, "current", "", None, "500", "")
    tree = drafting.edit(drafting.edit(tree, 2, {"money": (unknown,)}), 5, {"money": (yen(1000),)})
    with pytest.raises(DraftingError, match="単位"):
        drafting.merge(tree, 2, 5)
    for item, into in ((2, 2), (2, 3)):
        with pytest.raises(DraftingError):
            drafting.merge(tree, item, into)


def test_words_are_replaced_where_they_stand_and_never_to_an_empty_title(tree: Tree) -> None:
    tree = drafting.edit(tree, 3, {"text": "区役所で", "plan_bullets": ("区役所で開く", "ほか")})
    assert drafting.found_in(tree, "区役所") == [3]
    after = drafting.replace_text(tree, "区役所", "公会堂")
    assert (after.row(3).text, after.row(3).plan_bullets) == ("公会堂で", ("公会堂で開く", "ほか"))
    with pytest.raises(DraftingError, match="題名がなくなる"):
        drafting.replace_text(tree, "項目1", "")
    with pytest.raises(DraftingError):
        drafting.replace_text(tree, "", "x")


def test_running_sums_leave_other_budgets_out(tree: Tree) -> None:
    money = {2: 3_000_000, 3: 1_000_000, 4: 1_500_000}
    for item, amount in money.items():
        tree = drafting.edit(tree, item, {"money": (yen(amount),)})
    tree = drafting.add(tree, row(-1, None, ItemKind.RELATED.value, money=(yen(9_000_000),)), under=2)

    (found,) = drafting.running_sums(tree)
    assert (found.item, found.printed_yen, found.parts_yen, found.difference) == (
        2,
        3_000_000,
        2_500_000,
        -500_000,
    )


@pytest.mark.parametrize(
    ("theirs", "mine", "saved", "clashing"),
    [
        ({"title": "B"}, {"text": "new"}, {"text": "new"}, []),  # different fields: both stay
        ({"title": "B"}, {"title": "B"}, {}, []),  # the same change twice
        ({"title": "B"}, {"title": "A"}, {}, []),  # I did not touch it
        ({"title": "B"}, {"title": "C", "text": "new"}, {"text": "new"}, ["title"]),  # a person chooses
    ],
)
def test_two_people_at_one_item(
    theirs: dict[str, str], mine: dict[str, str], saved: dict[str, str], clashing: list[str]
) -> None:
    base = row(1, None, title="A", text="old")
    now = drafting.edit(Tree((base,)), 1, theirs).row(1)
    wanted, clashes = drafting.merge_edits(base, now, mine)
    assert (wanted, [clash.field for clash in clashes]) == (saved, clashing)


def test_a_draft_may_be_incomplete_and_says_what_is_missing(tree: Tree) -> None:
    assert drafting.gaps(tree) == []
    assert [gap.item for gap in drafting.gaps(Tree(()))] == [None]
    waiting = drafting.Tree(
        tuple(
            Row(**{**{f: getattr(each, f) for f in Row.__slots__}, "review": ReviewState.SUBMITTED.value})
            if each.item == 3 else each for each in tree.rows
        )
    )  # fmt: skip
    assert [gap.item for gap in drafting.gaps(waiting)] == [3]
    untitled = drafting.edit(tree, 4, {"title": " "})
    assert [gap.item for gap in drafting.gaps(untitled)] == [4]


def test_rows_survive_their_plain_form() -> None:
    one = row(
        1,
        None,
        owners=(Owner(3, "総務課"),),
        money=(yen(1500),),
        tags=("新規",),
        places=({"field": "title"},),
    )
    assert Row.from_plain(one.plain()) == one


def test_replacing_makes_no_programme_longer_than_the_database_keeps() -> None:
    tree = Tree((row(1, None, programme="見守り"),))
    with pytest.raises(DraftingError, match="200字"):
        drafting.replace_text(tree, "見守り", "あ" * 201)
    assert drafting.replace_text(tree, "見守り", "あ" * 200).row(1).programme == "あ" * 200
