"""How quantities are written in sentences: in the metric's own unit and decimals."""

from __future__ import annotations

from kusei.ledger.models import Metric
from kusei.ledger.rules import from_smallest
from kusei.press import formats


def number_said(quantity: int, metric: Metric) -> str:
    """1,251 or 11.5: the number alone."""
    return formats.whole(from_smallest(quantity, metric.decimals))


def said(quantity: int | None, metric: Metric) -> str:
    """1,251人 as plain text; a dash where a figure cannot be worked out."""
    if quantity is None:
        return "—"
    before, behind = formats.around(metric.unit)
    return f"{before}{number_said(quantity, metric)}{behind}"
