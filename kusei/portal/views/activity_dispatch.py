"""The page behind the link of somebody who is asked to come: yes, no, and no after all; no account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kusei.notices.errors import LinkNotUsable
from kusei.notices.throttle import is_allowed, is_spent
from kusei.portal.views.answers import WRONG_LINKS, link_page, private
from kusei.portal.views.questions import address_of
from kusei.services.activities import operations as activities


@csrf_exempt  # as for every answer by a link: the token is what a forged form would lack
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispatch(request: HttpRequest, token: str) -> HttpResponse:
    """What one is asked for, how the request stands, and what one can still say. Opening it changes nothing."""
    where = address_of(request)
    if is_spent("answer", where, **WRONG_LINKS):
        return link_page(request, "closed.html", _("少し待ってください"), {"is_waiting": True}, status=429)
    said = request.POST.get("do", "")
    is_refused = False
    try:
        if request.method == "POST" and said in ("yes", "no"):
            try:
                activities.answer_by_link(token, is_coming=said == "yes")
            except activities.ActivityError:
                is_refused = True
            else:
                name, words = (
                    ("answer_dispatch", [token]) if said == "yes" else ("answer_dispatch_thanks", [])
                )
                return private(redirect(f"portal:{name}", *words))
        found, link = activities.open_assignment(token)
    except LinkNotUsable as error:
        is_allowed("answer", where, **WRONG_LINKS)
        return link_page(request, "closed.html", _("このリンクは使えません"), {"why": str(error)}, status=404)
    return link_page(
        request, "dispatch.html", _("派遣のお願い"),
        {"found": found, "need": found.need, "session": found.need.session, "link": link, "is_refused": is_refused},
        status=422 if is_refused else 200,
    )  # fmt: skip


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The answer has arrived. The address holds nothing of the link."""
    return link_page(request, "dispatch_thanks.html", _("返事を受け取りました"), {})
