"""Figures of printed results that could be taken into the ledger."""

from __future__ import annotations

from kusei.ledger.enums import Adding
from kusei.ledger.queries.metrics import usable_metrics
from kusei.plans.models import PlanVersion
from kusei.results.models import ReportedFigure, TakenFigure
from kusei.results.proposals import Countable, Printed, Proposal, propose


def proposals_of(version: PlanVersion) -> list[Proposal]:
    """A proposal for each figure that a version prints, in the order of print; figures that came from the ledger are none."""
    rows = (
        ReportedFigure.objects.filter(result__version=version, metric__isnull=True)
        .order_by("result__pk", "position")
        .values_list("result__item", "position", "value", "unit", "label")
    )
    metrics = [
        Countable(each.pk, each.name, each.unit, each.decimals, is_posted=each.adding != Adding.RATE)
        for each in usable_metrics(version.ward)
    ]
    return propose([Printed(*row) for row in rows], metrics)


def taken_of(version: PlanVersion) -> dict[tuple[int, int], TakenFigure]:
    """What was taken over already, by item and position."""
    found = TakenFigure.objects.filter(ward=version.ward, item__plan=version.plan).select_related("metric")
    return {(figure.item_id, figure.position): figure for figure in found}
