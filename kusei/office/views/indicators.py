"""指標と目標: a year's indicators with their state and its grounds, one indicator broken down, its targets."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.ledger.queries.metrics import usable_metrics
from kusei.ledger.rules import from_smallest
from kusei.ledger.saying import said
from kusei.office.forms.indicators import ChangeForm, IndicatorForm, TargetField, target_fields
from kusei.office.queries.indicators import (
    Broken,
    IndicatorAsked,
    IndicatorLine,
    broken_down,
    indicator_lines,
    indicator_list,
)
from kusei.office.queries.ledger import office_years
from kusei.office.views.breakdown import breakdown_file, years_chart
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.ledger import year_asked
from kusei.plans.models import Item
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import tree_of
from kusei.press.formats import short_wareki, wareki
from kusei.press.line_charts import Level, Line, line_chart
from kusei.results import operations as results
from kusei.results.errors import ResultError
from kusei.results.models import Indicator
from kusei.results.permissions import may_keep_indicators, may_see_all_answers, may_see_answers
from kusei.results.queries.indicators import chain_of, indicators_of, owners_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require
from kusei.wards.queries import bodies_of

_AHEAD = 4
"""For how many years after the plan's a target can be set."""

MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


@require_safe
@in_office(may_see_answers)
def indicators(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """A year's indicators, narrowed by what the address says."""
    year = year_asked(request, ward)
    asked = IndicatorAsked(
        state=request.GET.get("state", "")[:20],
        body=number_of(request.GET.get("body", "")) or 0,
        words=request.GET.get("q", "").strip()[:100],
    )
    return office_page(
        request,
        "office/indicators/list.html",
        ward,
        title=_("%(year)sの指標と目標") % {"year": wareki(year)},
        section="indicators",
        context={
            "year": year,
            "years": sorted({*office_years(ward), year}, reverse=True),
            "asked": asked,
            "found": indicator_list(ward, year, asked, today=timezone.localdate()),
            "sees_reviews": bool(may_see_all_answers(request.rights, ward)),
        },
    )


@require_safe
@in_office(may_see_answers)
def indicator(request: OfficeRequest, ward: Ward, indicator_id: int) -> HttpResponse:
    """One indicator: its state, by month, by year, by district, by body, and its targets."""
    return _page(request, ward, _indicator_or_404(ward, indicator_id))


@require_POST
@in_office(may_see_answers)
def targets(request: OfficeRequest, ward: Ward, indicator_id: int) -> HttpResponse:
    """Set the targets of years: all that were changed, or none."""
    found = _indicator_or_404(ward, indicator_id)
    require(may_keep_indicators(request.rights, ward, owners_of(found.item)))
    fields = _fields(found, request.POST)
    if any(field.problem for field in fields):
        return _page(request, ward, found, fields=fields, status=422)
    changed = [field for field in fields if field.is_changed]
    try:
        with transaction.atomic():
            for field in changed:
                results.set_target(
                    indicator=found, fiscal_year=field.year, quantity=field.quantity, actor=request.user
                )
    except ResultError as error:
        fields[0].problem = str(error)
        return _page(request, ward, found, fields=fields, status=422)
    if changed:
        messages.success(request, _("目標値を保存しました。"))
    else:
        messages.info(request, _("前と同じ目標値なので、何も変えていません。"))
    return redirect(_address(found, year_asked(request, ward)))


@require_POST
@in_office(may_see_answers)
def end(request: OfficeRequest, ward: Ward, indicator_id: int) -> HttpResponse:
    """Use an indicator no more from next year on."""
    found = _indicator_or_404(ward, indicator_id)
    results.end_indicator(indicator=found, actor=request.user)
    messages.success(request, _("この指標を使わないことにしました。これまでの年度の数と目標は残ります。"))
    return redirect(_address(found, year_asked(request, ward)))


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_answers)
def change(request: OfficeRequest, ward: Ward, indicator_id: int) -> HttpResponse:
    """Another name, direction, beginning or body in charge."""
    found = _indicator_or_404(ward, indicator_id)
    require(may_keep_indicators(request.rights, ward, owners_of(found.item)))
    metric = found.metric
    form = ChangeForm(
        request.POST or None,
        metric=metric,
        bodies=bodies_of(ward),
        year=found.item.plan.fiscal_year,
        initial={
            "name": found.name,
            "direction": found.direction,
            "baseline": ""
            if found.baseline is None
            else f"{from_smallest(found.baseline, metric.decimals):,}",
            "baseline_year": "" if found.baseline_year is None else wareki(found.baseline_year),
            "body": found.body_id,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            results.change_indicator(
                indicator=found,
                name=given["name"],
                direction=given["direction"],
                baseline=given["baseline"],
                baseline_year=given["baseline_year"],
                body=given["body"],
                actor=request.user,
            )
        except ResultError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("指標を直しました。"))
            return redirect(_address(found, year_asked(request, ward)))
    return office_page(
        request,
        "office/indicators/change.html",
        ward,
        title=_("指標を直す"),
        section="indicators",
        crumbs=[
            Crumb(_("指標と目標"), reverse("office:indicators", args=[ward.key])),
            Crumb(found.name, reverse("office:indicator", args=[ward.key, found.pk])),
        ],
        context={
            "form": form,
            "indicator": found,
            "back": reverse("office:indicator", args=[ward.key, found.pk]),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_answers)
def add(request: OfficeRequest, ward: Ward, item_id: int) -> HttpResponse:
    """Give an item of a published plan an indicator, with this year's target."""
    item = Item.objects.filter(ward=ward, pk=item_id).select_related("plan", "ward").first()
    version = version_in_force(item.plan) if item else None
    tree = tree_of(version) if version else None
    if item is None or tree is None or item.pk not in tree:
        raise Http404(_("この項目は、公開中の計画にありません。計画を公開してから、指標を加えてください。"))
    require(may_keep_indicators(request.rights, ward, owners_of(item)))
    row, year = tree.row(item.pk), item.plan.fiscal_year
    form = IndicatorForm(
        request.POST or None,
        metrics=usable_metrics(ward),
        bodies=bodies_of(ward),
        rows=tree.rows,
        year=year,
        initial={"body": next((owner.body for owner in row.owners), None)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                made = results.add_indicator(
                    item=item,
                    name=given["name"],
                    metric=given["metric"],
                    direction=given["direction"],
                    baseline=given["baseline"],
                    baseline_year=given["baseline_year"],
                    body=given["body"],
                    items=list(Item.objects.filter(ward=ward, pk__in=given["items"])),
                    actor=request.user,
                )
                if given["target"] is not None:
                    results.set_target(
                        indicator=made, fiscal_year=year, quantity=given["target"], actor=request.user
                    )
        except ResultError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("指標を加えました。"))
            return redirect(_address(made, year))
    return office_page(
        request,
        "office/indicators/add.html",
        ward,
        title=_("指標を加える"),
        section="indicators",
        crumbs=[
            Crumb(_("指標と目標"), f"{reverse('office:indicators', args=[ward.key])}?year={year}"),
            Crumb(row.title, reverse("office:item_years", args=[ward.key, item.pk])),
        ],
        context={
            "form": form,
            "row": row,
            "rows": [(each, tree.depth(each.item), str(each.item) in form.chosen) for each in tree.rows],
            "back": reverse("office:item_years", args=[ward.key, item.pk]),
        },
        status=422 if form.errors else 200,
    )


def _indicator_or_404(ward: Ward, indicator_id: int) -> Indicator:
    found = (
        Indicator.objects.filter(ward=ward, pk=indicator_id)
        .select_related(
            "metric__numerator", "metric__denominator", "body", "item__plan", "ward", "continued_by"
        )
        .prefetch_related("targets", "items")
        .first()
    )
    if found is None:
        raise Http404(_("この指標は見つかりません。指標と目標の一覧から開き直してください。"))
    return found


def _address(found: Indicator, year: int) -> str:
    return f"{reverse('office:indicator', args=[found.ward.key, found.pk])}?year={year}"


def _fields(found: Indicator, given: object = None) -> list[TargetField]:
    known = {each.fiscal_year: each.quantity for each in found.targets.all()}
    first = found.item.plan.fiscal_year
    years = sorted({*known, *range(first, first + _AHEAD + 1)})
    if hasattr(found, "continued_by"):  # the years to come are set where they are spoken of
        years = [year for year in years if year <= first]
    return target_fields(found.metric, years, known, given)  # type: ignore[arg-type]


@require_safe
@in_office(may_see_answers)
def indicator_file(request: OfficeRequest, ward: Ward, indicator_id: int) -> HttpResponse:
    """The indicator's year by month, year, body and district, as CSV."""
    found = _indicator_or_404(ward, indicator_id)
    year = year_asked(request, ward) if "year" in request.GET else found.item.plan.fiscal_year
    today = timezone.localdate()
    [line] = indicator_lines(ward, year, [found], today=today)
    broken = broken_down(ward, year, line.said, today=today)
    return breakdown_file(
        f"{found.name}_{wareki(year)}",
        line.said.metric,
        months=[
            (_("%(n)d月") % {"n": month}, each) for month, each in zip(MONTHS, broken.now.months, strict=True)
        ],
        years=[(wareki(each), figure.quantity) for each, figure in broken.years],
        bodies=[(name, quantity) for name, quantity, _share in broken.bodies.rows],
        districts=[(name, quantity) for name, quantity, _share in broken.districts.rows],
        targets={wareki(each): target for each, target in _targets_of(chain_of(found)).items()},
    )


def _targets_of(chain: list[Indicator]) -> dict[int, int]:
    """By year, the target that the indicator of that year has."""
    return {
        each.fiscal_year: each.quantity
        for one in chain
        for each in one.targets.all()
        if each.fiscal_year >= one.item.plan.fiscal_year
    }


def _page(
    request: OfficeRequest,
    ward: Ward,
    found: Indicator,
    *,
    fields: list[TargetField] | None = None,
    status: int = 200,
) -> HttpResponse:
    year = year_asked(request, ward) if "year" in request.GET else found.item.plan.fiscal_year
    today = timezone.localdate()
    [line] = indicator_lines(ward, year, [found], today=today)
    broken = broken_down(ward, year, line.said, today=today)
    decision = may_keep_indicators(request.rights, ward, owners_of(found.item))
    chain = chain_of(found)
    known, metric = _targets_of(chain), line.said.metric
    others = [each for each in indicators_of(ward, items=[found.item_id], ended=True) if each.pk != found.pk]
    return office_page(
        request,
        "office/indicators/one.html",
        ward,
        title=found.name,
        section="indicators",
        crumbs=[Crumb(_("指標と目標"), f"{reverse('office:indicators', args=[ward.key])}?year={year}")],
        context={
            "indicator": found,
            "line": line,
            "year": year,
            "years": sorted({*known, *(each for each, _figure in broken.years), found.item.plan.fiscal_year, year}),
            "broken": broken,
            "months": list(
                zip(MONTHS, broken.now.months, broken.now.reached, broken.before.months, broken.before.reached, strict=True)
            ),
            "course_chart": course_chart(line, broken),
            "by_years": [(each, figure, known.get(each)) for each, figure in broken.years],
            "year_chart": years_chart(metric, broken.years, year, known),
            "fields": _fields(found) if fields is None else fields,
            "may_keep": bool(decision),
            "refusal": decision.reason,
            "others": others,
            "through": [(each, each.item.plan.fiscal_year) for each in chain if each.pk != found.pk],
        },
        status=status,
    )  # fmt: skip


def course_chart(line: IndicatorLine, broken: Broken) -> str:
    """How far the year has come month by month, beside last year and the target; nothing where neither year has a month."""
    metric, target = line.said.metric, line.said.target

    def plain(quantity: int | None) -> float | None:
        return None if quantity is None else float(from_smallest(quantity, metric.decimals))

    def ends(course: tuple[int | None, ...]) -> int | None:
        return next((each for each in reversed(course) if each is not None), None)

    lines = [
        Line(
            tuple(plain(each) for each in course.reached),
            f"{short_wareki(course.fiscal_year)} {said(ends(course.reached), metric)}",
            is_emphasised=course is broken.now,
        )
        for course in (broken.before, broken.now)
        if course.has_any
    ]
    return line_chart(
        lines,
        [_("%(month)d月") % {"month": month} for month in MONTHS],
        title=line.reason,
        description="、".join(
            _("%(month)d月 %(number)s") % {"month": month, "number": said(reached, metric)}
            for month, reached in zip(MONTHS, broken.now.reached, strict=True)
            if reached is not None
        )
        or _("この年度の記録はまだありません。"),
        name="course",
        level=None
        if target is None
        else Level(float(from_smallest(target, metric.decimals)), _("目標 %(number)s") % {"number": said(target, metric)}),
    )  # fmt: skip
