"""Every public address of a ward, with when it last changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone

from kusei.plans.enums import PlanStatus
from kusei.plans.models import ItemOwner, ItemText
from kusei.services.activities.enums import SHOWN
from kusei.services.activities.models import Activity
from kusei.wards.models import Ward

ACTIVITIES_IN_A_FILE = 5_000
_LATELY = timedelta(days=365)
ITEMS_IN_A_FILE = 20_000
"""A sitemap may hold 50,000 addresses; a ward's other pages come with the first piece."""


@dataclass(frozen=True, slots=True)
class ItemAddress:
    """One page and when it was last published: an item's with a version that holds it, an activity's by itself."""

    public_id: UUID
    changed_at: datetime


def items_by_ward() -> dict[int, int]:
    """How many published items each ward has. Crosses tenants: for the index of all sitemaps only."""
    rows = (
        ItemText.objects.filter(version__status=PlanStatus.PUBLISHED)
        .order_by()
        .values("ward_id")
        .annotate(items=Count("item_id", distinct=True))
    )
    return {row["ward_id"]: row["items"] for row in rows}


def item_addresses(ward: Ward, page: int) -> list[ItemAddress]:
    """One piece of the ward's items, in an order that stays."""
    first = (page - 1) * ITEMS_IN_A_FILE
    rows = (
        ItemText.objects.filter(ward=ward, version__status=PlanStatus.PUBLISHED)
        .order_by("item_id")
        .values("item_id", "item__public_id")
        .annotate(changed_at=Max("version__published_at"))
    )
    return [
        ItemAddress(row["item__public_id"], row["changed_at"])
        for row in rows[first : first + ITEMS_IN_A_FILE]
    ]


def activity_addresses(ward: Ward) -> list[ItemAddress]:
    """The activities that residents may see and that were on lately or are to come, newest first."""
    shown = Activity.objects.filter(ward=ward, state__in=SHOWN, published_at__isnull=False)
    lately = shown.filter(sessions__ends_at__gt=timezone.now() - _LATELY).distinct()
    rows = lately.order_by("-published_at", "-pk").values_list("public_id", "published_at")
    return [ItemAddress(public_id, at) for public_id, at in rows[:ACTIVITIES_IN_A_FILE] if at is not None]


def bodies_by_year(ward: Ward) -> list[tuple[int, int]]:
    """The years and bodies that have a page: (fiscal year, body)."""
    rows = ItemOwner.objects.filter(ward=ward, text__version__status=PlanStatus.PUBLISHED)
    return sorted(set(rows.order_by().values_list("text__version__plan__fiscal_year", "body_id")))
