"""How long somebody stays logged in, and what becomes of a form that comes too late."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kusei.office.unsent import keep_unsent

BEGAN, SEEN = "kusei_began", "kusei_seen"
_NOTED_EVERY_SECONDS = 60
"""Being active is written down at most this often: a page that is only read should not write."""


class SessionTimeMiddleware:
    """Ends a session that nobody used for KUSEI_SESSION_IDLE_MINUTES or that is KUSEI_SESSION_HOURS old, and notes when and
    where a session was last in use (the list of sessions shows it).

    A form that arrives after the end is kept for the same person, who finds it again after logging in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: Any, keywords: Any
    ) -> HttpResponse | None:
        """After the check against forged forms: only what the person really sent is kept."""
        if not request.session.session_key or not request.user.is_authenticated:
            return None
        now = time.time()
        if why := _too_long(request.session, now):
            return self._end(request, why)
        if now - request.session.get(SEEN, 0) >= _NOTED_EVERY_SECONDS:
            request.session.setdefault(BEGAN, now)
            request.session[SEEN] = now
            UserSession.objects.create_from_request(request)
        return None

    def _end(self, request: HttpRequest, why: str) -> HttpResponse | None:
        """Log out; a form leads to the log-in at once, a page goes on for a visitor (who may be led there by its rule)."""
        person_id: int = request.user.pk  # type: ignore[assignment]
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        if request.path.startswith(reverse("account_logout")):
            return HttpResponseRedirect(reverse("account_login"))
        if request.method != "POST":
            request.session_ended = why  # type: ignore[attr-defined]
            return None
        kept = keep_unsent(request, person_id)
        what = (
            _("書いた内容は残してあります。ログインすると、確かめて送れます。")
            if kept
            else _("いま送った内容は届いていません。ログインしてから、もう一度入れてください。")
        )
        messages.warning(request, f"{why}{what}")
        page = reverse("office:unsent") if kept else reverse("office:wards")
        where = f"{reverse('account_login')}?{urlencode({'next': page})}"
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": where})
        return HttpResponseRedirect(where)


def _too_long(session: Any, now: float) -> str:
    """Why the session is over, in words; empty while it is not."""
    if now - session.get(BEGAN, now) >= settings.KUSEI_SESSION_HOURS * 3600:
        return _(
            "ログインから%(hours)s時間たったので、ログアウトしました。もう一度ログインしてください。"
        ) % {"hours": settings.KUSEI_SESSION_HOURS}
    if now - session.get(SEEN, now) >= settings.KUSEI_SESSION_IDLE_MINUTES * 60:
        return _("%(minutes)s分間操作がなかったので、ログアウトしました。もう一度ログインしてください。") % {
            "minutes": settings.KUSEI_SESSION_IDLE_MINUTES
        }
    return ""
