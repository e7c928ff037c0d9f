"""質問・まちがいの連絡: asking about a page, looking at what was written before it is sent, and the number it got."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import unquote, urlsplit

from allauth.account.adapter import get_adapter
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.notices.throttle import is_allowed
from kusei.plans.models import Item
from kusei.portal.forms.questions import AskForm
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.press.languages import JAPANESE, in_language
from kusei.services.questions import operations as questions
from kusei.services.questions.enums import QuestionKind
from kusei.services.questions.queries import item_of_page
from kusei.wards.models import Ward
from kusei.wards.post import can_send

QUESTIONS_AN_HOUR = 10
_RECEIPT = "kusei.portal.question"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """The form, then what was written for a last look, then it is sent. Nothing is kept before that."""
    frame = frame_or_404(key)
    if request.method != "POST":
        path, _item, _title = page_asked_about(frame.ward, request.GET.get("about", ""))
        return _form(request, frame, AskForm(initial={"about": path, "ticket": uuid.uuid4()}))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _form(request, frame, form, status=422)
    step = request.POST.get("step")
    if step == "edit":
        return _form(request, frame, form)
    if step != "send":
        return _page(request, frame, "portal/questions/check.html", _("内容を確かめる"), form)
    if not is_allowed("ask", address_of(request), limit=QUESTIONS_AN_HOUR, seconds=3600):
        form.add_error(
            None,
            _("この回線から続けて送られた数が多いため、いまは送れません。1時間ほどたってから送るか、電話でお知らせください。書いた内容は下に残っています。"),
        )  # fmt: skip
        return _form(request, frame, form, status=429)
    said = form.cleaned_data
    path, item, _title = page_asked_about(frame.ward, said["about"])
    question = questions.receive_question(
        ward=frame.ward,
        kind=QuestionKind(said["kind"]),
        text=said["text"],
        about_path=path,
        item=item,
        ticket=said["ticket"],
        contact=form.contact(),
    )
    receipt = signing.dumps([question.fiscal_year, question.number, question.has_mail], salt=_RECEIPT)
    return redirect(
        f"{reverse('portal:ask_thanks', args=[key])}?{urlencode({'receipt': receipt, 'about': path})}"
    )


@never_cache
def ask_again(request: HttpRequest, key: str) -> HttpResponse:
    """The form with what was written, where it came without a valid token (an old page, cookies thrown away). It was not
    sent, and is not until somebody looks at it and says so."""
    frame = frame_or_404(key)
    form = AskForm(request.POST)
    form.is_valid()
    form.add_error(
        None,
        _("長い時間開いていたページから送られたため、安全のため受け取りませんでした。書いた内容は下に残っています。もう一度「内容を確かめる」を押してください。"),
    )  # fmt: skip
    return _form(request, frame, form, status=403)


@never_cache
@require_safe
def thanks(request: HttpRequest, key: str) -> HttpResponse:
    """The number of what was sent. The receipt is signed: nobody counts questions by trying numbers."""
    frame = frame_or_404(key)
    try:
        year, number, has_mail = signing.loads(request.GET.get("receipt", ""), salt=_RECEIPT)
    except signing.BadSignature:
        raise Http404(_("この受付の控えは正しくありません。")) from None
    path, _item, title = page_asked_about(frame.ward, request.GET.get("about", ""))
    return ward_page(
        request, "portal/questions/thanks.html", frame, title=_("受け付けました"), crumbs=[Crumb(_("受け付けました"))],
        context={"year": year, "number": number, "has_mail": has_mail, "can_mail": can_send(), "about_path": path, "about_title": title,
                 "canonical": "", "asks_here": False},
    )  # fmt: skip


def page_asked_about(ward: Ward, about: str) -> tuple[str, Item | None, str]:
    """(path, item, title of the item) of a page of this ward; its front page where the address is none of its pages."""
    front = reverse("portal:ward", args=[ward.key])
    try:
        path = in_language(unquote(urlsplit(about).path).replace("\x00", "")[:300] or front, JAPANESE)
        match = resolve(path)
    except (ValueError, Resolver404):  # no address at all, or none of ours
        return front, None, ""
    if (
        match.namespace != "portal"
        or match.kwargs.get("key") != ward.key
        or match.url_name in {"ask", "ask_thanks"}
    ):
        return front, None, ""
    found = item_of_page(ward, match.kwargs["public_id"]) if "public_id" in match.kwargs else None
    return (path, *found) if found else (path, None, "")


def address_of(request: HttpRequest) -> str:
    """Where a visitor comes from, behind as many proxies as the settings say."""
    return str(get_adapter().get_client_ip(request))


def _form(request: HttpRequest, frame: Any, form: AskForm, status: int = 200) -> HttpResponse:
    return _page(request, frame, "portal/questions/ask.html", _("質問・まちがいの連絡"), form, status)


def _page(
    request: HttpRequest, frame: Any, template: str, title: str, form: AskForm, status: int = 200
) -> HttpResponse:
    about = form["about"].value() or ""
    path, item, item_title = page_asked_about(frame.ward, about)
    return ward_page(
        request, template, frame, title=title, crumbs=[Crumb(title)], status=status,
        context={"form": form, "about_path": path, "about_item": item, "about_title": item_title, "canonical": ""},
    )  # fmt: skip
