"""Bodies were joined, ended or go on after all: whatever is counted by who acts for whom is counted anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kusei.plans.models import Item
from kusei.services.activities.models import VisitGroup
from kusei.services.activities.operations import meetings
from kusei.services.activities.operations.visits import following, keeping
from kusei.wards.models import Person, Ward


@dataclass(frozen=True, slots=True)
class Held:
    """What is counted by some bodies and locked: meetings by (item, fiscal year), and groups that are visited."""

    ward: Ward
    meetings: Collection[tuple[int, int]]
    groups: Collection[int]


def hold_counted_by(ward: Ward, bodies: Collection[int]) -> Held:
    """Lock it, in the transaction that says who acts for whom, before the ledger is kept waiting (`ledger.follow_succession`)."""
    groups = keeping.hold_groups(
        VisitGroup.objects.filter(ward=ward, body__in=bodies).values_list("pk", flat=True)
    )
    places = meetings.places_of(ward, bodies)
    items = Item.objects.select_for_update(no_key=True).filter(pk__in={item for item, _year in places})
    list(items.order_by("pk").values_list("pk"))
    return Held(ward, sorted(places), sorted(groups))


def count_anew(held: Held, actor: Person | None) -> None:
    """Make the ledger say what the records say now."""
    meetings.repost_meetings(ward=held.ward, places=held.meetings, actor=actor)
    following.recount(held.ward, held.groups, actor)
