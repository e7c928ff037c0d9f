"""区の設定: the ward's colour, its name in other writings, whom residents can ask."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kusei.office.forms.bodies import WardForm
from kusei.office.queries.start import first_steps, steps_left
from kusei.office.views.frame import office_page
from kusei.wards import operations as wards
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import may_administer


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_administer)
def settings(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Look at the ward's settings and change them."""
    form = WardForm(request.POST or None, instance=ward)
    if request.method == "POST" and form.is_valid():
        try:
            wards.change_ward(ward=ward, actor=request.user, **form.cleaned_data)
        except wards.NotAColour as error:
            form.add_error("accent", str(error))
        else:
            messages.success(request, _("区の設定を変えました。住民のページにもすぐに出ます。"))
            return redirect("office:settings", key=ward.key)
    return office_page(
        request,
        "office/settings.html",
        ward,
        title=_("区の設定"),
        section="settings",
        context={
            "form": form,
            "tab": "settings",
            "left": steps_left(ward, first_steps(ward, request.rights)),
        },
        status=422 if form.errors else 200,
    )
