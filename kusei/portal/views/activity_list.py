"""講座・催し: what is on, day by day, fifty lines at once."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.activity_search import Search, months_from, search_in
from kusei.portal.activity_words import spoken
from kusei.portal.situations import SITUATIONS
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.queries.finding import districts_in, lines_of, places_in, to_come
from kusei.services.activities.queries.languages import languages_in
from kusei.services.activities.queries.visits import themes_of
from kusei.wards.models import Ward

LINES_ON_A_PAGE = 50
_MONTHS_TO_CHOOSE = 7


@require_safe
def activity_list(request: HttpRequest, key: str) -> HttpResponse:
    """What is on from today, or on the days that are asked for, narrowed by the address."""
    frame = frame_or_404(key)
    now = timezone.now()
    search = search_in(request.GET, today=timezone.localdate(now))
    page = Paginator(to_come(frame.ward, search.asked, now=now), LINES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    lines = lines_of(page.object_list, now=now)
    address = reverse("portal:activities", args=[key])
    return ward_page(
        request, "portal/activities/list.html", frame, title=_("講座・催し"), section="activities",
        crumbs=[Crumb(_("講座・催し"))],
        context={
            "days": [(day, list(group)) for day, group in groupby(lines, key=lambda line: line.day)],
            "spoken": spoken(line.session.activity_id for line in lines),
            "page": page,
            "previous_url": address + search.query(page=_page(page.number - 1)) if page.has_previous() else "",
            "next_url": address + search.query(page=_page(page.number + 1)) if page.has_next() else "",
            "day_asked": search.asked.begin if search.asked.is_one_day else None,
            "themes": themes_of(frame.ward) if _shows_themes(search, page.number) else [],
            **search_context(request, frame.ward, search, address),
        },
    )  # fmt: skip


def _shows_themes(search: Search, number: int) -> bool:
    """Visiting lectures have no days: they stand before the days, where nothing is narrowed or just they are asked for."""
    return number == 1 and (not search.is_narrowed or search.asked.kind == ActivityKind.VISIT)


def search_context(request: HttpRequest, ward: Ward, search: Search, address: str) -> dict[str, Any]:
    """What the form above the list and above the calendar needs; `address` is the page's own."""
    today = timezone.localdate()
    key = ward.key
    districts = districts_in(ward)
    asked = search.query(month="", is_open="")
    ics = request.build_absolute_uri(reverse("portal:activities_ics", args=[key]) + asked)
    return {
        "ics_url": ics,
        "webcal_url": f"webcal:{ics.partition(':')[2]}",
        "atom_url": reverse("portal:activities_atom", args=[key]) + asked,
        "csv_url": reverse("portal:activities_csv", args=[key]) + asked,
        "search": search,
        "chips": search.chips(address),
        "chosen": search.chosen(address, districts),
        "search_address": address,
        "kinds": [each for each in ActivityKind.choices if each[0] != ActivityKind.DISPATCH],
        "situations": SITUATIONS,
        "districts": districts,
        "places": places_in(ward),
        "languages": languages_in(ward),
        "months": [(f"{each:%Y-%m}", each) for each in months_from(today, _MONTHS_TO_CHOOSE)],
        "list_url": reverse("portal:activities", args=[key]) + search.query(month=""),
        "calendar_url": reverse("portal:activity_calendar", args=[key]) + search.query(when=""),
    }


def _page(number: int) -> str:
    return str(number) if number > 1 else ""
