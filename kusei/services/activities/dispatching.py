"""Sending people, decided from plain values: when somebody cannot, which moves are legal, who is asked first, what is paid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kusei.japanese.business_days import holiday_name
from kusei.japanese.fiscal_year import parse_date
from kusei.japanese.folding import fold, squeeze
from kusei.services.activities.dispatch_enums import AssignmentState, FeePer

_S = AssignmentState
MOVES: dict[str, frozenset[str]] = {
    _S.ASKED: frozenset({_S.ACCEPTED, _S.DECLINED, _S.RELEASED, _S.WENT}),
    _S.ACCEPTED: frozenset({_S.ASKED, _S.WITHDRAWN, _S.RELEASED, _S.WENT, _S.MISSED}),
    _S.WENT: frozenset({_S.MISSED}),
    _S.MISSED: frozenset({_S.WENT}),
    _S.DECLINED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.RELEASED: frozenset(),
}
"""From each state to those it may come to. ACCEPTED → ASKED: the time was moved. WENT and MISSED: a record that is corrected."""

_WEEKDAYS = "月火水木金土日"
_PARTS = {"午前": (time(0), time(12)), "午後": (time(12), time(17)), "夜": (time(17), time.max)}
_TIMES = re.compile(r"(\d{1,2})(?::|時)(\d{2})?分?\s*[-~]\s*(\d{1,2})(?::|時)(\d{2})?分?$")
_DAYS = re.compile(r"(?:毎週)?([月火水木金土日祝]+)(?:曜日?)?")
_SEPARATOR = re.compile(r"[、,;\n]+")
_DAY_LENGTH = timedelta(days=1)
_LONGEST = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Cannot:
    """A time that somebody never has: on weekdays (Monday 0) or holidays, or from `first` to `last`, all day or from `begins`
    until before `ends`."""

    weekdays: frozenset[int] = frozenset()
    on_holidays: bool = False
    first: date | None = None
    last: date | None = None
    begins: time = time.min
    ends: time = time.max

    def meets(self, starts: datetime, ends: datetime) -> bool:
        """Whether any of [starts, ends) (local) falls into it."""
        day = starts.date()
        while day <= ends.date():
            begin = starts.time() if day == starts.date() else time.min
            end = ends.time() if day == ends.date() else time.max
            if begin < end and self._on(day) and begin < self.ends and self.begins < end:
                return True
            day += _DAY_LENGTH
        return False

    def _on(self, day: date) -> bool:
        if self.first is not None and self.last is not None:
            return self.first <= day <= self.last
        return day.weekday() in self.weekdays or (self.on_holidays and bool(holiday_name(day)))


def read_cannot(text: str) -> tuple[Cannot, ...]:
    """月・水の午前、2026-12-28～2027-01-04、祝日 → the times. Raises ValueError with the part that cannot be read."""
    return tuple(_one(part) for part in map(squeeze, _SEPARATOR.split(fold(text))) if part)


def _one(part: str) -> Cannot:
    words, begins, ends = _without_times(part)
    plain = re.sub(r"[\s・の]", "", words)
    for name, days in (
        ("平日", "月火水木金"),
        ("土日祝日", "土日祝"),
        ("土日祝", "土日祝"),
        ("祝日", "祝"),
        ("毎日", _WEEKDAYS),
    ):
        if plain == name:
            plain = days
    if match := _DAYS.fullmatch(plain):
        days = match[1]
        weekdays = frozenset(_WEEKDAYS.index(each) for each in days if each != "祝")
        return Cannot(weekdays, "祝" in days, begins=begins, ends=ends)
    first, _wave, last = re.sub(r"\s*(?:~|から)\s*", "~", words.strip().removesuffix("まで")).partition("~")
    begin = _day(first, part)
    end = _day(last, part) if last else begin
    if not begin <= end <= begin + _LONGEST:
        raise ValueError(part)
    return Cannot(first=begin, last=end, begins=begins, ends=ends)


def _without_times(part: str) -> tuple[str, time, time]:
    for name, (begins, ends) in _PARTS.items():
        if part.endswith(name):
            return part.removesuffix(name), begins, ends
    match = _TIMES.search(part)
    if match is None:
        return part, time.min, time.max
    try:
        begins = time(int(match[1]), int(match[2] or 0))
        ends = time.max if int(match[3]) == 24 else time(int(match[3]), int(match[4] or 0))
    except ValueError:
        raise ValueError(part) from None
    if begins >= ends:
        raise ValueError(part)
    return part[: match.start()], begins, ends


def _day(text: str, part: str) -> date:
    try:
        found = parse_date(text.strip().replace("-", "/"))
    except ValueError:
        found = None
    if found is None:
        raise ValueError(part)
    return found


def can_come(cannot: Iterable[Cannot], starts: datetime, ends: datetime) -> bool:
    """Whether none of these times meets [starts, ends) (local)."""
    return not any(each.meets(starts, ends) for each in cannot)


def may_move(before: str, after: str) -> bool:
    """Whether an assignment may come from one state to the other."""
    return after in MOVES[before]


@dataclass(frozen=True, slots=True)
class Turn:
    """How often somebody was asked and went in this fiscal year, and when last asked; `order` decides between equals."""

    asked: int
    went: int
    last_asked_at: datetime | None
    order: str


def fair(turns: Sequence[Turn]) -> list[Turn]:
    """Who is asked first: whoever was asked least this year, then who went least, then who was asked longest ago."""
    return sorted(
        turns,
        key=lambda each: (
            each.asked, each.went, each.last_asked_at is not None,
            each.last_asked_at.timestamp() if each.last_asked_at else 0.0, each.order,
        ),
    )  # fmt: skip


def fee_for(minutes: int, fee_yen: int, per: str) -> int:
    """Yen for going once and working so many minutes; of an hour's fee less than one yen is dropped."""
    return fee_yen if per == FeePer.TIME else fee_yen * minutes // 60


def words_of(text: str) -> tuple[str, ...]:
    """ベトナム語、中国語 → its words, each once, in their order."""
    found = (squeeze(each) for each in re.split(r"[、,;/・\n]", fold(text)))
    return tuple(dict.fromkeys(each for each in found if each))
