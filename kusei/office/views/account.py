"""Around logging in: accepting an invitation, and a form that came after the end of its session."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.utils import get_login_redirect_url
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from kusei.office.forms.people import AccountForm
from kusei.office.unsent import forget_unsent, unsent_of
from kusei.wards import operations as wards
from kusei.wards.access import OfficeRequest, public, signed_in
from kusei.wards.adapters import INVITATION_KEY, free_username
from kusei.wards.models import Invitation
from kusei.wards.queries import invitation_by_token, person_with_address

_log = logging.getLogger(__name__)

__all__ = ["directory_log_in", "invitation", "unsent"]


@never_cache
@require_safe
@public
def directory_log_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the city's staff directory; the library does not say so in words where that cannot be reached."""
    try:
        answer: HttpResponse = openid_connect.login(request, provider_id)
    except RequestException:
        _log.exception("the staff directory cannot be reached")
        return render(request, "socialaccount/authentication_error.html", status=503)
    return answer


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link. With an account the person logs in and takes the role; without one, name,
    log-in name and password are chosen here (or the city's directory says who it is)."""
    found = invitation_by_token(token)
    if found is None:
        return render(
            request,
            "office/invitation_closed.html",
            {"page_title": _("この招待は使えません")},
            status=404,
        )
    request.session[INVITATION_KEY] = token
    if request.user.is_authenticated:
        return _as_oneself(request, found)
    if person_with_address(found.email) is not None:
        return _page(request, found, log_in=f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    return _with_new_account(request, found)


def _as_oneself(request: HttpRequest, found: Invitation) -> HttpResponse:
    person = request.user
    if person.email.lower() != found.email:  # type: ignore[union-attr]
        return _page(request, found, somebody_else=True)
    if request.method == "POST":
        try:
            wards.accept_invitation(invitation=found, actor=person)  # type: ignore[arg-type]
        except wards.WardError as error:
            messages.error(request, str(error))
            return redirect("office:wards")
        request.session.pop(INVITATION_KEY, None)
        messages.success(request, _("%(ward)sの役割が加わりました。") % {"ward": found.ward.full_name})
        return redirect("office:work", key=found.ward.key)
    return _page(request, found)


def _with_new_account(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = AccountForm(
        request.POST or None,
        email=found.email,
        initial={"username": free_username(found.email.partition("@")[0])},
    )
    if request.method == "POST" and form.is_valid():
        try:
            person = wards.open_account(
                invitation=found,
                username=form.cleaned_data["username"],
                last_name=form.cleaned_data["last_name"],
                first_name=form.cleaned_data["first_name"],
                password=form.cleaned_data["password1"],
            )
        except wards.WardError as error:
            form.add_error(None, str(error))
        else:
            request.session.pop(INVITATION_KEY, None)
            work = reverse("office:work", args=[found.ward.key])
            login = Login(user=person, redirect_url=get_login_redirect_url(request, work))
            return perform_password_login(request, {"username": person.username}, login)
    return _page(request, found, form=form, status=422 if form.errors else 200)


def _page(request: HttpRequest, found: Invitation, *, status: int = 200, **words: object) -> HttpResponse:
    return render(
        request,
        "office/invitation.html",
        {
            "page_title": _("%(ward)sへの招待") % {"ward": found.ward.full_name},
            "invitation": found,
            "here": request.path,
            **words,
        },
        status=status,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def unsent(request: OfficeRequest) -> HttpResponse:
    """What somebody had typed when the session ended: to be looked at, sent, or thrown away."""
    kept = unsent_of(request)
    if kept is None:
        return redirect("office:wards")
    if request.method == "POST":
        forget_unsent(request)
        messages.info(request, _("残してあった内容を捨てました。"))
        return redirect(kept.page or "office:wards")
    return render(
        request,
        "office/unsent.html",
        {"page_title": _("まだ送られていない内容"), "kept": kept, "visible": _visible(kept.fields)},
    )


def _visible(fields: list[tuple[str, str]]) -> list[str]:
    """What was typed, the longest first: short values are mostly choices that only the form's own page can name."""
    return sorted((value for _name, value in fields if value.strip()), key=len, reverse=True)
