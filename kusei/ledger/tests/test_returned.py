"""What a form that came back would change: three things compared, and each kind of wrong cell."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.ledger.month_book import Address, Cell, ReadBook
from kusei.ledger.returned import Action, Counted, Sign, compare

BODY = 7
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
ACTIONS = {
    "a": Action(1, "健康教室", (BODY,)),
    "b": Action(2, "防災訓練", (8,)),
    "c": Action(3, "見守り訪問", (BODY, 8), may_write=False),
}
METRICS = {
    "times": Counted(10, "回数", "回", 0),
    "share": Counted(11, "割合", "%", 1, is_rate=True),
    "old": Counted(12, "むかしの数", "件", 0, ended_on=JULY),
}


def checked(quantity: int | None, *, seen=None, now=None, key=("a", "times"), month=6, known=True):
    key = (*key, 0)[:3]
    cell = Cell(key, month, quantity, "G5")
    before = {} if seen is None else {(key, month): seen}
    read = ReadBook(Address("mirai", 2026, BODY), (cell,), (), before if known else None)
    cells = {} if now is None else {(10, JUNE, 0, None): now}
    return compare(read, actions=ACTIONS, metrics=METRICS, now={1: cells})


@pytest.mark.parametrize(
    ("seen", "said", "now", "sign", "overtaken"),
    [
        (None, 5, None, Sign.ADDED, False),
        (3, 5, 3, Sign.CHANGED, False),
        (3, None, 3, Sign.CLEARED, False),
        (3, 5, 4, Sign.CHANGED, True),
        (None, 5, 4, Sign.CHANGED, True),
        (3, None, 4, Sign.CLEARED, True),
        (3, 5, None, Sign.ADDED, True),
    ],
)
def test_what_was_typed_changes_the_report(seen, said, now, sign, overtaken) -> None:
    [row] = checked(said, seen=seen, now=now).rows
    assert (row.sign, row.now, row.new, row.is_overtaken, row.on) == (sign, now, said, overtaken, JUNE)


@pytest.mark.parametrize(
    ("seen", "said", "now", "same"),
    [
        (3, 3, 4, 1),
        (3, 3, None, 1),
        (None, None, 4, 0),
        (3, 5, 5, 1),
        (None, None, None, 0),
        (3, None, None, 0),
    ],
)
def test_what_was_not_touched_or_stands_already_changes_nothing(seen, said, now, same) -> None:
    check = checked(said, seen=seen, now=now)
    assert (check.rows, check.problems, check.same) == ((), (), same)


def test_without_what_the_form_had_shown_an_empty_cell_clears_nothing() -> None:
    assert checked(None, now=4, known=False).rows == ()
    assert [row.sign for row in checked(5, now=4, known=False).rows] == [Sign.CHANGED]


@pytest.mark.parametrize(
    ("key", "quantity", "month", "words"),
    [
        (("gone", "times"), 1, 6, "計画にありません"),
        (("b", "times"), 1, 6, "この課・団体の取組ではありません"),
        (("c", "times"), 1, 6, "あなたには記録できません"),
        (("a", "share"), 1, 6, "ほかの数から計算"),
        (("a", "old"), 1, 7, "もう使われていません"),
        (("a", "times"), 10**15 + 1, 6, "大きすぎます"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_cell(key, quantity, month, words) -> None:
    check = checked(quantity, key=key, month=month)
    [problem] = check.problems
    assert (problem.at, check.rows) == ("G5", ())
    assert words in problem.message


def test_an_untouched_row_of_anothers_action_is_no_problem() -> None:
    assert checked(4, seen=4, key=("b", "times")).problems == ()


@pytest.mark.parametrize("place", [(10, date(2026, 6, 17), 2, None), (10, JUNE, 0, 5)])
def test_a_month_with_sessions_or_districts_is_not_counted_twice(place) -> None:
    read = ReadBook(Address("mirai", 2026, BODY), (Cell(("a", "times", 0), 6, 5, "G5"),), (), {})
    check = compare(read, actions=ACTIONS, metrics=METRICS, now={1: {place: 5}})
    assert check.rows == ()
    assert "二重になる" in check.problems[0].message


def test_the_fingerprint_follows_what_is_shown() -> None:
    shown = checked(5, seen=3, now=3).fingerprint
    assert shown == checked(5, seen=3, now=3).fingerprint
    assert len({shown, checked(5, seen=3, now=4).fingerprint, checked(6, seen=3, now=3).fingerprint}) == 3


def districts(*cells: tuple[int, int | None], now=None):
    """Check a form with these (district, number) of one June beside what stands there by district."""
    read = ReadBook(
        Address("mirai", 2026, BODY),
        tuple(Cell(("a", "times", district), 6, number, f"G{district}") for district, number in cells),
        (),
        {(("a", "times", district or 0), 6): number for district, number in (now or {}).items()},
    )
    cells_now = {(10, JUNE, 0, district): number for district, number in (now or {}).items()}
    return compare(
        read, actions=ACTIONS, metrics=METRICS, now={1: cells_now}, districts={5: "中田", 6: "緑園"}
    )


def test_a_row_of_a_district_changes_that_district() -> None:
    check = districts((5, 3), (6, 8), (0, None), now={5: 4})
    assert [(row.district, row.district_name, row.now, row.new) for row in check.rows] == [(5, "中田", 4, 3), (6, "緑園", None, 8)]  # fmt: skip
    assert check.problems == ()


def test_a_whole_and_its_districts_are_not_counted_both() -> None:
    assert "二重になる" in districts((0, 9), (5, 3), now={None: 9}).problems[0].message
    assert "二重になる" in districts((0, 9), (5, 3)).problems[0].message
    assert "二重になる" in districts((5, 3), now={None: 9}).problems[0].message
    divided = districts((0, None), (5, 3), (6, 6), now={None: 9})
    assert (divided.problems, [row.new for row in divided.rows]) == ((), [None, 3, 6])


def test_a_district_of_another_ward_is_refused() -> None:
    assert "この行の地区" in districts((7, 3)).problems[0].message
