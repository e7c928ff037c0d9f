"""Full-text search in one ward or in all."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.kinds import kind_label
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.search.queries import SearchResult, search, search_all_wards

HITS_ON_A_PAGE = 20


@require_safe
def ward_search(request: HttpRequest, key: str) -> HttpResponse:
    """Search in one ward."""
    frame = frame_or_404(key)
    asked = _asked(request)
    result = search(asked["words"], ward=frame.ward, **_narrowed(asked))
    return ward_page(
        request,
        "portal/search.html",
        frame,
        title=_title(asked["words"]),
        section="search",
        crumbs=[Crumb(_("検索"))],
        context=_context(reverse("portal:ward_search", args=[key]), asked, result),
    )


@require_safe
def all_search(request: HttpRequest) -> HttpResponse:
    """Search in every ward."""
    asked = _asked(request)
    address = reverse("portal:search")
    result = search_all_wards(asked["words"], **_narrowed(asked))
    return render(
        request,
        "portal/search_all.html",
        {
            "page_title": _title(asked["words"]),
            "canonical": request.build_absolute_uri(address),
            **_context(address, asked, result),
        },
    )


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; nonsense asks for nothing."""
    year, page = request.GET.get("year", ""), request.GET.get("page", "")
    return {
        "words": request.GET.get("q", "").strip()[:200],
        "year": int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        "kind": request.GET.get("kind", "")[:40],
        "page": max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    }


def _narrowed(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "kinds": [asked["kind"]] if asked["kind"] else None,
        "fiscal_year": asked["year"],
        "limit": HITS_ON_A_PAGE,
        "offset": (asked["page"] - 1) * HITS_ON_A_PAGE,
    }


def _title(words: str) -> str:
    return _("「%(words)s」の検索結果") % {"words": words} if words else _("検索")


def _context(address: str, asked: dict[str, Any], result: SearchResult) -> dict[str, Any]:
    def url(**changed: Any) -> str:
        parts = {"q": asked["words"], "year": asked["year"], "kind": asked["kind"]} | changed
        return f"{address}?{urlencode({name: value for name, value in parts.items() if value})}"

    page = asked["page"]
    return {
        "words": asked["words"],
        "result": result,
        "years": [
            (year, count, year == asked["year"], url(year=None if year == asked["year"] else year))
            for year, count in result.years
            if year is not None
        ],
        "kinds": [
            (kind_label(kind), count, kind == asked["kind"], url(kind="" if kind == asked["kind"] else kind))
            for kind, count in result.kinds
        ],
        "hits": [(hit, kind_label(hit.entry.kind)) for hit in result.hits],
        "is_narrowed": bool(asked["year"] or asked["kind"]),
        "widen_url": url(year=None, kind=""),
        "page_number": page,
        "previous_url": url(page=page - 1 if page > 2 else None) if page > 1 else "",
        "next_url": url(page=page + 1) if page * HITS_ON_A_PAGE < result.total else "",
        "search_url": address,
    }
