"""A search over everything that somebody may see in the office."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.office.queries.search import search_office
from kusei.office.views.frame import office_page
from kusei.wards.access import in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import may_enter_office

HITS_AT_ONCE = 20


@require_safe
@in_office(may_enter_office)
def search(request: HttpRequest, ward: Ward) -> HttpResponse:
    """Published plans of the ward, drafts, comments, papers in hand, bodies."""
    words = request.GET.get("q", "").strip()[:200]
    number = request.GET.get("page", "1")
    at = max(int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1, 1)
    found = search_office(
        words,
        ward=ward,
        rights=request.rights,  # type: ignore[attr-defined]
        limit=HITS_AT_ONCE,
        offset=(at - 1) * HITS_AT_ONCE,
    )
    page = Paginator(range(found.published.total), HITS_AT_ONCE).get_page(at)
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request,
        "office/search.html",
        ward,
        title=_("「%(words)s」の検索") % {"words": words} if words else _("検索"),
        context={"words": words, "found": found, "page": page, "keep": keep.urlencode()},
    )
