"""The name of an activity in the reader's language: `{{ activity|activity_title:spoken }}`, or of a line of a calendar."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from kusei.portal.activity_words import Spoken
from kusei.portal.templatetags.translated import in_japanese
from kusei.services.activities.models import Activity
from kusei.services.activities.queries.finding import Entry

register = template.Library()


@register.filter
def activity_title(thing: Activity | Entry, known: Spoken) -> SafeString | str:
    """Its translated name, or the Japanese one in an element that says so."""
    found = known.get(thing.activity_id if isinstance(thing, Entry) else thing.pk)
    return conditional_escape(found.title) if found else in_japanese(thing.title)
