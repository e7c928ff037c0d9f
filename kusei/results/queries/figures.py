"""Figures of printed results that could be taken into the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kusei.ledger.models import SharedIn
from kusei.ledger.queries.metrics import usable_metrics
from kusei.plans.models import PlanVersion
from kusei.results.models import ReportedFigure, TakenFigure
from kusei.results.proposals import Countable, Printed, Proposal, propose, same_figures

SOURCE_KIND = "results.printed"
"""What figures taken over from documents are called among the kinds of records."""

Place = tuple[int, int]
"""Where a figure is printed: (item, position in its text)."""


def proposals_of(version: PlanVersion) -> list[Proposal]:
    """A proposal for each figure that a version prints, in the order of print; figures that came from the ledger are none."""
    rows = (
        ReportedFigure.objects.filter(result__version=version, metric__isnull=True)
        .order_by("result__pk", "position")
        .values_list("result__item", "position", "value", "unit", "label")
    )
    metrics = [Countable.of(each) for each in usable_metrics(version.ward)]
    return propose([Printed(*row) for row in rows], metrics)


def counted_of(
    version: PlanVersion, proposals: Sequence[Proposal] | None = None
) -> tuple[dict[Place, TakenFigure], dict[Place, SharedIn]]:
    """What was taken over already, and what was said to be another action's, by place in the text of this version: a
    correction may have moved it."""
    then: dict[int, dict[int, TakenFigure | SharedIn]] = defaultdict(dict)
    ward, plan = version.ward, version.plan
    for figure in TakenFigure.objects.filter(ward=ward, item__plan=plan).select_related("metric"):
        then[figure.item_id][figure.position] = figure
    seen = SharedIn.objects.filter(ward=ward, shared__source_kind=SOURCE_KIND, item__plan=plan)
    for each in seen.exclude(slot="").select_related("shared__ward", "item"):
        then[each.item_id][seen_position(each)] = each
    now: dict[int, dict[int, tuple[int | None, str]]] = defaultdict(dict)
    for proposal in proposals_of(version) if proposals is None else proposals:
        metric = proposal.metric.id if proposal.metric is not None else None
        now[proposal.printed.item][proposal.printed.position] = (metric, proposal.printed.words)
    found = {
        (item, place): figures[before]
        for item, figures in then.items()
        for place, before in same_figures(
            {position: _known_by(figure) for position, figure in figures.items()}, now[item]
        ).items()
    }
    return (
        {place: each for place, each in found.items() if isinstance(each, TakenFigure)},
        {place: each for place, each in found.items() if isinstance(each, SharedIn)},
    )


def seen_slot(position: int, words: str) -> str:
    """How `SharedIn` keeps which printed figure of the action is meant: its place in the text and how it is printed."""
    return f"{position}|{words}"


def seen_position(seen: SharedIn) -> int:
    """The place in the text of the version for which it was said."""
    return int(seen.slot.partition("|")[0])


def _known_by(figure: TakenFigure | SharedIn) -> tuple[int, str]:
    if isinstance(figure, TakenFigure):
        return figure.metric_id, figure.printed
    return figure.shared.metric_id, figure.slot.partition("|")[2]
