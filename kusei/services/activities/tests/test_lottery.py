"""The draw: the same for everybody who repeats it, even for every application, and sealed before its seed is known."""

from __future__ import annotations

import hashlib
from collections import Counter

from kusei.services.activities.lottery import commitment, lot, order

CHI_SQUARE_999_19 = 43.82
"""The 0.999 quantile of chi-square with 19 degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.4)."""


def test_the_commitment_is_a_hash_that_anybody_can_make() -> None:
    assert commitment([12, 3, 7]) == hashlib.sha256(b"3\n7\n12").hexdigest()
    assert commitment([12, 3, 7]) == commitment([3, 7, 12])
    assert commitment([12, 3]) != commitment([1, 23])


def test_the_order_follows_from_numbers_and_seed_alone() -> None:
    first = order([5, 1, 9, 3], "38,915.87")
    assert first == order([9, 5, 3, 1], " 38915.87")
    assert sorted(first) == [1, 3, 5, 9]
    assert order([5, 1, 9, 3], "38915.88") != first or order([5, 1, 9, 3], "38915.89") != first
    sealed = hashlib.sha256(b"1\n3\n5\n9").hexdigest()
    by_hand = sorted(
        [1, 3, 5, 9], key=lambda n: hashlib.sha256(f"{sealed}|38915.87|{n}".encode()).hexdigest()
    )
    assert first == by_hand


def test_one_more_application_changes_every_lot() -> None:
    assert lot(commitment([1, 2]), "7", 1) != lot(commitment([1, 2, 3]), "7", 1)


def test_every_application_is_as_likely_to_win_as_any_other() -> None:
    """20 applications, 5 seats, 4,000 draws with different seeds: chi-square over who won."""
    wins: Counter[int] = Counter()
    draws, seats, numbers = 4_000, 5, range(101, 121)
    for seed in range(draws):
        wins.update(order(numbers, str(seed))[:seats])
    expected = draws * seats / len(numbers)
    # Drawing without putting back: the variance is smaller by (20 - 5) / 19, so the plain statistic is scaled up.
    chi = sum((wins[number] - expected) ** 2 / expected for number in numbers) * 19 / 15
    assert chi < CHI_SQUARE_999_19


def test_every_place_in_the_order_is_as_likely_as_any_other() -> None:
    places: Counter[int] = Counter(order(range(1, 21), str(seed)).index(7) for seed in range(4_000))
    chi = sum((places[place] - 200) ** 2 / 200 for place in range(20))
    assert chi < CHI_SQUARE_999_19
