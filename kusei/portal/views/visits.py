"""出前講座を頼む: the themes, asking without an account, and one's own request behind its link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.notices.throttle import is_allowed
from kusei.portal.forms.visits import VisitForm
from kusei.portal.queries.frame import Frame
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.portal.views.questions import address_of
from kusei.portal.views.unreadable import own_page
from kusei.services.activities.errors import ActivityError
from kusei.services.activities.models import Activity, VisitRequest
from kusei.services.activities.operations import visiting
from kusei.services.activities.operations.judging import too_often
from kusei.services.activities.queries.visits import (
    districts_to_choose,
    theme_by_public_id,
    themes_of,
    visit_by_token,
)
from kusei.services.activities.visit_enums import Side, VisitState

REQUESTS_AN_HOUR = 15
WAY = (VisitState.RECEIVED, VisitState.IN_HAND, VisitState.DECIDED, VisitState.HELD)
"""The states of a request that comes to something, in their order."""


@require_safe
def themes(request: HttpRequest, key: str) -> HttpResponse:
    """What groups can ask for."""
    frame = frame_or_404(key)
    return ward_page(
        request, "portal/visits/themes.html", frame, title=_("出前講座を頼む"), section="activities",
        crumbs=[_activities_crumb(key), Crumb(_("出前講座を頼む"))], context={"themes": themes_of(frame.ward)},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """Ask for a visit: what was written is looked at once more before it is sent, and kept where it cannot be taken. Printed, the
    empty page is a form for fax or the counter."""
    frame = frame_or_404(key)
    theme = theme_by_public_id(frame.ward, public_id)
    if theme is None:
        raise Http404(_("この出前講座は、いま申込みを受け付けていません。ほかの出前講座を探してください。"))
    form = VisitForm(
        request.POST or None,
        terms=visiting.terms_of(theme.visit_terms),
        districts=districts_to_choose(frame.ward),
    )
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "edit" or not form.is_valid():
        status = 422 if request.method == "POST" and step != "edit" else 200
        return _ask_page(request, frame, theme, form, "ask", status)
    if step != "send":
        return _ask_page(request, frame, theme, form, "check", 200)
    if not is_allowed("visit", address_of(request), limit=REQUESTS_AN_HOUR, seconds=3600):
        form.add_error(None, too_often())
        return _ask_page(request, frame, theme, form, "ask", 429)
    try:
        made = visiting.ask_for_visit(
            activity=theme,
            ticket=form.cleaned_data["ticket"],
            asked=form.asked(),
            contact=form.contact(),
            language=get_language() or "ja",
        )
    except ActivityError as error:
        form.add_error(None, str(error))
        return _ask_page(request, frame, theme, form, "ask", 409)
    return redirect("portal:visit_request", key=key, token=made.token)


@never_cache
@require_safe
@own_page(visit_by_token)
def visit_request(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """One's own request: where it stands, and what can be done."""
    frame, found = _own(key, token)
    return _request_page(request, frame, found, token)


@never_cache
@require_POST
@own_page(visit_by_token)
def change_visit_request(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Answer the dates that the office proposed, write to it, or withdraw."""
    frame, found = _own(key, token)
    try:
        match request.POST.get("do"):
            case "answer":
                said = request.POST.get("date", "")
                if said != "none" and not (said.isascii() and said.isdigit() and len(said) < 16):
                    return _request_page(request, frame, found, token, problem=_("都合のよい日か、「どれも都合が悪い」を選んでください。"), status=422)  # fmt: skip
                visiting.answer_dates(request=found, chosen=None if said == "none" else int(said))
            case "write":
                text = request.POST.get("text", "").replace("\x00", "")
                visiting.write_to_office(request=found, text=text)
            case "withdraw":
                visiting.withdraw_visit(request=found)
            case _:
                raise Http404
    except ActivityError as error:
        return _request_page(request, frame, found, token, problem=str(error), status=409)
    return redirect("portal:visit_request", key=key, token=token)


def _request_page(
    request: HttpRequest,
    frame: Frame,
    found: VisitRequest,
    token: str,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    found.refresh_from_db(fields=["state", "turn", "due_on", "reason", "revision"])
    dates = list(found.dates.all())
    now = timezone.now()
    session = found.sessions.exclude(state="called_off").first()
    return ward_page(
        request, "portal/visits/request.html", frame, title=_("出前講座の申込み"), section="activities",
        crumbs=[_activities_crumb(frame.ward.key), _themes_crumb(frame.ward.key), Crumb(_("申込みの内容"))],
        context={
            "visit": found, "activity": found.activity, "token": token, "session": session,
            "way": WAY, "wished": [each for each in dates if each.side == Side.GROUP],
            "offered": [each for each in dates if each.side == Side.OFFICE and each.answer == "" and each.starts_at > now],
            "chosen": [each for each in dates if each.answer == "yes"] if found.state == VisitState.IN_HAND else [],
            "seen": visiting.seen_by_group(found),
            "may_withdraw": found.is_open and (session is None or session.starts_at > now),
            "problem": problem, "canonical": "", "asks_here": False,
        },
        status=status,
    )  # fmt: skip


def _ask_page(
    request: HttpRequest, frame: Frame, theme: Activity, form: VisitForm, page: str, status: int
) -> HttpResponse:
    key = frame.ward.key
    return ward_page(
        request, f"portal/visits/{page}.html", frame, title=_("出前講座の申込み"), section="activities", status=status,
        crumbs=[
            _activities_crumb(key), _themes_crumb(key),
            Crumb(theme.title, reverse("portal:activity", args=[key, theme.public_id]), is_source=True), Crumb(_("申込み")),
        ],
        context={"form": form, "activity": theme, "canonical": "", "asks_here": False},
    )  # fmt: skip


def _own(key: str, token: str) -> tuple[Frame, VisitRequest]:
    frame = frame_or_404(key)
    found = visit_by_token(frame.ward, token)
    if found is None:
        raise Http404(_("この申込みは見つかりません。メールのリンクをもう一度確かめてください。終わってから1年たった申込みは消してあります。"))  # fmt: skip
    return frame, found


def _activities_crumb(key: str) -> Any:
    return Crumb(_("講座・催し"), reverse("portal:activities", args=[key]))


def _themes_crumb(key: str) -> Any:
    return Crumb(_("出前講座を頼む"), reverse("portal:visits", args=[key]))
