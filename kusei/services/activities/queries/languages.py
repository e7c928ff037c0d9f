"""The languages of activities, and their words in other languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kusei.services.activities.enums import SHOWN
from kusei.services.activities.language_enums import SpokenLanguage
from kusei.services.activities.models import (
    Activity,
    ActivityLanguage,
    ActivityTranslation,
    Question,
    QuestionTranslation,
)
from kusei.services.activities.translating import question_in_words
from kusei.wards.models import Ward


def languages_in(ward: Ward) -> list[tuple[str, str]]:
    """The languages in which something can be found: (code, name)."""
    rows = ActivityLanguage.objects.filter(ward=ward, activity__state__in=SHOWN)
    used = set(rows.order_by().values_list("code", flat=True).distinct())
    return [(each.value, str(each.label)) for each in SpokenLanguage if each.value in used]


def translations_into(language: str, activity_ids: Iterable[int]) -> dict[int, ActivityTranslation]:
    """By activity, their words in one language. One query."""
    found = ActivityTranslation.objects.filter(language=language, activity__in=set(activity_ids))
    return {each.activity_id: each for each in found}


def translations_of(activity: Activity) -> dict[str, ActivityTranslation]:
    """By language, all that there are of one activity."""
    return {each.language: each for each in activity.translations.select_related("made_by")}


def questions_in(language: str, questions: Sequence[Question]) -> list[Question]:
    """The questions as they read in a language, where they are translated as they stand now. One query, none without questions."""
    known = question_words_in(language, questions)
    return [question_in_words(each, known.get(each.pk)) for each in questions]


def question_words_in(language: str, questions: Sequence[Question]) -> dict[int, QuestionTranslation]:
    """By question, its words in one language, also of what it said before."""
    if not questions:
        return {}
    found = QuestionTranslation.objects.filter(
        language=language, question__in=[each.pk for each in questions]
    )
    return {each.question_id: each for each in found.select_related("made_by")}
