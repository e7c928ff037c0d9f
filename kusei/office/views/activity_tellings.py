"""Who was told what, and who still has to be telephoned: shown to those who host it, each look recorded, each call ticked."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kusei.office.views.activities import activity_or_404
from kusei.office.views.frame import Crumb, office_page
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Telling
from kusei.services.activities.permissions import may_see_applicants, may_work_on_activities
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.queries.tellings import filled, rounds_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

ROUNDS_AT_ONCE = 20


@never_cache
@require_safe
@in_office(may_work_on_activities)
def tellings(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """What was told, newest first, with those to telephone."""
    found = activity_or_404(request, ward, activity_id)
    page = Paginator(rounds_of(found), ROUNDS_AT_ONCE).get_page(request.GET.get("page"))
    rounds = filled(found, page.object_list)
    sees_names = bool(may_see_applicants(request.rights, ward, host_ids(found)))
    people = {}
    if sees_names:
        wanted = {each.application_id: each.application for one in rounds for each in one.to_telephone}
        people = activities.see_some(activity=found, applications=wanted.values(), actor=request.user)
    lines = [(one, [(each, people.get(each.application_id)) for each in one.to_telephone]) for one in rounds]
    return office_page(
        request, "office/activities/tellings.html", ward, title=_("知らせた記録と電話する人"), section="activities",
        crumbs=[
            Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
            Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
        ],
        context={"activity": found, "lines": lines, "page": page, "sees_names": sees_names, "keep": ""},
    )  # fmt: skip


@require_POST
@in_office(may_work_on_activities)
def tick(request: OfficeRequest, ward: Ward, activity_id: int, telling_id: int) -> HttpResponse:
    """Somebody was telephoned; or was not, after all."""
    found = activity_or_404(request, ward, activity_id)
    telling = Telling.objects.filter(activity=found, pk=telling_id).first()
    if telling is None:
        raise Http404(_("このお知らせはありません。講座・催しのページから開き直してください。"))
    activities.mark_telephoned(telling=telling, actor=request.user, done=request.POST.get("do") != "undo")
    page = request.POST.get("page", "")
    query = f"?page={page}" if page.isascii() and page.isdigit() else ""
    back = reverse("office:activity_tellings", args=[ward.key, found.pk])
    return redirect(f"{back}{query}#t{telling.pk}")
