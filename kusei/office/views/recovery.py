"""One person of the ward: roles, and the way back in after a lost phone or a forgotten password. And ending own sessions."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kusei.office.forms.people import RecoveryForm
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import moment_ja
from kusei.wards import operations as wards
from kusei.wards.access import OfficeRequest, in_office, signed_in
from kusei.wards.models import Person, Ward
from kusei.wards.permissions import may_administer, may_recover
from kusei.wards.queries import person_of, roles_of_person, trail_of, wards_acted_in

_LINK_KEY = "kusei_password_link"
"""In the session until it has been shown once: the link for a new password just made."""


@never_cache
@require_safe
@in_office(may_administer)
def person(request: OfficeRequest, ward: Ward, person_id: int) -> HttpResponse:
    """Somebody of the ward."""
    return _page(request, ward, _found(ward, person_id))


@require_POST
@in_office(may_administer)
def take_second_factor(request: OfficeRequest, ward: Ward, person_id: int) -> HttpResponse:
    """Take back the second factor of whoever lost the phone."""
    found = _found(ward, person_id)
    form = RecoveryForm(request.POST, prefix="factor")
    if form.is_valid():
        try:
            ended = wards.take_second_factor(
                person=found, actor=request.user, reason=form.cleaned_data["reason"]
            )
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("%(name)sさんの二段階認証を外し、ログイン中の端末%(ended)d台をログアウトしました。次のログインで設定し直せます。")
                % {"name": found.display_name, "ended": ended},
            )  # fmt: skip
            return redirect("office:person", key=ward.key, person_id=found.pk)
    return _page(request, ward, found, factor_form=form, form=form)


@require_POST
@in_office(may_administer)
def make_password_link(request: OfficeRequest, ward: Ward, person_id: int) -> HttpResponse:
    """Make a link for a new password, to hand over."""
    found = _found(ward, person_id)
    form = RecoveryForm(request.POST, prefix="password")
    if form.is_valid():
        try:
            issued = wards.make_password_link(
                person=found,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                site=settings.KUSEI_SITE_URL,
            )
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            request.session[_LINK_KEY] = {
                "person": found.pk,
                "link": issued.link,
                "until": moment_ja(issued.expires_at),
            }
            return redirect("office:person", key=ward.key, person_id=found.pk)
    return _page(request, ward, found, password_form=form, form=form)


@require_POST
@signed_in
def end_session(request: OfficeRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions elsewhere; this one ends by logging out."""
    here = UserSession.objects.filter(pk=session_id, session_key=request.session.session_key or "").exists()
    if here:
        messages.error(request, _("いま使っている端末です。終わるときは「ログアウト」を押してください。"))
    elif wards.end_own_session(session_id=session_id, actor=request.user):
        messages.success(request, _("その端末をログアウトしました。"))
    else:
        messages.info(request, _("その端末は、もうログアウトしていました。"))
    return redirect("usersessions_list")


def _page(request: OfficeRequest, ward: Ward, found: Person, **forms: Any) -> HttpResponse:
    issued = request.session.get(_LINK_KEY)
    if issued and issued["person"] == found.pk:
        request.session.pop(_LINK_KEY)
    else:
        issued = None
    help_ = may_recover(request.rights, found.pk, [each.pk for each in wards_acted_in(found)])
    return office_page(
        request,
        "office/people/person.html",
        ward,
        title=found.display_name,
        section="people",
        crumbs=[Crumb(_("利用者と役割"), reverse("office:people", args=[ward.key]))],
        context={
            "person": found,
            "roles": roles_of_person(ward, found),
            "has_second_factor": is_mfa_enabled(found),
            "session_count": UserSession.objects.filter(user=found).count(),
            "may_help": help_,
            "issued": issued,
            "factor_form": RecoveryForm(prefix="factor"),
            "password_form": RecoveryForm(prefix="password"),
            "entries": trail_of(ward, "wards.person", found.pk),
            **forms,
        },
        status=422 if forms else 200,
    )


def _found(ward: Ward, person_id: int) -> Person:
    found = person_of(ward, person_id)
    if found is None:
        raise Http404(_("この利用者は見つかりません。"))
    return found
