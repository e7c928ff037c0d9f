"""Who may open which page. Every view states its rule with one of these decorators; a view without one is never shown
(`config.security.AccessRuleMiddleware`), and a test walks all addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kusei.wards.adapters import vouched_for_by_directory
from kusei.wards.models import Person, Ward
from kusei.wards.permissions import Decision, NotAllowed, Rights, may_enter_office, rights_of
from kusei.wards.queries import ward_by_key

View = Callable[..., HttpResponse]
Predicate = Callable[[Rights, Ward], Decision]


class OfficeRequest(HttpRequest):
    """A request whose view stands behind `in_office` or `signed_in`."""

    user: Person
    rights: Rights


class RuledView(Protocol):
    """A view with its stated rule."""

    access: str

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def public(view: View) -> View:
    """Anyone may open it."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Whoever has logged in; the view gets `request.rights`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_the_log_in(request)
        request.rights = rights_of(request.user)  # type: ignore[attr-defined]
        if answer := _second_factor_first(request):
            return answer
        return _shown(view, request, *args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def in_office(may: Predicate = may_enter_office) -> Callable[[View], View]:
    """Whoever `may` in the ward of the address. The view is called with the ward in the place of its key.

    A visitor is led to the log-in and back; somebody without the right sees why, and whom to ask (403).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_the_log_in(request)
            rights = rights_of(request.user)
            request.rights = rights  # type: ignore[attr-defined]
            ward = ward_by_key(key)
            if ward is None:
                raise Http404(_("この団体は登録されていません。"))
            if answer := _second_factor_first(request):
                return answer
            for predicate in (may_enter_office, may):
                decision = predicate(rights, ward)
                if not decision:
                    return refused(request, decision.reason)
            return _shown(view, request, ward, *args, **kwargs)

        guarded.access = f"office:{may.__name__}"  # type: ignore[attr-defined]
        return guarded

    return decorate


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """The page that says why somebody may not do this, and whom to ask."""
    return render(request, "403.html", {"reason": reason}, status=403)


def _shown(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        answer = view(request, *args, **kwargs)
    except NotAllowed as error:
        return refused(request, str(error))
    # Nothing between us and the browser keeps it, and the browser asks anew. Pages with a secret are `never_cache`; the
    # others may come back by "back" with what was typed.
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    return answer


def _to_the_log_in(request: HttpRequest) -> HttpResponse:
    """Log in and come back; a form that nobody is known to have sent is not kept, and that is said."""
    if why := getattr(request, "session_ended", ""):
        messages.warning(request, why)
    elif settings.KUSEI_DEMO and settings.SESSION_COOKIE_NAME in request.COOKIES:
        messages.warning(
            request,
            _("ログアウトしたか、お試しが最初の状態に戻ったので、もう一度ログインしてください。送りかけの内容は届いていません。"),
        )  # fmt: skip
    elif request.method == "POST":
        messages.warning(
            request,
            _("ログアウトしたあとだったので、いま送った内容は届いていません。ログインしてから、もう一度送ってください。"),
        )  # fmt: skip
    part_of_page = "HX-Request" in request.headers
    page = request.headers.get("HX-Current-URL", "") if part_of_page else request.get_full_path()
    if request.method == "POST" and not part_of_page:
        page = reverse(settings.LOGIN_REDIRECT_URL)
    answer = redirect_to_login(page or reverse(settings.LOGIN_REDIRECT_URL))
    return HttpResponse(headers={"HX-Redirect": answer.url}) if part_of_page else answer


def _second_factor_first(request: HttpRequest) -> HttpResponse | None:
    """Planners and administrators of real wards set up their second factor before they see anything."""
    rights: Rights = request.rights  # type: ignore[attr-defined]
    if not rights.needs_second_factor or is_mfa_enabled(request.user) or vouched_for_by_directory(request):
        return None
    wards = {grant.ward_id for grant in rights.grants}
    if not Ward.objects.filter(pk__in=wards, is_sample=False).exists():
        return None
    messages.warning(
        request,
        _("企画担当と区の管理者には、二段階認証が必要です。先に設定してください。設定が済むと仕事を始められます。"),
    )  # fmt: skip
    return redirect(f"{reverse('mfa_activate_totp')}?{urlencode({'next': request.get_full_path()})}")
