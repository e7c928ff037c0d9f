"""よくある質問 on the page of an item."""

from __future__ import annotations

from datetime import datetime

from django import template

from kusei.services.questions import queries
from kusei.wards.models import Ward

register = template.Library()


@register.simple_tag
def published_questions(ward: Ward, item_id: int) -> list[tuple[str, str, datetime | None]]:
    """Question, answer and day of what was published about an item; one query."""
    return queries.published_questions(ward, item_id)
