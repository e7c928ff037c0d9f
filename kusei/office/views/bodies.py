"""実施主体: the bodies of a ward, their spellings, and joining two that are one."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.office.forms.bodies import AliasForm, BodyForm, EndForm, MergeForm, PlaceForm, RenameForm
from kusei.office.operations import end_body, join_bodies
from kusei.office.queries.bodies import bodies_with_items, body_with_items
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.operations import NotOneBody
from kusei.press.formats import wareki
from kusei.wards import operations as wards
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.enums import BodyKind
from kusei.wards.models import Body, Ward
from kusei.wards.permissions import may_keep_bodies
from kusei.wards.queries import trail_of

ROWS_AT_ONCE = 100


@require_safe
@in_office(may_keep_bodies)
def bodies(request: HttpRequest, ward: Ward) -> HttpResponse:
    """The ward's bodies, narrowed by words and kind."""
    words, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    page = Paginator(bodies_with_items(ward, words=words, kind=kind), ROWS_AT_ONCE).get_page(
        request.GET.get("page")
    )
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request,
        "office/bodies/list.html",
        ward,
        title=_("実施主体"),
        section="bodies",
        context={
            "page": page,
            "keep": keep.urlencode(),
            "words": words,
            "kind": kind,
            "kinds": BodyKind.choices,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_keep_bodies)
def add(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Register a body."""
    form = BodyForm(request.POST or None, ward=ward)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            body = wards.add_body(
                ward,
                chosen["name"],
                kind=BodyKind(chosen["kind"]) if chosen["kind"] else None,
                parent=chosen["parent"],
                actor=request.user,
            )
        except wards.WardError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("「%(name)s」を登録しました。") % {"name": body.name})
            return redirect("office:body", key=ward.key, body_id=body.pk)
    return office_page(
        request,
        "office/bodies/add.html",
        ward,
        title=_("実施主体を登録する"),
        section="bodies",
        crumbs=[_crumb(ward)],
        context={"form": form, "back": reverse("office:bodies", args=[ward.key])},
        status=422 if form.errors else 200,
    )


@require_safe
@in_office(may_keep_bodies)
def body(request: HttpRequest, ward: Ward, body_id: int) -> HttpResponse:
    """One body with everything that can be changed about it, and the trail of what was."""
    return _body_page(request, ward, _body_or_404(ward, body_id))


@require_POST
@in_office(may_keep_bodies)
def rename(request: OfficeRequest, ward: Ward, body_id: int) -> HttpResponse:
    """Change a body's name; the old one becomes a spelling."""
    found = _body_or_404(ward, body_id)
    form = RenameForm(request.POST, prefix="rename")
    return _change(
        request,
        ward,
        found,
        "rename",
        form,
        lambda: wards.rename_body(body=found, name=form.cleaned_data["name"], actor=request.user),
        lambda: _("名称を「%(name)s」に変えました。前の名称でも文書から探せます。") % {"name": found.name},
    )


@require_POST
@in_office(may_keep_bodies)
def place(request: OfficeRequest, ward: Ward, body_id: int) -> HttpResponse:
    """Change a body's kind and what it belongs to."""
    found = _body_or_404(ward, body_id)
    form = PlaceForm(request.POST, body=found, prefix="place")
    return _change(
        request,
        ward,
        found,
        "place",
        form,
        lambda: wards.change_body(
            body=found,
            kind=BodyKind(form.cleaned_data["kind"]),
            parent=form.cleaned_data["parent"],
            actor=request.user,
        ),
        lambda: _("種類と上位の実施主体を変えました。"),
    )


@require_POST
@in_office(may_keep_bodies)
def add_alias(request: OfficeRequest, ward: Ward, body_id: int) -> HttpResponse:
    """Add another spelling."""
    found = _body_or_404(ward, body_id)
    form = AliasForm(request.POST, prefix="alias")
    return _change(
        request,
        ward,
        found,
        "alias",
        form,
        lambda: wards.add_alias(found, form.cleaned_data["name"], actor=request.user),
        lambda: _("「%(name)s」を別の書き方に加えました。") % {"name": form.cleaned_data["name"]},
    )


@require_POST
@in_office(may_keep_bodies)
def remove_alias(request: OfficeRequest, ward: Ward, body_id: int, alias_id: int) -> HttpResponse:
    """Take a spelling away."""
    found = _body_or_404(ward, body_id)
    try:
        wards.remove_alias(body=found, alias_id=alias_id, actor=request.user)
    except wards.WardError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("別の書き方を外しました。"))
    return redirect("office:body", key=ward.key, body_id=body_id)


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_keep_bodies)
def merge(request: OfficeRequest, ward: Ward, body_id: int) -> HttpResponse:
    """Join a body to another: choose, look at what it means (`into` in the address), do it."""
    found = _body_or_404(ward, body_id)
    asked = request.POST if request.method == "POST" else request.GET
    form = MergeForm(asked if "into" in asked else None, body=found)
    into = None
    if form.is_valid():
        into = body_with_items(ward, form.cleaned_data["into"].pk)
    if into is not None and request.method == "POST":
        try:
            join_bodies(duplicate=found, into=into, actor=request.user)
        except (wards.WardError, NotOneBody) as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("「%(name)s」を「%(into)s」にまとめました。") % {"name": found.name, "into": into.name},
            )
            return redirect("office:body", key=ward.key, body_id=into.pk)
    return office_page(
        request,
        "office/bodies/merge.html",
        ward,
        title=_("ほかの実施主体にまとめる"),
        section="bodies",
        crumbs=[_crumb(ward), Crumb(found.name, reverse("office:body", args=[ward.key, found.pk]))],
        context={"form": form, "body": found, "into": into},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_keep_bodies)
def end(request: OfficeRequest, ward: Ward, body_id: int) -> HttpResponse:
    """Say with which fiscal year a body ends, and who acts for it then; or that it goes on after all."""
    found = _body_or_404(ward, body_id)
    form = EndForm(
        request.POST or None,
        body=found,
        initial={
            "last_year": wareki(found.last_year) if found.last_year else "",
            "successor": found.successor_id,
        },
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            end_body(
                body=found,
                last_year=chosen["last_year"],
                successor=chosen["successor"],
                actor=request.user,
            )
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _what_ended(found))
            return redirect("office:body", key=ward.key, body_id=found.pk)
    return office_page(
        request,
        "office/bodies/end.html",
        ward,
        title=_("なくなる・引き継ぐ"),
        section="bodies",
        crumbs=[_crumb(ward), Crumb(found.name, reverse("office:body", args=[ward.key, found.pk]))],
        context={"form": form, "body": found},
        status=422 if form.errors else 200,
    )


def _what_ended(found: Body) -> str:
    if found.last_year is None:
        return _("「%(name)s」は、これからも続きます。") % {"name": found.name}
    told = {"name": found.name, "year": wareki(found.last_year)}
    if found.successor is None:
        return _("「%(name)s」の最後の年度を%(year)sにしました。") % told
    return _("「%(name)s」の最後の年度を%(year)sにしました。そのあとは「%(successor)s」が引き継ぎます。") % {
        **told,
        "successor": found.successor.name,
    }


def _change(
    request: HttpRequest,
    ward: Ward,
    found: Body,
    name: str,
    form: forms.Form,
    change: Callable[[], object],
    done: Callable[[], str],
) -> HttpResponse:
    """Run one of the forms of a body's page; on a mistake the page comes back with what was typed."""
    if form.is_valid():
        try:
            change()
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done())
            return redirect("office:body", key=ward.key, body_id=found.pk)
    return _body_page(request, ward, _body_or_404(ward, found.pk), {name: form}, status=422)


def _body_page(
    request: HttpRequest,
    ward: Ward,
    found: Body,
    typed: dict[str, forms.Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    asked = {
        "rename": RenameForm(initial={"name": found.name}, prefix="rename"),
        "place": PlaceForm(
            initial={"kind": found.kind, "parent": found.parent_id}, body=found, prefix="place"
        ),
        "alias": AliasForm(prefix="alias"),
    } | (typed or {})
    return office_page(
        request,
        "office/bodies/body.html",
        ward,
        title=found.name,
        section="bodies",
        crumbs=[_crumb(ward)],
        context={
            "body": found,
            "forms": asked,
            "wrong": next((form for form in asked.values() if form.errors), None),
            "entries": trail_of(ward, "wards.body", found.pk),
        },
        status=status,
    )


def _body_or_404(ward: Ward, body_id: int) -> Body:
    found = body_with_items(ward, body_id)
    if found is None:
        raise Http404(_("この実施主体は見つかりません。ほかの実施主体にまとめられたかもしれません。"))
    return found


def _crumb(ward: Ward) -> Crumb:
    return Crumb(_("実施主体"), reverse("office:bodies", args=[ward.key]))
