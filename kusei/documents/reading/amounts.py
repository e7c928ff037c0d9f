"""Money as printed: 円, 千円, 万円, 百万円, 億円, 兆円 → 千円."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

YEN_PER_UNIT = {
    "円": 1,
    "千円": 1_000,
    "万円": 10_000,
    "十万円": 100_000,
    "百万円": 1_000_000,
    "千万円": 10_000_000,
    "億円": 100_000_000,
    "十億円": 1_000_000_000,
    "百億円": 10_000_000_000,
    "兆円": 1_000_000_000_000,
}


def to_yen(printed: str, unit: str | None) -> Decimal | None:
    """The amount in yen, exactly; None if the unit is unknown or `printed` is no number. 1億3400万 (円) counts too."""
    if unit not in YEN_PER_UNIT:
        return None
    scaled = re.fullmatch(r"(-?)(?:([\d.]+)兆)?(?:([\d.]+)億)?(?:([\d.]+)万)?([\d.]*)", printed)
    if scaled and re.search("[兆億万]", printed):
        parts = zip(scaled.groups()[1:], (10**12, 10**8, 10**4, 1), strict=True)
        total = sum((Decimal(part) * scale for part, scale in parts if part), Decimal(0))
        return (-total if scaled[1] else total) * YEN_PER_UNIT[unit]
    try:
        return Decimal(printed) * YEN_PER_UNIT[unit]
    except InvalidOperation:
        return None


def to_thousand_yen(printed: str, unit: str | None) -> int | float | None:
    """The amount in 千円: an int where it is whole, else a float (1,234 円 → 1.234); None if the unit is unknown."""
    yen = to_yen(printed, unit)
    if yen is None:
        return None
    thousand = yen / 1000
    return int(thousand) if thousand == thousand.to_integral_value() else float(thousand)
