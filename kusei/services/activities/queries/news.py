"""What residents may know of when activities were published, changed and called off. The audit trail says when (ADR 0020)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from kusei.services.activities.enums import SHOWN, ActivityVerb
from kusei.services.activities.models import Activity, Session
from kusei.wards.models import AuditEntry, Ward

_TARGET = "activities.activity"
_PUBLIC = {
    ActivityVerb.PUBLISHED: "new",
    ActivityVerb.CHANGED: "changed",
    ActivityVerb.SESSIONS_ADDED: "changed",
    ActivityVerb.SESSIONS_CHANGED: "changed",
    ActivityVerb.SESSION_REMOVED: "changed",
    ActivityVerb.SESSION_MOVED: "changed",
    ActivityVerb.SESSION_REOPENED: "changed",
    ActivityVerb.REOPENED: "changed",
    ActivityVerb.WINDOW: "changed",
    ActivityVerb.SESSION_CALLED_OFF: "called_off",
    ActivityVerb.CALLED_OFF: "called_off",
}
"""What residents are told of, and as what."""

_VERBS = [verb.value for verb in _PUBLIC]


@dataclass(frozen=True, slots=True)
class News:
    """What last happened to an activity: new, changed or called_off. Why is said by its sessions: the trail's own words are the office's."""

    activity: Activity
    at: datetime
    what: str


def news_of(ward: Ward, *, among: QuerySet[Session] | None = None, most: int = 50) -> list[News]:
    """The activities that changed last, newest first; `among` their sessions. Three queries."""
    shown = Activity.objects.filter(ward=ward, state__in=SHOWN, published_at__isnull=False)
    if among is not None:
        shown = shown.filter(pk__in=among.order_by().values("activity"))
    activities = {str(each.pk): each for each in shown.select_related("host", "ward")}
    rows = _trail(ward, activities).order_by().values("target_id").annotate(last=Max("pk"))
    newest = [row["last"] for row in rows.order_by("-last")[:most]]
    return [
        News(
            activities[entry.target_id],
            entry.at,
            _PUBLIC[ActivityVerb(entry.verb)],
        )
        for entry in AuditEntry.objects.filter(pk__in=newest).order_by("-pk")
    ]


def changed_at(ward: Ward, activities: Iterable[Activity]) -> dict[int, datetime]:
    """When what residents see of these last changed, by id. One query."""
    rows = _trail(ward, [str(each.pk) for each in activities]).order_by().values_list("target_id")
    return {int(pk): at for pk, at in rows.annotate(Max("at"))}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether anything changed: `mark` is another after every change, `at` is when the last one was."""

    mark: str
    at: datetime | None


def standing_of(ward: Ward) -> Standing:
    """How the ward's activities stand, without reading them. Three queries."""
    sessions = Session.objects.filter(ward=ward).aggregate(n=Count("pk"), sum=Sum("revision"))
    activities = Activity.objects.filter(ward=ward).aggregate(
        n=Count("pk"), sum=Sum("revision"), shown=Count("pk", filter=Q(state__in=SHOWN))
    )
    newest = AuditEntry.objects.filter(ward=ward, target_type=_TARGET, verb__in=_VERBS).order_by("-at")
    at = newest.values_list("at", flat=True).first()
    marks = (
        *sessions.values(), *activities.values(), timezone.localdate(), at.isoformat() if at else "",
    )  # fmt: skip
    return Standing("-".join(str(each) for each in marks), at)


def _trail(ward: Ward, target_ids: Iterable[str]) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(
        ward=ward, target_type=_TARGET, target_id__in=list(target_ids), verb__in=_VERBS
    )
