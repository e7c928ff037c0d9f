"""The number printed on an application form, by which staff come to the right page: the intake's with a check digit. Pure.

The check digit (weights 3 and 1, modulo 10, as in EAN-13) finds a digit mistyped and most that changed places.
"""

from __future__ import annotations

import re

from kusei.japanese.folding import fold


def form_number(intake: int) -> str:
    """4127 → 4127-9, with at least four digits in front."""
    digits = f"{intake:04d}"
    return f"{digits}-{_check(digits)}"


def intake_of(text: str) -> int | None:
    """The intake of a form's number, with or without its dash, in any width; None where it is none."""
    match = re.fullmatch(r"(\d{4,12})-(\d)", fold(text).strip().translate(_DASHES))
    return int(match[1]) if match is not None and _check(match[1]) == int(match[2]) else None


def _check(digits: str) -> int:
    weighed = sum(int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits)))
    return -weighed % 10


_DASHES = str.maketrans(dict.fromkeys("ー－‐−–—", "-"))
