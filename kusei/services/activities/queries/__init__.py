"""Every read of activities."""

from kusei.services.activities.queries.calendar import (
    Asked,
    Intakes,
    Listed,
    activity_by_public_id,
    activity_page,
    listed,
    places_in,
)

__all__ = [
    "Asked",
    "Intakes",
    "Listed",
    "activity_by_public_id",
    "activity_page",
    "listed",
    "places_in",
]
