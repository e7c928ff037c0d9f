"""One published figure followed down in public: its page, and the same as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from kusei.ledger.disclosure import FEW
from kusei.ledger.queries.public import MonthShare, NamedShare, PublicParts
from kusei.ledger.rules import from_smallest
from kusei.portal.figure_words import (
    counting_sentence,
    label_of,
    month_name,
    said,
    share_name,
    slug_of,
    written,
)
from kusei.portal.places import source_url
from kusei.portal.queries.figure import FigurePage, figure_page
from kusei.portal.queries.frame import Frame
from kusei.portal.translations import Translations
from kusei.portal.views.changes import version_url
from kusei.portal.views.frame import Crumb, frame_or_404, translated_crumb, ward_page, year_crumb
from kusei.press import formats
from kusei.press.charts import Bar
from kusei.press.csv_files import csv_answer

_CSV_HEADING = ("区分", "いつから", "いつまで", "名前", "数値", "単位")


@require_safe
def figure(request: HttpRequest, key: str, public_id: UUID, slug: str) -> HttpResponse:
    """What the number is, how it came about as far as everybody may know, and what stood there before."""
    frame, page = _page_or_404(key, public_id, slug)
    node, printed = page.spot.node, page.figure
    translations = Translations(frame.ward)
    name = label_of(printed) or _("結果にある数")
    item_url = reverse("portal:item", args=[key, public_id])
    return ward_page(
        request,
        "portal/figure.html",
        frame,
        title=_("%(number)s（%(name)s）") % {"number": written(printed.value, printed.unit), "name": name},
        section="results",
        crumbs=[
            year_crumb(frame),
            Crumb(_("取組と結果"), reverse("portal:results", args=[key, node.fiscal_year])),
            translated_crumb(node, translations, item_url),
            Crumb(name, is_source=name == printed.label),
        ],
        context={
            "page": page,
            "node": node,
            "translations": translations,
            "figure": printed,
            "few": FEW,
            "sentence": counting_sentence(page),
            "years": _years(page),
            "months": _lines(page, page.parts.months if page.parts else ()),
            "bodies": _lines(page, page.parts.bodies if page.parts else ()),
            "districts": _lines(page, page.parts.districts if page.parts else ()),
            "source_url": _source_url(page, key),
            "history": [(each, version_url(key, each.version)) for each in page.history],
            "csv_url": reverse("portal:figure_file", args=[key, public_id, slug, "csv"]),
            "json_url": reverse("portal:figure_file", args=[key, public_id, slug, "json"]),
        },
    )


@require_safe
def figure_file(request: HttpRequest, key: str, public_id: UUID, slug: str, form: str) -> HttpResponse:
    """The figure with all that its page says, for programs (JSON) or a spreadsheet (CSV)."""
    if form not in ("csv", "json"):
        raise Http404(_("この形のファイルはありません。"))
    frame, page = _page_or_404(key, public_id, slug)
    if form == "json":
        address = request.build_absolute_uri(reverse("portal:figure", args=[key, public_id, slug]))
        return JsonResponse(
            _as_data(frame, page, address), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    with override("ja"):  # files speak Japanese, as their headings do
        rows = list(_csv_rows(page))
    name = f"{frame.ward.full_name}_{page.spot.node.fiscal_year}_{slug_of(page.figure)}.csv"
    return csv_answer(name, _CSV_HEADING, rows)


def _page_or_404(key: str, public_id: UUID, slug: str) -> tuple[Frame, FigurePage]:
    frame = frame_or_404(key)
    page = figure_page(frame, public_id, slug)
    if page is None:
        raise Http404(_("この数は公開されていません。取組のページから、今の結果を確かめてください。"))
    return frame.in_year(page.spot.node.fiscal_year), page


def _years(page: FigurePage) -> list[Bar]:
    """A bar for each year that prints the figure."""
    return [
        Bar(
            label=formats.wareki(point.fiscal_year),
            value=float(point.value),
            display=said(point.value, point.figure.unit),
            is_emphasised=point.item_id == page.spot.node.item_id,
        )
        for point in (page.trend.points if page.trend else ())
    ]


def _lines(
    page: FigurePage,
    shares: tuple[MonthShare | NamedShare, ...] | tuple[MonthShare, ...] | tuple[NamedShare, ...] | None,
) -> list[tuple[str, bool, str, float]]:
    """Label, whether it is a name of the ward's own, number ("" for a month that nobody recorded), and the share of the
    largest, for a table with bars."""
    rows = shares or ()
    largest = max((share.quantity for share in rows), default=0) or 1
    return [
        (
            month_name(share) if isinstance(share, MonthShare) else share_name(share),
            isinstance(share, NamedShare) and any(share.names),
            _written(page, share.quantity) if _is_recorded(share) else "",
            share.quantity / largest,
        )
        for share in rows
    ]


def _is_recorded(share: MonthShare | NamedShare) -> bool:
    return not isinstance(share, MonthShare) or share.is_recorded


def _written(page: FigurePage, quantity: int) -> str:
    return written(_value(page, quantity), page.figure.unit)


def _value(page: FigurePage, quantity: int) -> Any:
    return from_smallest(quantity, page.metric.decimals if page.metric else 0)


def _source_url(page: FigurePage, key: str) -> str:
    """The line of the document that prints the result; empty where the figure came from no document."""
    if page.document is None or not page.result.source_line:
        return ""
    return source_url(key, page.document.document_id, page.result.source_page, page.result.source_line)


def _csv_rows(page: FigurePage) -> Iterator[list[str]]:
    year, unit = page.spot.node.fiscal_year, page.figure.unit
    yield [
        "公開した数",
        f"{year}-04",
        f"{year + 1}-03",
        page.figure.label,
        f"{page.figure.value.normalize():f}",
        unit,
    ]
    for point in page.trend.points if page.trend else ():
        yield ["年度ごと", f"{point.fiscal_year}-04", f"{point.fiscal_year + 1}-03", point.figure.label, f"{point.value.normalize():f}", point.figure.unit]  # fmt: skip
    parts = page.parts
    if parts is None:
        return
    for month in parts.months or ():
        yield ["月ごと", _month(year, month.first), _month(year, month.last), "", f"{_value(page, month.quantity):f}" if month.is_recorded else "", unit]  # fmt: skip
    for kind, shares in (("担当ごと", parts.bodies), ("地区ごと", parts.districts)):
        for share in shares or ():
            yield [kind, f"{year}-04", f"{year + 1}-03", share_name(share), f"{_value(page, share.quantity):f}", unit]  # fmt: skip


def _month(fiscal_year: int, place: int) -> str:
    """2021-04 for the first month of 2021."""
    return f"{fiscal_year + (place > 8)}-{(place + 3) % 12 + 1:02d}"


def _as_data(frame: Frame, page: FigurePage, address: str) -> dict[str, Any]:
    node, printed, metric, parts = page.spot.node, page.figure, page.metric, page.parts
    return {
        "url": address,
        "ward": {"code": frame.ward.code, "name": frame.ward.full_name},
        "fiscal_year": node.fiscal_year,
        "item": {"id": str(node.public_id), "title": node.title},
        "value": _plain(printed.value),
        "unit": printed.unit,
        "label": printed.label,
        "in_force": not page.is_gone,
        "metric": metric
        and {
            "key": metric.key, "name": metric.name, "unit": metric.unit, "definition": metric.definition,
            "adding": metric.adding, "divides": [part.name for part in (parts.divided if parts else ())],
        },
        "entries": printed.entries,
        "as_of": printed.as_of and printed.as_of.isoformat(),
        "kinds_of_records": list(parts.kinds) if parts else [],
        "by_month": _months_as_data(page, parts),
        "by_body": _shares_as_data(page, parts.bodies if parts else ()),
        "by_district": _shares_as_data(page, parts.districts if parts else ()),
        "fewest_people_told": FEW if page.is_of_people else None,
        "years": [
            {"fiscal_year": point.fiscal_year, "value": _plain(point.value)}
            for point in (page.trend.points if page.trend else ())
        ],
        "versions": [
            {
                "number": each.version.number,
                "published_at": each.version.published_at.isoformat(),
                "note": each.version.note,
                "value": _plain(each.figure.value) if each.figure else None,
            }
            for each in page.history
        ],
        "source": {"page": page.result.source_page, "line": page.result.source_line}
        if page.document is not None and page.result.source_line
        else None,
    }  # fmt: skip


def _months_as_data(page: FigurePage, parts: PublicParts | None) -> list[dict[str, Any]] | None:
    """None where the months are not told; a value is None where nothing was recorded."""
    year = page.spot.node.fiscal_year
    if parts is not None and parts.months is None:
        return None
    return [
        {
            "from": _month(year, each.first), "to": _month(year, each.last),
            "value": _plain(_value(page, each.quantity)) if each.is_recorded else None,
        }
        for each in (parts.months if parts else None) or ()
    ]  # fmt: skip


def _shares_as_data(page: FigurePage, shares: tuple[NamedShare, ...] | None) -> list[dict[str, Any]] | None:
    if shares is None:
        return None
    return [
        {"names": [name or None for name in each.names], "value": _plain(_value(page, each.quantity))}
        for each in shares
    ]


def _plain(value: Any) -> int | float:
    """A number as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)
