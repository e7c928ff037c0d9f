"""What a new activity may begin with: last year's, a template, and the plan item that goes on from last year's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from kusei.japanese.business_days import holiday_name
from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.plans.queries.links import one_by_one_back
from kusei.services.activities.enums import TemplateFor
from kusei.services.activities.models import Activity, Intake, Session
from kusei.services.activities.series import MOST_SESSIONS, in_year
from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import Rights

AT_EACH_PLACE = "like-"
"""Before an intake's id in a line's group: not that one, but one like it at each place."""
MOST_LINES = 2 * MOST_SESSIONS
"""Days that are left out stand in the table, too."""


@dataclass(frozen=True, slots=True)
class Line:
    """One session to be. `group` names what people apply by ("" where nobody applies); `was` is the day of last year's."""

    day: date
    begins: time
    ends: time
    part: str = ""
    place: str = ""
    district: int | None = None
    online_url: str = ""
    group: str = ""
    keep: bool = True
    was: date | None = None


def to_copy(ward: Ward, rights: Rights) -> QuerySet[Activity]:
    """What this person may make new ones like: what their bodies host (planners: all), and the ward's templates."""
    found = Activity.objects.filter(ward=ward)
    if not rights.has(ward, Role.PLANNER):
        mine = rights.bodies_in(ward)
        own = Q(host__in=mine) | Q(
            pk__in=Activity.cohosts.through.objects.filter(body__in=mine).values("activity")
        )
        found = found.filter(own | Q(template=TemplateFor.WARD))
    return found.select_related("host").order_by("-created_at", "-pk")


def templates(ward: Ward, rights: Rights) -> list[Activity]:
    """The templates of the ward and of one's bodies."""
    return list(to_copy(ward, rights).exclude(template="").order_by("title", "pk")[:100])


def of_last_year(ward: Ward, rights: Rights, *, today: date) -> QuerySet[Activity]:
    """What was on in the fiscal year before, in the order of its days."""
    year = fiscal_year_of(today) - 1
    zone = timezone.get_current_timezone()
    found = to_copy(ward, rights).annotate(first=Min("sessions__starts_at"), last=Max("sessions__ends_at"))
    begin = datetime(year, 4, 1, tzinfo=zone)
    return found.filter(first__gte=begin, first__lt=begin.replace(year=year + 1)).order_by("first", "pk")


def year_to_copy_into(like: Activity, *, today: date) -> int:
    """The fiscal year after that of its last session; not one that is over."""
    last = like.sessions.order_by("-starts_at").values_list("starts_at", flat=True).first()
    now = fiscal_year_of(today)
    return now if last is None else max(fiscal_year_of(timezone.localdate(last)) + 1, now)


def item_going_on(ward: Ward, item: int, candidates: Sequence[int]) -> int | None:
    """Of some items the one that continues this one, by the plans' links; itself where it is among them."""
    if item in candidates:
        return item
    back = one_by_one_back(ward, candidates)
    return next((each for each in candidates if item in back[each]), None)


def lines_like(like: Activity, fiscal_year: int) -> tuple[list[Line], dict[int | None, timedelta]]:
    """Its sessions on the same weekdays of another year; and how far each intake's sessions (None: those without) have moved.
    A day that is a holiday now and was none is left out until somebody says otherwise."""
    sessions = list(Session.objects.filter(activity=like, visit=None).order_by("starts_at", "pk"))
    days = sorted({timezone.localdate(each.starts_at) for each in sessions})
    new = dict(zip(days, in_year(days, fiscal_year), strict=True))
    lines: list[Line] = []
    moved: dict[int | None, timedelta] = {}
    for each in sessions:
        begin, end = timezone.localtime(each.starts_at), timezone.localtime(each.ends_at)
        was = begin.date()
        day = new[was]
        moved.setdefault(each.intake_id, day - was)
        lines.append(
            Line(
                day=day, begins=begin.time(), ends=end.time(), part=each.part, place=each.place, district=each.district_id,
                online_url=each.online_url, group=str(each.intake_id or ""),
                keep=not holiday_name(day) or bool(holiday_name(was)), was=was,
            )
        )  # fmt: skip
    return lines, moved


def window_like(intake: Intake, moved: timedelta) -> dict[str, object]:
    """What an intake was, its days of application moved like its sessions."""
    local = timezone.localtime
    return {
        "name": intake.name,
        "way": intake.way,
        "capacity": "、".join(f"{each.name} {each.capacity}".strip() for each in intake.quotas.all()),
        "opens_at": local(intake.opens_at).replace(tzinfo=None) + moved,
        "closes_at": local(intake.closes_at).replace(tzinfo=None) + moved,
        "most_people": intake.most_people,
        "offer_hours": intake.offer_hours,
        "takes": True,
    }
