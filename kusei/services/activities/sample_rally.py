"""A rally of the invented sample ward: it goes on now, with a few cards and stamps."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from kusei.plans.models import Item
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.operations import Details, RallyRules, Stop, When
from kusei.wards.models import Body, District, Person, Ward

_STOPS = (
    ("北台地区センター", "1階入口", "9時～21時（第4月曜日は休み）"),
    ("こもれび中央駅前", "案内所", "8時～19時"),
    ("南浜公園", "管理棟の前", "いつでも"),
    ("こもれび図書館", "2階カウンター", "9時30分～19時"),
)


def add_rally(ward: Ward, item: Item, actor: Person) -> None:
    """Four stations, three of them needed; two cards begun yesterday and the day before."""
    now = timezone.now()
    morning = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0)
    activity = activities.add_activity(
        ward=ward, item=item, host=Body.objects.get(ward=ward, name="総務課"), actor=actor,
        details=Details(
            ActivityKind.RALLY, "まち歩きスタンプラリー", "四つの場所のうち三つを回ると、景品と引き換えられます。",
            "どなたでも", contact="総務課（見本）",
        ),
    )  # fmt: skip
    activities.add_sessions(
        activity=activity, whens=[When(morning - timedelta(days=5), morning + timedelta(days=26, hours=8), "区内4か所")], actor=actor
    )  # fmt: skip
    rally = activities.set_up_rally(
        activity=activity,
        rules=RallyRules(3, "手ぬぐい", "区役所1階 総合案内", 200),
        revision=None,
        actor=actor,
    )
    districts = list(District.objects.filter(ward=ward)[: len(_STOPS)])
    stations = [
        activities.add_station(
            rally=rally, stop=Stop(name, place, "", hours, districts[number % len(districts)] if districts else None), actor=actor,
        )
        for number, (name, place, hours) in enumerate(_STOPS)
    ]  # fmt: skip
    activities.publish_activity(activity=activity, actor=actor)
    for number, days in enumerate((2, 1)):
        moment = now - timedelta(days=days)
        card, _number = activities.start_card(rally=rally, ticket=UUID(int=number), now=moment)
        for station in stations[: 3 - number]:
            activities.collect_stamp(card=card, code=station.code, now=moment)
    activities.close_days(now)
