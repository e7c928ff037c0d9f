"""What somebody needs to know who fills an application in, or reads one that was filled in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from uuid import UUID

from kusei.services.activities.enums import ActivityState
from kusei.services.activities.models import Intake, Question, Quota
from kusei.services.activities.queries.asking import asked_now


@dataclass(frozen=True, slots=True)
class Asked:
    """What an intake asks for: kinds of places, questions; with its activity, host and ward."""

    intake: Intake
    quotas: tuple[Quota, ...]
    questions: tuple[Question, ...]


def asked_at(ward_key: str, public_id: UUID, intake_id: int) -> Asked | None:
    """The intake of an activity that residents may see."""
    shown = Intake.objects.filter(
        pk=intake_id, ward__key=ward_key, activity__public_id=public_id, activity__published_at__isnull=False
    )
    found = (
        shown.exclude(activity__state=ActivityState.DRAFT)
        .select_related("activity__host", "ward")
        .order_by()
        .first()
    )
    return Asked(found, tuple(found.quotas.all()), tuple(asked_now(found))) if found is not None else None


_READING = tuple(Lock() for _ in range(16))


def asked_lately(ward_key: str, public_id: UUID, intake_id: int) -> Asked | None:
    """`asked_at` as it was within this second: in a rush hundreds of forms are read by the same. Only to read a form that is handed
    to `apply_for`, which looks at all of it anew under its lock."""
    with _READING[intake_id % len(_READING)]:  # one asks for all who come in that moment
        return _asked(ward_key, public_id, intake_id, int(time.monotonic()))


@lru_cache(maxsize=256)
def _asked(ward_key: str, public_id: UUID, intake_id: int, second: int) -> Asked | None:
    return asked_at(ward_key, public_id, intake_id)
