"""講座・催し: one activity, applying without an account, and one's own application behind its link."""

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

from kusei.notices.throttle import Attempt, is_allowed
from kusei.portal.activity_page import taken_along
from kusei.portal.activity_words import mark_of, spoken, told_results, told_words, words_of
from kusei.portal.forms.activities import ApplyForm
from kusei.portal.queries.frame import Frame
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.portal.views.questions import address_of
from kusei.portal.views.unreadable import own_page
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import LIVE, SeatState, SessionState
from kusei.services.activities.models import Activity, Application, Intake, Session
from kusei.services.activities.operations.judging import too_often
from kusei.services.activities.queries import (
    activity_by_public_id,
    activity_page,
    intakes_of,
)
from kusei.services.activities.queries.applications import application_by_token, people_before
from kusei.services.activities.queries.asking import has_questions
from kusei.services.activities.queries.forms import asked_at, asked_lately
from kusei.services.activities.queries.surveys import public_results
from kusei.services.activities.translating import in_words

APPLICATIONS_AN_HOUR = 30
CHANGES = {"limit": 60, "seconds": 3600}


@require_safe
def activity(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """One activity with its sessions and how to apply."""
    frame, found = _found(key, public_id)
    free_sessions, intakes = activity_page(found)
    translation = spoken([found.pk]).get(found.pk)
    title = translation.title if translation else found.title
    return ward_page(
        request, "portal/activities/one.html", frame, title=title, section="activities",
        crumbs=[*activity_crumbs(key), Crumb(title, is_source=translation is None)],
        context={
            "activity": found, "free_sessions": free_sessions, "intakes": intakes, "now": timezone.now(),
            "results": told_results(public_results(found)),
            "words": words_of(found, translation), **mark_of(found, translation),
            **taken_along(request, in_words(found, translation), free_sessions, intakes, is_japanese=translation is None),
        },
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, key: str, public_id: UUID, intake_id: int) -> HttpResponse:
    """Apply: what was written is looked at once more before it is sent, and kept where it cannot be taken."""
    step = request.POST.get("step", "")
    asked = (asked_lately if step == "send" else asked_at)(key, public_id, intake_id)
    if asked is None:
        raise Http404(_("この募集はありません。講座・催しのページから開き直してください。"))
    intake = asked.intake
    form = ApplyForm(
        request.POST or None, activity=intake.activity, intake=intake, quotas=asked.quotas, questions=asked.questions,
        label_suffix="",
    )  # fmt: skip
    if request.method != "POST" or step == "edit" or not form.is_valid():
        status = 422 if request.method == "POST" and step != "edit" else 200
        return _apply_page(request, intake, form, "portal/activities/apply.html", status)
    if step != "send":
        return _apply_page(request, intake, form, "portal/activities/check.html", 200)
    try:
        applied = activities.apply_for(
            intake=intake,
            ticket=form.cleaned_data["ticket"],
            people=form.people(),
            contact=form.contact(),
            together=form.cleaned_data.get("together", "1") != "0",
            answers=form.answers(),
            language=get_language() or "ja",
            attempt=Attempt("apply", address_of(request), APPLICATIONS_AN_HOUR, 3600),
        )
    except activities.ActivityError as error:
        form.add_error(None, str(error))
        status = 429 if isinstance(error, activities.TooOften) else 409
        return _apply_page(request, intake, form, "portal/activities/apply.html", status)
    return redirect("portal:application", key=key, token=applied.token)


@never_cache
@require_safe
@own_page(application_by_token)
def application(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """One's own application: how it stands, and what can be done."""
    frame, found = own_application(key, token)
    return _application_page(request, frame, found, token)


@never_cache
@require_POST
@own_page(application_by_token)
def change_application(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Cancel all or some, say yes or no to an offer."""
    frame, found = own_application(key, token)
    if not is_allowed("change", address_of(request), **CHANGES):
        return _application_page(request, frame, found, token, problem=too_often(), status=429)
    try:
        match request.POST.get("do"):
            case "cancel":
                chosen = [
                    int(each)
                    for each in request.POST.getlist("seat")
                    if each.isascii() and each.isdigit() and len(each) < 16
                ]
                if not chosen:
                    return _application_page(
                        request, frame, found, token, problem=_("取り消す人を選んでください。"), status=422
                    )
                activities.cancel_seats(application=found, seats=chosen)
            case "take":
                activities.take_offer(application=found)
            case "leave":
                activities.leave_offer(application=found)
            case _:
                raise Http404
    except activities.ActivityError as error:
        return _application_page(request, frame, found, token, problem=str(error), status=409)
    return redirect("portal:application", key=key, token=token)


def _application_page(
    request: HttpRequest,
    frame: Frame,
    found: Application,
    token: str,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    seats = list(found.seats.select_related("quota").order_by("pk"))
    shown = activities.seen_by_applicant(found)
    sessions = found.intake.sessions.order_by("starts_at")
    held = any(seat.state == SeatState.ACCEPTED for seat in seats)
    return ward_page(
        request, "portal/activities/application.html", frame, title=_("申込みの内容"), section="activities",
        crumbs=[*activity_crumbs(frame.ward.key), Crumb(_("申込みの内容"))],
        context={
            "application": found, "activity": found.intake.activity, "words": told_words(found.intake.activity), "token": token,
            "people": list(zip(shown, seats, strict=True)),
            "sessions": sessions, "is_in": held,
            "shows_code": held and any(_is_entered(each) for each in sessions),
            "offered": [seat for seat in seats if seat.state == SeatState.OFFERED],
            "is_live": any(seat.state in LIVE for seat in seats),
            "is_cancelled": all(seat.state == SeatState.CANCELLED for seat in seats),
            "asks": has_questions(found.intake),
            "before": people_before(found), "waits": any(seat.state == SeatState.WAITING for seat in seats),
            "awaits_lots": any(seat.state == SeatState.APPLIED for seat in seats), "problem": problem, "canonical": "", "asks_here": False,
        },
        status=status,
    )  # fmt: skip


def _is_entered(session: Session) -> bool:
    """Whether people will come to a place for it, and show who they are."""
    is_on = session.state != SessionState.CALLED_OFF and session.ends_at > timezone.now()
    return is_on and bool(session.place or not session.online_url)


def _apply_page(
    request: HttpRequest, intake: Intake, form: ApplyForm, template: str, status: int
) -> HttpResponse:
    found = intake.activity
    frame = frame_or_404(found.ward.key)
    stands, words = intakes_of([intake], timezone.now())[intake.pk], told_words(found)
    return ward_page(
        request, template, frame, title=_("申込み"), section="activities", status=status,
        crumbs=[
            *activity_crumbs(frame.ward.key),
            Crumb(
                words["title"].text, reverse("portal:activity", args=[frame.ward.key, found.public_id]),
                is_source=bool(words["title"].lang),
            ),
            Crumb(_("申込み")),
        ],
        context={"form": form, "activity": found, "words": words, "stands": stands, "canonical": "", "asks_here": False},
    )  # fmt: skip


def _found(key: str, public_id: UUID) -> tuple[Frame, Activity]:
    frame = frame_or_404(key)
    found = activity_by_public_id(frame.ward, public_id)
    if found is None:
        raise Http404(_("この講座・催しは公開されていません。"))
    return frame, found


def own_application(key: str, token: str) -> tuple[Frame, Application]:
    """The application behind a link, or a 404 that says why there may be none."""
    frame = frame_or_404(key)
    found = application_by_token(frame.ward, token)
    if found is None:
        raise Http404(_("この申込みは見つかりません。メールのリンクをもう一度確かめてください。終わってから1年たった申込みは消してあります。"))  # fmt: skip
    return frame, found


def activity_crumbs(key: str) -> list[Any]:
    """The steps to what is on."""
    return [Crumb(_("講座・催し"), reverse("portal:activities", args=[key]))]
