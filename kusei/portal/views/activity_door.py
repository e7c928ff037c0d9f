"""Where the QR code of an application leads: staff to the list at the door, everybody else to what it is for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.services.activities.permissions import may_work_on_activities
from kusei.wards.permissions import rights_of


@never_cache
@require_safe
def door(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Nothing of the application is told here, nor whether there is one."""
    frame = frame_or_404(key)
    if request.user.is_authenticated and may_work_on_activities(rights_of(request.user), frame.ward):
        return redirect("office:door_code", key=key, code=code)
    return ward_page(
        request, "portal/activities/door.html", frame, title=_("受付のコード"), section="activities",
        crumbs=[Crumb(_("受付のコード"))], context={"code": code, "canonical": "", "asks_here": False},
    )  # fmt: skip
