"""What the page of an activity holds for others than its reader: search engines, and whoever passes its address on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from kusei.press.formats import date_ja
from kusei.press.languages import current
from kusei.services.activities.json_ld import described
from kusei.services.activities.models import Activity, Session
from kusei.services.activities.queries import Intakes

_IN_SCRIPT = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def taken_along(
    request: HttpRequest,
    activity: Activity,
    free_sessions: Sequence[Session],
    intakes: Sequence[tuple[Intakes, Sequence[Session]]],
    *,
    is_japanese: bool = True,
) -> dict[str, Any]:
    """For the template: the JSON-LD, and the sentence under which the page is shared."""
    sessions = sorted(
        [*free_sessions, *(each for _stands, own in intakes for each in own)],
        key=lambda each: (each.starts_at, each.pk),
    )
    said = described(
        activity,
        sessions,
        {stands.intake.pk: stands for stands, _own in intakes},
        url=request.build_absolute_uri(request.path),
        title=activity.title,
        text=activity.text,
        language="ja" if is_japanese else current().tag,
    )
    return {
        "json_ld": for_script(said),
        "page_description": _sentence(activity, sessions),
        "takes_along": any(each.state != "called_off" for each in sessions),
    }


def for_script(said: Any) -> SafeString:
    """JSON that may stand in a script element: nothing in it ends the element. The policy of the pages lets such data be, since
    no browser runs it."""
    return mark_safe(json.dumps(said, ensure_ascii=False).translate(_IN_SCRIPT))


def _sentence(activity: Activity, sessions: Sequence[Session]) -> str:
    """令和8年12月2日(水) 区役所。赤ちゃんと遊びます。: the next session, then what it is."""
    now = timezone.now()
    coming = [each for each in sessions if each.ends_at > now and each.state != "called_off"]
    day = f"{date_ja(timezone.localdate(coming[0].starts_at))} {coming[0].place}".strip() if coming else ""
    return " ".join(part for part in (day, " ".join(activity.text.split()) or activity.audience) if part)
