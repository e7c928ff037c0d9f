"""A rally that goes on now, for the tests of this room and of its pages."""

from __future__ import annotations

from uuid import uuid4

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import Card, Rally
from kusei.services.activities.operations import Details, RallyRules, Stop, When
from kusei.services.activities.tests.ground import in_days
from kusei.wards.models import District


def rally_of(
    ground: Ground, *, stations: int = 3, needed: int = 2, begins: float = -3, ends: float = 10, published: bool = True, **rules: object
) -> Rally:  # fmt: skip
    """Run by 地域振興課 for the first action; the first station lies in a district."""
    clerk = ground.cast.clerk
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
        details=Details(ActivityKind.RALLY, "ぼうさいラリー"), actor=clerk,
    )  # fmt: skip
    activities.add_sessions(activity=activity, whens=[When(in_days(begins), in_days(ends))], actor=clerk)
    rally = activities.set_up_rally(
        activity=activity, rules=RallyRules(needed, **rules), revision=None, actor=clerk
    )  # type: ignore[arg-type]
    district, _made = District.objects.get_or_create(ward=ground.cast.ward, name="北台", folded="北台")
    for number in range(stations):
        activities.add_station(
            rally=rally, stop=Stop(f"場所{number + 1}", district=None if number else district), actor=clerk
        )
    if published:
        activities.publish_activity(activity=activity, actor=clerk)
    return Rally.objects.select_related("activity", "ward").get(pk=rally.pk)


def card_on(rally: Rally, stamps: int = 0, *, days: float = 0) -> Card:
    """A card with so many stamps, all of one day."""
    moment = in_days(days)
    card, _number = activities.start_card(rally=rally, ticket=uuid4(), now=moment)
    for station in rally.stations.all()[:stamps]:
        activities.collect_stamp(card=card, code=station.code, now=moment)
    card.refresh_from_db()
    return card
