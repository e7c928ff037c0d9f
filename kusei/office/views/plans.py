"""計画: what is published, what is being written, and where a draft begins or ends."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kusei.documents import operations as documents
from kusei.japanese.fiscal_year import fiscal_year_of, wareki_year
from kusei.office.forms.plans import StartForm
from kusei.office.views.draft_frame import draft_or_404, draft_page, outline_url
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.public_pages import public_address
from kusei.plans import operations as plans
from kusei.plans.enums import PlanKind, ReviewState
from kusei.plans.permissions import may_plan, may_see_drafts
from kusei.plans.queries.drafts import PlanRow, open_draft_of, plan_rows
from kusei.results.queries.answers import REPORTING
from kusei.results.queries.boards import collections_by_plan
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

_WAITING = (ReviewState.WORKING.value, ReviewState.SUBMITTED.value, ReviewState.RETURNED.value)
STATES = ("draft", "published")


@require_safe
@in_office(may_see_drafts)
def plan_list(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Every plan with what is in force and the draft that is open; narrowed by year, kind and state."""
    rows = plan_rows(ward)
    collected = collections_by_plan(ward)
    year, kind, state = (request.GET.get(name, "") for name in ("year", "kind", "state"))
    shown = [row for row in rows if _is_asked_for(row, year, kind, state)]
    return office_page(
        request,
        "office/plans/list.html",
        ward,
        title=_("計画"),
        section="plans",
        context={
            "rows": [
                {
                    "plan": row.plan,
                    "kind_label": PlanKind(row.plan.kind).label,
                    "published": row.published,
                    "draft": row.draft,
                    "items": row.items,
                    "waiting": sum(row.by_review.get(each, 0) for each in _WAITING),
                    "unseen": row.by_review.get(ReviewState.UNSEEN.value, 0),
                    "edited_at": row.edited_at,
                    "public_url": public_address(ward, row.plan) if row.published else "",
                    "collection": collected.get(row.plan.pk),
                    "has_actions": row.plan.kind in REPORTING,
                }
                for row in shown
            ],
            "years": sorted({row.plan.fiscal_year for row in rows}, reverse=True),
            "kinds": PlanKind.choices,
            "year": year,
            "kind": kind,
            "state": state,
            "has_any": bool(rows),
            "may_plan": bool(may_plan(request.rights, ward)),
        },
    )


def _is_asked_for(row: PlanRow, year: str, kind: str, state: str) -> bool:
    return (
        (not year or str(row.plan.fiscal_year) == year)
        and (not kind or row.plan.kind == kind)
        and (state != "draft" or row.draft is not None)
        and (state != "published" or row.published is not None)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def start(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Begin a draft: of a plan in the list, at once, or of the one that the form names."""
    form = StartForm(
        request.POST or None,
        initial={
            "fiscal_year": wareki_year(fiscal_year_of(timezone.localdate())),
        },
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            version = plans.open_draft(
                ward=ward,
                fiscal_year=chosen["fiscal_year"],
                kind=chosen["kind"],
                part=chosen["part"],
                title=chosen["title"],
                actor=request.user,
            )
        except plans.DraftIsOpen as error:  # also the second half of a double click
            plan = plans.find_plan(
                ward, fiscal_year=chosen["fiscal_year"], kind=chosen["kind"], part=chosen["part"]
            )
            there = open_draft_of(plan) if plan else None
            if there is not None:
                messages.info(
                    request, _("この計画の下書きは、もう始められています。その下書きを開きました。")
                )
                return redirect(outline_url(there))
            form.add_error(None, str(error))
        except plans.PlanError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("下書きを始めました。公開中の版と同じ内容から直せます。")
                if version.base_id
                else _("下書きを始めました。最初の項目を加えてください。"),
            )
            return redirect(outline_url(version))
    return office_page(
        request,
        "office/plans/start.html",
        ward,
        title=_("下書きを始める"),
        section="plans",
        crumbs=[Crumb(_("計画"), reverse("office:plans", args=[ward.key]))],
        context={"form": form, "back": reverse("office:plans", args=[ward.key])},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def discard(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Throw a draft away, after a question, with a reason."""
    version = draft_or_404(request, ward, version_id)
    reason = request.POST.get("reason", "").strip()
    problem = ""
    if request.method == "POST":
        if reason:
            try:
                documents.discard_draft(version=version, actor=request.user, reason=reason)
            except plans.PlanError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("下書きを捨てました。公開中の版はそのままです。"))
            return redirect("office:plans", key=ward.key)
        problem = _("捨てる理由を書いてください。あとから経緯をたどれるように、変更の記録に残ります。")
    return draft_page(
        request,
        "office/plans/discard.html",
        version,
        title=_("下書きを捨てる"),
        crumbs=[],
        context={"problem": problem, "items": version.texts.count(), "steps": version.steps.count()},
        status=422 if problem else 200,
    )
