"""Words for lines of the audit trail."""

from __future__ import annotations

from django import template

from kusei.wards import audit
from kusei.wards.models import AuditEntry

register = template.Library()


@register.filter
def verb_label(verb: str) -> str:
    """役割を与えた for wards.grant_role."""
    return audit.verb_label(verb)


@register.filter
def changes(entry: AuditEntry) -> list[dict[str, str]]:
    """Each changed field with its label, before and after."""
    return [
        {
            "label": audit.field_label(field),
            "before": audit.value_label(field, before),
            "after": audit.value_label(field, after),
        }
        for field, (before, after) in entry.changes.items()
    ]
