"""評価: what is to be judged in a year, and the page where evidence and judgement stand side by side."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kusei.office.forms.reviews import CRITERIA, ReviewForm
from kusei.office.queries.ledger import office_years
from kusei.office.queries.reviews import STATES, ReviewAsked, evidence_of, review_list, reviews_of
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.ledger import year_asked
from kusei.plans.drafting import Tree
from kusei.plans.models import Item, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import tree_of
from kusei.press.formats import wareki
from kusei.results import operations as results
from kusei.results.enums import Course, Stage
from kusei.results.errors import ReviewChanged, ReviewRefused
from kusei.results.models import Review
from kusei.results.permissions import may_collect, may_keep_indicators, may_see_all_answers
from kusei.results.queries.indicators import owners_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

AT_ONCE = 50
RESULTS_SHOWN = 60


@require_safe
@in_office(may_see_all_answers)
def reviews(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """What is to be judged in a year, narrowed by what the address says."""
    year = year_asked(request, ward)
    state, course = request.GET.get("state", ""), request.GET.get("course", "")
    asked = ReviewAsked(
        state=state if state in STATES else "",
        course=course if course in Course.values else "",
        body=number_of(request.GET.get("body", "")) or 0,
        words=request.GET.get("q", "").strip()[:100],
    )
    found = review_list(ward, year, asked)
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request,
        "office/reviews/list.html",
        ward,
        title=_("%(year)sの評価") % {"year": wareki(year)},
        section="reviews",
        context={
            "year": year,
            "years": sorted({*office_years(ward), year}, reverse=True),
            "asked": asked,
            "found": found,
            "states": [(value, label, found.states.get(value, 0)) for value, label in _state_choices()],
            "courses": [(value, label, found.courses.get(value, 0)) for value, label in Course.choices],
            "page": Paginator(found.lines, AT_ONCE).get_page(request.GET.get("page")),
            "keep": keep.urlencode(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_all_answers)
def review(request: OfficeRequest, ward: Ward, item_id: int) -> HttpResponse:
    """Judge an item with its evidence beside it: first its division, then the planner. Both see both."""
    item = Item.objects.filter(ward=ward, pk=item_id).select_related("plan", "ward").first()
    version = version_in_force(item.plan) if item else None
    tree = tree_of(version) if version else None
    if item is None or version is None or tree is None or item.pk not in tree:
        raise Http404(_("この項目は、公開中の計画にありません。評価の一覧から開き直してください。"))
    if request.method != "POST":
        return _page(request, ward, item, version, tree)
    stage = request.POST.get("stage", "")
    if stage not in Stage.values:
        raise Http404(_("この評価は見つかりません。評価の一覧から開き直してください。"))
    form = ReviewForm.of(None, stage, request.POST)
    if not form.is_valid():
        return _page(request, ward, item, version, tree, tried=(stage, form), status=422)
    given = form.cleaned_data
    try:
        written = results.write_review(
            item=item,
            stage=stage,
            said={field: given[field] for field in (*CRITERIA, "course", "comment")},
            revision=given["revision"],
            actor=request.user,
        )
    except ReviewRefused as error:
        form.add_error("comment", str(error))
        return _page(request, ward, item, version, tree, tried=(stage, form), status=422)
    except ReviewChanged as error:
        theirs = reviews_of(ward, [item.pk]).get(item.pk, {}).get(stage)
        again = request.POST.copy()
        again[f"{stage}-revision"] = str(theirs.revision if theirs else 0)
        messages.warning(request, str(error))
        mine = ReviewForm.of(None, stage, again)
        return _page(request, ward, item, version, tree, tried=(stage, mine), theirs=theirs, status=409)
    if written is None:
        messages.success(request, _("評価を取り消しました。まだ評価していない項目に戻りました。"))
    else:
        messages.success(request, _("評価を保存しました。"))
    return redirect("office:item_review", key=ward.key, item_id=item.pk)


def _page(
    request: OfficeRequest,
    ward: Ward,
    item: Item,
    version: PlanVersion,
    tree: Tree,
    *,
    tried: tuple[str, ReviewForm] | None = None,
    theirs: Review | None = None,
    status: int = 200,
) -> HttpResponse:
    said = reviews_of(ward, [item.pk]).get(item.pk, {})
    evidence = evidence_of(item, version, tree, today=timezone.localdate())
    owners = owners_of(item)
    year = version.plan.fiscal_year
    may = {
        Stage.DIVISION.value: bool(may_keep_indicators(request.rights, ward, owners)),
        Stage.PLANNER.value: bool(may_collect(request.rights, ward)),
    }
    turn = _turn(said, may, is_theirs=bool(request.rights.bodies_in(ward) & set(owners)))
    stages = [
        {
            "stage": stage,
            "label": label,
            "said": said.get(stage),
            "graded": _graded(said.get(stage)),
            "form": (tried[1] if tried and tried[0] == stage else ReviewForm.of(said.get(stage), stage)) if may[stage] else None,
            "theirs": theirs if tried and tried[0] == stage else None,
            "theirs_graded": _graded(theirs),
            "is_open": bool(tried and tried[0] == stage) or stage == turn,
        }
        for stage, label in Stage.choices
    ]  # fmt: skip
    return office_page(
        request,
        "office/reviews/one.html",
        ward,
        title=_("%(title)sの評価") % {"title": evidence.row.title[:80]},
        section="reviews",
        crumbs=[
            Crumb(
                _("%(year)sの評価") % {"year": wareki(year)},
                f"{reverse('office:reviews', args=[ward.key])}?year={year}",
            )
        ],
        context={
            "item": item,
            "year": year,
            "label": plan_label(version.plan),
            "evidence": evidence,
            "did": evidence.did[:RESULTS_SHOWN],
            "stages": stages,
            "errors": tried[1] if tried and tried[1].errors else None,
            "earlier": [
                (before, title, [(label, each.get(stage), _graded(each.get(stage))) for stage, label in Stage.choices if stage in each])
                for before, title, each in evidence.earlier
            ],
            "may_add_indicator": may[Stage.DIVISION.value],
        },
        status=status,
    )  # fmt: skip


def _turn(said: dict[str, Review], may: dict[str, bool], *, is_theirs: bool) -> str:
    """Whose form stands open: the first that is not written yet among those that may be written. A division's judgement opens
    by itself only for those who belong to it (`is_theirs`): a planner unfolds it to write on its behalf."""
    open_to = [stage for stage in Stage.values if may[stage] and (is_theirs or stage != Stage.DIVISION)]
    return next((stage for stage in reversed(open_to) if stage not in said), open_to[-1] if open_to else "")


def _graded(review: Review | None) -> list[tuple[str, str]]:
    """The criteria that were judged, with their words."""
    if review is None:
        return []
    return [
        (str(ReviewForm.base_fields[field].label), getattr(review, f"get_{field}_display")())
        for field in CRITERIA
        if getattr(review, field)
    ]


def _state_choices() -> list[tuple[str, str]]:
    return [
        ("none", _("まだ評価なし")),
        ("division", _("担当課が評価済み")),
        ("planner", _("企画担当も評価済み")),
    ]
