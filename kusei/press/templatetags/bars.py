"""Bars in the cells of tables."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from kusei.press.charts import share_bar

register = template.Library()


@register.filter
def bar(share: float) -> SafeString:
    """A thin bar of a share from 0 to 1, for the cell beside the number that says the same."""
    return share_bar(share)
