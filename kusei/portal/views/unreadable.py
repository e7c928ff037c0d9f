"""What whoever holds the link of their own application reads when it was sealed with a key that this machine no longer has."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kusei.notices.sealing import CannotUnseal
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.services.activities.models import Application, VisitRequest
from kusei.wards.models import Ward

View = Callable[[HttpRequest, str, str], HttpResponse]

logger = logging.getLogger(__name__)


def own_page(find: Callable[[Ward, str], Application | VisitRequest | None]) -> Callable[[View], View]:
    """For a view of `key` and `token`, by which `find` finds what is the reader's own: where it cannot be read, a page says that it
    still counts and whom to call (503: the key may come back)."""

    def around(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, key: str, token: str) -> HttpResponse:
            try:
                return view(request, key, token)
            except CannotUnseal:
                frame = frame_or_404(key)
                found = find(frame.ward, token)
                if found is None:
                    raise
                logger.error("%s %s was sealed with a key that is gone", type(found).__name__, found.pk)
                activity = found.activity if isinstance(found, VisitRequest) else found.intake.activity
                return ward_page(
                    request, "portal/activities/unreadable.html", frame, title=_("申込みの内容"), section="activities",
                    crumbs=[Crumb(_("申込みの内容"))], status=503,
                    context={"number": found.number, "activity": activity, "canonical": "", "asks_here": False},
                )  # fmt: skip

        return shown

    return around
