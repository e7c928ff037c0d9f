"""Who was told what of an activity, and who still has to be telephoned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from kusei.services.activities.enums import Occasion
from kusei.services.activities.models import Activity, Session, Telling
from kusei.wards.models import Ward

NOT_MAILED = Q(by_mail=False) | Q(
    notice__isnull=False,
    notice__sent_at__isnull=True,
    notice__next_try_at__isnull=True,
    notice__begun_at__isnull=True,
)
"""No address was given, or the mail server refused it for good."""

_REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Round:
    """Everybody told of one thing: how many by mail, how many of the others were telephoned, and those others."""

    about: str
    occasion: Occasion
    session: Session | None
    at: datetime
    count: int
    mailed: int
    telephoned: int
    to_telephone: Sequence[Telling]


def rounds_of(activity: Activity) -> QuerySet[Telling, Any]:
    """Each thing that was told once, newest first: one row of counts each."""
    rows = Telling.objects.filter(activity=activity).order_by().values("about", "occasion", "session")
    return rows.annotate(
        at=Max("made_at"), count=Count("pk"), others=Count("pk", filter=NOT_MAILED)
    ).order_by("-at", "about")


def filled(activity: Activity, rows: Iterable[Any]) -> list[Round]:
    """The rounds of a page's rows with those to telephone, in two queries for any number."""
    shown = list(rows)
    people: dict[str, list[Telling]] = defaultdict(list)
    found = Telling.objects.filter(NOT_MAILED, activity=activity, about__in=[row["about"] for row in shown])
    for each in found.select_related("application__intake", "telephoned_by").order_by(
        "application__number", "pk"
    ):
        people[each.about].append(each)
    sessions = Session.objects.in_bulk([row["session"] for row in shown if row["session"]])
    return [
        Round(
            about=row["about"],
            occasion=Occasion(row["occasion"]),
            session=sessions.get(row["session"]),
            at=row["at"],
            count=row["count"],
            mailed=row["count"] - row["others"],
            telephoned=sum(each.telephoned_at is not None for each in people[row["about"]]),
            to_telephone=people[row["about"]],
        )
        for row in shown
    ]


def open_calls(
    ward: Ward, activities: Iterable[Activity] | QuerySet[Activity], *, now: datetime | None = None
) -> dict[int, int]:
    """How many calls are left to make, by activity: of sessions to come, and of what happened in the last 30 days."""
    moment = now or timezone.now()
    found = Telling.objects.filter(NOT_MAILED, ward=ward, activity__in=activities, telephoned_at__isnull=True)
    found = found.filter(Q(session__starts_at__gt=moment) | Q(session=None, made_at__gt=moment - _REMEMBERED))
    return dict(found.order_by().values_list("activity").annotate(Count("pk")))
