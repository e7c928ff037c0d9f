"""What the office's people read when something was sealed with a key that this machine no longer has."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kusei.notices.sealing import CannotUnseal

logger = logging.getLogger(__name__)


class UnreadableMiddleware:
    """Says what is wrong and whom to call (503: the key may come back). Lists do not come here: they show their other rows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(exception, CannotUnseal) or match is None or match.namespace != "office":
            return None
        logger.error("%s was sealed with a key that is gone", exception)
        return render(request, "office/errors/unreadable.html", status=503)
