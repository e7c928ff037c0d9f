"""An activity's words in other languages, from plain values: which fields, and whether a translation is of what stands now."""

from __future__ import annotations

import copy
import hashlib

from kusei.services.activities.models import Activity, ActivityTranslation

FIELDS = ("title", "text", "audience", "fee_note", "bring")
"""What of an activity can be translated."""


def words_hash(activity: Activity) -> str:
    """Names the Japanese words of an activity; blanks and line ends do not count."""
    plain = "\0".join("".join(getattr(activity, name).split()) for name in FIELDS)
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
