"""The year's money."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.charts import budget_sentence, budget_tiles
from kusei.portal.queries.measures import MeasureRow
from kusei.portal.queries.money import budget_of
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats


@require_safe
def budget(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """A map of the projects' money with its table; totals checked against print; other budgets apart."""
    frame = frame_or_404(key, fiscal_year)
    money = budget_of(frame)
    groups = list(money.measures)
    projects = money.projects
    tiles = budget_tiles(groups, key)
    if money.outside:
        loose = MeasureRow(node=money.outside[0].node, projects=money.outside)
        tiles = budget_tiles([*groups, loose], key)
    return ward_page(
        request,
        "portal/budget.html",
        frame,
        title=_("%(year)sの予算") % {"year": formats.wareki(fiscal_year)},
        section="budget",
        crumbs=[year_crumb(frame), Crumb(_("予算"))],
        year_view="portal:budget",
        context={
            "budget": money,
            "tiles": tiles,
            "sentence": budget_sentence(
                money.total_yen, len(projects), projects[0].name, projects[0].yen or 0
            )
            if projects
            else "",
        },
    )
