"""A plan as a tree, in each of its published versions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.documents.queries import documents_of_versions
from kusei.plans.queries import trees_of
from kusei.portal.tree_rows import tree_rows
from kusei.portal.views.changes import plan_url, version_url
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.portal.views.year_files import year_file_url
from kusei.press import formats
from kusei.results.queries import results_of


@require_safe
def plan(
    request: HttpRequest, key: str, fiscal_year: int, kind: str, part: str = "", number: int | None = None
) -> HttpResponse:
    """The version in force, or the one of that number, which keeps its address for ever; a former one says that it was
    corrected and leads to the one in force."""
    frame = frame_or_404(key, fiscal_year)
    versions = [
        version
        for version in frame.versions
        if (version.fiscal_year, version.kind, version.part) == (fiscal_year, kind, part)
    ]
    chosen = next(
        (
            version
            for version in versions
            if (version.is_in_force if number is None else version.number == number)
        ),
        None,
    )
    if chosen is None:
        raise Http404(_("この計画、またはこの版は公開されていません。"))
    if "version" in request.GET:  # the address that versions had before they got one of their own
        former = next((each for each in versions if str(each.number) == request.GET["version"]), None)
        if former is None:
            raise Http404(_("この計画、またはこの版は公開されていません。"))
        return redirect(version_url(key, former), permanent=True)
    tree = trees_of([chosen.version_id])[chosen.version_id]
    printed = results_of([chosen.version_id])
    rows = tree_rows(tree, printed)
    name = chosen.title or f"{formats.wareki(fiscal_year)} {chosen.kind_label}"
    return ward_page(
        request,
        "portal/plan.html",
        frame,
        title=name
        if chosen.is_in_force
        else _("%(plan)s（第%(number)s版）") % {"plan": name, "number": chosen.number},
        section="documents",
        crumbs=[
            year_crumb(frame),
            Crumb(_("もとの文書"), reverse("portal:documents", args=[key])),
            Crumb(f"{chosen.kind_label} {part}".strip()),
        ],
        context={
            "plan": chosen,
            "plan_name": name,
            "plan_versions": versions,
            "newest": versions[0],
            "newest_url": plan_url(key, versions[0]),
            "version_urls": {version.number: version_url(key, version) for version in versions},
            "older": next((version for version in versions if version.number < chosen.number), None),
            "canonical": request.build_absolute_uri(
                plan_url(key, chosen) if chosen.is_in_force else request.path
            ),
            "rows": rows,
            "year_file": year_file_url(key, chosen) if any(each.text for each in printed.values()) else "",
            "item_count": len(rows),
            "document": documents_of_versions(frame.ward, [chosen.version_id]).get(chosen.version_id),
        },
    )
