"""One's own application, written anew behind its link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kusei.notices.throttle import is_allowed
from kusei.portal.activity_words import told_words
from kusei.portal.forms.activity_change import ChangeForm
from kusei.portal.views.activities import CHANGES, activity_crumbs, own_application
from kusei.portal.views.frame import Crumb, ward_page
from kusei.portal.views.questions import address_of
from kusei.portal.views.unreadable import own_page
from kusei.services.activities import operations as activities
from kusei.services.activities.operations.judging import too_often
from kusei.services.activities.queries.applications import application_by_token
from kusei.services.activities.queries.asking import asked_now


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page(application_by_token)
def change(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """A form while it can be changed; why not and whom to call afterwards."""
    frame, found = own_application(key, token)
    closed = activities.closed_because(found, timezone.now())
    version = activities.version_of(found)
    is_stale = request.method == "POST" and request.POST.get("version") != version
    form = ChangeForm(
        None if is_stale else request.POST or None, application=found, applicant=activities.own_applicant(found),
        seats=list(found.seats.order_by("pk")), quotas=list(found.intake.quotas.all()),
        version=version,
    )  # fmt: skip
    status = 409 if is_stale else 200
    if request.method == "POST" and not is_stale:
        status = 422
        if form.is_valid() and not is_allowed("change", address_of(request), **CHANGES):
            form.add_error(None, too_often())
            status = 429
        elif form.is_valid():
            said = form.said()
            try:
                activities.change_application(application=found, **said)
            except activities.ActivityError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                asks_each = said["more"] and any(each.is_for_each for each in asked_now(found.intake))
                page = "portal:application_answers" if asks_each else "portal:application"
                return redirect(page, key=key, token=token)
    return ward_page(
        request, "portal/activities/change.html", frame, title=_("申込みの内容を変える"), section="activities", status=status,
        crumbs=[
            *activity_crumbs(key),
            Crumb(_("申込みの内容"), reverse("portal:application", args=[key, token])),
            Crumb(_("申込みの内容を変える")),
        ],
        context={
            "application": found, "activity": found.intake.activity, "words": told_words(found.intake.activity), "token": token, "form": form, "closed": closed,
            "is_stale": is_stale,
            "canonical": "", "asks_here": False,
        },
    )  # fmt: skip
