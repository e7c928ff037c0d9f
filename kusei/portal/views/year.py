"""A ward's year: home, measures, bodies, tags."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.plans.queries import lifelines_of, trees_of
from kusei.portal.charts import outcome_parts, outcome_sentence
from kusei.portal.glossary import explanation_of
from kusei.portal.queries import browse
from kusei.portal.queries.home import home_of
from kusei.portal.queries.measures import focuses_of_year, measures_of_year, projects_outside_measures
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats
from kusei.wards.queries import body_of, districts_of


@require_safe
def ward(request: HttpRequest, key: str) -> HttpResponse:
    """On to the newest year; a ward without any plan says so."""
    frame = frame_or_404(key)
    if frame.fiscal_year is not None:
        return redirect("portal:year", key, frame.fiscal_year)
    return ward_page(request, "portal/ward_empty.html", frame, title=_("公開された計画はまだありません"))


@require_safe
def year(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """The aim of the year, its measures, what stands out, what was done."""
    frame = frame_or_404(key, fiscal_year)
    home = home_of(frame)
    return ward_page(
        request,
        "portal/year.html",
        frame,
        title=_("%(year)sの目標と施策") % {"year": formats.wareki(fiscal_year)},
        section="year",
        crumbs=[year_crumb(frame)],
        year_view="portal:year",
        context={
            "home": home,
            "outcome_parts": outcome_parts(home.outcomes),
            "outcome_sentence": outcome_sentence(home.outcomes),
            "has_districts": bool(districts_of(frame.ward, fiscal_year)),
            "is_running": fiscal_year_of(timezone.localdate()) == fiscal_year,
        },
    )


@require_safe
def themes(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """All measures with their projects, and the headings of the action plan."""
    frame = frame_or_404(key, fiscal_year)
    trees = trees_of(version.version_id for version in frame.plans)
    return ward_page(
        request,
        "portal/themes.html",
        frame,
        title=_("%(year)sの施策と事業") % {"year": formats.wareki(fiscal_year)},
        section="themes",
        crumbs=[year_crumb(frame), Crumb(_("施策"))],
        year_view="portal:themes",
        context={
            "measures": measures_of_year(frame.plans, trees, lifelines_of(frame.ward)),
            "focuses": focuses_of_year(frame.plans, trees),
            "outside": projects_outside_measures(frame.plans, trees),
            "tags": browse.tags_of_year(frame),
        },
    )


@require_safe
def bodies(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """Everybody responsible for something in the year."""
    frame = frame_or_404(key, fiscal_year)
    return ward_page(
        request,
        "portal/bodies.html",
        frame,
        title=_("%(year)sの担当") % {"year": formats.wareki(fiscal_year)},
        section="bodies",
        crumbs=[year_crumb(frame), Crumb(_("担当"))],
        year_view="portal:bodies",
        context={"bodies": browse.bodies_of_year(frame)},
    )


@require_safe
def body(request: HttpRequest, key: str, fiscal_year: int, body_id: int) -> HttpResponse:
    """What one body is responsible for in the year."""
    frame = frame_or_404(key, fiscal_year)
    found = body_of(frame.ward, body_id)
    if found is None:
        raise Http404(_("この担当は登録されていません。"))
    groups = browse.items_of_body(frame, body_id)
    return ward_page(
        request,
        "portal/body.html",
        frame,
        title=_("%(body)s（%(year)s）") % {"body": found.name, "year": formats.wareki(fiscal_year)},
        section="bodies",
        crumbs=[
            year_crumb(frame),
            Crumb(_("担当"), reverse("portal:bodies", args=[key, fiscal_year])),
            Crumb(found.name, is_source=True),
        ],
        year_view="portal:body",
        year_arguments=(body_id,),
        context={"body": found, "groups": groups, "results": browse.results_for(groups)},
    )


@require_safe
def tags(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """The marks that the year's documents print beside their items."""
    frame = frame_or_404(key, fiscal_year)
    return ward_page(
        request,
        "portal/tags.html",
        frame,
        title=_("%(year)sのしるし") % {"year": formats.wareki(fiscal_year)},
        section="themes",
        crumbs=[year_crumb(frame), Crumb(_("しるし"))],
        year_view="portal:tags",
        context={"tags": browse.tags_of_year(frame)},
    )


@require_safe
def tag(request: HttpRequest, key: str, fiscal_year: int, name: str) -> HttpResponse:
    """The items that carry one mark. A mark unknown to the year shows the ways on, since other years may have it."""
    frame = frame_or_404(key, fiscal_year)
    groups = browse.items_with_tag(frame, name)
    return ward_page(
        request,
        "portal/tag.html",
        frame,
        title=_("「%(tag)s」の事業（%(year)s）") % {"tag": name, "year": formats.wareki(fiscal_year)},
        section="themes",
        crumbs=[
            year_crumb(frame),
            Crumb(_("しるし"), reverse("portal:tags", args=[key, fiscal_year])),
            Crumb(name, is_source=True),
        ],
        year_view="portal:tag",
        year_arguments=(name,),
        context={
            "tag": name,
            "explanation": explanation_of(name),
            "groups": groups,
            "results": browse.results_for(groups),
        },
        status=200 if groups else 404,
    )
