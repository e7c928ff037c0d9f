"""Visiting lectures: the themes that groups can ask for, and requests by their link."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.notices.operations import hash_of
from kusei.services.activities.enums import ActivityKind, ActivityState
from kusei.services.activities.models import Activity, VisitGroup, VisitRequest
from kusei.wards.models import District, Ward
from kusei.wards.queries import districts_of


def themes_of(ward: Ward, *, words: str = "") -> list[Activity]:
    """What groups can ask for now, by name, with its terms."""
    found = Activity.objects.filter(
        ward=ward, kind=ActivityKind.VISIT, state=ActivityState.PUBLISHED, visit_terms__isnull=False
    )
    for word in words.split()[:5]:
        found = found.filter(title__icontains=word)
    return list(found.select_related("host", "visit_terms").order_by("title", "pk"))


def theme_by_public_id(ward: Ward, public_id: UUID) -> Activity | None:
    """One that can be asked for now."""
    found = Activity.objects.filter(ward=ward, public_id=public_id, kind=ActivityKind.VISIT)
    return (
        found.filter(state=ActivityState.PUBLISHED, visit_terms__isnull=False)
        .select_related("host", "visit_terms", "ward")
        .first()
    )


def visit_by_token(ward: Ward, token: str) -> VisitRequest | None:
    """None for a token that opens nothing in this ward."""
    found = VisitRequest.objects.filter(ward=ward, token_hash=hash_of(token), forgotten_at__isnull=True)
    return found.select_related(
        "activity__host", "activity__visit_terms", "ward", "district", "group"
    ).first()


def districts_to_choose(ward: Ward) -> list[District]:
    """The districts that there are today."""
    return districts_of(ward, fiscal_year_of(timezone.localdate()))


def groups_like(request: VisitRequest) -> list[VisitGroup]:
    """The groups that a request's group could be the same as, by name; those of its own kind first."""
    own = request.group
    found = list(
        VisitGroup.objects.filter(ward=request.ward_id, same_as=None)
        .exclude(pk=own.pk)
        .select_related("body")
    )
    return sorted(found, key=lambda each: (each.kind != own.kind, each.folded, each.apart))
