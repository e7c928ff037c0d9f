"""公表された結果の数: proposed for the ledger, confirmed many at once, taken back."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kusei.office.queries import printed_figures as queries
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.enums import PlanStatus
from kusei.plans.models import PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.results import operations as results
from kusei.results.errors import ResultError
from kusei.results.permissions import may_collect
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

LINES_AT_ONCE = 100


@require_safe
@in_office(may_collect)
def sources(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The published plans whose documents print figures of what was done."""
    return office_page(
        request,
        "office/ledger/printed_sources.html",
        ward,
        title=_("公表された結果の数"),
        section="figures",
        crumbs=[Crumb(_("実績"), reverse("office:figures", args=[ward.key]))],
        context={
            "rows": [
                (version, plan_label(version.plan), figures, taken)
                for version, figures, taken in queries.versions_with_figures(ward)
            ]
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_collect)
def printed(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Every figure of one published plan, with what would be counted; what was chosen is taken, or left again."""
    version = (
        PlanVersion.objects.filter(ward=ward, pk=version_id, status=PlanStatus.PUBLISHED)
        .select_related("plan")
        .first()
    )
    if version is None:
        raise Http404(_("この計画は見つかりません。"))
    if request.method == "POST":
        return _decide(request, ward, version)
    lines = queries.printed_lines(version)
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = queries.narrowed(lines, state, words)
    page = Paginator(found, LINES_AT_ONCE).get_page(request.GET.get("page"))
    counts = Counter(line.state for line in lines)
    names = {
        "": _("すべて"),
        queries.OPEN: _("まだ加えていない"),
        queries.TAKEN: _("加えた"),
        queries.CHANGED: _("訂正された"),
        queries.SHARED: _("ほかと同じもの"),
        queries.UNFIT: _("単位が合わない"),
        queries.ALIKE: _("同じ数がほかの取組にもある"),
    }
    counts[queries.ALIKE] = sum(line.is_alike for line in lines)
    return office_page(
        request,
        "office/ledger/printed.html",
        ward,
        title=_("%(plan)sの結果の数") % {"plan": plan_label(version.plan)},
        section="figures",
        crumbs=[
            Crumb(_("実績"), reverse("office:figures", args=[ward.key])),
            Crumb(_("公表された結果の数"), reverse("office:printed_sources", args=[ward.key])),
        ],
        context={
            "version": version,
            "page": page,
            "names": names,
            "states": [
                (
                    value,
                    name,
                    len(lines) if not value else counts[value],
                    f"?{urlencode({'state': value, 'q': words})}",
                )
                for value, name in names.items()
                if not value or counts[value] or value == state
            ],
            "state": state,
            "words": words,
            "keep": urlencode({"state": state, "q": words}),
        },
    )


def _decide(request: OfficeRequest, ward: Ward, version: PlanVersion) -> HttpResponse:
    do = request.POST.get("do", "")
    chosen = [taking for taking in map(_taking, request.POST.getlist("figure")) if taking is not None]
    try:
        if do.startswith("part:"):
            _part(request, version, do.removeprefix("part:"))
        elif not chosen:
            messages.error(request, _("数が選ばれていません。左のチェックを付けてから押してください。"))
        elif do == "share":
            places = [(each.item, each.position) for each in chosen]
            count = results.share_printed(version=version, places=places, actor=request.user)
            messages.success(
                request,
                _("同じものとして、一つの実績にしました。ほかの%(n)d件の取組にも、同じ数を見せます。合計では一度だけ数えます。")
                % {"n": count},
            )  # fmt: skip
        elif do == "leave":
            count = results.leave_figures(
                version=version, items=sorted({each.item for each in chosen}), actor=request.user
            )
            messages.success(
                request,
                ngettext("%(n)d件を実績から外しました。", "%(n)d件を実績から外しました。", count)
                % {"n": count},
            )
        else:
            count = results.take_figures(version=version, takings=chosen, actor=request.user)
            messages.success(
                request,
                ngettext("%(n)d件を実績に加えました。", "%(n)d件を実績に加えました。", count) % {"n": count},
            )
    except ResultError as error:
        messages.error(request, str(error))
    here = reverse("office:printed_figures", args=[ward.key, version.pk])
    kept = {name: request.POST.get(name, "") for name in ("state", "q", "page")}
    return redirect(f"{here}?{urlencode({name: value for name, value in kept.items() if value})}")


def _part(request: OfficeRequest, version: PlanVersion, sent: str) -> None:
    taking = _taking(f"{sent}:1")
    place = (taking.item, taking.position) if taking else (0, 0)
    if results.part_printed(version=version, place=place, actor=request.user):
        messages.success(request, _("別のものに戻しました。"))
    else:
        messages.info(request, _("もう別のものに戻してあります。"))


def _taking(sent: str) -> results.Taking | None:
    parts = sent.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    item, position, metric = map(int, parts)
    return results.Taking(item, position, metric) if metric else None
