"""Records of meetings as staff and residents read them, and decisions that are still open."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from kusei.services.activities.enums import ActivityState
from kusei.services.activities.meeting_enums import Came, MinutesState
from kusei.services.activities.models import Activity, Decision, Minutes, Paper
from kusei.wards.models import Ward

OPEN, LATE, DONE = "open", "late", "done"


def public_minutes(activity: Activity) -> QuerySet[Minutes]:
    """Final records that everybody may see, newest first, with the numbers of those who came: bodies and people, no names."""
    present = Q(attendances__came=Came.PRESENT)
    found = Minutes.objects.filter(session__activity=activity, state=MinutesState.FINAL, is_public=True)
    return (
        found.select_related("session", "next_session")
        .annotate(
            people=Sum("attendances__people", filter=present),
            bodies=Count("attendances__body", filter=present, distinct=True),
        )
        .prefetch_related(
            "agenda", "decisions", Prefetch("papers", Paper.objects.filter(is_public=True).select_related("file"))
        )
        .order_by("-session__starts_at")
    )  # fmt: skip


def public_papers(ward: Ward) -> QuerySet[Paper]:
    """Papers that everybody may open."""
    return Paper.objects.filter(
        ward=ward, is_public=True, minutes__state=MinutesState.FINAL, minutes__is_public=True,
        minutes__session__activity__published_at__isnull=False,
    ).exclude(minutes__session__activity__state=ActivityState.DRAFT).select_related("file")  # fmt: skip


def decisions_of(
    ward: Ward, hosted: QuerySet[Activity], *, state: str, words: str, today: date
) -> QuerySet[Decision]:
    """Decisions of the meetings of these activities: open ones by their date (those without one last), late ones, or done ones."""
    found = Decision.objects.filter(ward=ward, minutes__session__activity__in=hosted.values("pk").order_by())
    if state == DONE:
        found = found.filter(done_on__isnull=False).order_by("-done_on", "-pk")
    else:
        found = found.filter(done_on__isnull=True)
        if state == LATE:
            found = found.filter(due_on__lt=today)
        found = found.annotate(no_date=Count("pk", filter=Q(due_on=None))).order_by("no_date", "due_on", "pk")
    for word in words.split()[:4]:
        found = found.filter(
            Q(text__icontains=word) | Q(doer__icontains=word) | Q(minutes__session__activity__title__icontains=word)
        )  # fmt: skip
    return found.select_related("minutes__session__activity", "done_by")
