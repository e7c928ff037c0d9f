"""How numbers, money and dates are written for people. Plain text; the template filters add the markup."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import short_wareki_year, wareki_year

_WEEKDAYS = "月火水木金土日"
_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def whole(number: int | float | Decimal) -> str:
    """1,234 or 1,234.5: grouped, no decimals that say nothing."""
    value = Decimal(str(number))
    if value == value.to_integral_value():
        return f"{int(value):,}"
    return f"{value.normalize():,f}"


def yen(amount_yen: int) -> str:
    """6,588,000円."""
    return _("%(amount)s円") % {"amount": whole(amount_yen)}


def thousands_of_yen(amount_yen: int) -> str:
    """The number alone, in 千円: 6588000 → 6,588. Yen that make no whole thousand show as decimals."""
    return whole(Decimal(amount_yen) / 1000)


def thousand_yen(amount_yen: int) -> str:
    """6,588千円."""
    return _("%(amount)s千円") % {"amount": thousands_of_yen(amount_yen)}


def percent(share: float) -> str:
    """0.2496 → 25%; a share that is there but rounds to nothing is 1%未満."""
    if share > 0 and round(share * 100) == 0:
        return _("1%未満")
    return _("%(share)s%%") % {"share": whole(round(share * 100))}


def signed_thousand_yen(difference_yen: int) -> str:
    """+2,430千円, −120千円, ±0千円."""
    sign = "+" if difference_yen > 0 else "−" if difference_yen < 0 else "±"
    return sign + thousand_yen(abs(difference_yen))


def wareki(fiscal_year: int) -> str:
    """2021 → 令和3年度."""
    return wareki_year(fiscal_year)


def short_wareki(fiscal_year: int) -> str:
    """2021 → R3, for charts and narrow places."""
    return short_wareki_year(fiscal_year)


def era_year(day: date) -> str:
    """The Japanese year of a day, not of its fiscal year: 令和4年 for 2022-02-01, 平成31年 for 2019-04-30."""
    for first_day, era in _ERAS:
        if day >= first_day:
            number = day.year - first_day.year + 1
            return f"{era}{'元' if number == 1 else number}年"
    return f"{day.year}年"


def date_ja(moment: date | datetime) -> str:
    """令和3年9月22日(水); a moment is taken in the office's time zone."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return f"{era_year(moment)}{moment.month}月{moment.day}日({_WEEKDAYS[moment.weekday()]})"


def file_size(size_bytes: int) -> str:
    """840KB, 1.2MB."""
    if size_bytes < 1024 * 1024:
        return f"{max(1, round(size_bytes / 1024)):,}KB"
    return f"{size_bytes / 1024 / 1024:,.1f}MB"
