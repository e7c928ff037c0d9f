"""What of this year's indicators goes on with the items that go on."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import ItemText, Link, Plan
from kusei.results.models import Indicator


def taken_items(plan: Plan, newer: Plan) -> dict[int, int]:
    """This year's items that next year's plan has, by any link that says so, refused ones left out: older → newer."""
    links = Link.objects.filter(from_item__plan=newer, to_item__plan=plan, kind=LinkKind.CONTINUES).exclude(
        status=LinkStatus.REFUSED
    )
    return {older: new for new, older in links.values_list("from_item", "to_item")}


def standing_among(items: Collection[int]) -> set[int]:
    """Those of some items that stand in any version: what was taken out of a draft does not."""
    return set(ItemText.objects.filter(item__in=list(items)).values_list("item", flat=True))


def indicators_to_carry(plan: Plan, items: Collection[int]) -> list[Indicator]:
    """Indicators of a plan that next year's does not have yet, on the items that go on; those that are used no more and those
    whose items all end are left behind: two queries."""
    going = set(items)
    went_on = Indicator.objects.filter(
        Exists(ItemText.objects.filter(item=OuterRef("item"))), continues=OuterRef("pk")
    )
    found = (
        Indicator.objects.filter(~Exists(went_on), item__plan=plan, ended_on__isnull=True)
        .select_related("metric", "body")
        .prefetch_related("items", "targets")
    )
    return [
        each
        for each in found
        if each.item_id in going
        and (not each.items.all() or any(item.pk in going for item in each.items.all()))
    ]
