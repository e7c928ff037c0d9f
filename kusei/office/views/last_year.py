"""前の年度から変わったところ: a rolled-over draft beside last year's plan, item by item."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.office.queries.last_year import CHANGED, GONE, NEW, SAME, last_year_of
from kusei.office.views.draft_frame import draft_or_404, draft_page
from kusei.plans.permissions import may_see_drafts
from kusei.results.permissions import may_see_all_answers
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

ROWS_AT_ONCE = 100


@require_safe
@in_office(may_see_drafts)
def last_year(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """What changed against last year's words, what is new, what stayed the same and what is gone (`what` in the address)."""
    version = draft_or_404(request, ward, version_id)
    found = last_year_of(version, for_office=bool(may_see_all_answers(request.rights, ward)))
    names = {CHANGED: _("変わった"), NEW: _("新しい"), SAME: _("同じ"), GONE: _("次の年度にない")}
    counts = found.counts if found else {}
    first = next((each for each in names if counts.get(each)), CHANGED)
    what = request.GET.get("what", "")
    if what not in names:
        what = first
    rows = (
        []
        if found is None
        else found.gone
        if what == GONE
        else [each for each in found.items if each.what == what]
    )
    return draft_page(
        request,
        "office/plans/last_year.html",
        version,
        title=_("前の年度から変わったところ"),
        crumbs=[],
        context={
            "found": found,
            "what": what,
            "choices": [(each, name, counts.get(each, 0)) for each, name in names.items()],
            "page": Paginator(rows, ROWS_AT_ONCE).get_page(request.GET.get("page")),
            "keep": f"what={what}",
            "year": version.plan.fiscal_year,
        },
    )
