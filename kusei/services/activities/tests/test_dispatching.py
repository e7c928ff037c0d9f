"""When somebody cannot come, whose turn it is, what is paid: rules without a database."""

from __future__ import annotations

from datetime import datetime

import pytest

from kusei.services.activities.dispatch_enums import AssignmentState
from kusei.services.activities.dispatching import (
    MOVES,
    Turn,
    can_come,
    fair,
    fee_for,
    may_move,
    read_cannot,
    words_of,
)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("cannot", "begin", "end", "comes"),
    [
        ("", "2026-06-10 10:00", "2026-06-10 12:00", True),
        ("水", "2026-06-10 10:00", "2026-06-10 12:00", False),  # a Wednesday
        ("水曜日", "2026-06-11 10:00", "2026-06-11 12:00", True),
        ("月・水の午前", "2026-06-10 11:59", "2026-06-10 13:00", False),
        ("月・水の午前", "2026-06-10 12:00", "2026-06-10 13:00", True),  # ends as the other begins
        ("水 13:00-15:00", "2026-06-10 10:00", "2026-06-10 13:00", True),
        ("水 13時～15時", "2026-06-10 14:00", "2026-06-10 16:00", False),
        ("平日", "2026-06-13 10:00", "2026-06-13 12:00", True),  # a Saturday
        ("土日祝", "2026-07-20 10:00", "2026-07-20 12:00", False),  # 海の日, a Monday
        ("祝日", "2026-07-21 10:00", "2026-07-21 12:00", True),
        ("2026-06-10", "2026-06-10 10:00", "2026-06-10 12:00", False),
        ("令和8年6月10日から2026/6/12まで", "2026-06-12 10:00", "2026-06-12 12:00", False),
        ("2026-06-08～2026-06-09", "2026-06-10 10:00", "2026-06-10 12:00", True),
        ("2026-06-11 午前", "2026-06-10 22:00", "2026-06-11 01:00", False),  # over midnight
        ("火、2026-06-10 夜", "2026-06-10 16:30", "2026-06-10 17:30", False),
    ],
)
def test_times_that_somebody_never_has_are_read_as_they_are_written(cannot: str, begin: str, end: str, comes: bool) -> None:  # fmt: skip
    assert can_come(read_cannot(cannot), at(begin), at(end)) is comes


@pytest.mark.parametrize("text", ["たまに", "月 15:00-13:00", "月 25:00-26:00", "2026-13-01", "2026-06-12～2026-06-10", "6月10日"])  # fmt: skip
def test_what_cannot_be_read_is_said_and_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.+$"):
        read_cannot(text)


def test_who_was_asked_least_is_asked_first() -> None:
    june, may = at("2026-06-01 10:00"), at("2026-05-01 10:00")
    turns = [
        Turn(2, 0, may, "a"), Turn(1, 1, june, "b"), Turn(1, 0, june, "c"), Turn(1, 0, may, "d"), Turn(0, 0, may, "e"),
        Turn(0, 0, None, "g"), Turn(0, 0, None, "f"),
    ]  # fmt: skip
    assert [each.order for each in fair(turns)] == ["f", "g", "e", "d", "c", "b", "a"]


@pytest.mark.parametrize(
    ("minutes", "yen", "per", "paid"),
    [(120, 3000, "hour", 6000), (100, 1000, "hour", 1666), (1, 59, "hour", 0), (100, 5000, "time", 5000)],
)
def test_a_fee_is_whole_yen(minutes: int, yen: int, per: str, paid: int) -> None:
    assert fee_for(minutes, yen, per) == paid


def test_words_are_taken_once_in_their_order() -> None:
    assert words_of("ベトナム語、 中国語/ベトナム語") == ("ベトナム語", "中国語")
    assert words_of(" ") == ()


def test_every_state_says_where_it_leads_and_a_no_is_the_last_word() -> None:
    assert set(MOVES) == set(AssignmentState.values)
    for last in ("declined", "withdrawn", "released"):
        assert not MOVES[last]
    assert may_move("asked", "accepted")
    assert not may_move("went", "accepted")
