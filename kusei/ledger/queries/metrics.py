"""What can be counted."""

from __future__ import annotations

from django.db.models import Q, Sum

from kusei.ledger.models import KeptSum, Metric
from kusei.wards.models import Ward


def usable_metrics(ward: Ward, *, ended: bool = False) -> list[Metric]:
    """What the ward can count: what code declares, and its own; those that were ended only where asked for."""
    found = Metric.objects.filter(Q(ward=ward) | Q(ward__isnull=True))
    return list(found if ended else found.filter(ended_on__isnull=True))


def metric_of(ward: Ward, metric_id: int) -> Metric | None:
    """One that the ward can count by, with what a rate divides; None for another ward's."""
    found = Metric.objects.filter(Q(ward=ward) | Q(ward__isnull=True), pk=metric_id)
    return found.select_related("numerator", "denominator").first()


def uses_of_metrics(ward: Ward) -> dict[int, int]:
    """By metric, how many entries of the ward stand on it, of all years."""
    sums = KeptSum.objects.filter(ward=ward, entries__gt=0).order_by().values_list("metric")
    return dict(sums.annotate(n=Sum("entries")).values_list("metric", "n"))
