"""The results of a year: a table whose filters and order live in the address, and the same rows as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.plans.queries import Node
from kusei.portal.charts import outcome_parts, outcome_sentence
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.results import results_of_year
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.portal.views.year_files import year_file_url
from kusei.press import formats
from kusei.press.csv_files import csv_answer
from kusei.results.enums import Outcome
from kusei.results.queries import (
    OUTCOME_GROUPS,
    SORTS,
    Facet,
    ResultFilter,
    ResultRow,
    body_facets,
    district_facets,
    filtered,
    focus_facets,
    measure_facets,
    ordered,
    outcome_facets,
    trends_of,
)

ROWS_ON_A_PAGE = 50
ALL_ROWS = "all"
BODIES_SHOWN = 10
_CSV_HEADING = (
    "全国地方公共団体コード", "地方公共団体名", "年度", "ID", "行動計画", "取組", "実施計画", "実施した取組結果",
    "状況", "数値", "実施主体", "文書のページ", "文書の行", "理由", "訂正した日",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet with its address; choosing what is chosen already takes it away."""

    facet: Facet
    url: str


@dataclass(frozen=True, slots=True)
class Order:
    """One way to order the table."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading: an item where the table stands in the documents' order, else what the rows have in common."""

    node: Node | None
    label: str
    is_source: bool
    rows: list[ResultRow]


@require_safe
def results(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """The table, filtered by heading, measure, body, district, outcome and words."""
    frame = frame_or_404(key, fiscal_year)
    year = results_of_year(frame)
    chosen, sort = _filter(request), _sort(request)
    found = ordered(filtered(year.rows, chosen), sort)
    wanted = request.GET.get("page", "")
    page = Paginator(found, max(len(found), 1) if wanted == ALL_ROWS else ROWS_ON_A_PAGE).get_page(wanted)
    shown: Sequence[ResultRow] = list(page.object_list)
    address = _Address(reverse("portal:results", args=[key, fiscal_year]), chosen, sort)
    bodies = address.choices("body", body_facets(year.rows, chosen))
    outcomes = address.choices("outcome", outcome_facets(year.rows, chosen))
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
            "all_count": len(year.rows),
            "found_count": len(found),
            "corrected_count": year.corrected_count,
            "answering": year.answering,
            "chosen": chosen,
            "chosen_group": _group_sentence(chosen.outcome),
            "chosen_place": _chosen_place(chosen, year.districts),
            "kept": address.kept_by_words(),
            "page": page,
            "groups": _grouped(shown, sort),
            "sort": sort,
            "orders": address.orders(with_corrected=bool(year.corrected_count)),
            "trends": trends_of(
                frame.ward, frame.versions, {row.node.item_id: row.result for row in shown if row.result}
            ),
            "outcomes": list(zip(outcomes, parts, strict=True)),
            "focuses": address.choices("focus", focus_facets(year.rows, chosen), without="measure"),
            "measures": address.choices("measure", measure_facets(year.rows, chosen)),
            "districts": address.choices("district", district_facets(year.rows, chosen, year.districts)),
            "bodies_first": bodies[:BODIES_SHOWN],
            "bodies_more": bodies[BODIES_SHOWN:],
            "summary_url": reverse("portal:results_summary", args=[key, fiscal_year]),
            "csv_url": reverse("portal:results_csv", args=[key, fiscal_year]) + address.query(),
            "year_files": _year_files(frame, year.rows),
            "all_url": address.to(page=ALL_ROWS) if page.has_other_pages() else "",
            "corrected_url": address.to(corrected="" if chosen.corrected else "1"),
            "clear_url": address.path,
            "previous_url": address.at(page.number - 1) if page.has_previous() else "",
            "next_url": address.at(page.number + 1) if page.has_next() else "",
            "outcome_parts": parts,
            "outcome_sentence": outcome_sentence(counts),
        },
    )


@require_safe
def results_csv(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """The filtered rows as CSV (UTF-8 with BOM, so that Excel reads it)."""
    frame = frame_or_404(key, fiscal_year)
    rows = ordered(filtered(results_of_year(frame).rows, _filter(request)), _sort(request))
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
            result.plain_reason if result else "",
            ";".join(f"{each.version.published_at:%Y-%m-%d}" for each in row.corrections),
        ]  # fmt: skip


def _filter(request: HttpRequest) -> ResultFilter:
    """What the address asks for; nonsense asks for nothing."""
    outcome = request.GET.get("outcome", "")
    return ResultFilter(
        focus=request.GET.get("focus", "")[:40],
        measure=request.GET.get("measure", "")[:40],
        body_id=_number(request.GET.get("body", "")),
        district_id=_number(request.GET.get("district", "")),
        outcome=outcome if outcome in Outcome.values or outcome in OUTCOME_GROUPS else "",
        words=request.GET.get("q", "").strip()[:100],
        corrected=request.GET.get("corrected") == "1",
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in SORTS else ""


class _Address:
    """The table's address with what is chosen; every choice, order and page is this with something changed."""

    def __init__(self, path: str, chosen: ResultFilter, sort: str) -> None:
        self.path = path
        self._parts = {
            "focus": chosen.focus,
            "measure": chosen.measure,
            "body": str(chosen.body_id) if chosen.body_id is not None else "",
            "district": str(chosen.district_id) if chosen.district_id is not None else "",
            "outcome": chosen.outcome,
            "q": chosen.words,
            "corrected": "1" if chosen.corrected else "",
            "sort": sort,
        }

    def query(self, **changed: str) -> str:
        text = urlencode({name: value for name, value in {**self._parts, **changed}.items() if value})
        return f"?{text}" if text else ""

    def to(self, **changed: str) -> str:
        return self.path + self.query(**changed)

    def at(self, page: int) -> str:
        return self.to(page=str(page) if page > 1 else "")

    def kept_by_words(self) -> list[tuple[str, str]]:
        """What the form that narrows by words carries on."""
        return [(name, value) for name, value in self._parts.items() if value and name != "q"]

    def choices(self, name: str, facets: list[Facet], without: str = "") -> list[Choice]:
        """Facets with their addresses; `without` is another filter that a new choice takes away."""
        taken = {without: ""} if without else {}
        return [
            Choice(facet, self.to(**{**taken, name: "" if facet.is_chosen else facet.value}))
            for facet in facets
            if facet.count or facet.is_chosen
        ]

    def orders(self, *, with_corrected: bool) -> list[Order]:
        labels = {
            "": _("文書の順"),
            "outcome": _("計画どおりにできなかったものから"),
            "body": _("担当ごと"),
        }
        if with_corrected or self._parts["sort"] == "corrected":
            labels["corrected"] = _("新しく訂正したものから")
        return [
            Order(label, self.to(sort=sort), sort == self._parts["sort"]) for sort, label in labels.items()
        ]


def _group_sentence(outcome: str) -> str:
    """What is shown where several outcomes are asked for together: no choice of the list tells it."""
    return {
        "not_as_planned": _("中止・休止・延期・未実施・一部実施の取組です。"),
        "prepared_or_ended": _("準備・検討中か、終了した取組です。"),
    }.get(outcome, "")


def _chosen_place(chosen: ResultFilter, districts: dict[int, str]) -> str:
    """The district chosen, by name: what rows it leaves is told beside it."""
    return districts.get(chosen.district_id, "") if chosen.district_id is not None else ""


def _grouped(rows: Iterable[ResultRow], sort: str) -> list[Group]:
    """Rows under what they have in common in the order chosen."""
    if sort == "outcome":
        return [
            Group(None, label, False, list(group))
            for label, group in groupby(rows, key=lambda row: row.outcome_label)
        ]
    if sort == "corrected":
        return [
            Group(None, _("訂正したもの") if is_corrected else _("訂正していないもの"), False, list(group))
            for is_corrected, group in groupby(rows, key=lambda row: bool(row.corrections))
        ]
    if sort == "body":
        return [
            Group(None, name or _("担当の記載なし"), bool(name), list(group))
            for name, group in groupby(
                rows, key=lambda row: row.node.owners[0].name if row.node.owners else ""
            )
        ]
    groups = [list(group) for _key, group in groupby(rows, key=lambda row: row.focus and row.focus.item_id)]
    return [
        Group(group[0].focus, group[0].focus.label if group[0].focus else _("そのほか"), bool(group[0].focus), group)
        for group in groups
    ]  # fmt: skip
