"""From an entry of the ledger to the page of what was recorded: a session, or an intake by whose list people were counted."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.office.views.activities import activity_or_404
from kusei.services.activities.models import Intake, Session
from kusei.services.activities.permissions import may_work_on_activities
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@require_safe
@in_office(may_work_on_activities)
def session_record(request: OfficeRequest, ward: Ward, session_id: int) -> HttpResponse:
    """To the session's own page, for those who run its activity."""
    activity_id = Session.objects.filter(ward=ward, pk=session_id).values_list("activity", flat=True).first()
    if activity_id is None:
        raise Http404(_("この回はありません。講座・催しのページから開き直してください。"))
    activity_or_404(request, ward, activity_id)
    return redirect("office:session", key=ward.key, activity_id=activity_id, session_id=session_id)


@require_safe
@in_office(may_work_on_activities)
def intake_record(request: OfficeRequest, ward: Ward, intake_id: int) -> HttpResponse:
    """To the activity, at its intake, for those who run it."""
    activity_id = Intake.objects.filter(ward=ward, pk=intake_id).values_list("activity", flat=True).first()
    if activity_id is None:
        raise Http404(_("この募集はありません。講座・催しのページから開き直してください。"))
    activity_or_404(request, ward, activity_id)
    return redirect("office:activity", key=ward.key, activity_id=activity_id)
