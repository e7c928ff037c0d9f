"""What a signed link shows: everything that one body still has to answer in a collection."""

from __future__ import annotations

from dataclasses import dataclass

from kusei.results.answering import OPEN
from kusei.results.models import Collection, Contribution
from kusei.results.queries.answer_pages import Sheet, sheets_of
from kusei.wards.models import Body


@dataclass(frozen=True, slots=True)
class Linked:
    """The answers that the body leads and has not sent in, and its open parts of what others lead, each with its sheet."""

    sheets: tuple[Sheet, ...]
    parts: tuple[tuple[Contribution, Sheet], ...]

    @property
    def is_empty(self) -> bool:
        return not self.sheets and not self.parts


def open_for(collection: Collection, body: Body) -> Linked:
    """A constant number of queries."""
    answers = list(collection.answers.filter(lead=body, state__in=OPEN).select_related("lead", "item"))
    parts = list(
        Contribution.objects.filter(
            body=body, is_done=False, answer__collection=collection, answer__state__in=OPEN
        ).select_related("answer__lead", "answer__item", "body")
    )
    every = sheets_of(collection, [*answers, *(part.answer for part in parts)])
    return Linked(tuple(every[: len(answers)]), tuple(zip(parts, every[len(answers) :], strict=True)))
