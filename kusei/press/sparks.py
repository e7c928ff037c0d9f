"""A line as small as a word, beside a number that says the same in words: decoration, hidden from screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT, _EDGE = 56, 20, 4


def spark(values: Sequence[float]) -> SafeString:
    """The course of some values from a zero baseline; the last one is a dot. Two values or more."""
    highest, lowest = max(*values, 0), min(*values, 0)
    span = (highest - lowest) or 1
    step = (_WIDTH - 2 * _EDGE) / (len(values) - 1)
    points = [
        (_EDGE + step * place, _HEIGHT - _EDGE - (value - lowest) / span * (_HEIGHT - 2 * _EDGE))
        for place, value in enumerate(values)
    ]
    return format_html(
        '<svg class="spark" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true" focusable="false">'
        '<polyline points="{2}" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
        '<circle cx="{3}" cy="{4}" r="3" fill="currentColor"/></svg>',
        str(_WIDTH),
        str(_HEIGHT),
        " ".join(f"{across:.1f},{down:.1f}" for across, down in points),
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )
