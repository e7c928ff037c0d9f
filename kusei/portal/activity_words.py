"""What a page shows of activities in the reader's language: their translated words, or the Japanese ones, marked as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe

from kusei.press.languages import JAPANESE, current
from kusei.services.activities.asking import Counted
from kusei.services.activities.models import Activity, ActivityTranslation, Question, Session
from kusei.services.activities.operations import put_of
from kusei.services.activities.queries.languages import questions_in, translations_into
from kusei.services.activities.translating import FIELDS, in_words, is_current

Spoken = Mapping[int, ActivityTranslation]
"""By activity, its translation into the language that is spoken."""

Results = tuple[int, list[tuple[Question, Counted]]]
"""How many questionnaires, and each question with its answers counted."""


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


def told_words(activity: Activity) -> dict[str, Word]:
    """`words_of` in the language that is spoken: one query, none for Japanese pages."""
    return words_of(activity, spoken([activity.pk]).get(activity.pk))


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


def told_questions(questions: Sequence[Question]) -> list[Question]:
    """The organiser's questions in the language that is spoken, where they are translated: one query, none for Japanese pages."""
    language = current()
    return list(questions) if language is JAPANESE else questions_in(language.code, questions)


def told_results(found: Results | None) -> Results | None:
    """The answers that were counted, with questions and choices in the language that is spoken."""
    if found is None:
        return None
    sheets, lines = found
    told = told_questions([question for question, _counted in lines])
    return sheets, [(each, _counted_in(each, counted)) for each, (_asked, counted) in zip(told, lines, strict=True)]  # fmt: skip


def _counted_in(question: Question, counted: Counted) -> Counted:
    labels = [label for _place, label in put_of(question).options]
    return replace(counted, parts=tuple(zip(labels, (number for _label, number in counted.parts), strict=True)))  # fmt: skip


def lang_of(*, is_translated: bool) -> SafeString:
    return mark_safe("" if current().is_japanese or is_translated else ' lang="ja"')
