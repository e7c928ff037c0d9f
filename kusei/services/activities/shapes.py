"""Shapes to begin with: what most courses, events, lotteries and meetings have in common. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import ActivityKind, Way
from kusei.services.activities.series import Rhythm


@dataclass(frozen=True, slots=True)
class Shape:
    """What is filled in at the start; `seats` 0: nobody applies. `days_open` and `days_closed` are days before the first session."""

    key: str
    name: Any
    told: Any
    kind: ActivityKind
    begins: time
    ends: time
    count: int = 1
    rhythm: Rhythm = Rhythm.WEEKLY
    seats: int = 0
    way: Way = Way.FIRST_COME
    most_people: int = 4


SHAPES = {
    each.key: each
    for each in (
        Shape(
            "course", _("連続講座"), _("毎週や毎月、同じ人が続けて通います。一つの申込みが全部の回に当たります。先着順です。"),
            ActivityKind.COURSE, time(10), time(12), count=4, seats=20,
        ),
        Shape("event", _("一回の催し"), _("だれでも来られる、申込みのいらない催しです。人数は当日に数えます。"), ActivityKind.EVENT, time(10), time(15)),
        Shape(
            "lottery", _("抽選の見学会"), _("人気があり、抽選で決めるものです。期間の中ならいつ申し込んでも同じです。"),
            ActivityKind.WALK, time(13), time(15), seats=30, way=Way.LOTTERY, most_people=2,
        ),
        Shape(
            "meeting", _("会議"), _("毎月、決まった週の曜日に集まります。申込みはいりません。"),
            ActivityKind.MEETING, time(14), time(16), count=12, rhythm=Rhythm.MONTHLY,
        ),
        Shape("visit", _("出前講座"), _("団体に頼まれて伺います。日は、申込みを受けてから一つずつ決めます。"), ActivityKind.VISIT, time(10), time(11)),
    )
}  # fmt: skip
"""By key."""
