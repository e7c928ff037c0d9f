"""A draft that was made by mistake is taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kusei.office.views.activities import activity_or_404
from kusei.office.views.draft_frame import number_of
from kusei.services.activities import operations as activities
from kusei.services.activities.permissions import may_work_on_activities
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@require_POST
@in_office(may_work_on_activities)
def remove(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """Take it away; the list is what comes next."""
    found = activity_or_404(request, ward, activity_id)
    revision = number_of(request.POST.get("revision", "")) or 0
    try:
        activities.remove_activity(activity=found, revision=revision, actor=request.user)
    except activities.ActivityError as error:
        messages.error(request, str(error))
        return redirect("office:activity", key=ward.key, activity_id=activity_id)
    messages.success(request, _("「%(title)s」を消しました。") % {"title": found.title})
    return redirect("office:activities", key=ward.key)
