"""Figures typed into answers, with what the ledger says and what was decided about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kusei.ledger.queries.metrics import usable_metrics
from kusei.results.live import LiveFigure
from kusei.results.models import Answer, Collection, TypedFigure
from kusei.results.proposals import Countable
from kusei.results.queries.answers import live_figures
from kusei.results.typed import Decided, typed_figures
from kusei.results.typed import TypedFigure as Typed


def typed_of(answer: Answer, figures: Sequence[LiveFigure]) -> list[Typed]:
    """Every figure typed in an answer's text, with the metrics that it could be counted as; two queries."""
    metrics = [Countable.of(each) for each in usable_metrics(answer.ward)]
    return typed_figures(answer.text, figures, _decided([answer])[answer.pk], metrics)


def open_typed(collection: Collection, answers: Sequence[Answer]) -> dict[int, int]:
    """By answer, how many typed figures the ledger does not back and nobody decided about, or backs twice; four queries for any number."""
    written = [answer for answer in answers if answer.text]
    if not written:
        return {}
    figures = live_figures(
        collection.ward, collection.plan.fiscal_year, [answer.item_id for answer in written]
    )
    decided = _decided(written)
    counts = {
        answer.pk: sum(
            each.needs_a_look
            for each in typed_figures(answer.text, figures[answer.item_id], decided[answer.pk])
        )
        for answer in written
    }
    return {answer: count for answer, count in counts.items() if count}


def _decided(answers: Sequence[Answer]) -> dict[int, dict[str, Decided]]:
    found: dict[int, dict[str, Decided]] = defaultdict(dict)
    for each in TypedFigure.objects.filter(answer__in=answers):
        found[each.answer_id][each.key] = Decided(
            each.key, each.metric_id, each.quantity, each.why, each.decided_by_name
        )
    return found
