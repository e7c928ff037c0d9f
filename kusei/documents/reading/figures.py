"""Counts in a result, as the draft keeps them. What counts as a figure is told by `kusei.japanese.counted`."""

from __future__ import annotations

from kusei.documents.reading.model import Figure
from kusei.japanese.counted import counts_in


def read_figures(text: str) -> list[Figure]:
    """The figures of a text: whole numbers as int, others as float."""
    return [
        Figure(int(value) if value == value.to_integral_value() else float(value), unit, label)
        for value, unit, label in counts_in(text)
    ]
