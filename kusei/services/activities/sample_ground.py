"""What the activities of the invented sample ward stand on: days on which a ward would hold them, and the actions of its plans."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from kusei.japanese.business_days import holiday_name, is_business_day
from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.plans.models import Item, ItemText
from kusei.services.activities.series import Rhythm, days_of_series
from kusei.wards.models import Ward

SUNDAY = 6


def working_day(days: int) -> date:
    """So many days from today; where the office is shut then, the next day on which it is open, or the one before in the past."""
    day = timezone.localdate() + timedelta(days=days)
    while not is_business_day(day):
        day += timedelta(days=-1 if days < 0 else 1)
    return day


def sunday(days: int) -> date:
    """The first Sunday so many days from today or later, no holiday and not around New Year."""
    day = timezone.localdate() + timedelta(days=days)
    while day.weekday() != SUNDAY or holiday_name(day):
        day += timedelta(days=1)
    return day


def weekly(days: int, count: int, rhythm: Rhythm = Rhythm.WEEKLY) -> list[date]:
    """Days of a series that begins so many days from today, none of them a holiday."""
    return days_of_series(working_day(days), rhythm, count)[0]


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A time of the ward's clock."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def action(ward: Ward, title: str, *, years_ago: int = 0) -> Item:
    """An action of this fiscal year's plan, or of one before."""
    year = fiscal_year_of(timezone.localdate()) - years_ago
    texts = ItemText.objects.filter(ward=ward, kind="action", title=title, version__plan__fiscal_year=year)
    return texts.select_related("item").order_by("-version__number")[0].item
