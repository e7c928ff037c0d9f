"""An activity's words and its questions in other languages, from plain values: which fields, and whether a translation is of what
stands now."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable

from kusei.services.activities.models import Activity, ActivityTranslation, Question, QuestionTranslation

FIELDS = ("title", "text", "audience", "fee_note", "bring")
"""What of an activity can be translated."""


def words_hash(activity: Activity) -> str:
    """Names the Japanese words of an activity; blanks and line ends do not count."""
    return _hash(getattr(activity, name) for name in FIELDS)


def question_hash(question: Question) -> str:
    """Names the Japanese words of a question with its hint and its choices in their order."""
    return _hash([question.text, question.hint, *question.choices])


def _hash(words: Iterable[str]) -> str:
    plain = "\0".join("".join(each.split()) for each in words)
    return hashlib.sha256(plain.encode()).hexdigest()


def is_current(translation: ActivityTranslation, activity: Activity) -> bool:
    """Whether it was made from what the activity says now; otherwise it is older than its source."""
    return translation.source_hash == words_hash(activity)


def in_words(activity: Activity, translation: ActivityTranslation | None) -> Activity:
    """The activity as it reads in the translation, never to be saved; what is not translated stays Japanese."""
    if translation is None:
        return activity
    told = copy.copy(activity)
    for name in FIELDS:
        setattr(told, name, getattr(translation, name) or getattr(activity, name))
    return told


def is_current_of(translation: QuestionTranslation, question: Question) -> bool:
    """Whether it was made from what the question says now."""
    return translation.source_hash == question_hash(question)


def question_in_words(question: Question, translation: QuestionTranslation | None) -> Question:
    """The question as it reads in a translation of what it says now, never to be saved; itself where there is none. Its choices keep
    their places, so that an answer is the same in every language. A hint that is not translated stays Japanese."""
    if translation is None or not is_current_of(translation, question):
        return question
    told = copy.copy(question)
    told.told = translation
    told.text, told.choices = translation.text, translation.choices
    told.hint = translation.hint or question.hint
    return told
