"""What all ward pages have in common: the ward or a 404, title, breadcrumb, year switch, canonical address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kusei.plans.queries import Node
from kusei.portal.addresses import Addresses
from kusei.portal.queries.frame import Frame, frame_of
from kusei.portal.translations import Translations
from kusei.press import formats


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the breadcrumb; the last one has no address."""

    label: str
    url: str = ""
    is_source: bool = False
    """Whether the label is a name out of a document, and so Japanese in every language."""


@dataclass(frozen=True, slots=True)
class YearLink:
    """The same page for another year."""

    fiscal_year: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class NavLink:
    """One of the ward's main pages."""

    label: str
    url: str
    is_current: bool


def frame_or_404(key: str, fiscal_year: int | None = None) -> Frame:
    """The ward and year of the address; 404 with words that help otherwise."""
    frame = frame_of(key, fiscal_year)
    if frame is None:
        raise Http404(_("この区、またはこの年度の計画は公開されていません。"))
    return frame


def ward_page(
    request: HttpRequest,
    template: str,
    frame: Frame,
    *,
    title: str,
    section: str = "",
    crumbs: list[Crumb] | None = None,
    year_view: str = "",
    year_arguments: tuple[Any, ...] = (),
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a ward's page. `year_view`, if given, is the address of the same page in another year."""
    home = Crumb(frame.ward.full_name, reverse("portal:ward", args=[frame.ward.key]), is_source=True)
    trail = [Crumb(_("全ての区"), reverse("portal:home")), home, *(crumbs or [])]
    years = [
        YearLink(
            year, reverse(year_view, args=[frame.ward.key, year, *year_arguments]), year == frame.fiscal_year
        )
        for year in (frame.years if year_view else ())
    ]
    return render(
        request,
        template,
        {
            "frame": frame,
            "ward": frame.ward,
            "fiscal_year": frame.fiscal_year,
            "page_title": title,
            "crumbs": [*trail[:-1], Crumb(trail[-1].label, is_source=trail[-1].is_source)],
            "year_links": years,
            "nav_links": _nav(frame, section),
            "section": section,
            "is_sample": frame.is_sample,
            "translations": Translations(frame.ward),
            "addresses": Addresses(frame.ward.key, frame.fiscal_year),
            "canonical": request.build_absolute_uri(request.path),
            **(context or {}),
        },
        status=status,
    )


def translated_crumb(node: Node, translations: Translations, url: str = "") -> Crumb:
    """An item as a step of the breadcrumb, by its translated name if it has one."""
    found = translations.of(node)
    return Crumb(found.title, url) if found else Crumb(node.title if url else node.name, url, is_source=True)


def year_crumb(frame: Frame) -> Crumb:
    """令和3年度, leading to the ward's home of that year."""
    assert frame.fiscal_year is not None  # pages without a year have no such step
    return Crumb(
        formats.wareki(frame.fiscal_year),
        reverse("portal:year", args=[frame.ward.key, frame.fiscal_year]),
    )


def _nav(frame: Frame, section: str) -> list[NavLink]:
    key, year = frame.ward.key, frame.fiscal_year
    if year is None:
        return []
    links = [
        ("year", _("トップ"), reverse("portal:year", args=[key, year])),
        ("themes", _("施策"), reverse("portal:themes", args=[key, year])),
        ("budget", _("予算"), reverse("portal:budget", args=[key, year])),
        ("results", _("取組と結果"), reverse("portal:results", args=[key, year])),
        ("activities", _("講座・催し"), reverse("portal:activities", args=[key])),
        ("bodies", _("担当"), reverse("portal:bodies", args=[key, year])),
        ("documents", _("もとの文書"), reverse("portal:documents", args=[key])),
    ]
    return [NavLink(label, url, name == section) for name, label, url in links]
