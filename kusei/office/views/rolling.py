"""次の年度へ: see what next year's draft takes from this year's plan and its reviews, then make it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kusei.office.queries.rolling import next_year_of
from kusei.office.views.frame import Crumb, office_page
from kusei.plans import operations as plans
from kusei.plans.models import Plan
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan
from kusei.press.formats import whole
from kusei.results import operations as results
from kusei.results.errors import ResultError
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def next_year(request: OfficeRequest, ward: Ward, plan_id: int) -> HttpResponse:
    """What goes on, is marked, drops out; and the button that makes it so."""
    plan = Plan.objects.filter(ward=ward, pk=plan_id).select_related("ward").first()
    if plan is None:
        raise Http404(_("この計画は見つかりません。計画の一覧から開き直してください。"))
    if request.method == "POST":
        try:
            came = results.roll_plan_over(plan=plan, actor=request.user)
        except (ResultError, plans.PlanError) as error:
            messages.error(request, str(error))
            return redirect("office:next_year", key=ward.key, plan_id=plan.pk)
        told = (
            [_("次の年度の下書きに%(taken)sの項目を引き継ぎました。") % {"taken": whole(came.taken)}]
            if came.taken
            else []
        )
        if came.indicators:
            told.append(_("指標を%(n)s引き継ぎました。") % {"n": whole(came.indicators)})
        if came.ended:
            told.append(
                _("終了にした%(ended)sの項目は引き継いでいません。") % {"ended": whole(len(came.ended))}
            )
        messages.success(request, "".join(told))
        if came.version is None:
            return redirect(f"{reverse('office:indicators', args=[ward.key])}?year={plan.fiscal_year + 1}")
        return redirect("office:last_year", key=ward.key, version_id=came.version.pk)
    return office_page(
        request,
        "office/reviews/next_year.html",
        ward,
        title=_("次の年度へ引き継ぐ"),
        section="plans",
        crumbs=[Crumb(_("計画"), reverse("office:plans", args=[ward.key]))],
        context={
            "plan": plan,
            "label": plan_label(plan),
            "year": plan.fiscal_year,
            "next": plan.fiscal_year + 1,
            "coming": next_year_of(plan),
        },
    )
