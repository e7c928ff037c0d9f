"""Numbers as Japanese results write them: 1,251, 14.2, 1万2千, 1億2,000万, 三十四, 二千五百, 二〇."""

from __future__ import annotations

import re
from decimal import Decimal

TIMES = {"千": Decimal(1_000), "百万": Decimal(1_000_000), "万": Decimal(10_000), "億": Decimal(100_000_000)}
_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "億": 100_000_000}
_LONGEST = 24

# Whatever may be a number, from its first to its last character; what it is worth is told by `value_of`.
NUMBER = re.compile(
    r"[0-9][0-9,.]*(?:[億万千百]+[0-9][0-9,.]*)*(?:[億万千百]+)?|[〇一二三四五六七八九十百千万億]+"
)
_PLAIN = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_PART = re.compile(r"([0-9][0-9,.]*)([億万千百]*)")
_WITH_MULTIPLE = re.compile(r"([0-9][0-9,.]*)(千|百万|万|億)")


def plain_value(printed: str) -> Decimal | None:
    """A number in digits: 1,251 → 1251. None where the commas or points don't make one (3,4 or 4.2.1)."""
    if len(printed) > _LONGEST or not _PLAIN.fullmatch(printed):
        return None
    return Decimal(printed.replace(",", ""))


def value_of(printed: str) -> Decimal | None:
    """What a number found by `NUMBER` is worth; None where it is none (4.2.1, 3,4, 万, 二三万四億)."""
    if len(printed) > _LONGEST:
        return None
    return _value_of_digits(printed) if printed[0].isascii() else _value_of_kanji(printed)


def as_money(printed: str) -> tuple[Decimal, str] | None:
    """1,080千 and 2.5億 before 円: the number and the multiple that belongs to the unit, as printed. None for 1億2,000万."""
    match = _WITH_MULTIPLE.fullmatch(printed)
    value = plain_value(match[1]) if match else None
    return (value, match[2]) if match and value is not None else None


def _value_of_digits(printed: str) -> Decimal | None:
    total, unit_before = Decimal(0), None
    for digits, multiple in _PART.findall(printed):
        value = plain_value(digits)
        unit = _multiple(multiple)
        if value is None or unit is None or (unit_before is not None and unit >= unit_before):
            return None
        total += value * unit
        unit_before = unit
    return total


def _multiple(signs: str) -> Decimal | None:
    """千 → 1,000, 千万 → 10,000,000; each sign may stand once, the smaller first."""
    value, before = Decimal(1), 0
    for sign in signs:
        size = _SMALL.get(sign) or _LARGE[sign]
        if size <= before:
            return None
        value, before = value * size, size
    return value


def _value_of_kanji(printed: str) -> Decimal | None:
    if not any(sign in _SMALL or sign in _LARGE for sign in printed):
        return Decimal("".join(str(_KANJI_DIGITS[sign]) for sign in printed)) if printed[0] != "〇" else None
    total = 0
    last_large = last_small = 10**12
    section: int | None = None
    digit: int | None = None
    for sign in printed:
        if sign in _KANJI_DIGITS:
            if digit is not None:
                return None
            digit = _KANJI_DIGITS[sign]
        elif sign in _SMALL:
            if _SMALL[sign] >= last_small:
                return None
            last_small = _SMALL[sign]
            section = (section or 0) + (1 if digit is None else digit) * last_small
            digit = None
        else:
            worth = (section or 0) + (digit or 0)
            if not worth or _LARGE[sign] >= last_large:
                return None
            last_large, last_small = _LARGE[sign], 10**12
            total += worth * last_large
            section = digit = None
    return Decimal(total + (section or 0) + (digit or 0))
