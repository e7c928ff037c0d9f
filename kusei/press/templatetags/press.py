"""Named formats for templates: no number is printed without one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from kusei.press import formats

register = template.Library()


@register.filter
def thousand_yen(amount_yen: int | None) -> str:
    """6,588千円 with the unit small and the yen on hover, ¥6,588,000 in other languages; nothing for None."""
    if amount_yen is None:
        return ""
    if not formats.counts_in_thousands():
        return format_html(
            '<data class="money" value="{}">{}</data>', str(amount_yen), formats.yen(amount_yen)
        )
    return format_html(
        '<data class="money" value="{}" title="{}">{}<span class="unit">{}</span></data>',
        str(amount_yen),
        formats.yen(amount_yen),
        formats.thousands_of_yen(amount_yen),
        _("千円"),
    )


@register.filter
def thousands(amount_yen: int | None) -> str:
    """6,588 for the cells of a table whose heading says 千円; the yen on hover. Where the heading says yen, yen."""
    if amount_yen is None:
        return ""
    if not formats.counts_in_thousands():
        return format_html(
            '<data class="money" value="{}">{}</data>', str(amount_yen), formats.thousands_of_yen(amount_yen)
        )
    return format_html(
        '<data class="money" value="{}" title="{}">{}</data>',
        str(amount_yen),
        formats.yen(amount_yen),
        formats.thousands_of_yen(amount_yen),
    )


@register.filter
def plain_thousand_yen(amount_yen: int | None) -> str:
    """6,588千円 as text, for titles and sentences."""
    return "" if amount_yen is None else formats.thousand_yen(amount_yen)


@register.filter
def yen(amount_yen: int | None) -> str:
    """6,588,000円."""
    return "" if amount_yen is None else formats.yen(amount_yen)


@register.filter
def signed_thousand_yen(difference_yen: int | None) -> str:
    """+2,430千円."""
    return "" if difference_yen is None else formats.signed_thousand_yen(difference_yen)


@register.filter
def signed_thousands(difference_yen: int | None) -> str:
    """+2,430 for the cells of a table whose heading says 千円."""
    return "" if difference_yen is None else formats.signed_thousands_of_yen(difference_yen)


@register.filter
def percent(share: float | None) -> str:
    """0.25 → 25%."""
    return "" if share is None else formats.percent(share)


@register.filter
def wareki(fiscal_year: int | None) -> str:
    """2021 → 令和3年度."""
    return "" if fiscal_year is None else formats.wareki(fiscal_year)


@register.filter
def short_wareki(fiscal_year: int | None) -> str:
    """2021 → R3."""
    return "" if fiscal_year is None else formats.short_wareki(fiscal_year)


@register.filter
def western_year(fiscal_year: int) -> str:
    """2021 → 2021年度: never grouped."""
    return formats.western_year(fiscal_year)


@register.filter
def date_ja(moment: date | None) -> str:
    """令和3年9月22日(水)."""
    return "" if moment is None else formats.date_ja(moment)


@register.filter
def day_ja(day: date | None) -> str:
    """令和8年11月22日."""
    return "" if day is None else formats.day_ja(day)


@register.filter
def moment_ja(moment: datetime | None) -> str:
    """令和8年11月22日 14:05."""
    return "" if moment is None else formats.moment_ja(moment)


@register.filter
def month_and_year(day: date) -> str:
    return formats.month_and_year(day)


@register.filter
def count(number: int | float | Decimal | None) -> str:
    """1,234: for counting things. The unit stands in the template."""
    return "" if number is None else formats.whole(number)


@register.filter
def ordinal(number: int | None) -> str:
    """A page, line, version or paging number: never grouped."""
    return "" if number is None else str(number)


@register.filter
def file_size(size_bytes: int) -> str:
    """1.2MB."""
    return formats.file_size(size_bytes)


@register.filter
def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: its non-empty lines."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
