"""The organiser's questions in other languages: of those who apply, and of a questionnaire; one language at a time. Going on to the
next language saves what was written: no text is lost, with or without scripts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kusei.office.forms.activity_question_words import CURRENT, QuestionWordsForm, state_of
from kusei.office.views.activities import activity_or_404
from kusei.office.views.applicants import activity_and_intake, crumbs_of
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.enums import TranslationLanguage
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Activity, Question
from kusei.services.activities.operations.asking import Owner
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.asking import asked_now
from kusei.services.activities.queries.languages import question_words_in
from kusei.services.activities.queries.surveys import survey_of, survey_questions
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def of_intake(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int) -> HttpResponse:
    """What those who apply are asked."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    back = Crumb(
        _("申し込む人への質問"), reverse("office:questions_asked", args=[ward.key, found.pk, intake.pk])
    )
    return _page(request, ward, found, intake, asked_now(intake), back)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def of_survey(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """What a questionnaire asks beside its standard questions, which the pages know in all languages."""
    found = activity_or_404(request, ward, activity_id)
    made = survey_of(found)
    if made is None:
        raise Http404(_("このアンケートはまだありません。先に作ってください。"))
    back = Crumb(_("アンケート"), reverse("office:survey", args=[ward.key, found.pk]))
    return _page(request, ward, found, made, survey_questions(made), back)


def _page(
    request: OfficeRequest, ward: Ward, found: Activity, owner: Owner, asked: list[Question], back: Crumb
) -> HttpResponse:
    questions = [each for each in asked if not each.standard]
    wanted = request.GET.get("in", "")
    language = wanted if wanted in TranslationLanguage.values else TranslationLanguage.values[0]
    known = {code: question_words_in(code, questions) for code in TranslationLanguage.values}
    form = QuestionWordsForm(
        request.POST if request.method == "POST" else None, language=language, questions=questions, known=known[language]
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            changed = activities.translate_questions(
                owner=owner, language=language, words=form.words(), actor=request.user
            )
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            name = TranslationLanguage(language).label
            said = _("質問の訳を%(n)d問変えました（%(name)s）。") % {"n": changed, "name": name} if changed else _("変わったところはありません。")  # fmt: skip
            go = request.POST.get("go", "")
            is_going_on = go in TranslationLanguage.values
            if changed or not is_going_on:
                messages.success(request, said)
            return redirect(f"{request.path}?in={go if is_going_on else language}")
    tabs = [
        (each.value, each.label, sum(state_of(one, known[each.value].get(one.pk)) == CURRENT for one in questions))
        for each in TranslationLanguage
    ]  # fmt: skip
    return office_page(
        request, "office/activities/question_words.html", ward, title=_("質問の翻訳"), section="activities",
        crumbs=[*crumbs_of(ward, found), back],
        context={
            "activity": found, "form": form, "questions": questions, "language": language, "tabs": tabs, "back": back,
            "language_name": TranslationLanguage(language).label,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
