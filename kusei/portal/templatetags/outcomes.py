"""How a result turned out: a mark of its own shape, so that nobody needs its colour, and the word."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kusei.results.enums import Outcome
from kusei.results.queries import Result, ResultRow

register = template.Library()

_SHAPES = {
    Outcome.DONE: '<circle cx="8" cy="8" r="8" fill="currentColor"/>'
    '<path d="M4.2 8.2l2.6 2.6 5-5.4" fill="none" stroke="#fff" stroke-width="2"/>',
    Outcome.PARTLY: '<circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 1a7 7 0 0 1 0 14z" fill="currentColor"/>',
    Outcome.CANCELLED: '<rect width="16" height="16" rx="2" fill="currentColor"/>'
    '<path d="M4.5 4.5l7 7m0-7l-7 7" stroke="#fff" stroke-width="2"/>',
    Outcome.SUSPENDED: '<rect width="16" height="16" rx="2" fill="currentColor"/>'
    '<path d="M5.5 4v8m5-8v8" stroke="#fff" stroke-width="2.4"/>',
    Outcome.POSTPONED: '<path d="M0 8l8-8 8 8-8 8z" fill="currentColor"/>'
    '<path d="M5 8h5m-2-2.5L10.5 8 8 10.5" fill="none" stroke="#fff" stroke-width="1.8"/>',
    Outcome.NONE: '<circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="2"/>',
    Outcome.ENDED: '<rect x="1" y="1" width="14" height="14" rx="2" fill="currentColor"/>',
    Outcome.PREPARED: '<path d="M8 0l8 15H0z" fill="currentColor"/>',
    Outcome.UNKNOWN: '<path d="M2 8h12" stroke="currentColor" stroke-width="3"/>',
}
_DRAWN = {
    outcome.value: mark_safe(
        '<svg class="outcome__shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        f"{shape}</svg>"
    )
    for outcome, shape in _SHAPES.items()
}


@register.filter
def outcome_mark(told: Result | ResultRow) -> SafeString:
    """The mark of a result, or of a row of the table that may have none."""
    return format_html(
        '<span class="outcome outcome--{}">{}{}</span>',
        told.outcome,
        _DRAWN[told.outcome],
        told.outcome_label,
    )
