"""Reading a mapping by a key that a template holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def keyed(mapping: Mapping[Any, Any], key: object) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key)
