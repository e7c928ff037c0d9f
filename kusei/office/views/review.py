"""Looking a draft over item by item, and publishing it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.documents import operations as documents
from kusei.office.queries.review import groups_of, listed, review_of
from kusei.office.views.draft_frame import number_of, with_query
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.public_pages import public_address
from kusei.plans import operations as plans
from kusei.plans.enums import OPEN, ReviewState
from kusei.plans.errors import NotReady, PlanError
from kusei.plans.models import PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan, may_publish, may_see_drafts
from kusei.plans.queries.drafts import draft_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

ITEMS_AT_ONCE = 100
_STATES = {
    "unseen": (ReviewState.UNSEEN,),
    "waiting": (ReviewState.SUBMITTED,),
    "working": (ReviewState.WORKING, ReviewState.RETURNED),
    "approved": (ReviewState.APPROVED,),
}


def open_draft_or_404(ward: Ward, version_id: int) -> PlanVersion:
    """The open draft of the address; 404 with words that help otherwise."""
    version = draft_of(ward, version_id)
    if version is None or version.status not in OPEN:
        raise Http404(_("この下書きは、もう公開されたか捨てられました。計画の一覧から開き直してください。"))
    return version


@require_safe
@in_office(may_see_drafts)
def review(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """What changed in the draft, item by item: divisions ask for a look, planners approve or return."""
    version = open_draft_or_404(ward, version_id)
    shown = request.GET.get("state", "")
    rights = request.rights
    found = review_of(version, ward, rights, states=_STATES.get(shown, ()))
    own_first = not may_plan(rights, ward)
    page = Paginator(listed(found.items, own_first=own_first), ITEMS_AT_ONCE).get_page(
        request.GET.get("page")
    )
    counts = found.counts
    return office_page(
        request,
        "office/review/review.html",
        ward,
        title=_("%(plan)sの確認") % {"plan": plan_label(version.plan)},
        section="plans",
        crumbs=_crumbs(ward, version),
        context={
            "version": version,
            "review": found,
            "page": page,
            "keep": urlencode({"state": shown}) if shown else "",
            "groups": groups_of(page, own_first=own_first),
            "can_choose": any(each.may_submit for each in page),
            "state": shown,
            "choices": [
                ("", _("変わったものすべて")),
                ("unseen", _("まだ見ていない（%(n)d件）") % {"n": counts.get(ReviewState.UNSEEN, 0)}),
                ("waiting", _("確認待ち（%(n)d件）") % {"n": counts.get(ReviewState.SUBMITTED, 0)}),
                (
                    "working",
                    _("作成中・差し戻し（%(n)d件）")
                    % {"n": counts.get(ReviewState.WORKING, 0) + counts.get(ReviewState.RETURNED, 0)},
                ),
                ("approved", _("確認済み（%(n)d件）") % {"n": counts.get(ReviewState.APPROVED, 0)}),
            ],
            "is_planner": bool(may_plan(rights, ward)),
        },
    )


@require_POST
@in_office(may_see_drafts)
def decide(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Ask for a look, approve or return the items that were ticked."""
    version = open_draft_or_404(ward, version_id)
    state, at = request.POST.get("state", ""), number_of(request.POST.get("page", "")) or 1
    kept = [("state", state)] if state in _STATES else []
    kept += [("page", str(at))] if at > 1 else []
    back = with_query(reverse("office:review", args=[ward.key, version_id]), urlencode(kept))
    seen = _chosen(request)
    items = list(seen)
    note = request.POST.get("note", "")
    if not items:
        messages.error(request, _("項目が選ばれていません。左のチェックを付けてから押してください。"))
        return redirect(back)
    actor = request.user
    try:
        match request.POST.get("decision"):
            case "submit":
                done = plans.submit_items(version=version, items=items, actor=actor, note=note)
                said = ngettext("%d件の確認を求めました。", "%d件の確認を求めました。", done) % done
            case "approve":
                done = plans.approve_items(version=version, items=items, actor=actor, note=note, seen=seen)
                said = ngettext("%d件を確認済みにしました。", "%d件を確認済みにしました。", done) % done
            case "return":
                done = plans.return_items(version=version, items=items, actor=actor, note=note)
                said = ngettext("%d件を差し戻しました。", "%d件を差し戻しました。", done) % done
            case "ask":
                picked = urlencode({"item": items}, doseq=True)
                return redirect(f"{reverse('office:ask_body', args=[ward.key, version_id])}?{picked}")
            case _:
                raise Http404
        messages.success(request, said)
    except PlanError as error:
        messages.error(request, str(error))
    return redirect(back)


def _chosen(request: OfficeRequest) -> dict[int, int | None]:
    """The items that were ticked, each with the revision that the page showed."""
    given = [*request.POST.getlist("item"), *" ".join(request.POST.getlist("group")).split()]
    pairs = (each.partition(":") for each in given)
    found = {number_of(item): number_of(revision) for item, _colon, revision in pairs}
    return {item: revision for item, revision in found.items() if item is not None}


@require_POST
@in_office(may_plan)
def due(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Set or take away the day until which divisions are to be ready."""
    version = open_draft_or_404(ward, version_id)
    typed = request.POST.get("due_on", "").strip()
    day = _day(typed)
    if typed and day is None:
        messages.error(request, _("「%(day)s」という日はありません。例: 2027-03-15") % {"day": typed})
    else:
        plans.set_due(version=version, due_on=day, actor=request.user)
        messages.success(request, _("しめきりを決めました。") if day else _("しめきりをなくしました。"))
    return redirect("office:review", key=ward.key, version_id=version_id)


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_publish)
def publish(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """The last look before residents see it: what changes for them, what is missing, and the button."""
    version = open_draft_or_404(ward, version_id)
    status = 200
    problem = ""
    unseen = version.texts.filter(review=ReviewState.UNSEEN).count()
    if request.method == "POST" and unseen and "unseen" not in request.POST:
        problem = _(
            "まだ見ていない項目が%(number)d件あります。見てから公開するか、そのまま公開するときは下の欄を選んでもう一度押してください。"
        ) % {"number": unseen}
        status = 409
    elif request.method == "POST":
        try:
            done = documents.publish_draft(
                version=version, actor=request.user, note=request.POST.get("note", "")
            )
        except NotReady:
            status = 409  # the page tells what is missing
        except PlanError as error:
            messages.error(request, str(error))
            return redirect("office:publish", key=ward.key, version_id=version_id)
        else:
            messages.success(
                request,
                format_html(
                    '{} <a href="{}">{}</a>',
                    _("%(plan)sの第%(number)d版を公開しました。")
                    % {"plan": plan_label(done.plan), "number": done.number},
                    public_address(ward, done.plan),
                    _("住民のページで見る"),
                ),
            )
            return redirect("office:work", key=ward.key)
    found = review_of(version, ward, request.rights)
    page = Paginator(found.changed, ITEMS_AT_ONCE).get_page(request.GET.get("page"))
    force = plans.version_in_force(version.plan)
    title = _("%(plan)sを公開する") % {"plan": plan_label(version.plan)}
    return office_page(
        request,
        "office/review/publish.html",
        ward,
        title=title,
        section="plans",
        crumbs=_crumbs(ward, version),
        context={
            "version": version,
            "review": found,
            "page": page,
            "gaps": found.gaps[:ITEMS_AT_ONCE],
            "more_gaps": max(len(found.gaps) - ITEMS_AT_ONCE, 0),
            "force": force,
            "is_behind": (force.pk if force else None) != version.base_id,
            "note": request.POST.get("note", ""),
            "unseen": unseen,
            "accepts_unseen": "unseen" in request.POST,
            "problem": problem,
        },
        status=status,
    )


@require_POST
@in_office(may_plan)
def take_in(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Bring a version that was published meanwhile into the draft."""
    version = open_draft_or_404(ward, version_id)
    try:
        taken = plans.take_in_force(version=version, actor=request.user)
    except PlanError as error:
        messages.error(request, str(error))
        return redirect("office:publish", key=ward.key, version_id=version_id)
    messages.success(request, _("公開中の版から%(n)d件の変更を取り入れました。") % {"n": len(taken.changed)})
    for row, _clashes in taken.clashes:
        messages.warning(
            request,
            _("「%(title)s」は両方で違うように直されています。下書きの言葉を残しました。確かめてください。")
            % {"title": row.title},
        )
    return redirect("office:publish", key=ward.key, version_id=version_id)


def _crumbs(ward: Ward, version: PlanVersion) -> list[Crumb]:
    return [
        Crumb(_("計画"), reverse("office:plans", args=[ward.key])),
        Crumb(plan_label(version.plan), reverse("office:draft", args=[ward.key, version.pk])),
    ]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
