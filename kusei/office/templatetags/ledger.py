"""How quantities of the ledger are written: in the metric's own unit and decimals."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kusei.ledger.models import Metric
from kusei.ledger.saying import number_said, said
from kusei.press import formats

register = template.Library()


@register.filter
def counted(quantity: int | None, metric: Metric) -> SafeString:
    """1,251人 with the unit small; words where a figure cannot be worked out."""
    if quantity is None:
        return format_html('<span class="muted">{}</span>', _("出せません"))
    before, behind = formats.around(metric.unit)
    return format_html(
        '<span class="nowrap">{}{}<span class="unit">{}</span></span>',
        format_html('<span class="unit">{}</span>', before) if before else "",
        number_said(quantity, metric),
        behind,
    )


@register.filter
def counted_text(quantity: int | None, metric: Metric) -> str:
    """1,251人 as plain text."""
    return said(quantity, metric)


@register.filter
def month_of(day: date) -> str:
    """令和8年4月分: what stands for a whole month."""
    return _("%(year)s%(month)d月分") % {"year": formats.era_year(day), "month": day.month}
