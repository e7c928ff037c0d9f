"""The organiser's questions in the office: set up, mended, ordered, taken away; and how they were answered, without names."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.office.forms.activity_questions import QuestionForm, begun_with
from kusei.office.views.applicants import activity_and_intake, crumbs_of
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Question, Survey
from kusei.services.activities.operations.asking import Owner
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.asking import asked_now
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def questions(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int) -> HttpResponse:
    """All questions of an intake; `?edit=7` opens one. A POST does what its button says."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    here = reverse("office:questions_asked", args=[ward.key, found.pk, intake.pk])
    desk = desk_of(request, intake, asked_now(intake), here)
    if isinstance(desk, HttpResponse):
        return desk
    return office_page(
        request, "office/activities/questions.html", ward, title=_("申し込む人への質問"), section="activities",
        crumbs=crumbs_of(ward, found), context={"activity": found, "intake": intake, **desk},
        status=422 if desk["form"].errors else 200,
    )  # fmt: skip


def desk_of(
    request: OfficeRequest, owner: Owner, asked: list[Question], here: str
) -> HttpResponse | dict[str, Any]:
    """What the table of questions shows, or where to go after its button was pressed."""
    wanted = number_of(request.GET.get("edit", ""))
    edited = next((each for each in asked if each.pk == wanted and not each.standard), None)
    common: dict[str, Any] = {"auto_id": "n-%s", "is_of_survey": isinstance(owner, Survey)}
    form = QuestionForm(initial=begun_with(edited) if edited else {"kind": "short"}, **common)
    verb, _dash, number = request.POST.get("do", "").partition("-")
    if request.method == "POST":
        question = next((each for each in asked if str(each.pk) == number), None)
        if verb == "save":
            form = QuestionForm(request.POST, **common)
        if verb != "save" or form.is_valid():
            try:
                said = _do(request, owner, verb, question, edited, form)
            except activities.ActivityError as error:
                if verb == "save":
                    form.add_error(None, str(error))
                else:
                    messages.error(request, str(error))
                    return redirect(here)
            else:
                messages.success(request, said)
                return redirect(here)
    return {
        "questions": asked, "form": form, "edited": edited, "here": here,
        "is_answered": activities.is_answered(owner),
    }  # fmt: skip


def _do(
    request: OfficeRequest, owner: Owner, verb: str, question: Question | None, edited: Question | None,
    form: QuestionForm,
) -> str:  # fmt: skip
    """Do it; what the page says afterwards."""
    actor = request.user
    revision = number_of(request.POST.get("revision", "")) or 0
    if verb == "save" and edited is not None:
        activities.change_question(question=edited, wording=form.wording(), revision=revision, actor=actor)
        return _("質問を直しました。")
    if verb == "save":
        activities.add_question(owner=owner, wording=form.wording(), actor=actor)
        return _("質問を加えました。")
    if question is None or verb not in {"up", "down", "remove"}:
        raise Http404
    if verb == "remove":
        stays = activities.remove_question(question=question, revision=revision, actor=actor)
        return _("質問を外しました。これまでの答えは残っています。") if stays else _("質問を外しました。")
    activities.move_question(question=question, up=verb == "up", actor=actor)
    return _("順を変えました。")


@never_cache
@require_safe
@in_office(may_work_on_activities)
def answers(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int) -> HttpResponse:
    """How each question was answered: numbers, no names."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    lines, unreadable = activities.count_answers(intake=intake, actor=request.user)
    return office_page(
        request, "office/activities/answers.html", ward, title=_("質問への答えの集計"), section="activities",
        crumbs=[
            *crumbs_of(ward, found),
            Crumb(_("申込み"), reverse("office:applicants", args=[ward.key, found.pk, intake.pk])),
        ],
        context={"activity": found, "intake": intake, "lines": lines, "unreadable": unreadable},
    )  # fmt: skip
