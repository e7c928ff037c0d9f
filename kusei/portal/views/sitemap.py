"""Sitemaps for search engines: an index, one file for the pages of no ward, and files for each ward."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from math import ceil
from xml.sax.xmlreader import AttributesImpl

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from kusei.plans.queries import all_versions_in_force
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.sitemap import (
    ITEMS_IN_A_FILE,
    activity_addresses,
    bodies_by_year,
    item_addresses,
    items_by_ward,
)
from kusei.portal.situations import SITUATIONS
from kusei.portal.views.changes import plan_url, version_url
from kusei.portal.views.frame import frame_or_404
from kusei.wards.queries import all_wards, districts_of

Address = tuple[str, datetime | None]
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OF_A_YEAR = ("year", "themes", "budget", "results", "results_summary", "bodies", "tags", "situations")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sitemaps of the site."""
    published, counts = all_versions_in_force(), items_by_ward()
    files: list[Address] = [(reverse("portal:sitemap_site"), None)]
    for each in all_wards():
        versions = published.get(each.pk)
        if versions:
            changed = max(version.published_at for version in versions)
            address = reverse("portal:sitemap", args=[each.key])
            pieces = max(1, ceil(counts.get(each.pk, 0) / ITEMS_IN_A_FILE))
            files += [(f"{address}?page={at}" if at > 1 else address, changed) for at in range(1, pieces + 1)]
    return _xml(request, "sitemapindex", "sitemap", files)


@require_safe
def site_pages(request: HttpRequest) -> HttpResponse:
    """The pages that belong to no ward."""
    return _xml(
        request,
        "urlset",
        "url",
        [(reverse(f"portal:{name}"), None) for name in ("home", "accessibility")],
    )


@require_safe
def ward(request: HttpRequest, key: str) -> HttpResponse:
    """One ward's pages; further pieces of its items under `page`."""
    frame = frame_or_404(key)
    wanted = request.GET.get("page", "1")
    page = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 0
    items = item_addresses(frame.ward, page) if page > 0 else []
    if not items and page != 1:
        raise Http404(_("このページはありません。"))
    addresses: list[Address] = [
        (reverse("portal:item", args=[key, item.public_id]), item.changed_at) for item in items
    ]
    if page == 1:
        addresses = [*_pages(frame), *_activities(frame), *addresses]
    return _xml(request, "urlset", "url", addresses)


def _pages(frame: Frame) -> Iterator[Address]:
    key = frame.ward.key
    newest: dict[int, datetime] = {}
    for version in frame.versions:
        year = version.fiscal_year
        newest[year] = max(newest.get(year, version.published_at), version.published_at)
    if not newest:
        return
    latest = max(newest.values())
    districts = districts_of(frame.ward)
    for name in ("changes", "compare", "documents"):
        yield reverse(f"portal:{name}", args=[key]), latest
    for year, changed in newest.items():
        for name in _OF_A_YEAR:
            yield reverse(f"portal:{name}", args=[key, year]), changed
        standing = [each for each in districts if each.last_year is None or each.last_year >= year]
        if standing:
            yield reverse("portal:districts", args=[key, year]), changed
        for district in standing:
            yield reverse("portal:district", args=[key, year, district.pk]), changed
        for situation in SITUATIONS:
            yield reverse("portal:situation", args=[key, year, situation.key]), changed
    for year, body_id in bodies_by_year(frame.ward):
        yield reverse("portal:body", args=[key, year, body_id]), newest[year]
    for version in frame.versions:
        if version.is_in_force:
            yield plan_url(key, version), version.published_at
        else:
            yield version_url(key, version), version.published_at


def _activities(frame: Frame) -> Iterator[Address]:
    """The list and the calendar where there is something in them, and each activity."""
    key, shown = frame.ward.key, activity_addresses(frame.ward)
    for name in ("activities", "activity_calendar") if shown else ():
        yield reverse(f"portal:{name}", args=[key]), None
    for each in shown:
        yield reverse("portal:activity", args=[key, each.public_id]), each.changed_at


def _xml(request: HttpRequest, root: str, entry: str, addresses: Iterable[Address]) -> HttpResponse:
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement(root, AttributesImpl({"xmlns": _SPACE}))
    for address, changed in addresses:
        xml.startElement(entry, AttributesImpl({}))
        xml.addQuickElement("loc", request.build_absolute_uri(address))
        if changed is not None:
            xml.addQuickElement("lastmod", changed.isoformat(timespec="seconds"))
        xml.endElement(entry)
    xml.endElement(root)
    xml.endDocument()
    return HttpResponse(out.getvalue(), content_type="application/xml; charset=utf-8")
