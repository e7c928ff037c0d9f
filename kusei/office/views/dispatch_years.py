"""What people who were sent did in a year: for paying, and for the certificate of what somebody did."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kusei.japanese.fiscal_year import fiscal_year_of, wareki_year
from kusei.office.views.draft_frame import number_of
from kusei.office.views.envoys import (
    bodies_with_registers,
    chosen_body,
    crumbs,
    envoy_or_404,
    workbook_answer,
)
from kusei.office.views.frame import Crumb, office_page, unread
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import DispatchVerb
from kusei.services.activities.dispatch_workbook import write_year
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.dispatch import PersonYear, year_sheet
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, Ward

_FIRST_YEAR = 2000


@never_cache
@require_safe
@in_office(may_work_on_activities)
def years(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Everybody of one body's register who went in a year: times, minutes, yen. The look stands in the trail."""
    bodies = bodies_with_registers(request, ward)
    body, year = chosen_body(request, bodies), _year(request)
    people: list[PersonYear] = year_sheet(ward, [body.pk], year) if body else []
    known = (
        activities.see_envoys(envoys=[each.envoy for each in people], body=body, actor=request.user)
        if body
        else {}
    )
    this = fiscal_year_of(timezone.localdate())
    return office_page(
        request, "office/dispatch/years.html", ward, title=_("%(year)sの派遣のまとめ") % {"year": wareki_year(year)},
        section="activities", crumbs=crumbs(ward),
        context={
            "lines": [(each, known.get(each.envoy.pk)) for each in people], "year": year, "years": range(this, this - 6, -1),
            "body": body, "bodies": bodies, "unreadable": unread((each.envoy for each in people), known),
            "sums": {
                "times": sum(len(each.went) for each in people), "minutes": sum(each.minutes for each in people),
                "fee": sum(each.fee_yen for each in people), "expenses": sum(each.expenses_yen for each in people),
                "yen": sum(each.yen for each in people),
            },
        },
    )  # fmt: skip


@never_cache
@require_safe
@in_office(may_work_on_activities)
def year_file(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The same as a workbook; with `envoy`, of one person alone. Taking it out stands in the trail."""
    bodies = bodies_with_registers(request, ward)
    body, year = chosen_body(request, bodies), _year(request)
    if body is None:
        raise Http404(_("派遣者名簿は、課・団体の人だけが持てます。"))
    people = year_sheet(ward, [body.pk], year)
    if (wanted := number_of(request.GET.get("envoy", ""))) is not None:
        people = [each for each in people if each.envoy.pk == wanted]
    name = _("派遣_%(year)s_%(body)s.xlsx") % {"year": wareki_year(year), "body": body.name}
    return workbook_answer(name, write_year(people, _names(request, people, body)))


def _names(request: OfficeRequest, people: list[PersonYear], body: Body) -> dict[int, tuple[str, str]]:
    known = activities.see_envoys(
        envoys=[each.envoy for each in people], body=body, actor=request.user, verb=DispatchVerb.ENVOYS_EXPORTED
    )  # fmt: skip
    closed = {each.envoy.pk: (str(_("（開けません）")), "") for each in people if each.envoy.sealed}
    return closed | {pk: (each.name, each.kana) for pk, each in known.items()}


@never_cache
@require_safe
@in_office(may_work_on_activities)
def person_year(request: OfficeRequest, ward: Ward, envoy_id: int, fiscal_year: int) -> HttpResponse:
    """One person's year on a sheet of paper: every time, the sums, and the words of a certificate."""
    envoy = envoy_or_404(request, ward, envoy_id)
    if not _FIRST_YEAR <= fiscal_year <= fiscal_year_of(timezone.localdate()) + 1:
        raise Http404(_("この年度はありません。"))
    people = [each for each in year_sheet(ward, [envoy.body_id], fiscal_year) if each.envoy.pk == envoy.pk]
    known = activities.see_envoys(envoys=[envoy], body=envoy.body, actor=request.user).get(envoy.pk)
    list_url = f"{reverse('office:dispatch_years', args=[ward.key])}?year={fiscal_year}&body={envoy.body_id}"
    return office_page(
        request, "office/dispatch/person_year.html", ward, title=_("%(year)sの活動の記録") % {"year": wareki_year(fiscal_year)},
        section="activities", crumbs=[*crumbs(ward), Crumb(_("年度のまとめ"), list_url)],
        context={
            "envoy": envoy, "known": known, "unreadable": int(known is None and bool(envoy.sealed)), "sheet": people[0] if people else None, "year": fiscal_year, "today": timezone.localdate(),
        },
    )  # fmt: skip


def _year(request: OfficeRequest) -> int:
    this = fiscal_year_of(timezone.localdate())
    asked = number_of(request.GET.get("year", ""))
    return asked if asked is not None and _FIRST_YEAR <= asked <= this + 1 else this
