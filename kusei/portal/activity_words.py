"""What a page shows of activities in the reader's language: their translated words, or the Japanese ones, marked as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from kusei.press.languages import JAPANESE, current
from kusei.services.activities.models import Activity, ActivityTranslation, Session
from kusei.services.activities.queries.languages import translations_into
from kusei.services.activities.translating import FIELDS, in_words, is_current

Spoken = Mapping[int, ActivityTranslation]
"""By activity, its translation into the language that is spoken."""


@dataclass(frozen=True, slots=True)
class Word:
    """What is said, and the attribute for the element that holds it."""

    text: str
    lang: SafeString


def spoken(activity_ids: Iterable[int]) -> Spoken:
    """The translations that a page needs: one query, none for Japanese pages."""
    language = current()
    return {} if language is JAPANESE else translations_into(language.code, activity_ids)


def words_of(activity: Activity, translation: ActivityTranslation | None) -> dict[str, Word]:
    """The fields that can be translated, by name."""
    found = {}
    for name in FIELDS:
        told = getattr(translation, name) if translation else ""
        found[name] = Word(told or getattr(activity, name), lang_of(is_translated=bool(told)))
    return found


def mark_of(activity: Activity, translation: ActivityTranslation | None) -> dict[str, object]:
    """For the line that says whether a page is translated."""
    return {
        "translation": translation,
        "translation_is_current": translation is not None and is_current(translation, activity),
    }


def told_sessions(sessions: Iterable[Session]) -> list[Session]:
    """Sessions whose activities read in the language that is spoken, for feeds and files; never to be saved."""
    shown = list(sessions)
    known = spoken(each.activity_id for each in shown)
    for each in shown:
        if each.activity_id in known:
            each.activity = in_words(each.activity, known[each.activity_id])
    return shown


def lang_of(*, is_translated: bool) -> SafeString:
    return mark_safe("" if current().is_japanese or is_translated else ' lang="ja"')
