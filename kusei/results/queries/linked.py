"""What a signed link shows: everything that one body still has to answer in a collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kusei.plans.queries import latest_nodes
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


def titles_by_link(
    collection: Collection, answers: Iterable[int], parts: Iterable[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """What the actions of these answers and of these parts are called, whatever state they are in: three queries."""
    of_answers = dict(collection.answers.filter(pk__in=answers).values_list("pk", "item"))
    mine = Contribution.objects.filter(answer__collection=collection, pk__in=parts)
    of_parts = dict(mine.values_list("pk", "answer__item"))
    nodes = latest_nodes(collection.ward, {*of_answers.values(), *of_parts.values()})

    def named(items: dict[int, int]) -> dict[int, str]:
        return {pk: nodes[item].title if item in nodes else "" for pk, item in items.items()}

    return named(of_answers), named(of_parts)
