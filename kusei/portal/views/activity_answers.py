"""What one answered to the organiser's questions, behind the link of one's application: read, and changed until the window closes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kusei.portal.activity_words import told_words
from kusei.portal.forms.activities import AnswersForm
from kusei.portal.views.activities import activity_crumbs, own_application
from kusei.portal.views.frame import Crumb, ward_page
from kusei.portal.views.unreadable import own_page
from kusei.services.activities import operations as activities
from kusei.services.activities.queries.applications import application_by_token
from kusei.services.activities.queries.asking import asked_now


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page(application_by_token)
def answers(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """A form while it can be changed; what was answered afterwards."""
    frame, found = own_application(key, token)
    questions = asked_now(found.intake)
    given, revision = activities.answers_of([found]).get(found.pk, (activities.Given(), 0))
    form = AnswersForm(
        request.POST or None, application=found, questions=questions, given=given, revision=revision,
        people=activities.seen_by_applicant(found),
    )  # fmt: skip
    status, problem = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                activities.change_answers(
                    application=found, given=form.answers(), revision=form.cleaned_data["revision"]
                )
            except activities.ActivityError as error:
                status, problem = 409, str(error)
            else:
                return redirect("portal:application", key=key, token=token)
    return ward_page(
        request, "portal/activities/answers.html", frame, title=_("質問への答え"), section="activities", status=status,
        crumbs=[
            *activity_crumbs(key),
            Crumb(_("申込みの内容"), reverse("portal:application", args=[key, token])),
            Crumb(_("質問への答え")),
        ],
        context={
            "application": found, "activity": found.intake.activity, "words": told_words(found.intake.activity), "token": token, "form": form, "problem": problem,
            "takes": activities.takes_changes(found, timezone.now()), "canonical": "", "asks_here": False,
        },
    )  # fmt: skip
