"""Where the office begins: the wards that somebody works in, and what waits for them there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.office.views.frame import office_page
from kusei.wards.access import in_office, signed_in
from kusei.wards.models import Ward
from kusei.wards.permissions import may_enter_office
from kusei.wards.queries import wards_of


@require_safe
@signed_in
def wards(request: HttpRequest) -> HttpResponse:
    """The wards this person works in; straight on where there is only one."""
    found = wards_of(request.rights.ward_ids)  # type: ignore[attr-defined]
    if len(found) == 1:
        return redirect("office:work", key=found[0].key)
    return render(request, "office/wards.html", {"wards": found, "page_title": _("どの区の仕事をしますか")})


@require_safe
@in_office(may_enter_office)
def work(request: HttpRequest, ward: Ward) -> HttpResponse:
    """自分の仕事: what waits for this person."""
    return office_page(request, "office/work.html", ward, title=_("自分の仕事"), section="work")
