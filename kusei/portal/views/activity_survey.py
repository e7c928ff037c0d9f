"""アンケート: by the short address in the room, or by the link that was mailed. Nobody is asked who they are."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.notices.throttle import is_allowed
from kusei.portal.activity_words import told_words
from kusei.portal.forms.activity_survey import ReplyForm
from kusei.portal.views.frame import frame_or_404, ward_page
from kusei.portal.views.questions import address_of
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Session, Survey, SurveyLink
from kusei.services.activities.queries.surveys import (
    answerable,
    link_by_token,
    survey_by_code,
    survey_questions,
)

REPLIES_AN_HOUR = 200
"""From one address: a room full of people has one."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, code: str, session_id: int = 0) -> HttpResponse:
    """In the room: of the session named, or of the one that began last."""
    found = _found(code)
    sessions = answerable(found, timezone.now())
    chosen = next((each for each in sessions if each.pk == session_id or not session_id), None)
    return _answered(request, found, chosen, others=[each for each in sessions if each != chosen])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey_link(request: HttpRequest, token: str) -> HttpResponse:
    """By the link that was mailed: once."""
    link = link_by_token(token)
    if link is None:
        raise Http404(_("このアンケートは見つかりません。メールのリンクをもう一度確かめてください。"))
    if link.is_used:
        return redirect("portal:survey_thanks", code=link.survey.code)
    return _answered(request, link.survey, link.session, link=link)


@never_cache
@require_safe
def survey_thanks(request: HttpRequest, code: str) -> HttpResponse:
    """It has arrived."""
    found = _found(code)
    return _page(request, found, "portal/activities/survey_thanks.html", {}, 200)


def _answered(
    request: HttpRequest,
    found: Survey,
    session: Session | None,
    *,
    link: SurveyLink | None = None,
    others: list[Session] | None = None,
) -> HttpResponse:
    form = ReplyForm(request.POST or None, questions=survey_questions(found))
    takes = found.is_open and session is not None and session in answerable(found, timezone.now())
    status = 200
    if request.method == "POST" and session is not None:
        status = 422
        if form.is_valid():
            if link is None and not is_allowed(
                "survey", address_of(request), limit=REPLIES_AN_HOUR, seconds=3600
            ):
                form.add_error(None, _("この回線から続けて送られた数が多いため、いまは送れません。1時間ほどたってから送ってください。"))  # fmt: skip
                status = 429
            else:
                try:
                    activities.reply_to(
                        survey=found,
                        session=session,
                        said=form.said(),
                        ticket=form.cleaned_data["ticket"],
                        link=link,
                    )
                except activities.ActivityError as error:
                    form.add_error(None, str(error))
                    status = 409
                else:
                    return redirect("portal:survey_thanks", code=found.code)
    context = {"form": form, "session": session, "takes": takes, "others": others or [], "link": link}
    return _page(request, found, "portal/activities/survey.html", context, status)


def _found(code: str) -> Survey:
    found = survey_by_code(code)
    if found is None:
        raise Http404(_("このアンケートは見つかりません。アドレスをもう一度確かめてください。"))
    return found


def _page(
    request: HttpRequest, found: Survey, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    frame = frame_or_404(found.ward.key)
    return ward_page(
        request, template, frame, title=_("アンケート"), section="activities", status=status,
        # Short enough for one screen of a phone: the ward's pages are a tap away by its name.
        context={"nav_links": [], "crumbs": [], "survey": found, "activity": found.activity, "words": told_words(found.activity), "canonical": "", "asks_here": False, **context},
    )  # fmt: skip
