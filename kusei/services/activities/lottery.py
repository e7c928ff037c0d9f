"""A draw that anybody can check afterwards: pure.

Before the draw the office publishes the `commitment`, a hash over the numbers of all applications, and names a number that
nobody knows yet and everybody will be able to look up (the closing value of a stock index on a day to come). That number is
the `seed`. Each application's lot is the hash of commitment, seed and its number; the smallest lot comes first. Whoever has the list
of numbers and the seed gets the same order with a few lines of any language: docs/lottery.md.

Hash: SHA-256 (FIPS 180-4) over UTF-8, written as 64 hexadecimal digits; its even spread makes every order equally likely for
who cannot know the seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def commitment(numbers: Iterable[int]) -> str:
    """The hash over all application numbers, ascending, one to a line."""
    lines = "\n".join(str(number) for number in sorted(numbers))
    return hashlib.sha256(lines.encode()).hexdigest()


def lot(sealed: str, seed: str, number: int) -> str:
    """An application's lot: the hash of commitment, seed and number with | between them."""
    return hashlib.sha256(f"{sealed}|{plain_seed(seed)}|{number}".encode()).hexdigest()


def order(numbers: Iterable[int], seed: str) -> list[int]:
    """The application numbers in the order that the draw gives them."""
    known = sorted(numbers)
    sealed = commitment(known)
    return sorted(known, key=lambda number: lot(sealed, seed, number))


def plain_seed(seed: str) -> str:
    """A seed as it counts: without blanks and commas, so that 38,915.87 and 38915.87 are one."""
    return "".join(seed.split()).replace(",", "")
