"""What can be counted."""

from __future__ import annotations

from django.db.models import Q

from kusei.ledger.models import Metric
from kusei.wards.models import Ward


def usable_metrics(ward: Ward, *, ended: bool = False) -> list[Metric]:
    """What the ward can count: what code declares, and its own; those that were ended only where asked for."""
    found = Metric.objects.filter(Q(ward=ward) | Q(ward__isnull=True))
    return list(found if ended else found.filter(ended_on__isnull=True))
