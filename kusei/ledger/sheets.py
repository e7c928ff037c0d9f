"""What somebody typed into a report's cells, beside what they saw there and what stands there now: pure.

Only what was typed otherwise than it was seen is a change. Where somebody else wrote another number into the same cell
meanwhile, both are shown and nothing is taken; cells that only the other one changed simply show the new number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kusei.japanese.fiscal_year import parse_date
from kusei.japanese.folding import fold
from kusei.ledger.rules import LARGEST_QUANTITY, from_smallest, looks_like_a_number, to_smallest, year_for

Place = tuple[int, date, int, int | None]
"""Where a number stands in a report: (metric, day, session, district)."""

SOURCE_KIND = "ledger.report"
"""What reports by hand are called among the kinds of records."""

MOST_SESSIONS = 60
_MONTH_AND_DAY = re.compile(r"\s*(\d{1,2})\s*[月/.\-]\s*(\d{1,2})\s*日?\s*")


def slot_of(place: Place) -> str:
    """The place of a number within its report, as entries keep it."""
    metric, on, session, district = place
    return f"{metric}.{on:%Y%m%d}.{session}.{district or 0}"


def says_whole_month(source_kind: str, slot: str) -> bool:
    """Whether an entry came from a report's month: its day is the month's first, and nobody says that it was that day."""
    return source_kind == SOURCE_KIND and slot.split(".")[2:3] == ["0"]


class BadNumber(ValueError):
    """What was typed is no number that the metric can hold; `reason` is negative, decimals, large or text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_number(typed: str, decimals: int, unit: str = "") -> int | None:
    """What a cell says, in the smallest unit: "1,251" and "1,251人" → 1251; None for an empty cell. Raises BadNumber."""
    text = fold(typed).strip()
    if unit and text.endswith(fold(unit)):
        text = text.removesuffix(fold(unit)).strip()
    if not text:
        return None
    if len(text) > 40:
        raise BadNumber("large" if re.fullmatch(r"[\d,.\s]+", text) else "text")
    try:
        quantity = to_smallest(text, decimals)
    except ValueError:
        raise BadNumber(_why(text, decimals)) from None
    if quantity < 0:
        raise BadNumber("negative")
    if quantity > LARGEST_QUANTITY:
        raise BadNumber("large")
    return quantity


def _why(text: str, decimals: int) -> str:
    if not looks_like_a_number(text) or not re.search(r"\d", text):
        return "text"
    if text.startswith("-"):
        return "negative"
    return "decimals" if "." in text and len(text.partition(".")[2]) > decimals else "large"


def as_typed(quantity: int | None, decimals: int) -> str:
    """A number as a cell shows it for typing over: no commas, no decimals that say nothing."""
    if quantity is None:
        return ""
    text = f"{from_smallest(quantity, decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_day(typed: str, fiscal_year: int) -> date | None:
    """A session's day: 6/10, 6月10日, 2026/6/10, R8.6.10; without a year the one of the fiscal year. None for anything else,
    and for days that do not belong to it (its books stay open to the end of May)."""
    text = fold(typed).strip()
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        text = "/".join(iso.groups())
    try:
        if short := _MONTH_AND_DAY.fullmatch(text):
            month, day = int(short[1]), int(short[2])
            found: date | None = date(fiscal_year + (month < 4), month, day)
        else:
            found = parse_date(text) if len(text) <= 30 else None
    except ValueError:
        return None
    if found is None or year_for(found, fiscal_year) is None:
        return None
    return found


@dataclass(frozen=True, slots=True)
class Clash:
    """Two people wrote different numbers into one cell; None means that it was cleared."""

    mine: int | None
    theirs: int | None


@dataclass(slots=True)
class Merged:
    """What a form changes. Nothing may be saved while there are `errors` (place: reason) or `clashes`."""

    changes: dict[Place, int | None] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    clashes: dict[Place, Clash] = field(default_factory=dict)
    taken: set[Place] = field(default_factory=set)
    """Cells that only somebody else changed: they show what stands now."""


def merge_typed(
    typed: Mapping[Place, str],
    seen: Mapping[Place, int],
    now: Mapping[Place, int],
    units: Mapping[int, tuple[int, str]],
) -> Merged:
    """Compare what was typed with what was seen and what stands now. `units` has (decimals, unit) of each metric."""
    merged = Merged()
    for place, text in typed.items():
        try:
            mine = read_number(text, *units[place[0]])
        except BadNumber as error:
            merged.errors[place] = error.reason
            continue
        before, theirs = seen.get(place), now.get(place)
        if mine == before:
            if theirs != before:
                merged.taken.add(place)
        elif theirs not in (before, mine):
            merged.clashes[place] = Clash(mine, theirs)
        elif theirs != mine:
            merged.changes[place] = mine
    return merged


def pack_seen(cells: Mapping[Place, int], revision: int) -> str:
    """What a form showed, for the form to bring back."""
    rows = [[metric, on.isoformat(), session, district, quantity] for (metric, on, session, district), quantity in cells.items()]  # fmt: skip
    return json.dumps([revision, rows], separators=(",", ":"))


def unpack_seen(text: str) -> tuple[int, dict[Place, int]]:
    """The reverse of `pack_seen`. Raises ValueError for what no form of ours sends."""
    try:
        revision, rows = json.loads(text)
        cells = {
            (int(metric), date.fromisoformat(on), int(session), None if district is None else int(district)): int(quantity)
            for metric, on, session, district, quantity in rows
        }  # fmt: skip
        return int(revision), cells
    except (TypeError, ValueError, RecursionError, OverflowError):
        raise ValueError(text[:100]) from None
