"""What people read when a request came to nothing: what happened, whether anything was lost, and what to do next.

Each front has its own pages: `/office/` and `/account/` those of the office, everything else those of the portal.
"""

from __future__ import annotations

import logging
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from kusei.office.unsent import page_of_form, typed
from kusei.wards.access import public

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_RETRY_SECONDS = "60"
_log = logging.getLogger("django.security.csrf")


def _is_office(request: HttpRequest) -> bool:
    return request.path.startswith(("/office/", "/account/"))


def _page(request: HttpRequest, name: str, status: int, **context: object) -> HttpResponse:
    front = "office" if _is_office(request) else "portal"
    return render(request, f"{front}/errors/{name}.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. In the office, the words of whoever raised it are shown: they say what became of the thing."""
    if not _is_office(request):
        return render(request, "404.html", status=404)
    said = exception.args[0] if exception.args else ""
    return _page(request, "404", 404, reason=str(said) if not isinstance(said, dict) else "")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; and 413 where what was sent is larger than the server takes at once."""
    if isinstance(exception, _TOO_LARGE):
        return _page(request, "413", 413, page=page_of_form(request))
    return _page(request, "400", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; and 503 where the database is away or too busy, which passes. Rendered without the request: whatever is broken
    must not break this page too."""
    front = "office" if _is_office(request) else "portal"
    if _is_passing(sys.exc_info()[1]):
        page = loader.get_template(f"{front}/errors/503.html").render()
        return HttpResponse(page, status=503, headers={"Retry-After": _RETRY_SECONDS})
    template = "office/errors/500.html" if front == "office" else "500.html"
    return HttpResponse(loader.get_template(template).render(), status=500)


def _is_passing(error: BaseException | None) -> bool:
    """Whether this comes of a database that does not answer (restarting, full, locked), however it was wrapped."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: logged out and in again in another tab, cookies off, or an old page. What was typed is
    shown to be copied (nothing is sent from here: the form may be a stranger's), and the form's page is one click away."""
    _log.warning("CSRF: %s (%s)", reason, request.path)
    return _page(request, "csrf", 403, typed=typed(request), page=page_of_form(request))
