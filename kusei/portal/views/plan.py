"""A plan as a tree, in each of its published versions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.documents.queries import documents_of_versions
from kusei.plans.queries import trees_of, walk
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats
from kusei.results.queries import results_of


@require_safe
def plan(request: HttpRequest, key: str, fiscal_year: int, kind: str, part: str = "") -> HttpResponse:
    """The version in force, or the one that `version` names; a former one says so and leads to the newer."""
    frame = frame_or_404(key, fiscal_year)
    versions = [
        version
        for version in frame.versions
        if (version.fiscal_year, version.kind, version.part) == (fiscal_year, kind, part)
    ]
    wanted = request.GET.get("version", "")
    chosen = next(
        (
            version
            for version in versions
            if str(version.number) == wanted or (not wanted and version.is_in_force)
        ),
        None,
    )
    if chosen is None:
        raise Http404(_("この計画、またはこの版は公開されていません。"))
    tree = trees_of([chosen.version_id])[chosen.version_id]
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
            "tree": tree,
            "item_count": sum(1 for _node in walk(tree)),
            "results": results_of([chosen.version_id]),
            "document": documents_of_versions(frame.ward, [chosen.version_id]).get(chosen.version_id),
        },
    )
