"""実績: the year's figures by action, and behind each figure its recipe and its entries."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from xlsxwriter import Workbook

from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric
from kusei.ledger.permissions import may_hand_in, may_see_entries, may_see_posters, may_share
from kusei.ledger.queries.figures import by_year
from kusei.ledger.queries.metrics import metric_of
from kusei.ledger.queries.recipes import Recipe, entries_behind, entry_lines, recipe_of
from kusei.ledger.rules import from_smallest
from kusei.ledger.saying import said
from kusei.office.forms.fields import FIRST_YEAR, LAST_YEAR
from kusei.office.queries.indicators import same_through_years
from kusei.office.queries.ledger import (
    Asked,
    FigureLine,
    Place,
    figure_list,
    office_years,
    place_of,
    places_of,
    record_url,
    shortened,
    year_at_hand,
)
from kusei.office.queries.ledger_sharing import own_sets, shared_notes
from kusei.office.views.breakdown import breakdown_file, with_shares, years_chart
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.charts import Bar, bar_chart
from kusei.press.csv_files import csv_answer
from kusei.press.formats import wareki
from kusei.results.permissions import may_collect
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

FIGURES_AT_ONCE = 100
ENTRIES_AT_ONCE = 50
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@in_office(may_see_entries)
def figures(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """A year's figures by action, narrowed by what the address says."""
    year = year_asked(request, ward)
    asked = _asked(request)
    found = figure_list(ward, year, asked)
    page = Paginator(found.lines, FIGURES_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request,
        "office/ledger/figures.html",
        ward,
        title=_("%(year)sの実績") % {"year": wareki(year)},
        section="figures",
        context={
            "may_hand_in": bool(may_hand_in(request.rights, ward)),
            "year": year,
            "years": sorted({*office_years(ward), year}, reverse=True),
            "asked": asked,
            "found": found,
            "page": page,
            "groups": _grouped(list(page.object_list)),
            "may_take": bool(may_collect(request.rights, ward)),
            "keep": keep.urlencode(),
        },
    )


@require_safe
@in_office(may_see_entries)
def figures_file(request: OfficeRequest, ward: Ward, form: str) -> HttpResponse:
    """The same list as a table for Excel, or as CSV."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    year = year_asked(request, ward)
    lines = figure_list(ward, year, _asked(request)).lines
    heading = [
        _("計画"), _("上の項目"), _("番号"), _("取組"), _("担当"), _("数えるもの"), _("数"), _("単位"), _("合わせ方"), _("実績の件数"),
        _("同じものとして数えている取組"),
    ]  # fmt: skip
    name = f"{wareki(year)}_実績.{form}"
    if form == "csv":
        rows = [[str(cell) for cell in _cells(line)] for line in lines]
        return csv_answer(name, heading, rows)
    return HttpResponse(
        _workbook(heading, [_cells(line) for line in lines], wareki(year)),
        content_type=_WORKBOOK,
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )


@require_safe
@in_office(may_see_entries)
def figure(request: OfficeRequest, ward: Ward, year: int, item_id: int, metric_id: int) -> HttpResponse:
    """How one figure is made, and the entries behind it. `?below=1` counts everything under the item with it."""
    metric, place, items, places = _figure_asked(request, ward, year, item_id, metric_id)
    below = len(items) > 1
    recipe = recipe_of(ward, year, items, metric)
    years = list(by_year(ward, metric, items=same_through_years(ward, items)).items())
    page = Paginator(entries_behind(ward, year, items, metric), ENTRIES_AT_ONCE).get_page(
        request.GET.get("page")
    )
    return office_page(
        request,
        "office/ledger/figure.html",
        ward,
        title=f"{place.title} {metric.name}",
        section="figures",
        crumbs=[Crumb(_("実績"), _with_year(reverse("office:figures", args=[ward.key]), year))],
        context={
            "year": year,
            "place": place,
            "below": below,
            "metric": metric,
            "recipe": recipe,
            "sentence": sentence(recipe, place, below=below),
            "chart": month_chart(recipe),
            "finding": month_finding(recipe),
            "years": years,
            "year_chart": years_chart(metric, years, year),
            "bodies": with_shares((body.name if body else "", each.quantity) for body, each in recipe.bodies),
            "districts": with_shares(
                (district.name if district else "", each.quantity) for district, each in recipe.districts
            ),
            "parts": [
                (part, figure, reverse("office:figure", args=[ward.key, year, place.item, part.pk]))
                for part, figure in recipe.parts
            ],
            "page": page,
            "lines": [
                (line, record_url(ward, line.entry.source_kind, line.entry.source_id))
                for line in entry_lines(ward, page.object_list)
            ],
            "shows_posters": bool(may_see_posters(request.rights, ward)),
            **_sharing(request, ward, year, place, metric, places),
            "keep": "below=1" if below else "",
        },
    )


def _figure_asked(
    request: OfficeRequest, ward: Ward, year: int, item_id: int, metric_id: int
) -> tuple[Metric, Place, tuple[int, ...], Mapping[int, Place]]:
    """What a figure's address names: the metric, where the item stands, the items that count, and the year's places."""
    metric = metric_of(ward, metric_id)
    if metric is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(_("この実績は見つかりません。"))
    places = places_of(ward, year)
    place = place_of(ward, year, item_id, places)
    if place is None:
        raise Http404(_("この取組は見つかりません。"))
    below = place.below if request.GET.get("below") else ()
    return metric, place, (place.item, *below), places


@require_safe
@in_office(may_see_entries)
def figure_file(request: OfficeRequest, ward: Ward, year: int, item_id: int, metric_id: int) -> HttpResponse:
    """One figure by month, year, body and district, as CSV."""
    metric, place, items, _places = _figure_asked(request, ward, year, item_id, metric_id)
    recipe = recipe_of(ward, year, items, metric)
    years = by_year(ward, metric, items=same_through_years(ward, items))
    return breakdown_file(
        f"{shortened(place, 40).title}_{metric.name}_{wareki(year)}",
        metric,
        months=[
            (_("%(n)d月") % {"n": month.month}, each.quantity if each else None)
            for month, each in recipe.months
        ],
        years=[(wareki(each), figure.quantity) for each, figure in years.items()],
        bodies=[(body.name if body else "", each.quantity) for body, each in recipe.bodies],
        districts=[(district.name if district else "", each.quantity) for district, each in recipe.districts],
    )


def _sharing(
    request: OfficeRequest, ward: Ward, year: int, place: Place, metric: Metric, places: Mapping[int, Place]
) -> dict[str, Any]:
    """What `office/ledger/parts/shared.html` shows: the same thing told by several actions."""
    can_share = bool(may_share(request.rights, ward)) and metric.adding != Adding.RATE
    return {
        "notes": shared_notes(ward, year, place.item, metric, places),
        "can_share": can_share,
        "own_sets": own_sets(ward, year, place.item, metric) if can_share else [],
        "other_places": [
            shortened(each) for each in places.values() if each.is_counted and each.item != place.item
        ]
        if can_share
        else [],
    }


def year_asked(request: HttpRequest, ward: Ward) -> int:
    """The year of the address; where it names none, the one that is at hand in the ward."""
    year = number_of(request.GET.get("year", ""))
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else year_at_hand(ward)


def _asked(request: HttpRequest) -> Asked:
    return Asked(
        body=number_of(request.GET.get("body", "")) or 0,
        under=number_of(request.GET.get("under", "")) or 0,
        metric=number_of(request.GET.get("metric", "")) or 0,
        words=request.GET.get("q", "").strip()[:100],
    )


def _with_year(address: str, year: int) -> str:
    return f"{address}?{urlencode({'year': year})}"


def _grouped(lines: Sequence[FigureLine]) -> list[tuple[str, list[FigureLine]]]:
    """The lines under the headings that they stand under, in order."""
    groups: list[tuple[str, list[FigureLine]]] = []
    for line in lines:
        heading = _("いまの計画にない取組") if line.place.is_gone else line.place.heading
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        groups[-1][1].append(line)
    return groups


def _cells(line: FigureLine) -> list[Any]:
    quantity = line.figure.quantity
    number = "" if quantity is None else from_smallest(quantity, line.metric.decimals)
    return [
        line.place.plan, " › ".join(title for _item, title in line.place.above), line.place.number, line.place.title,
        "、".join(line.bodies), line.metric.name, number, line.metric.unit,
        str(Adding(line.metric.adding).label), line.figure.entries, "、".join(line.same_as),
    ]  # fmt: skip


def _workbook(heading: Sequence[str], rows: Sequence[Sequence[Any]], name: str) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#d9e6ff"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    number = book.add_format({"valign": "top", "num_format": "#,##0.###"})
    sheet = book.add_worksheet(name)
    for column, (label, width) in enumerate(
        zip(heading, (22, 30, 8, 40, 24, 20, 14, 8, 10, 10, 40), strict=True)
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, bold)
    for line, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell, text)
            else:
                sheet.write_number(line, column, cell, number)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(heading) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()


def sentence(recipe: Recipe, place: Place, *, below: bool) -> str:
    """The scope of the query in words."""
    words = {
        "year": wareki(recipe.fiscal_year),
        "item": place.title,
        "metric": recipe.metric.name,
        "more": _("とその下の項目") if below else "",
    }
    match recipe.metric.adding:
        case Adding.LAST:
            return (
                _("%(year)sに「%(item)s」%(more)sに記録された「%(metric)s」の、いちばん新しい値です。団体や地区ごとに記録があるときは、それぞれの最後の値を足しています。")
                % words
            )  # fmt: skip
        case Adding.RATE:
            over, under = (part.name for part, _figure in recipe.parts)
            what = _("割合") if recipe.metric.unit in ("%", "％") else _("数")
            return (
                _("%(year)sの「%(item)s」%(more)sについて、「%(over)s」を「%(under)s」で割った%(what)sです。")
                % {**words, "over": over, "under": under, "what": what}
            )  # fmt: skip
        case Adding.DISTINCT:
            return (
                _("%(year)sに「%(item)s」%(more)sに記録された「%(metric)s」です。%(scope)s、同じ人や団体は一度だけ数えています。")
                % {**words, "scope": recipe.metric.get_scope_display()}
            )  # fmt: skip
    return (
        _("%(year)sに「%(item)s」%(more)sに記録された「%(metric)s」を、すべて足した数です。")
        % words
    )  # fmt: skip


def month_finding(recipe: Recipe) -> str:
    """What the chart of the months shows, in a sentence; nothing where no month has a number."""
    counted = [(month, figure.quantity) for month, figure in recipe.months if figure and figure.quantity]
    if not counted:
        return ""
    most, quantity = max(counted, key=lambda pair: pair[1])
    return _("いちばん多い月は%(month)d月の%(number)sです") % {
        "month": most.month,
        "number": said(quantity, recipe.metric),
    }


def month_chart(recipe: Recipe) -> str:
    """The months as bars; the title says which month stands out. Nothing where no month has a number."""
    counted = [(month, figure) for month, figure in recipe.months if figure and figure.quantity]
    if not counted:
        return ""
    metric = recipe.metric
    most, _figure = max(counted, key=lambda pair: pair[1].quantity or 0)
    return bar_chart(
        [
            Bar(
                label=_("%(month)d月") % {"month": month.month},
                value=float(found.quantity or 0) if found else 0,
                display=said(found.quantity, metric) if found else "",
                is_emphasised=month == most,
            )
            for month, found in recipe.months
        ],
        title=month_finding(recipe),
        description="、".join(f"{month.month}月 {said(found.quantity, metric)}" for month, found in counted),
        name="months",
    )
