"""Activities in the search of residents: written into the index with every change that they see."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.press.formats import date_ja
from kusei.search import operations as search
from kusei.search.registry import SearchDocument
from kusei.services.activities.enums import SHOWN
from kusei.services.activities.models import Activity, Session
from kusei.wards.models import Ward

KIND = "activity"
_DAYS_TOLD = 24


def documents(ward: Ward | None) -> Iterator[SearchDocument]:
    """What residents may find: of one ward, or of all."""
    shown = _shown() if ward is None else _shown().filter(ward=ward)
    for activity in shown.order_by("pk").iterator(chunk_size=200):
        yield _document(activity)


def tell_search(activity: Activity) -> None:
    """Make the search know what residents see of this activity now. For operations of this room, in their transaction."""
    found = _shown().filter(pk=activity.pk).first()
    if found is None:
        search.remove_entries(KIND, [activity.pk])
    else:
        search.index_entries([_document(found)])


def _shown() -> QuerySet[Activity]:
    sessions = Prefetch("sessions", queryset=Session.objects.filter(visit=None).order_by("starts_at"))
    shown = Activity.objects.filter(state__in=SHOWN, published_at__isnull=False)
    return shown.select_related("ward", "host").prefetch_related(sessions, "translations")


def _document(activity: Activity) -> SearchDocument:
    sessions = list(activity.sessions.all())
    days = [timezone.localdate(each.starts_at) for each in sessions]
    pieces = [
        activity.text,
        activity.audience,
        activity.bring,
        activity.fee_note,
        activity.host.name,
        "、".join(dict.fromkeys(each.place for each in sessions if each.place)),
        *(f"{each.title}\n{each.text}" for each in activity.translations.all()),
        "、".join(date_ja(day) for day in days[:_DAYS_TOLD]),
    ]
    return SearchDocument(
        ward_id=activity.ward_id,
        kind=KIND,
        target_id=activity.pk,
        title=activity.title,
        body="\n".join(piece for piece in pieces if piece),
        url=reverse("portal:activity", args=[activity.ward.key, activity.public_id]),
        fiscal_year=fiscal_year_of(days[-1]) if days else None,
    )
