"""Words for lines of the audit trail."""

from __future__ import annotations

from typing import Any

from django import template

from kusei.press.differences import SAME, TextPiece, text_pieces
from kusei.wards import audit
from kusei.wards.models import AuditEntry

register = template.Library()

_SHORT = 12
"""Shorter values are read at a glance: before → after."""
_AROUND = 16


@register.filter
def verb_label(verb: str) -> str:
    """役割を与えた for wards.grant_role."""
    return audit.verb_label(verb)


@register.filter
def changes(entry: AuditEntry) -> list[dict[str, Any]]:
    """Each changed field with its label, before and after; `pieces` where the two are told word by word."""
    told = []
    for field, (before, after) in entry.changes.items():
        verb = entry.verb
        old, new = audit.value_label(field, before, verb), audit.value_label(field, after, verb)
        label = audit.field_label(field, verb)
        told.append({"label": label, "before": old, "after": new, "pieces": _pieces(old, new)})
    return told


def _pieces(old: str, new: str) -> tuple[TextPiece, ...]:
    """What differs between two longer texts, with a few words around it; nothing where one of them replaces the other whole."""
    if min(len(old), len(new)) < _SHORT:
        return ()
    pieces = text_pieces(old, new)
    if not any(each.kind == SAME for each in pieces):
        return ()
    last = len(pieces) - 1
    return tuple(_shortened(each, at == 0, at == last) for at, each in enumerate(pieces))


def _shortened(piece: TextPiece, is_first: bool, is_last: bool) -> TextPiece:
    """A run that both texts have, with its middle left out; of the first the end is shown, of the last the start."""
    text = piece.text
    if piece.kind != SAME or len(text) <= 3 * _AROUND:
        return piece
    start = "" if is_first else text[:_AROUND]
    end = "" if is_last else text[-_AROUND:]
    return TextPiece(SAME, f"{start}…{end}")
