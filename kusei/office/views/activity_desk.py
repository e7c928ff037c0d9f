"""Somebody telephones: found by a number, shown, written anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kusei.japanese.folding import fold
from kusei.office.forms.activity_desk import ApplicantForm
from kusei.office.views.applicants import activity_and_intake, crumbs_of
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import LIVE, SeatState
from kusei.services.activities.models import Application
from kusei.services.activities.papers import intake_by_paper_number
from kusei.services.activities.permissions import may_host, may_see_applicants, may_work_on_activities
from kusei.services.activities.queries.applications import people_before
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def desk(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """One field: a telephone number, an application's number, or a paper form's. It is sent, so that it stands in no address."""
    asked = request.POST.get("number", "").replace("\x00", "").strip()[:40]
    found: list[Any] = []
    problem = ""
    if asked:
        intake = intake_by_paper_number(ward, fold(asked))
        if intake is not None and may_host(request.rights, ward, host_ids(intake.activity)):
            return redirect(
                "office:new_application", key=ward.key, activity_id=intake.activity_id, intake_id=intake.pk
            )
        try:
            found = activities.find_applications(ward=ward, text=asked, actor=request.user)
        except activities.ActivityError as error:
            problem = str(error)
    return office_page(
        request, "office/activities/desk.html", ward, title=_("電話・申込書"), section="activities",
        crumbs=[Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key]))],
        context={"asked": asked, "found": found, "problem": problem}, status=422 if problem else 200,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def applicant(
    request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int, number: int
) -> HttpResponse:
    """One application: how it stands, and what of it may be written anew. The look stands in the trail."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    require(may_see_applicants(request.rights, ward, host_ids(found)))
    application = intake.applications.select_related("intake__activity", "ward").filter(number=number).first()
    if application is None:
        raise Http404(_("この受付番号の申込みはありません。"))
    if not application.sealed:
        raise Http404(_("この申込みの個人情報は、もう消してあります。"))
    try:
        known = activities.see_one(
            application=application, actor=request.user, is_opening=request.method != "POST"
        )
    except activities.NotFitting as error:
        raise Http404(str(error)) from None
    seats = list(application.seats.select_related("quota").order_by("pk"))
    is_change = request.POST.get("do") == "change"
    if is_change and request.POST.get("version") != activities.version_of(application):
        messages.error(request, _("開いているあいだに、申込みが変わりました。いまの内容を確かめてください。"))
        return redirect(
            "office:applicant", key=ward.key, activity_id=found.pk, intake_id=intake.pk, number=number
        )
    form = ApplicantForm(
        request.POST if is_change else None, application=application, applicant=known, seats=seats,
        quotas=list(intake.quotas.all()), version=activities.version_of(application),
    )  # fmt: skip
    if request.method == "POST" and (not is_change or form.is_valid()):
        try:
            said = _do(request, application, form)
        except activities.ActivityError as error:
            if is_change:
                form.add_error(None, str(error))
            else:
                messages.error(request, str(error))
        else:
            messages.success(request, said)
        if not form.errors:
            return redirect(
                "office:applicant", key=ward.key, activity_id=found.pk, intake_id=intake.pk, number=number
            )
    return office_page(
        request, "office/activities/applicant.html", ward, title=_("受付番号 %(n)d") % {"n": number}, section="activities",
        crumbs=[
            *crumbs_of(ward, found),
            Crumb(_("申し込んだ人"), reverse("office:applicants", args=[ward.key, found.pk, intake.pk])),
        ],
        context={
            "activity": found, "intake": intake, "application": application, "form": form,
            "people": list(zip(known.people, seats, strict=True)),
            "live": {seat.pk for seat in seats if seat.state in LIVE}, "before": people_before(application),
            "is_offered": any(seat.state == SeatState.OFFERED for seat in seats),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _do(request: OfficeRequest, application: Application, form: ApplicantForm) -> str:
    """Do what the button says; what the page says afterwards."""
    actor = request.user
    match request.POST.get("do"):
        case "change":
            activities.change_application(application=application, **form.said(), actor=actor)
            return _("直しました。")
        case "take":
            activities.take_offer(application=application, actor=actor)
            return _("参加に決めました。")
        case "leave":
            activities.leave_offer(application=application, actor=actor)
            return _("辞退として記録しました。次の人が「返事待ち」です。")
        case "cancel":
            chosen = [number_of(each) or 0 for each in request.POST.getlist("seat")]
            if not chosen:
                raise activities.NotFitting(_("取り消す人に印を付けてください。"))
            activities.cancel_seats(application=application, seats=chosen, actor=actor)
            return _("取り消しました。空いた席を案内する人は「返事待ち」です。")
    raise Http404
