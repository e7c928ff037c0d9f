"""What of a figure may be told in parts: few people never, things always."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.ledger.disclosure import FEW, Share, counts_things, months, shares

_PEOPLE, _THINGS = "人", "回"


@pytest.mark.parametrize(
    "unit", ["人", "延べ人", "名", "世帯", "組", "件", "家庭", "通", "見たことのない単位"]
)
def test_what_may_stand_for_people_is_protected(unit: str) -> None:
    assert not counts_things(unit)


@pytest.mark.parametrize("unit", ["回", "か所", "団体", "部", "円", "m", "ｍ", "%", "％", " 回 "])
def test_things_are_not(unit: str) -> None:
    assert counts_things(unit)


@pytest.mark.parametrize(
    ("parts", "unit", "expected"),
    [
        # enough of everything: as it is
        ({1: 12, 2: 30}, _PEOPLE, (Share((1,), 12), Share((2,), 30))),
        # things are told however few
        ({1: 1, 2: 2}, _THINGS, (Share((1,), 1), Share((2,), 2))),
        # one small part takes the next smallest with it: else the total would tell it
        ({1: 3, 2: 12, 3: 40}, _PEOPLE, (Share((3,), 40), Share((1, 2), 15))),
        # several small ones together, until they are enough
        ({1: 3, 2: 4, 3: 40, 4: 50}, _PEOPLE, (Share((4,), 50), Share((1, 2, 3), 47))),
        ({1: 6, 2: 7, 3: 40}, _PEOPLE, (Share((3,), 40), Share((1, 2), 13))),
        # nothing would be left to stand alone
        ({1: 3, 2: 12}, _PEOPLE, None),
        ({1: 3, 2: 4, 3: 1}, _PEOPLE, None),
        # none at all is no part
        ({1: 0, 2: 20, 3: 11}, _PEOPLE, (Share((2,), 20), Share((3,), 11))),
    ],
)
def test_shares(parts, unit, expected) -> None:
    assert shares(parts, unit) == expected


def test_decimals_are_no_more_people() -> None:
    """9.5 of something is fewer than ten of it."""
    assert shares({1: 95, 2: 300}, _PEOPLE, decimals=1) is None


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 60), max_size=12))
def test_no_small_part_is_told_and_nothing_is_lost(parts: dict[int, int]) -> None:
    told = shares(parts, _PEOPLE)
    if told is None:
        return
    assert sum(share.quantity for share in told) == sum(parts.values())
    assert all(share.quantity >= FEW for share in told)
    small = {key for key, quantity in parts.items() if 0 < quantity < FEW}
    for share in told:
        if small & set(share.keys):
            assert len(share.keys) > 1


@pytest.mark.parametrize(
    ("quantities", "unit", "expected"),
    [
        ([10] * 12, _PEOPLE, tuple((place, place, 10) for place in range(12))),
        ([1] * 12, _THINGS, tuple((place, place, 1) for place in range(12))),
        # a month without any is no secret
        ([20, 0] * 6, _PEOPLE, tuple((place, place, 0 if place % 2 else 20) for place in range(12))),
        ([4] * 12, _PEOPLE, ((0, 2, 12), (3, 5, 12), (6, 8, 12), (9, 11, 12))),
        ([2] * 12, _PEOPLE, ((0, 5, 12), (6, 11, 12))),
        ([1] * 12, _PEOPLE, ()),
        ([30] + [0] * 10 + [1], _PEOPLE, ()),
    ],
)
def test_months(quantities, unit, expected) -> None:
    assert months(quantities, unit) == expected
