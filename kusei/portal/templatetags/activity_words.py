"""The name of an activity in the reader's language: `{{ activity|activity_title:spoken }}`, or of a line of a calendar; and what marks
a question that is not in it: `<span{{ question|question_lang }}>`."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from kusei.portal.activity_words import Spoken, lang_of
from kusei.portal.templatetags.translated import in_japanese
from kusei.services.activities.models import Activity, Question
from kusei.services.activities.queries.finding import Entry

register = template.Library()


@register.filter
def activity_title(thing: Activity | Entry, known: Spoken) -> SafeString | str:
    """Its translated name, or the Japanese one in an element that says so."""
    found = known.get(thing.activity_id if isinstance(thing, Entry) else thing.pk)
    return conditional_escape(found.title) if found else in_japanese(thing.title)


@register.filter
def question_lang(question: Question) -> SafeString:
    """The attribute for an element that holds what is asked."""
    return lang_of(is_translated=bool(question.standard or question.told))


@register.filter
def hint_lang(question: Question) -> SafeString:
    """The attribute for an element that holds its hint."""
    return lang_of(is_translated=question.told is not None and bool(question.told.hint))


@register.filter
def choices_lang(question: Question) -> SafeString | str:
    """The attribute for an element that holds its choices, or an answer; what was written in words is in whatever language."""
    return lang_of(is_translated=question.told is not None) if question.choices else ""
