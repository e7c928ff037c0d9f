"""What is told otherwise than before, field by field, for pages that show both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kusei.portal.figure_words import label_of, written
from kusei.press.differences import TextPiece, text_pieces
from kusei.results.enums import Outcome
from kusei.results.queries import Corrected, Figure, Result, ResultChange


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that an item says otherwise: both texts, and where they differ."""

    label: str
    old: str
    new: str

    @property
    def pieces(self) -> tuple[TextPiece, ...]:
        return text_pieces(self.old, self.new)


def result_fields(changes: Iterable[ResultChange]) -> tuple[FieldChange, ...]:
    """What a correction of a result changed, in words."""
    return tuple(_field(change) for change in changes)


def _field(change: ResultChange) -> FieldChange:
    if change.what == Corrected.OUTCOME:
        return FieldChange(_("状況"), str(Outcome(change.old).label), str(Outcome(change.new).label))
    if change.what == Corrected.FIGURE:
        figure = change.new_figure or change.old_figure
        label = _("数値（%(label)s）") % {"label": label_of(figure)} if figure and figure.label else _("数値")
        return FieldChange(label, _number(change.old_figure), _number(change.new_figure))
    return FieldChange(_("実施した取組結果"), change.old, change.new)


def _number(figure: Figure | None) -> str:
    return written(figure.value, figure.unit) if figure else ""


def result_news(result: Result) -> tuple[FieldChange, ...]:
    """A result that is told for the first time."""
    fields = [FieldChange(_("状況"), "", result.outcome_label)]
    if result.text:
        fields.append(FieldChange(_("実施した取組結果"), "", result.text))
    return tuple(fields)
