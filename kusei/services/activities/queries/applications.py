"""One application, found by the token of its link."""

from __future__ import annotations

from django.db.models import Count, Q

from kusei.notices.operations import hash_of
from kusei.services.activities.enums import SeatState
from kusei.services.activities.models import Application, Seat
from kusei.wards.models import Ward


def application_by_token(ward: Ward, token: str) -> Application | None:
    """None for a token that opens nothing in this ward."""
    found = Application.objects.filter(ward=ward, token_hash=hash_of(token), forgotten_at__isnull=True)
    return found.select_related("intake__activity__host", "ward").first()


def people_before(application: Application) -> int:
    """How many people wait before the first of this application who waits."""
    own = (
        application.seats.filter(state=SeatState.WAITING)
        .order_by("turn")
        .values_list("turn", flat=True)
        .first()
    )
    if own is None:
        return 0
    return int(
        Seat.objects.filter(intake=application.intake_id).aggregate(
            before=Count("pk", filter=Q(state=SeatState.WAITING, turn__lt=own))
        )["before"]
    )
