"""Ways in by situation of life."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.queries.doors import items_for, situation_doors
from kusei.portal.situations import SITUATIONS, situation_of
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats


@require_safe
def situations(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """Every situation of life as a door."""
    frame = frame_or_404(key, fiscal_year)
    return ward_page(
        request,
        "portal/situations.html",
        frame,
        title=_("くらしの場面から探す（%(year)s）") % {"year": formats.wareki(fiscal_year)},
        section="situations",
        crumbs=[year_crumb(frame), Crumb(_("くらしの場面"))],
        year_view="portal:situations",
        context={"doors": situation_doors(frame)},
    )


@require_safe
def situation(request: HttpRequest, key: str, fiscal_year: int, name: str) -> HttpResponse:
    """What the year has for one situation, by which words it was found, and whom to ask."""
    frame = frame_or_404(key, fiscal_year)
    found = situation_of(name)
    if found is None:
        raise Http404(_("この場面のページはありません。"))
    return ward_page(
        request,
        "portal/situation.html",
        frame,
        title=_("%(situation)s（%(year)s）")
        % {"situation": found.label, "year": formats.wareki(fiscal_year)},
        section="situations",
        crumbs=[
            year_crumb(frame),
            Crumb(_("くらしの場面"), reverse("portal:situations", args=[key, fiscal_year])),
            Crumb(str(found.label)),
        ],
        year_view="portal:situation",
        year_arguments=(name,),
        context={
            "situation": found,
            "groups": items_for(frame, found),
            "others": [each for each in SITUATIONS if each is not found],
        },
    )
