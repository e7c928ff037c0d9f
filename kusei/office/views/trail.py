"""変更の記録: who changed what, from which to which, why."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.office.views.frame import office_page
from kusei.wards import audit
from kusei.wards.access import in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import may_search_audit
from kusei.wards.queries import search_trail

LINES_AT_ONCE = 50


@require_safe
@in_office(may_search_audit)
def search(request: HttpRequest, ward: Ward) -> HttpResponse:
    """The whole trail of the ward, newest first; narrowed by words, by what was done and by day."""
    words = request.GET.get("q", "").strip()[:100]
    verb = request.GET.get("verb", "")
    found = search_trail(
        ward,
        words=words,
        verb=verb,
        first_day=request.GET.get("from", ""),
        last_day=request.GET.get("to", ""),
    )
    page = Paginator(found, LINES_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request,
        "office/trail.html",
        ward,
        title=_("変更の記録"),
        section="trail",
        context={
            "page": page,
            "keep": keep.urlencode(),
            "words": words,
            "verb": verb,
            "verbs": audit.known_verbs(),
            "first_day": request.GET.get("from", ""),
            "last_day": request.GET.get("to", ""),
        },
    )
