"""Pages that belong to no ward: the list of wards, accessibility, robots."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.queries.frame import WardCard, ward_cards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The wards, by city; `q` narrows by name."""
    words = request.GET.get("ward", "").strip()[:60]
    cards = ward_cards(words)
    return render(
        request,
        "portal/home.html",
        {
            "page_title": _("区の計画・予算・結果"),
            "cards": cards,
            "cities": _by_city(cards),
            "words": words,
            "is_sample": bool(cards) and all(card.is_sample for card in cards),
            "canonical": request.build_absolute_uri(reverse("portal:home")),
        },
    )


def _by_city(cards: list[WardCard]) -> list[tuple[str, list[WardCard]]]:
    """Wards under their city; those without one (cities, ministries) come under no heading."""
    cities: dict[str, list[WardCard]] = {}
    for card in cards:
        cities.setdefault(card.ward.parent.name if card.ward.parent else "", []).append(card)
    return list(cities.items())


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was checked, how, and whom to tell."""
    return render(
        request,
        "portal/accessibility.html",
        {
            "page_title": _("アクセシビリティについて"),
            "canonical": request.build_absolute_uri(request.path),
        },
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read; search results are not worth indexing."""
    lines = [
        "User-agent: *",
        "Disallow: /office/",
        "Disallow: /account/",
        "Disallow: /search/",
        "Disallow: /w/*/search/",
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap_index'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
