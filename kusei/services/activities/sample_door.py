"""Something of the invented sample ward that is on today, so that the door can be tried: names to tap, and two who just came."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from kusei.plans.models import Item
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.operations import Contact, Details, Someone, When
from kusei.services.activities.sample_ground import at, working_day
from kusei.wards.models import Body, District, Person, Ward

_PEOPLE = (
    ("見本 あおい", "みほん あおい"), ("川上 見本", "かわかみ みほん"), ("佐々 見本", "ささ みほん"), ("谷 見本", "たに みほん"),
    ("西 見本", "にし みほん"), ("浜 見本", "はま みほん"), ("丸 見本", "まる みほん"), ("山 見本", "やま みほん"),
)  # fmt: skip


def add_open_door(ward: Ward, item: Item, actor: Person) -> None:
    """Exercises in the park from nine to five; from earlier or until later where the sample is built then, so that they are on."""
    now = timezone.now()
    this_hour = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    today = this_hour.date()
    begin = min(at(today, 9), this_hour)
    end = min(max(at(today, 17), this_hour + timedelta(hours=2)), at(today + timedelta(days=1), 0))
    activity = activities.add_activity(
        ward=ward, item=item, host=Body.objects.get(ward=ward, name="地域振興課"), actor=actor,
        details=Details(
            ActivityKind.COURSE, "公園の健康体操", "音楽に合わせて体を動かします。好きな時間に来て、見るだけでもかまいません。", "どなたでも",
            bring="飲み物、タオル", contact="地域振興課（見本）", is_step_free=True,
        ),
    )  # fmt: skip
    intake = activities.add_intake(
        activity=activity, quotas={"": 12}, opens_at=at(working_day(-20), 9), closes_at=at(working_day(-1), 17), actor=actor
    )  # fmt: skip
    session = activities.add_sessions(
        activity=activity,
        whens=[When(begin, end, "南浜公園", District.objects.get(ward=ward, name="南浜"))],
        intake=intake,
        actor=actor,
    )[0]
    activities.publish_activity(activity=activity, actor=actor)
    for name, kana in _PEOPLE:
        activities.apply_for(
            intake=intake, ticket=uuid4(), people=[Someone(name, kana)], contact=Contact(telephone="000-0000-0000"),
            now=at(working_day(-5), 10),
        )  # fmt: skip
    activities.count_walk_ins(session=session, by=2, actor=actor)
