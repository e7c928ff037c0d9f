"""The page behind a signed link: one item of a draft, one question, one answer; no account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kusei.notices.errors import LinkNotUsable
from kusei.notices.throttle import is_allowed, is_spent
from kusei.portal.forms.questions import AnswerForm
from kusei.portal.views.questions import address_of
from kusei.services.questions import operations as questions
from kusei.services.questions.queries import text_in_draft

WRONG_LINKS = {"limit": 30, "seconds": 600}


@csrf_exempt  # the token is what a forged form would lack; and a page without referrer sends no origin that could be checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Read the item and answer, once. Whoever tries many wrong links has to wait; nobody else waits with them for long."""
    where = address_of(request)
    if is_spent("answer", where, **WRONG_LINKS):
        return link_page(request, "closed.html", _("少し待ってください"), {"is_waiting": True}, status=429)
    try:
        found, link = questions.open_request(token)
        form = AnswerForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            questions.answer_by_link(
                token, is_confirmed=said["verdict"] == "confirm", answer=said["text"], name=said["name"]
            )
            return private(redirect("portal:answer_thanks"))
    except LinkNotUsable as error:
        is_allowed("answer", where, **WRONG_LINKS)
        typed = request.POST.get("text", "")
        return link_page(
            request,
            "closed.html",
            _("このリンクは使えません"),
            {"why": str(error), "typed": typed},
            status=404,
        )
    except questions.RequestClosed as error:
        return link_page(request, "closed.html", _("このリンクは使えません"), {"why": str(error)}, status=404)
    return link_page(
        request,
        "answer.html",
        _("計画の内容の確認"),
        {
            "found": found,
            "form": form,
            "text": text_in_draft(found),
            "link": link,
            "ward_name": found.ward.full_name,
        },
        status=422 if form.errors else 200,
    )


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The answer has arrived. The address holds nothing of the link."""
    return link_page(request, "thanks.html", _("回答を受け取りました"), {})


def link_page(
    request: HttpRequest, template: str, title: str, words: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page behind a link. Its templates leave out the ways to other languages and to asking: those addresses would
    carry the token on."""
    context = {"page_title": title, **words}
    return private(render(request, f"portal/answers/{template}", context, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """Neither the next page nor a search engine hears of the address."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
