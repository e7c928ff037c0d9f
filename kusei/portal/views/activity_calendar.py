"""講座・催し: a month as a calendar, on a phone as a list by day."""

from __future__ import annotations

from calendar import SATURDAY, SUNDAY, Calendar
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.japanese.business_days import holiday_name
from kusei.portal.activity_search import Search, month_of, next_month, search_in
from kusei.portal.activity_words import spoken
from kusei.portal.views.activity_list import search_context
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.press.formats import month_and_year, weekday_name
from kusei.services.activities.queries.finding import Entry, entries_of_month, first_and_last_day

SHOWN_IN_A_DAY = 3
_WEEKS = Calendar(firstweekday=SUNDAY)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month: what is shown of it, and its list where there is anything."""

    day: date
    today: date
    entries: tuple[Entry, ...]
    url: str

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.entries[:SHOWN_IN_A_DAY]

    @property
    def more(self) -> int:
        return max(len(self.entries) - SHOWN_IN_A_DAY, 0)

    @property
    def holiday(self) -> str:
        return holiday_name(self.day)

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def is_past(self) -> bool:
        return self.day < self.today

    @property
    def colour(self) -> str:
        """How Japanese calendars print the day: Sundays and holidays red, Saturdays blue."""
        if self.holiday or self.day.weekday() == SUNDAY:
            return "red"
        return "blue" if self.day.weekday() == SATURDAY else ""


@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The sessions of a month (`?month=2026-12`; without it, this one), narrowed like the list."""
    frame = frame_or_404(key)
    now = timezone.now()
    today = timezone.localdate(now)
    search = search_in(request.GET, today=today)
    month = month_of(request.GET.get("month", "")) if "month" in request.GET else None
    if "month" in request.GET and month is None:
        raise Http404(_("この月のカレンダーはありません。"))
    begin, end = month or (today.replace(day=1), next_month(today))
    search = replace(search, month=f"{begin:%Y-%m}")
    entries = entries_of_month(frame.ward, search.asked, begin, end, now=now)
    span = first_and_last_day(frame.ward) or (today, today)
    days = _days(entries, begin, today, key, search)
    address = reverse("portal:activity_calendar", args=[key])

    def to(other: date) -> str:
        return address + search.query(month=f"{other:%Y-%m}", when="")

    before, is_this_month = _month_before(begin), begin <= today < end
    return ward_page(
        request, "portal/activities/calendar.html", frame, section="activities",
        title=_("%(month)sの講座・催し") % {"month": month_and_year(begin)},
        crumbs=[Crumb(_("講座・催し"), reverse("portal:activities", args=[key])), Crumb(_("カレンダー"))],
        context={
            "month": begin,
            "weekdays": [(weekday_name(number), _colour_of(number)) for number in _WEEKS.iterweekdays()],
            "weeks": [
                [days[day] if day.month == begin.month else None for day in week]
                for week in _WEEKS.monthdatescalendar(begin.year, begin.month)
            ],
            "days": [each for each in days.values() if each.entries],
            "count": len(entries),
            "spoken": spoken(entry.activity_id for entry in entries),
            "previous_url": to(before) if span[0] < begin or begin > today else "",
            "previous": before,
            "next_url": to(end) if span[1] >= end or end <= today else "",
            "next": end,
            "this_month_url": "" if is_this_month else address + search.query(month="", when=""),
            **search_context(request, frame.ward, search, address),
        },
    )  # fmt: skip


def _days(entries: list[Entry], begin: date, today: date, key: str, search: Search) -> dict[date, Day]:
    by_day: dict[date, list[Entry]] = {
        day: [] for day in _WEEKS.itermonthdates(begin.year, begin.month) if day.month == begin.month
    }
    for entry in entries:
        by_day[max(entry.starts_at.date(), begin)].append(entry)
    list_address = reverse("portal:activities", args=[key])
    return {
        day: Day(
            day,
            today,
            tuple(found),
            list_address + search.query(when=day.isoformat(), month="") if found else "",
        )
        for day, found in by_day.items()
    }


def _month_before(begin: date) -> date:
    return date(begin.year - (begin.month == 1), (begin.month - 2) % 12 + 1, 1)


def _colour_of(weekday: int) -> str:
    return {SUNDAY: "red", SATURDAY: "blue"}.get(weekday, "")
