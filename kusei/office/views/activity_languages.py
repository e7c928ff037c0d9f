"""言葉と翻訳 of one activity: in which languages it is held or helped, and its words in those of the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kusei.office.forms.activity_languages import LanguagesForm, WordsForm
from kusei.office.views.activities import activity_or_404
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.enums import TranslationLanguage
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Activity
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.asking import intakes_asking
from kusei.services.activities.queries.languages import translations_of
from kusei.services.activities.queries.surveys import survey_of, survey_questions
from kusei.services.activities.translating import FIELDS, is_current
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

_LANGUAGES = "languages"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def languages(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """One page; a POST does what its button says."""
    found = activity_or_404(request, ward, activity_id)
    known = translations_of(found)
    verb = request.POST.get("do", "")
    made: dict[str, Any] = {
        _LANGUAGES: LanguagesForm(initial=dict(found.languages.values_list("code", "way")))
    }
    for language in TranslationLanguage.values:
        initial = {name: getattr(known[language], name) for name in FIELDS} if language in known else {}
        made[language] = WordsForm(language=language, source=found, initial=initial)
    if request.method == "POST":
        if verb not in made:
            raise Http404
        form = (
            LanguagesForm(request.POST)
            if verb == _LANGUAGES
            else WordsForm(request.POST, language=verb, source=found)
        )
        made[verb] = form
        if form.is_valid():
            try:
                said = _do(request, found, verb, form)
            except activities.ActivityError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, said)
                return redirect("office:activity_languages", key=ward.key, activity_id=found.pk)
    wrong: forms.Form | None = made[verb] if request.method == "POST" else None
    return office_page(
        request, "office/activities/languages.html", ward, title=_("言葉と翻訳"), section="activities",
        crumbs=[
            Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
            Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
        ],
        context={
            "activity": found, "forms": made, "form": wrong, "open_verb": verb, "asked": _asked(ward, found),
            "translations": [
                (each.value, each.label, made[each.value], known.get(each.value), _state(found, known.get(each.value)))
                for each in TranslationLanguage
            ],
        },
        status=422 if wrong else 200,
    )  # fmt: skip


def _asked(ward: Ward, found: Activity) -> list[tuple[str, str]]:
    """Where questions are translated: (what they are for, address)."""
    pages = [
        (_("申し込む人への質問 %(name)s") % {"name": each.name}, reverse("office:question_words", args=[ward.key, found.pk, each.pk]))
        for each in intakes_asking(found)
    ]  # fmt: skip
    made = survey_of(found)
    if made is not None and any(not each.standard for each in survey_questions(made)):
        pages.append((_("アンケート"), reverse("office:survey_words", args=[ward.key, found.pk])))
    return pages


def _do(request: OfficeRequest, found: Activity, verb: str, form: Any) -> str:
    revision = number_of(request.POST.get("revision", "")) or 0
    if verb == _LANGUAGES:
        activities.set_languages(
            activity=found, languages=form.languages(), revision=revision, actor=request.user
        )
        return _("行う言葉を変えました。")
    made = activities.translate_activity(
        activity=found, language=verb, words=form.cleaned_data, revision=revision, actor=request.user
    )
    return _("訳した文を入れました。") if made else _("訳した文を外しました。日本語の文が出ます。")


def _state(found: Activity, translation: Any) -> str:
    if translation is None:
        return "missing"
    return "current" if is_current(translation, found) else "old"
