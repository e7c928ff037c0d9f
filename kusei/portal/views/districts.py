"""Ways in by district."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.queries.districts import district_doors, items_of_district
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats
from kusei.wards.queries import district_of


@require_safe
def districts(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """The ward's districts, with how much the year's documents say of each."""
    frame = frame_or_404(key, fiscal_year)
    return ward_page(
        request,
        "portal/districts.html",
        frame,
        title=_("地区から探す（%(year)s）") % {"year": formats.wareki(fiscal_year)},
        section="districts",
        crumbs=[year_crumb(frame), Crumb(_("地区"))],
        year_view="portal:districts",
        context={"doors": district_doors(frame)},
    )


@require_safe
def district(request: HttpRequest, key: str, fiscal_year: int, district_id: int) -> HttpResponse:
    """What the year's documents say of one district."""
    frame = frame_or_404(key, fiscal_year)
    found = district_of(frame.ward, district_id)
    if found is None:
        raise Http404(_("この地区は登録されていません。"))
    return ward_page(
        request,
        "portal/district.html",
        frame,
        title=_("%(district)s地区（%(year)s）")
        % {"district": found.name, "year": formats.wareki(fiscal_year)},
        section="districts",
        crumbs=[
            year_crumb(frame),
            Crumb(_("地区"), reverse("portal:districts", args=[key, fiscal_year])),
            Crumb(found.name, is_source=True),
        ],
        year_view="portal:district",
        year_arguments=(district_id,),
        context={"district": found, "groups": items_of_district(frame, found)},
    )
