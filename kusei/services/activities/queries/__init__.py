"""Every read of activities."""

from kusei.services.activities.queries.calendar import (
    Intakes,
    Listed,
    activity_by_public_id,
    activity_page,
    intakes_of,
)
from kusei.services.activities.queries.finding import Asked, listed

__all__ = [
    "Asked",
    "Intakes",
    "Listed",
    "activity_by_public_id",
    "activity_page",
    "intakes_of",
    "listed",
]
