"""A form without a valid token, in the front where it was sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kusei.office.views import errors
from kusei.portal.views import questions
from kusei.wards.access import public


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A resident's question comes back in its form, to be sent again; other pages say what happened and what to do."""
    match = request.resolver_match
    if match is not None and match.view_name == "portal:ask":
        return questions.ask_again(request, **match.kwargs)
    return errors.csrf_failure(request, reason)
