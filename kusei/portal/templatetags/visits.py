"""How the terms of visiting lectures are written."""

from __future__ import annotations

from django import template

from kusei.services.activities.models import VisitTerms
from kusei.services.activities.visiting import Terms, weekdays_said

register = template.Library()


@register.filter
def weekdays(terms: VisitTerms) -> str:
    """月曜日、火曜日."""
    return weekdays_said(int(each) for each in terms.weekdays)


@register.filter
def days_offered(terms: Terms) -> str:
    """月曜日、火曜日 09:00～17:00."""
    return f"{weekdays_said(terms.weekdays)} {terms.from_time:%H:%M}～{terms.to_time:%H:%M}"
