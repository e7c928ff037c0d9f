"""つながり: links between plans and years that Kusei proposes and a person decides on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kusei.office.views.frame import office_page
from kusei.plans import operations as plans
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import Link, Plan
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan
from kusei.plans.queries.links import links_to_decide, spots_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

ROWS_AT_ONCE = 50
KINDS = (LinkKind.CONTINUES, LinkKind.IMPLEMENTS, LinkKind.FUNDS)
LEAST = ((90, gettext_lazy("90％以上")), (75, gettext_lazy("75％以上")), (60, gettext_lazy("60％以上")))
_KEPT = ("plan", "kind", "least", "status", "page")


@require_safe
@in_office(may_plan)
def links(request: HttpRequest, ward: Ward) -> HttpResponse:
    """Proposals with both items, narrowed by plan, kind and confidence; or what was decided, to take it back."""
    asked = {name: request.GET.get(name, "") for name in _KEPT}
    status = asked["status"] if asked["status"] in LinkStatus.values else LinkStatus.PROPOSED.value
    found = links_to_decide(
        ward,
        status=status,
        plan_id=_number(asked["plan"]) or None,
        kind=asked["kind"] if asked["kind"] in LinkKind.values else "",
        least=min(_number(asked["least"]), 100),
    )
    page = Paginator(found, ROWS_AT_ONCE).get_page(asked["page"])
    spots = spots_of(ward, {item for link in page for item in (link.from_item_id, link.to_item_id)})
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request,
        "office/imports/links.html",
        ward,
        title=_("つながり"),
        section="links",
        context={
            "page": page,
            "rows": [_row(link, spots) for link in page],
            "keep": keep.urlencode(),
            "asked": asked,
            "status": status,
            "statuses": LinkStatus.choices,
            "plans": [
                (plan.pk, plan_label(plan))
                for plan in Plan.objects.filter(ward=ward, versions__status="published").distinct()
            ],
            "kinds": [(kind.value, kind.label) for kind in KINDS],
            "leasts": LEAST,
            "is_narrowed": any(asked[name] for name in ("plan", "kind", "least")),
        },
    )


def _row(link: Link, spots: dict[int, Any]) -> dict[str, Any]:
    return {
        "link": link,
        "start": spots.get(link.from_item_id),
        "end": spots.get(link.to_item_id),
        "sure": "high"
        if link.confidence_percent >= 85
        else "middle"
        if link.confidence_percent >= 65
        else "low",
    }


@require_POST
@in_office(may_plan)
def decide(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Confirm or refuse the chosen ones."""
    ids = [_number(each) for each in request.POST.getlist("link")]
    what = request.POST.get("do", "")
    if not ids:
        messages.error(request, _("つながりが選ばれていません。左端の欄で選んでから押してください。"))
    elif what not in {"confirm", "refuse"}:
        messages.error(request, _("この操作はありません。ページを読み直してください。"))
    else:
        done = plans.decide_links(ward=ward, link_ids=ids, confirm=what == "confirm", actor=request.user)
        if done.decided:
            told = (
                _("%(number)d件のつながりを確定しました。")
                if what == "confirm"
                else _("%(number)d件のつながりを却下しました。同じ提案はもう出ません。")
            )
            messages.success(request, told % {"number": len(done.decided)})
        if done.before:
            messages.warning(
                request,
                _("%(number)d件は、ほかの人が先に決めていました。その決定のままです。")
                % {"number": len(done.before)},
            )
        gone = len(set(ids)) - len(done.decided) - len(done.before)
        if gone:
            messages.warning(
                request,
                _("%(number)d件は、計画が変わって提案がなくなっていました。") % {"number": gone},
            )
    return _back(request, ward)


@require_POST
@in_office(may_plan)
def reopen(request: OfficeRequest, ward: Ward, link_id: int) -> HttpResponse:
    """Take one decision back."""
    try:
        plans.reopen_link(ward=ward, link_id=link_id, actor=request.user)
    except plans.PlanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("決定を取り消しました。「提案」の一覧に戻っています。"))
    return _back(request, ward)


def _back(request: HttpRequest, ward: Ward) -> HttpResponse:
    kept = request.POST.get("keep", "")
    address = reverse("office:links", args=[ward.key])
    return redirect(f"{address}?{kept}" if kept and kept.isprintable() else address)


def _number(given: str | None) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 15 else 0
