"""Who gets a free seat: in order, together or not at all, and never more than there are."""

from __future__ import annotations

from collections import Counter

from hypothesis import given as for_all
from hypothesis import strategies as st

from kusei.services.activities.allocation import Wanted, given, parties_of

ADULT, CHILD = 1, 2


def alone(seat: int, turn: int, quota: int = ADULT) -> Wanted:
    return Wanted(seat, seat, quota, turn, together=True)


def family(application: int, seats: dict[int, int], turn: int, *, together: bool = True) -> list[Wanted]:
    return [Wanted(seat, application, quota, turn, together) for seat, quota in seats.items()]


def test_seats_are_given_in_the_order_of_turns() -> None:
    assert given({ADULT: 2}, [alone(3, 30), alone(1, 10), alone(2, 20)]) == [1, 2]


def test_a_family_comes_together_or_not_at_all_and_keeps_its_turn() -> None:
    wanted = [*family(1, {1: ADULT, 2: ADULT, 3: CHILD}, 10), alone(4, 20), alone(5, 30)]
    assert given({ADULT: 2, CHILD: 0}, wanted) == [4, 5]
    assert given({ADULT: 2, CHILD: 1}, wanted) == [1, 2, 3]


def test_who_takes_as_many_as_fit_gets_what_is_left() -> None:
    wanted = family(1, {1: ADULT, 2: ADULT, 3: ADULT}, 10, together=False)
    assert given({ADULT: 2}, wanted) == [1, 2]


def test_a_quota_that_is_not_there_has_no_seats() -> None:
    assert given({ADULT: 5}, [alone(1, 1, CHILD)]) == []


_WANTED = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from([ADULT, CHILD]), st.integers(1, 9), st.booleans()), max_size=14
)  # fmt: skip


@for_all(st.integers(0, 6), st.integers(0, 4), _WANTED)
def test_never_too_many_never_half_a_family_and_nobody_left_who_fits(adults, children, rows) -> None:
    turns = {application: turn for application, _quota, turn, _together in rows}
    together = {application: each for application, _quota, _turn, each in rows}
    wanted = [
        Wanted(seat, application, quota, turns[application], together[application])
        for seat, (application, quota, _turn, _together) in enumerate(rows)
    ]
    free = {ADULT: adults, CHILD: children}
    seats = given(free, wanted)
    used = Counter(each.quota for each in wanted if each.seat in seats)
    assert all(used[quota] <= count for quota, count in free.items())
    left = {quota: count - used[quota] for quota, count in free.items()}
    for party in parties_of(wanted):
        inside = [seat in seats for seat in party.seats]
        assert all(inside) or not any(inside)
        if not any(inside):
            assert any(left[quota] < count for quota, count in party.wants.items())
