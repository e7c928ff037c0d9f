"""What the ledger decides from plain values: no queries, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.japanese.folding import fold

LARGEST_QUANTITY = 10**15
"""In the smallest unit: a thousand times the yen of any ward's budget, and far from the limit of the column (2^63)."""

_GROUPED = str.maketrans("", "", ",、 ")
_AS_WRITTEN = re.compile(r"-?(?:\d+|\d{1,3}(?:[,、 ]\d{3})+)?(?:\.\d+)?")
"""1251, 1,251, 11.5, .5; never 10、20 (two numbers) or 1,25 (a digit is missing)."""


class Dimension(StrEnum):
    """What a figure can be added up over."""

    MONTHS = "months"
    YEARS = "years"
    ITEMS = "items"
    BODIES = "bodies"
    DISTRICTS = "districts"


_DISTINCT_ADDS = {
    # Posted +1 at the first occurrence in the scope. So what lies inside one scope adds up, and nothing beyond it does.
    "record": frozenset(),
    "item": frozenset({Dimension.MONTHS, Dimension.BODIES, Dimension.DISTRICTS}),
    "ward": frozenset({Dimension.MONTHS, Dimension.BODIES, Dimension.DISTRICTS, Dimension.ITEMS}),
}


def adds_up(adding: str, over: Dimension, *, scope: str = "") -> bool:
    """Whether figures of a metric may be added up over a dimension.

    `adding` is a value of Adding, `scope` one of DistinctScope. A last value never adds up over time; over items, bodies and
    districts it does (基 of places in each district). A rate never: it is worked out anew from what it divides.
    """
    if adding == "sum":
        return True
    if adding == "last":
        return over not in {Dimension.MONTHS, Dimension.YEARS}
    if adding == "distinct":
        return over in _DISTINCT_ADDS.get(scope, frozenset())
    return False


def to_smallest(printed: str | int | float | Decimal, decimals: int) -> int:
    """A number as people write it → a whole number of the smallest unit: "1,251" → 1251, "11.5" with 1 decimal → 115.

    Raises ValueError where it is no number, not finite, or has more decimals than the metric keeps.
    """
    refusal = ValueError(f"not a number with at most {decimals} decimals: {printed!r}")
    if isinstance(printed, bool):
        raise refusal
    if isinstance(printed, float):
        printed = (
            f"{printed:.15g}"  # as many digits as Excel shows: what it adds up to 0.30000000000000004 is 0.3
        )
    elif isinstance(printed, str):
        printed = fold(printed).strip()
        if not looks_like_a_number(printed):
            raise refusal
        printed = printed.translate(_GROUPED)
    try:
        number = Decimal(printed)
    except InvalidOperation:
        raise refusal from None
    if not number.is_finite() or abs(number) > LARGEST_QUANTITY:
        raise refusal
    scaled = number.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise refusal
    return int(scaled)


def looks_like_a_number(text: str) -> bool:
    """Whether folded text is one number as people write it: digits, in groups of three where they are grouped at all."""
    return _AS_WRITTEN.fullmatch(text) is not None


def from_smallest(quantity: int, decimals: int) -> Decimal:
    """115 with 1 decimal → 11.5."""
    return Decimal(quantity).scaleb(-decimals)


def rate_in_tenths(numerator: int, denominator: int) -> int | None:
    """The rate of two sums in 0.1 %, half up; None without a denominator: nothing was there to be divided."""
    if denominator <= 0:
        return None
    return (numerator * 2000 + denominator) // (2 * denominator)


SHARES = ("%", "％")
"""Units of which districts cannot be added to a whole."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """One metric divided by another: a share in %, or so much for each (人/回, 円/人). Results are tenths of `unit`; what is divided
    are whole numbers of the parts' smallest units, with `over_decimals` and `under_decimals`."""

    unit: str
    over_decimals: int = 0
    under_decimals: int = 0

    def of(self, over: int, under: int) -> int | None:
        """The quotient in tenths, half up; None without anything to divide by."""
        times = 100 if self.unit in SHARES else 1
        return rate_in_tenths(over * 10**self.under_decimals * times, under * 10**self.over_decimals * 100)


def month_number(day: date) -> int:
    """A month as kept figures know it: 202604."""
    return day.year * 100 + day.month


def default_closing(fiscal_year: int) -> date:
    """31 May after the year's end: until then its books stay open (地方自治法 235条の5, 出納の閉鎖)."""
    return date(fiscal_year + 1, 5, 31)


@dataclass(frozen=True, slots=True)
class BooksState:
    """Of one ward's year: the last day on which it is open, and whether a planner closed or reopened it by hand."""

    closes_on: date
    closed_by_hand: bool = False
    reopened: bool = False

    def is_open(self, day: date) -> bool:
        """Whether what is posted on `day` still belongs to the open year."""
        if self.closed_by_hand:
            return False
        return self.reopened or day <= self.closes_on


def year_for(day: date, stated: int | None) -> int | None:
    """The fiscal year of a line: its day's own, or the one before where stated and the day lies in April or May
    (the old year's books stay open to 31 May). None where the stated year does not fit the day."""
    own = fiscal_year_of(day)
    if stated is None or stated == own:
        return own
    return stated if stated == own - 1 and day.month in (4, 5) else None


@dataclass(frozen=True, slots=True)
class Line:
    """One countable thing that a record says. `slot` names its place within the record; the same slot posted again with
    the same values changes nothing, with others it takes the place of what stood there.

    `quantity` is a whole number of the metric's smallest unit; `fiscal_year` is the day's own unless stated.
    """

    slot: str
    metric_id: int
    item_id: int
    quantity: int
    on: date
    body_id: int | None = None
    district_id: int | None = None
    fiscal_year: int | None = None

    @property
    def year(self) -> int:
        """The fiscal year, its day's own where none is stated. Raises ValueError where the stated one does not fit."""
        year = year_for(self.on, self.fiscal_year)
        if year is None:
            raise ValueError(f"{self.on} is not in {self.fiscal_year}")
        return year


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that counts: posted for a slot and not reversed."""

    entry_id: int
    turn: int
    line: Line


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be posted so that the ledger says what a record says. `turns` has the turn of each line to add."""

    reverse: tuple[Standing, ...]
    add: tuple[tuple[Line, int], ...]
    unchanged: int


def difference(standing: Iterable[Standing], lines: Iterable[Line], turns: dict[str, int]) -> Difference:
    """From what stands to what should stand. `turns` is the highest turn ever used by each slot.

    Raises ValueError where two lines name one slot.
    """
    wanted: dict[str, Line] = {}
    for line in lines:
        if line.slot in wanted:
            raise ValueError(line.slot)
        wanted[line.slot] = line
    reverse, kept = [], set()
    for each in standing:
        if wanted.get(each.line.slot) == each.line:
            kept.add(each.line.slot)
        else:
            reverse.append(each)
    add = tuple((line, turns.get(slot, -1) + 1) for slot, line in wanted.items() if slot not in kept)
    return Difference(tuple(reverse), add, len(kept))
