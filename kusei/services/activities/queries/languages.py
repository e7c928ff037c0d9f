"""The languages of activities, and their words in other languages."""

from __future__ import annotations

from collections.abc import Iterable

from kusei.services.activities.enums import SHOWN
from kusei.services.activities.language_enums import SpokenLanguage
from kusei.services.activities.models import Activity, ActivityLanguage, ActivityTranslation
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
