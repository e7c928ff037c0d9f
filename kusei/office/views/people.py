"""利用者: who holds which role, inviting, giving and ending roles. For the ward's administrators."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.office.forms.people import EndRoleForm, GrantForm, InviteForm, role_filters
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import moment_ja
from kusei.wards import operations as wards
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.enums import Role
from kusei.wards.models import Invitation, Ward
from kusei.wards.permissions import may_administer
from kusei.wards.queries import grant_of, invitation_of, roles_of_ward, waiting_invitations

ROWS_AT_ONCE = 50
_LINK_KEY = "kusei_invitation_link"
"""In the session until it has been shown once: the link of the invitation just made."""


@never_cache
@require_safe
@in_office(may_administer)
def people(request: HttpRequest, ward: Ward) -> HttpResponse:
    """The roles held in the ward, narrowed by words, role, body and term; above them the invitations still open."""
    today = timezone.localdate()
    words, role = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    body, state = request.GET.get("body", ""), request.GET.get("state", "now")
    found = roles_of_ward(ward, words=words, role=role, body_id=number_of(body), state=state, on=today)
    page = Paginator(found, ROWS_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    now = timezone.now()
    return office_page(
        request,
        "office/people/list.html",
        ward,
        title=_("利用者と役割"),
        section="people",
        context={
            "page": page,
            "keep": keep.urlencode(),
            "words": words,
            "role": role,
            "body": body,
            "state": state,
            "today": today,
            "invitations": [(each, each.expires_at <= now) for each in waiting_invitations(ward)],
            "issued": request.session.pop(_LINK_KEY, None),
            **role_filters(ward),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_administer)
def invite(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Invite somebody by mail address."""
    form = InviteForm(request.POST or None, ward=ward)
    if request.method == "POST" and form.is_valid():
        try:
            issued = wards.invite_person(
                ward=ward,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                body=form.cleaned_data["body"],
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.ends_on,
                actor=request.user,
                site=settings.KUSEI_SITE_URL,
            )
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            return _show_link_once(request, ward, issued)
    return office_page(
        request,
        "office/people/form.html",
        ward,
        title=_("招待する"),
        section="people",
        crumbs=[_crumb(ward)],
        context={"form": form, "button": _("招待する"), "back": reverse("office:people", args=[ward.key])},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_administer)
def give_role(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Give another role to somebody who has an account."""
    form = GrantForm(request.POST or None, ward=ward)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        try:
            grant = wards.grant_role(
                ward=ward,
                person=person,
                role=Role(form.cleaned_data["role"]),
                body=form.cleaned_data["body"],
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.ends_on,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("%(name)sさんに「%(role)s」の役割を与えました。")
                % {"name": person.display_name, "role": grant.get_role_display()},
            )
            return redirect("office:people", key=ward.key)
    return office_page(
        request,
        "office/people/form.html",
        ward,
        title=_("役割を加える"),
        section="people",
        crumbs=[_crumb(ward)],
        context={
            "form": form,
            "button": _("役割を与える"),
            "back": reverse("office:people", args=[ward.key]),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_administer)
def end_role(request: OfficeRequest, ward: Ward, grant_id: int) -> HttpResponse:
    """End a role, after saying why and looking at what that means."""
    grant = grant_of(ward, grant_id)
    if grant is None:
        raise Http404(_("この役割は見つかりません。"))
    form = EndRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wards.end_role(
                grant=grant, ends_on=form.ends_on, reason=form.cleaned_data["reason"], actor=request.user
            )
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("%(name)sさんの「%(role)s」の役割を終えました。")
                % {"name": grant.person.display_name, "role": grant.get_role_display()},
            )
            return redirect("office:people", key=ward.key)
    return office_page(
        request,
        "office/people/end.html",
        ward,
        title=_("役割を終える"),
        section="people",
        crumbs=[_crumb(ward)],
        context={
            "form": form,
            "grant": grant,
            "is_own": grant.person_id == request.user.pk,
            "back": reverse("office:people", args=[ward.key]),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@in_office(may_administer)
def renew(request: OfficeRequest, ward: Ward, invitation_id: int) -> HttpResponse:
    """Invite again, with a new link."""
    try:
        issued = wards.renew_invitation(
            invitation=_invitation(ward, invitation_id),
            actor=request.user,
            site=settings.KUSEI_SITE_URL,
        )
    except wards.WardError as error:
        messages.error(request, str(error))
        return redirect("office:people", key=ward.key)
    return _show_link_once(request, ward, issued)


@require_POST
@in_office(may_administer)
def revoke(request: OfficeRequest, ward: Ward, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = _invitation(ward, invitation_id)
    try:
        wards.revoke_invitation(invitation=invitation, actor=request.user)
    except wards.WardError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("%(email)s への招待を取り消しました。リンクはもう使えません。") % {"email": invitation.email},
        )
    return redirect("office:people", key=ward.key)


def _show_link_once(request: HttpRequest, ward: Ward, issued: wards.IssuedInvitation) -> HttpResponse:
    request.session[_LINK_KEY] = {
        "email": issued.invitation.email,
        "link": issued.link,
        "mailed": issued.mailed,
        "expires_at": moment_ja(issued.invitation.expires_at),
    }
    return redirect("office:people", key=ward.key)


def _invitation(ward: Ward, invitation_id: int) -> Invitation:
    invitation = invitation_of(ward, invitation_id)
    if invitation is None:
        raise Http404(_("この招待は見つかりません。"))
    return invitation


def _crumb(ward: Ward) -> Crumb:
    return Crumb(_("利用者と役割"), reverse("office:people", args=[ward.key]))
