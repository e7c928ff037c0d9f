"""Holidays in the language that is spoken: `{{ name|holiday_said }}`."""

from __future__ import annotations

from django import template

from kusei.portal import holidays

register = template.Library()
register.filter("holiday_said", holidays.holiday_said)
