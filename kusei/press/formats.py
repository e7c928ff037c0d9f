"""How numbers, money and dates are written for people, in the language that is spoken.

Plain text; the template filters add the markup.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import short_wareki_year, wareki_year
from kusei.press.languages import JAPANESE, current

_WEEKDAYS = "月火水木金土日"
_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CHINESE_WEEKDAYS = "一二三四五六日"
_VIETNAMESE_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def whole(number: int | float | Decimal) -> str:
    """1,234 or 1,234.5: grouped, no decimals that say nothing. 1.234,5 where Vietnamese is spoken."""
    value = Decimal(str(number))
    text = f"{int(value):,}" if value == value.to_integral_value() else f"{value.normalize():,f}"
    return text.translate(_SWAP_DOT_AND_COMMA) if current().code == "vi" else text


def around(unit: str) -> tuple[str, str]:
    """What of a unit stands before the number and what behind it: 延べ人 is said as 延べ26人, 回 as 12回."""
    return ("延べ", unit.removeprefix("延べ")) if unit.startswith("延べ") else ("", unit)


_SWAP_DOT_AND_COMMA = str.maketrans(",.", ".,")


def counts_in_thousands() -> bool:
    """Whether money is written in 千円, as Japanese offices do. Every other reader is told the yen."""
    return current() is JAPANESE


def yen(amount_yen: int) -> str:
    """6,588,000円."""
    return _("%(amount)s円") % {"amount": whole(amount_yen)}


def thousands_of_yen(amount_yen: int) -> str:
    """The number alone, in 千円: 6588000 → 6,588. Yen that make no whole thousand show as decimals.

    In yen where the language that is spoken does not count in thousands.
    """
    return whole(Decimal(amount_yen) / 1000 if counts_in_thousands() else amount_yen)


def thousand_yen(amount_yen: int) -> str:
    """6,588千円; in other languages and やさしい日本語 the whole yen: ¥6,588,000."""
    if not counts_in_thousands():
        return yen(amount_yen)
    return _("%(amount)s千円") % {"amount": thousands_of_yen(amount_yen)}


def percent(share: float) -> str:
    """0.2496 → 25%; a share that is there but rounds to nothing is 1%未満."""
    if share > 0 and round(share * 100) == 0:
        return _("1%未満")
    return _("%(share)s%%") % {"share": whole(round(share * 100))}


def signed_thousand_yen(difference_yen: int) -> str:
    """+2,430千円, −120千円, ±0千円."""
    return _sign(difference_yen) + thousand_yen(abs(difference_yen))


def signed_thousands_of_yen(difference_yen: int) -> str:
    """+2,430, −120, ±0: the number alone, in 千円."""
    return _sign(difference_yen) + thousands_of_yen(abs(difference_yen))


def _sign(number: int) -> str:
    return "+" if number > 0 else "−" if number < 0 else "±"


def wareki(fiscal_year: int) -> str:
    """2021 → 令和3年度; in other languages and やさしい日本語 the western year: FY2021, 2021年度."""
    return wareki_year(fiscal_year) if current() is JAPANESE else western_year(fiscal_year)


def western_year(fiscal_year: int) -> str:
    """2021 → 2021年度, FY2021: never grouped."""
    return _("%(year)s年度") % {"year": str(fiscal_year)}


def short_wareki(fiscal_year: int) -> str:
    """2021 → R3, for charts and narrow places; 2021 in other languages and やさしい日本語."""
    return short_wareki_year(fiscal_year) if current() is JAPANESE else str(fiscal_year)


def era_year(day: date) -> str:
    """The Japanese year of a day, not of its fiscal year: 令和4年 for 2022-02-01, 平成31年 for 2019-04-30."""
    for first_day, era in _ERAS:
        if day >= first_day:
            number = day.year - first_day.year + 1
            return f"{era}{'元' if number == 1 else number}年"
    return f"{day.year}年"


def date_ja(moment: date | datetime) -> str:
    """令和3年9月22日(水); 2021年9月22日(水), 22 September 2021 (Wed), 2021年9月22日（周三）, 22/9/2021 (thứ Tư).

    A moment is taken in the office's time zone.
    """
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    weekday = moment.weekday()
    match current().code:
        case "en":
            month = _ENGLISH_MONTHS[moment.month - 1]
            return f"{moment.day} {month} {moment.year} ({_ENGLISH_WEEKDAYS[weekday]})"
        case "zh-hans":
            return f"{moment.year}年{moment.month}月{moment.day}日（周{_CHINESE_WEEKDAYS[weekday]}）"
        case "vi":
            return f"{moment.day}/{moment.month}/{moment.year} ({_VIETNAMESE_WEEKDAYS[weekday]})"
        case "ja-easy":
            return f"{moment.year}年{moment.month}月{moment.day}日({_WEEKDAYS[weekday]})"
    return f"{era_year(moment)}{moment.month}月{moment.day}日({_WEEKDAYS[weekday]})"


def day_ja(day: date) -> str:
    """令和8年11月22日, for tables of the office: Japanese, without the day of the week."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def moment_ja(moment: datetime) -> str:
    """令和8年11月22日 14:05, in the office's time zone; 22 November 2026 (Sun) 14:05 in another language."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    day = day_ja(local.date()) if current() is JAPANESE else date_ja(local.date())
    return f"{day} {local:%H:%M}"


def month_name(month: int) -> str:
    """4月, April."""
    if current().code == "en":
        return _ENGLISH_MONTHS[month - 1]
    return _("%(month)s月") % {"month": str(month)}


def month_and_year(day: date) -> str:
    """令和8年12月; 2026年12月, December 2026, 12/2026, of the month in which a day lies."""
    match current().code:
        case "ja":
            return f"{era_year(day)}{day.month}月"
        case "en":
            return f"{_ENGLISH_MONTHS[day.month - 1]} {day.year}"
        case "vi":
            return f"{day.month}/{day.year}"
    return f"{day.year}年{day.month}月"


def weekday_name(weekday: int) -> str:
    """月, Mon, 周一, thứ Hai; Monday is 0."""
    match current().code:
        case "en":
            return _ENGLISH_WEEKDAYS[weekday]
        case "zh-hans":
            return f"周{_CHINESE_WEEKDAYS[weekday]}"
        case "vi":
            return _VIETNAMESE_WEEKDAYS[weekday]
    return _WEEKDAYS[weekday]


def file_size(size_bytes: int) -> str:
    """840KB, 1.2MB."""
    if size_bytes < 1024 * 1024:
        return f"{max(1, round(size_bytes / 1024)):,}KB"
    return f"{size_bytes / 1024 / 1024:,.1f}MB"
