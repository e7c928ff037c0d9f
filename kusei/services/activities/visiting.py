"""What a visiting lecture's terms allow, what may be done with a request and until when somebody has to move: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from kusei.japanese.business_days import holiday_name, is_business_day
from kusei.press.formats import date_ja
from kusei.services.activities.visit_enums import VisitState

_S = VisitState
MOVES: dict[str, frozenset[str]] = {
    "take_on": frozenset({_S.RECEIVED, _S.IN_HAND, _S.DECIDED}),
    "ask_back": frozenset({_S.RECEIVED, _S.IN_HAND}),
    "propose": frozenset({_S.RECEIVED, _S.IN_HAND}),
    "answer": frozenset({_S.IN_HAND}),
    "decide": frozenset({_S.RECEIVED, _S.IN_HAND}),
    "hold": frozenset({_S.DECIDED, _S.HELD}),
    "decline": frozenset({_S.RECEIVED, _S.IN_HAND}),
    "withdraw": frozenset({_S.RECEIVED, _S.IN_HAND, _S.DECIDED}),
    "reopen": frozenset({_S.DECLINED, _S.WITHDRAWN}),
}
"""In which states each thing may be done."""

WITHOUT_CONTACT = frozenset({"decline", "withdraw"})
"""What may be done although the contact is deleted: a request that nobody ended, and one whose visit was taken back, can be ended."""

AHEAD = timedelta(days=400)
ANSWER_DAYS = 5
"""Business days within which the office answers, and for which it waits for a group."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a theme is brought to groups; see `VisitTerms`. Weekdays from Monday 0."""

    lead_days: int = 30
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    on_holidays: bool = False
    without: tuple[date, ...] = ()
    from_time: time = time(9)
    to_time: time = time(17)
    minutes: int = 60
    least_people: int = 1
    most_people: int | None = None
    provides: str = ""
    only_in_ward: bool = True
    most_a_year: int | None = None


def earliest(terms: Terms, today: date) -> date:
    """The first day that can be asked for."""
    return today + timedelta(days=terms.lead_days)


def refusal_of_date(terms: Terms, starts_at: datetime, today: date) -> str:
    """Why a date cannot be asked for, in words; empty where it can. `starts_at` in the ward's time."""
    day = starts_at.date()
    if day < earliest(terms, today):
        return _("%(days)d日前までに申し込んでください。%(day)sより後の日を選べます。") % {
            "days": terms.lead_days,
            "day": date_ja(earliest(terms, today) - timedelta(days=1)),
        }
    if day > today + AHEAD:
        return _("1年より先の日は、まだ選べません。")
    if day.weekday() not in terms.weekdays:
        return _("%(day)sには行っていません。行っている曜日は、%(weekdays)sです。") % {
            "day": date_ja(day),
            "weekdays": weekdays_said(terms.weekdays),
        }
    if not terms.on_holidays and holiday_name(day):
        return _("%(day)sは祝日か年末年始なので、行っていません。") % {"day": date_ja(day)}
    if day in terms.without:
        return _("%(day)sは都合により行っていません。別の日を選んでください。") % {"day": date_ja(day)}
    ends_at = starts_at + timedelta(minutes=terms.minutes)
    if starts_at.time() < terms.from_time or ends_at.date() != day or ends_at.time() > terms.to_time:
        last = datetime.combine(day, terms.to_time) - timedelta(minutes=terms.minutes)
        return _("%(first)sから%(last)sまでに始まる時刻を選んでください。") % {
            "first": f"{terms.from_time:%H:%M}",
            "last": f"{last:%H:%M}",
        }
    return ""


def refusal_of_people(terms: Terms, people: int) -> str:
    """Why so many people cannot be visited; empty where they can."""
    if people < terms.least_people:
        return _("%(n)d人から申し込めます。ほかの団体と一緒に申し込むか、電話で相談してください。") % {
            "n": terms.least_people
        }
    if terms.most_people is not None and people > terms.most_people:
        return _("%(n)d人までです。回を分けて申し込むか、電話で相談してください。") % {"n": terms.most_people}
    return ""


def weekdays_said(weekdays: Iterable[int]) -> str:
    """月・火・水, Monday first."""
    names = (_("月曜日"), _("火曜日"), _("水曜日"), _("木曜日"), _("金曜日"), _("土曜日"), _("日曜日"))
    return _("、").join(names[each] for each in sorted(set(weekdays)))


def due_after(day: date, business_days: int = ANSWER_DAYS) -> date:
    """The nth business day after a day: until then somebody has to move."""
    left = business_days
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day)
    return day


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit that was held, of one group in one item and fiscal year. `sealed` is what was counted when its data was deleted."""

    request: int
    starts_at: datetime
    sealed: bool | None = None


def counting(visits: Collection[Visited]) -> frozenset[int]:
    """Which requests count the group: what is sealed stays as it is, and where nothing sealed does, the earliest visit."""
    sealed = frozenset(each.request for each in visits if each.sealed)
    live = [each for each in visits if each.sealed is None]
    if sealed or not live:
        return sealed
    return frozenset({min(live, key=lambda each: (each.starts_at, each.request)).request})
