"""Figures of printed results that could be taken into the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kusei.ledger.queries.metrics import usable_metrics
from kusei.plans.models import PlanVersion
from kusei.results.models import ReportedFigure, TakenFigure
from kusei.results.proposals import Countable, Printed, Proposal, propose, same_figures


def proposals_of(version: PlanVersion) -> list[Proposal]:
    """A proposal for each figure that a version prints, in the order of print; figures that came from the ledger are none."""
    rows = (
        ReportedFigure.objects.filter(result__version=version, metric__isnull=True)
        .order_by("result__pk", "position")
        .values_list("result__item", "position", "value", "unit", "label")
    )
    metrics = [Countable.of(each) for each in usable_metrics(version.ward)]
    return propose([Printed(*row) for row in rows], metrics)


def taken_of(
    version: PlanVersion, proposals: Sequence[Proposal] | None = None
) -> dict[tuple[int, int], TakenFigure]:
    """What was taken over already, by item and place in the text of this version: a correction may have moved it."""
    then: dict[int, dict[int, TakenFigure]] = defaultdict(dict)
    for figure in TakenFigure.objects.filter(ward=version.ward, item__plan=version.plan).select_related(
        "metric"
    ):
        then[figure.item_id][figure.position] = figure
    now: dict[int, dict[int, tuple[int | None, str]]] = defaultdict(dict)
    for each in proposals_of(version) if proposals is None else proposals:
        metric = each.metric.id if each.metric is not None else None
        now[each.printed.item][each.printed.position] = (metric, each.printed.words)
    return {
        (item, place): figures[before]
        for item, figures in then.items()
        for place, before in same_figures(
            {position: (figure.metric_id, figure.printed) for position, figure in figures.items()}, now[item]
        ).items()
    }
