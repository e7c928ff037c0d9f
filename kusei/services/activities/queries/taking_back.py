"""What leaves the figures when a session is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from kusei.ledger.queries.entries import standing_entries
from kusei.services.activities import dispatch_metrics, meeting_metrics, metrics
from kusei.services.activities.models import Minutes, Session


@dataclass(frozen=True, slots=True)
class Leaving:
    """A figure of one session."""

    name: str
    quantity: int
    unit: str


def leaving(session: Session) -> list[Leaving]:
    """What the ledger says of a session itself, of who was sent to it and of the record of its meeting. Two queries."""
    of_session = Q(source_kind__in=(metrics.SOURCE_KIND, dispatch_metrics.SOURCE_KIND), source_id=session.pk)
    of_record = Q(
        source_kind=meeting_metrics.SOURCE_KIND,
        source_id__in=list(Minutes.objects.filter(session=session).values_list("pk", flat=True)),
    )
    found = standing_entries().filter(of_session | of_record, ward=session.ward, quantity__gt=0)
    return [
        Leaving(*row)
        for row in found.order_by("metric").values_list("metric__name", "quantity", "metric__unit")
    ]
