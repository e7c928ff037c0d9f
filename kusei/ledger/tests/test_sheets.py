"""What is typed into cells: read as people write it, compared with what was seen and with what stands now."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.ledger.sheets import (
    BadNumber,
    Clash,
    as_typed,
    merge_typed,
    pack_seen,
    read_day,
    read_number,
    unpack_seen,
)

JUNE, JULY, MAY = ((1, date(2026, month, 1), 0, None) for month in (6, 7, 5))
UNITS = {1: (0, "人")}


@pytest.mark.parametrize(
    ("typed", "decimals", "number"),
    [
        ("", 0, None), (" \u3000", 0, None), ("0", 0, 0), ("25", 0, 25), ("２５", 0, 25), ("1,251", 0, 1251), ("1，251人", 0, 1251),
        ("25 人", 0, 25), ("11.5", 1, 115), ("11", 1, 110), ("25.0", 0, 25), ("人", 0, None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, decimals: int, number: int | None) -> None:
    assert read_number(typed, decimals, "人") == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("-1", "negative"), ("−3", "negative"), ("二十", "text"), ("25件", "text"), ("=1+1", "text"), ("1.5", "decimals"), ("9" * 50, "large"),
        ("9" * 30, "large"), ("NaN", "text"), ("Infinity", "text"), ("x" * 300_000, "text"), ("-0.5", "negative"),
    ],
)  # fmt: skip
def test_what_is_no_number_says_why(typed: str, reason: str) -> None:
    with pytest.raises(BadNumber) as refused:
        read_number(typed, 0, "人")
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("6/10", date(2026, 6, 10)), ("６月１０日", date(2026, 6, 10)), ("3/31", date(2027, 3, 31)), ("2026/6/10", date(2026, 6, 10)),
        ("2026-06-10", date(2026, 6, 10)), ("R8.6.10", date(2026, 6, 10)), ("R9.5.20", date(2027, 5, 20)), ("2025/6/10", None),
        ("2/30", None), ("きのう", None), ("", None), ("R9.6.1", None), ("9" * 400, None),
    ],
)  # fmt: skip
def test_days_of_sessions(typed: str, day: date | None) -> None:
    assert read_day(typed, 2026) == day


@pytest.mark.parametrize(("quantity", "decimals", "text"), [(None, 0, ""), (0, 0, "0"), (1200, 0, "1200"), (115, 1, "11.5"), (110, 1, "11")])  # fmt: skip
def test_cells_show_numbers_for_typing_over(quantity: int | None, decimals: int, text: str) -> None:
    assert as_typed(quantity, decimals) == text


def test_only_what_was_typed_otherwise_is_a_change() -> None:
    merged = merge_typed({JUNE: "25", JULY: "4", MAY: ""}, {JUNE: 25, MAY: 9}, {JUNE: 25, MAY: 9}, UNITS)
    assert merged.changes == {JULY: 4, MAY: None}
    assert not merged.clashes


def test_what_only_the_other_one_changed_is_taken_as_it_stands() -> None:
    merged = merge_typed({JUNE: "25", JULY: "4"}, {JUNE: 25}, {JUNE: 30}, UNITS)
    assert (merged.changes, merged.taken, merged.clashes) == ({JULY: 4}, {JUNE}, {})


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [("26", 30, Clash(26, 30)), ("", 30, Clash(None, 30)), ("26", None, Clash(26, None)), ("30", 30, None)],
)
def test_two_numbers_for_one_cell_are_both_shown(mine: str, theirs: int | None, clash: Clash | None) -> None:
    now = {} if theirs is None else {JUNE: theirs}
    merged = merge_typed({JUNE: mine}, {JUNE: 25}, now, UNITS)
    assert merged.clashes == ({JUNE: clash} if clash else {})
    assert merged.changes == {}


def test_a_wrong_cell_stands_beside_right_ones() -> None:
    merged = merge_typed({JUNE: "-1", JULY: "2"}, {}, {}, UNITS)
    assert (merged.errors, merged.changes) == ({JUNE: "negative"}, {JULY: 2})


def test_what_was_shown_comes_back_with_the_form() -> None:
    cells = {JUNE: 25, (1, date(2026, 7, 8), 3, 7): 1}
    assert unpack_seen(pack_seen(cells, 4)) == (4, cells)


@pytest.mark.parametrize("text", ["", "x", "[]", "[1]", "[1,[[1]]]", '[1,[["a","b","c","d","e"]]]', "null", "[" * 5000, '[1e999,[]]'])  # fmt: skip
def test_a_forged_memory_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".?"):
        unpack_seen(text)
