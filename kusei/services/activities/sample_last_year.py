"""Last year's baby classes of the invented sample ward: over and counted, so that this year's can be made like them."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.operations import Details, When
from kusei.services.activities.sample_ground import action, at
from kusei.services.activities.series import Rhythm, days_of_series
from kusei.wards.models import Body, District, Person, Ward

_AHEAD = timedelta(weeks=5)
_PLACES = (("北台", "北台地区センター", 1), ("南浜", "南浜集会所", 3))
"""District, place and weekday (Monday 0)."""
_BABIES = (11, 12, 10, 13, 12)
_FATHERS = (1, 2, 0, 1, 3)


def add_last_year(ward: Ward, actor: Person) -> None:
    """Five Tuesdays at one place and five Thursdays at another; one of them called off. Nobody's application is kept.

    This year's days like them lie ahead, unless the fiscal year is nearly over.
    """
    begin = _first_day(timezone.localdate())
    made = activities.add_activity(
        ward=ward, item=action(ward, "赤ちゃん教室", years_ago=1), actor=actor,
        host=Body.objects.get(ward=ward, name="こども家庭支援課"),
        details=Details(
            ActivityKind.COURSE, "赤ちゃん教室", "歌と手遊びを楽しみ、子育ての話をします。5回で1組です。", "0歳の子と保護者",
            reach="living_or_working", bring="母子手帳、バスタオル", contact="こども家庭支援課（見本）", is_step_free=True,
        ),
    )  # fmt: skip
    sessions = []
    for name, place, weekday in _PLACES:
        intake = activities.add_intake(
            activity=made, name=f"{name}会場", quotas={"": 30}, actor=actor,
            opens_at=at(begin - timedelta(weeks=6), 9), closes_at=at(begin - timedelta(weeks=1), 17),
        )  # fmt: skip
        first = begin + timedelta(days=(weekday - begin.weekday()) % 7)
        days, _left = days_of_series(first, Rhythm.WEEKLY, len(_BABIES))
        district = District.objects.get(ward=ward, name=name)
        sessions += activities.add_sessions(
            activity=made, intake=intake, actor=actor,
            whens=[When(at(day), at(day, 11, 30), place, district) for day in days],
        )  # fmt: skip
    activities.publish_activity(activity=made, actor=actor, now=at(begin - timedelta(weeks=8), 9))
    *held, last = sessions
    for number, session in enumerate(held):
        babies, fathers = _BABIES[number % len(_BABIES)], _FATHERS[number % len(_FATHERS)]
        activities.count_session(
            session=session, heads=2 * babies, men=fathers, women=babies - fathers, children=babies,
            revision=session.revision, actor=actor,
        )  # fmt: skip
    activities.call_off_session(
        session=last, reason="暴風警報が出たため", revision=last.revision, actor=actor
    )


def _first_day(today: date) -> date:
    """In last fiscal year: where this year's weeks are five weeks ahead, but within that year."""
    year = fiscal_year_of(today) - 1
    like = today + _AHEAD - timedelta(weeks=52)
    return min(max(like, date(year, 5, 7)), date(year + 1, 3, 31) - timedelta(weeks=len(_BABIES) + 2))
