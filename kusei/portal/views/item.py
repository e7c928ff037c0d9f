"""The page of one item."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.plans.enums import ItemKind
from kusei.portal.charts import money_bars, money_sentence, outcomes_sentence
from kusei.portal.places import SourcePlace, places_of
from kusei.portal.queries.item import ItemPage, item_page
from kusei.portal.translations import Translations
from kusei.portal.views.frame import frame_or_404, translated_crumb, ward_page, year_crumb
from kusei.press import formats


@require_safe
def item(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """What it is, who does it, its money, what was planned and done, where the text came from."""
    frame = frame_or_404(key)
    page = item_page(frame, public_id)
    if page is None:
        raise Http404(_("この項目は公開されていません。"))
    node = page.node
    frame = frame.in_year(node.fiscal_year)
    version = frame.version(node.version_id)
    translations = Translations(frame.ward)
    translation = translations.of(node)
    above = [
        translated_crumb(step, translations, reverse("portal:item", args=[key, step.public_id]))
        for step in page.spot.path[:-1]
    ]
    name = translation.title if translation else node.name
    return ward_page(
        request,
        "portal/item.html",
        frame,
        title=f"{_short(name)}（{formats.wareki(node.fiscal_year)}）",
        section="results" if node.kind in (ItemKind.ACTION, ItemKind.FOCUS) else "themes",
        crumbs=[year_crumb(frame), *above, translated_crumb(node, translations)],
        context={
            "page": page,
            "node": node,
            "translations": translations,
            "translation": translation,
            "translation_is_current": translation is not None and translation.is_of(node),
            "version": version,
            "measure": next((step for step in reversed(page.spot.path[:-1])), None),
            "is_withdrawn": not version.is_in_force,
            "trends": page.trends,
            "stories": [
                (story, outcomes_sentence(story.outcomes) if story.outcomes else "") for story in page.years
            ],
            "money_bars": money_bars(page.money, node.fiscal_year),
            "money_sentence": money_sentence(page.money),
            "places": _places(page, key),
        },
    )


def _places(page: ItemPage, key: str) -> list[SourcePlace]:
    if page.document is None:
        return []
    is_replaced = page.answered is not None and page.answered.instead is not None
    return places_of(page.node, page.document, key, page.corrections, result_is_replaced=is_replaced)


def _short(title: str) -> str:
    return title if len(title) <= 40 else title[:39] + "…"
