"""What holds for every answer: the Content-Security-Policy, a stated rule of access, and one audit trail a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse

from kusei.wards import audit
from kusei.wards.enums import Way

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class ContentSecurityPolicyMiddleware:
    """Adds the policy to every answer that has none of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class AuditTrailMiddleware:
    """All changes of one request belong together in the audit trail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.trail(Way.WEB):
            return self.get_response(request)


class AccessRuleMiddleware:
    """Shows no page whose rule nobody stated: our views by a decorator of `wards.access`, those of libraries in
    `LIBRARY_PAGES` by their address's name. Whatever is in neither does not exist for the visitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL can compare nothing with NUL: what an address holds of it counts as not typed.
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: Any, keywords: Any
    ) -> None:
        if hasattr(view, "access"):
            return
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in LIBRARY_PAGES:
            return
        if settings.DEBUG:
            raise ImproperlyConfigured(
                f"No rule of access for {request.path} ({name}): see kusei/wards/access.py"
            )
        raise Http404


LIBRARY_PAGES = {
    # name of the address: who may open it (the library itself holds to this; the test of all addresses checks it)
    "account_login": "public",
    "account_logout": "signed in",
    "account_inactive": "public",
    "account_reauthenticate": "signed in",
    "account_change_password": "signed in",
    "account_set_password": "signed in",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public, with the key from the mail",
    "account_reset_password_from_key_done": "public",
    "mfa_index": "signed in",
    "mfa_authenticate": "public, after the password",
    "mfa_reauthenticate": "signed in",
    "mfa_activate_totp": "signed in",
    "mfa_deactivate_totp": "signed in",
    "mfa_view_recovery_codes": "signed in",
    "mfa_generate_recovery_codes": "signed in",
    "mfa_download_recovery_codes": "signed in",
    "usersessions_list": "signed in",
    "openid_connect_login": "public",
    "openid_connect_callback": "public, with the directory's answer",
    "socialaccount_login_cancelled": "public",
    "socialaccount_login_error": "public",
}
