"""Whom to reach for a visit, and what was written: shown to those who host it, each look recorded; and to the group itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kusei.notices.sealing import unseal
from kusei.services.activities.models import VisitRequest
from kusei.services.activities.operations.visits import keeping
from kusei.services.activities.operations.visits.asking import VisitContact, unsealed
from kusei.services.activities.operations.visits.telling import SEALED
from kusei.services.activities.permissions import may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.visit_enums import VisitVerb
from kusei.wards import permissions
from kusei.wards.models import Person


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """The contact person, and what was written to and fro as (side, when, text)."""

    contact: VisitContact
    lines: tuple[tuple[str, datetime, str], ...]


@transaction.atomic
def see_visit(*, request: VisitRequest, actor: Person) -> SeenVisit | None:
    """For staff of a hosting body; None once it is deleted. Raises NotAllowed."""
    permissions.require(
        may_see_applicants(permissions.rights_of(actor), request.ward, host_ids(request.activity))
    )
    found = seen_by_group(request)
    if found is not None:
        keeping.record(request, VisitVerb.SEEN, actor)
    return found


def seen_by_group(request: VisitRequest) -> SeenVisit | None:
    """For whoever holds the request's link; None once it is deleted."""
    kept = unsealed(request)
    if not kept:
        return None
    kept.pop("token")
    lines = tuple(
        (each.side, each.written_at, str(unseal(each.sealed, purpose=SEALED)))
        for each in request.lines.exclude(sealed="")
    )
    return SeenVisit(VisitContact(**kept), lines)
