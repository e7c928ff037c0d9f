"""What the ledger decides from plain values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.ledger.rules import (
    BooksState,
    Dimension,
    Line,
    Quotient,
    Standing,
    adds_up,
    difference,
    from_smallest,
    rate_in_tenths,
    to_smallest,
    year_for,
)


@pytest.mark.parametrize(
    ("printed", "decimals", "quantity"),
    [
        ("1,251", 0, 1251),
        ("１，２５１", 0, 1251),
        ("11.5", 1, 115),
        ("0", 0, 0),
        (44450120, 0, 44450120),
        (11.5, 1, 115),
        (Decimal("2.50"), 1, 25),
        ("-3", 0, -3),
        ("1、251", 0, 1251),
        ("12 345 678", 0, 12345678),
        (0.1 + 0.2, 1, 3),
        (1e15, 0, 10**15),
        (".5", 1, 5),
    ],
)
def test_numbers_as_people_write_them(printed, decimals: int, quantity: int) -> None:
    assert to_smallest(printed, decimals) == quantity


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "約25",
        "25人",
        "1.5",
        "NaN",
        "inf",
        "1e30",
        True,
        "=A1+B1",
        "二十",
        "10、20",
        "1,25",
        "1,2345",
        "1,,251",
        "1_000",
        "1e3",
        ",",
        "5.",
    ],
)
def test_what_is_no_whole_number_is_refused(printed) -> None:
    with pytest.raises(ValueError, match="not a number"):
        to_smallest(printed, 0)


@given(st.integers(-(10**15), 10**15), st.integers(0, 3))
def test_a_printed_quantity_reads_back_as_itself(quantity: int, decimals: int) -> None:
    printed = from_smallest(quantity, decimals)
    if abs(printed) <= 10**15:
        assert to_smallest(printed, decimals) == quantity


@pytest.mark.parametrize(
    ("quotient", "over", "under", "tenths"),
    [
        (Quotient("%"), 1, 3, 333),
        (Quotient("％"), 1, 8, 125),
        (Quotient("人/回"), 55, 5, 110),
        (Quotient("人/回"), 25, 2, 125),
        (Quotient("円/人"), 4_600_000, 305, 150_820),
        (Quotient("m/か所", over_decimals=1), 1205, 3, 402),
        (Quotient("人/時間", under_decimals=1), 30, 15, 200),
        (Quotient("%", over_decimals=1), 50, 10, 500),
        (Quotient("人/回"), 5, 0, None),
    ],
)
def test_a_quotient_is_a_share_or_so_much_for_each(quotient, over, under, tenths) -> None:
    assert quotient.of(over, under) == tenths


@pytest.mark.parametrize(
    ("over", "under", "tenths"), [(1, 3, 333), (2, 3, 667), (1, 8, 125), (0, 5, 0), (5, 5, 1000), (3, 0, None)]
)  # fmt: skip
def test_rates_are_tenths_of_a_percent_half_up(over: int, under: int, tenths: int | None) -> None:
    assert rate_in_tenths(over, under) == tenths


@pytest.mark.parametrize(
    ("adding", "scope", "over", "may"),
    [
        ("sum", "", Dimension.YEARS, True),
        ("last", "", Dimension.MONTHS, False),
        ("last", "", Dimension.ITEMS, True),
        ("rate", "", Dimension.ITEMS, False),
        ("distinct", "item", Dimension.MONTHS, True),
        ("distinct", "item", Dimension.ITEMS, False),
        ("distinct", "record", Dimension.MONTHS, False),
        ("distinct", "ward", Dimension.ITEMS, True),
        ("distinct", "ward", Dimension.YEARS, False),
    ],
)
def test_what_adds_up_over_what(adding: str, scope: str, over: Dimension, may: bool) -> None:
    assert adds_up(adding, over, scope=scope) is may


@pytest.mark.parametrize(
    ("day", "stated", "year"),
    [
        (date(2026, 4, 1), None, 2026),
        (date(2027, 3, 31), None, 2026),
        (date(2027, 5, 31), 2026, 2026),
        (date(2027, 6, 1), 2026, None),
        (date(2026, 4, 1), 2026, 2026),
        (date(2026, 4, 1), 2027, None),
        (date(2026, 4, 1), 2024, None),
    ],
)
def test_a_year_takes_what_was_settled_until_may(day: date, stated: int | None, year: int | None) -> None:
    assert year_for(day, stated) == year


def test_books_are_open_to_their_day_unless_somebody_decided() -> None:
    by_default = BooksState(date(2027, 5, 31))
    assert by_default.is_open(date(2027, 5, 31))
    assert not by_default.is_open(date(2027, 6, 1))
    assert not BooksState(date(2027, 5, 31), closed_by_hand=True).is_open(date(2027, 4, 1))
    assert BooksState(date(2027, 5, 31), reopened=True).is_open(date(2028, 1, 1))


def _line(slot: str, quantity: int) -> Line:
    return Line(slot, 1, 1, quantity, date(2026, 6, 1), fiscal_year=2026)


def test_a_changed_line_is_reversed_and_added_on_the_next_turn() -> None:
    standing = [Standing(7, 0, _line("a", 25)), Standing(8, 2, _line("b", 4)), Standing(9, 0, _line("c", 1))]
    found = difference(standing, [_line("a", 26), _line("b", 4), _line("d", 5)], {"a": 0, "b": 2, "c": 0})
    assert [each.entry_id for each in found.reverse] == [7, 9]
    assert found.add == ((_line("a", 26), 1), (_line("d", 5), 0))
    assert found.unchanged == 1


def test_one_slot_cannot_say_two_things() -> None:
    with pytest.raises(ValueError, match=r"^a$"):
        difference([], [_line("a", 1), _line("a", 2)], {})
