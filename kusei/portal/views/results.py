"""The results of a year: a table whose filters live in the address, and the same rows as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.charts import outcome_parts, outcome_sentence
from kusei.portal.queries.frame import Frame
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.portal.views.year_files import year_file_url
from kusei.press import formats
from kusei.press.csv_files import csv_answer
from kusei.results.enums import Outcome
from kusei.results.queries import (
    Facet,
    ResultFilter,
    ResultRow,
    body_facets,
    filtered,
    focus_facets,
    outcome_facets,
    result_rows,
)

ROWS_ON_A_PAGE = 50
ALL_ROWS = "all"
BODIES_SHOWN = 10
_CSV_HEADING = (
    "全国地方公共団体コード", "地方公共団体名", "年度", "ID", "行動計画", "取組", "実施計画", "実施した取組結果",
    "状況", "数値", "実施主体", "文書のページ", "文書の行",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet with its address; choosing what is chosen already takes it away."""

    facet: Facet
    url: str


@require_safe
def results(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """The table, filtered by heading, body, outcome and words."""
    frame = frame_or_404(key, fiscal_year)
    rows = result_rows(frame.plans)
    chosen = _filter(request)
    found = filtered(rows, chosen)
    wanted = request.GET.get("page", "")
    page = Paginator(found, max(len(found), 1) if wanted == ALL_ROWS else ROWS_ON_A_PAGE).get_page(wanted)
    address = reverse("portal:results", args=[key, fiscal_year])
    bodies = _choices(address, chosen, "body", body_facets(rows, chosen))
    outcomes = _choices(address, chosen, "outcome", outcome_facets(rows, chosen))
    counts = [(choice.facet.value, choice.facet.count) for choice in outcomes]
    parts = outcome_parts(counts)
    return ward_page(
        request,
        "portal/results.html",
        frame,
        title=_("%(year)sの取組と結果") % {"year": formats.wareki(fiscal_year)},
        section="results",
        crumbs=[year_crumb(frame), Crumb(_("取組と結果"))],
        year_view="portal:results",
        context={
            "all_count": len(rows),
            "found_count": len(found),
            "chosen": chosen,
            "page": page,
            "groups": _grouped(page.object_list),
            "outcomes": list(zip(outcomes, parts, strict=True)),
            "focuses": _choices(address, chosen, "focus", focus_facets(rows, chosen)),
            "bodies_first": bodies[:BODIES_SHOWN],
            "bodies_more": bodies[BODIES_SHOWN:],
            "csv_url": reverse("portal:results_csv", args=[key, fiscal_year]) + _query(chosen),
            "year_files": _year_files(frame, rows),
            "all_url": address + _query(chosen, changed={"page": ALL_ROWS}) if page.has_other_pages() else "",
            "clear_url": address,
            "previous_url": address + _query(chosen, page.number - 1) if page.has_previous() else "",
            "next_url": address + _query(chosen, page.number + 1) if page.has_next() else "",
            "outcome_parts": parts,
            "outcome_sentence": outcome_sentence(counts),
        },
    )


@require_safe
def results_csv(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """The filtered rows as CSV (UTF-8 with BOM, so that Excel reads it)."""
    frame = frame_or_404(key, fiscal_year)
    rows = filtered(result_rows(frame.plans), _filter(request))
    name = _("%(ward)s_%(year)s_取組と結果.csv") % {
        "ward": frame.ward.full_name,
        "year": formats.wareki(fiscal_year),
    }
    return csv_answer(name, _CSV_HEADING, _csv_rows(frame, rows))


def _year_files(frame: Frame, rows: Iterable[ResultRow]) -> list[tuple[str, str]]:
    """(plan, address of its workbook) of the plans that say what was done."""
    saying = {row.result.version_id for row in rows if row.result and row.result.text}
    return [
        (f"{plan.kind_label} {plan.part}".strip(), year_file_url(frame.ward.key, plan))
        for plan in frame.plans
        if plan.version_id in saying
    ]


def _csv_rows(frame: Frame, rows: Iterable[ResultRow]) -> Iterator[list[str]]:
    for row in rows:
        result = row.result
        yield [
            frame.ward.code or "", frame.ward.full_name, str(frame.fiscal_year), str(row.node.public_id),
            row.focus.label if row.focus else "", row.measure.label if row.measure else "",
            "\n".join(row.planned), result.text if result else "", row.outcome_label,
            ";".join(f"{each.label}{formats.whole(each.value)}{each.unit}" for each in result.figures) if result else "",
            ";".join(owner.name for owner in row.node.owners),
            str(row.node.source_page or ""), str(row.node.source_line or ""),
        ]  # fmt: skip


def _filter(request: HttpRequest) -> ResultFilter:
    """What the address asks for; nonsense asks for nothing."""
    body = request.GET.get("body", "")
    outcome = request.GET.get("outcome", "")
    return ResultFilter(
        focus=request.GET.get("focus", "")[:40],
        body_id=int(body) if body.isascii() and body.isdigit() and len(body) < 10 else None,
        outcome=outcome if outcome in Outcome.values else "",
        words=request.GET.get("q", "").strip()[:100],
    )


def _query(chosen: ResultFilter, page: int = 1, changed: dict[str, str] | None = None) -> str:
    parts = {
        "focus": chosen.focus,
        "body": str(chosen.body_id) if chosen.body_id is not None else "",
        "outcome": chosen.outcome,
        "q": chosen.words,
        "page": str(page) if page > 1 else "",
    } | (changed or {})
    text = urlencode({name: value for name, value in parts.items() if value})
    return f"?{text}" if text else ""


def _choices(address: str, chosen: ResultFilter, name: str, facets: list[Facet]) -> list[Choice]:
    return [
        Choice(facet, address + _query(chosen, changed={name: "" if facet.is_chosen else facet.value}))
        for facet in facets
        if facet.count or facet.is_chosen
    ]


def _grouped(rows: Iterable[ResultRow]) -> list[tuple[ResultRow, list[ResultRow]]]:
    """Rows under their heading; the first row of each group names it."""
    groups = [list(group) for _key, group in groupby(rows, key=lambda row: row.focus and row.focus.item_id)]
    return [(group[0], group) for group in groups]
