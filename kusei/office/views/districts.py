"""地区: the parts of the ward by which residents browse; listed, named, ordered, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.japanese.fiscal_year import wareki_year
from kusei.office.forms.words import DistrictForm, DistrictTermForm
from kusei.office.views.frame import Crumb, office_page
from kusei.wards import operations as wards
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import District, Ward
from kusei.wards.permissions import may_keep_bodies
from kusei.wards.queries import district_of, districts_of, trail_of


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_keep_bodies)
def districts(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The districts in their order; a new one comes last."""
    form = DistrictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = wards.add_district(ward=ward, name=form.cleaned_data["name"], actor=request.user)
        except wards.WardError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("「%(name)s」を登録しました。") % {"name": added.name})
            return redirect("office:districts", key=ward.key)
    return office_page(
        request,
        "office/settings/districts.html",
        ward,
        title=_("地区"),
        section="settings",
        context={"form": form, "districts": districts_of(ward), "tab": "districts"},
        status=422 if form.errors else 200,
    )


@require_safe
@in_office(may_keep_bodies)
def district(request: HttpRequest, ward: Ward, district_id: int) -> HttpResponse:
    """One district with what can be changed about it, and what was."""
    return _page(request, ward, _found(ward, district_id))


@require_POST
@in_office(may_keep_bodies)
def rename(request: OfficeRequest, ward: Ward, district_id: int) -> HttpResponse:
    """Change its name."""
    found = _found(ward, district_id)
    form = DistrictForm(request.POST)
    return _change(
        request, ward, found, "name", form,
        lambda: wards.rename_district(district=found, name=form.cleaned_data["name"], actor=request.user),
        _("名称を変えました。これからは、新しい名称で文書の中を探します。"),
    )  # fmt: skip


@require_POST
@in_office(may_keep_bodies)
def end(request: OfficeRequest, ward: Ward, district_id: int) -> HttpResponse:
    """Set its last fiscal year, or let it go on."""
    found = _found(ward, district_id)
    form = DistrictTermForm(request.POST)
    return _change(
        request, ward, found, "last_year", form,
        lambda: wards.end_district(
            district=found, last_year=form.cleaned_data["last_year"], actor=request.user
        ),
        _("最後の年度を変えました。"),
    )  # fmt: skip


@require_POST
@in_office(may_keep_bodies)
def move(request: OfficeRequest, ward: Ward, district_id: int) -> HttpResponse:
    """One place up or down."""
    found = _found(ward, district_id)
    places = -1 if request.POST.get("to") == "up" else 1
    wards.move_district(district=found, places=places, actor=request.user)
    return redirect(f"{reverse('office:districts', args=[ward.key])}#district-{found.pk}")


@require_POST
@in_office(may_keep_bodies)
def remove(request: OfficeRequest, ward: Ward, district_id: int) -> HttpResponse:
    """Take it off the list, where nothing names it."""
    found = _found(ward, district_id)
    try:
        wards.remove_district(district=found, actor=request.user)
    except wards.WardError as error:
        messages.error(request, str(error))
        return redirect("office:district", key=ward.key, district_id=found.pk)
    messages.success(request, _("「%(name)s」を一覧から外しました。") % {"name": found.name})
    return redirect("office:districts", key=ward.key)


def _change(
    request: OfficeRequest,
    ward: Ward,
    found: District,
    field: str,
    form: forms.Form,
    change: Callable[[], None],
    done: str,
) -> HttpResponse:
    if form.is_valid():
        before = found.name
        try:
            change()
        except wards.WardError as error:
            form.add_error(field, str(error))
            found.name = before
        else:
            messages.success(request, done)
            return redirect("office:district", key=ward.key, district_id=found.pk)
    return _page(request, ward, found, **{f"{field}_form": form, "form": form})


def _page(request: HttpRequest, ward: Ward, found: District, **forms_with_errors: Any) -> HttpResponse:
    year = wareki_year(found.last_year) if found.last_year else ""
    return office_page(
        request,
        "office/settings/district.html",
        ward,
        title=found.name,
        section="settings",
        crumbs=[Crumb(_("地区"), reverse("office:districts", args=[ward.key]))],
        context={
            "district": found,
            "name_form": DistrictForm({"name": found.name}),
            "last_year_form": DistrictTermForm(initial={"last_year": year}),
            "entries": trail_of(ward, "wards.district", found.pk),
            "tab": "districts",
            **forms_with_errors,
        },
        status=422 if forms_with_errors else 200,
    )


def _found(ward: Ward, district_id: int) -> District:
    found = district_of(ward, district_id)
    if found is None:
        raise Http404(_("この地区は見つかりません。"))
    return found
