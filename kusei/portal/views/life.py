"""The genealogy of one item."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.life_words import drawing, event_sentence, life_sentence, money_of, short
from kusei.portal.queries.life import Life, Station, life_of
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats


@require_safe
def life(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """The same thing through the years: renamed, merged, split, moved, and its money."""
    frame = frame_or_404(key)
    found = life_of(frame, public_id)
    if found is None:
        raise Http404(_("この項目は公開されていません。"))
    node = found.node
    frame = frame.in_year(node.fiscal_year)
    rows, nodes, bands = drawing(found, key)
    return ward_page(
        request,
        "portal/life.html",
        frame,
        title=_("%(name)sの歩み（%(year)s）")
        % {"name": short(node.name), "year": formats.wareki(node.fiscal_year)},
        section="themes",
        crumbs=[
            year_crumb(frame),
            Crumb(node.name, reverse("portal:item", args=[key, node.public_id]), is_source=True),
            Crumb(_("歩み")),
        ],
        context={
            "node": node,
            "life": found,
            "sentence": life_sentence(found),
            "flow": (rows, nodes, bands),
            "table": _table(found),
        },
    )


def _table(found: Life) -> list[tuple[Station, str, list[str], int | None]]:
    """Each station with its money, what happened to it, and the difference to what it goes back to, where both are known."""
    yen = {station.number: station.yen for station in found.stations}
    lines = []
    for station in found.stations:
        before = [yen[flow.older] for flow in found.flows if flow.newer == station.number]
        out = [flow for flow in found.flows if flow.older in _olders(found, station)]
        known = [amount for amount in before if amount is not None]
        comparable = before and len(known) == len(before) and len(out) == len(before)
        difference = station.yen - sum(known) if comparable and station.yen is not None else None
        told = [event_sentence(event) for event in found.events if event.station == station.number]
        lines.append((station, money_of(station), told, difference))
    return lines


def _olders(found: Life, station: Station) -> set[int]:
    return {flow.older for flow in found.flows if flow.newer == station.number}
