"""Who is there for the first time, from plain values."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from kusei.services.activities.blind import blind_key
from kusei.services.activities.newcomers import Came, First, firsts

_came = st.builds(
    lambda session, seat, blind: Came(
        session, datetime(2026, 4, 1 + session % 9), session % 2, seat * 2 + session % 2, blind
    ),
    st.integers(1, 9), st.integers(1, 6), st.sampled_from(["", "a", "b", "c"]),
)  # fmt: skip


def _at(session: int, day: int, intake: int, seat: int, blind: str = "") -> Came:
    return Came(session, datetime(2026, 4, day), intake, seat, blind)


def test_each_is_new_once_in_an_intake_and_once_in_all() -> None:
    came = [
        _at(2, 8, 1, 1, "a"),
        _at(1, 1, 1, 1, "a"),
        _at(2, 8, 1, 2, "b"),
        _at(3, 9, 2, 7, "a"),
        _at(3, 9, 2, 8),
    ]
    assert firsts(came) == {1: First(1, 1), 2: First(1, 1), 3: First(2, 1)}


@given(st.lists(_came, max_size=30))
def test_the_parts_are_the_whole(came: list[Came]) -> None:
    found = firsts(came)
    assert sum(each.in_intake for each in found.values()) == len({each.seat for each in came})
    assert sum(each.in_all for each in found.values()) == len({each.blind or each.seat for each in came})
    assert firsts(reversed(came)) == found


def test_a_blind_key_knows_spellings_and_no_other_ward() -> None:
    one = blind_key(1, name="泉 花子", kana="イズミ ハナコ", telephone="045-111-2222", mail="")
    assert one == blind_key(
        1, name="泉花子", kana="いずみ　はなこ", telephone="045-111-2222 内線3", mail="a@example.jp"
    )
    assert one not in {
        blind_key(2, name="泉 花子", kana="イズミ ハナコ", telephone="045-111-2222", mail=""),
        blind_key(1, name="泉 花子", kana="", telephone="045-111-2222", mail=""),
        blind_key(1, name="泉 花子", kana="イズミ ハナコ", telephone="", mail="a@example.jp"),
    }
    assert blind_key(1, name="泉 花子", kana="", telephone="", mail=" ") == ""
