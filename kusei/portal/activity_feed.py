"""Sessions in the words of the page's language, for calendars, feeds and search engines. The online link is in none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.press import formats
from kusei.services.activities.enums import SessionState
from kusei.services.activities.ical import InCalendar, uid_of
from kusei.services.activities.models import Activity, Session
from kusei.services.activities.templatetags.activities import times

_SESSIONS_TOLD = 8
UrlOf = Callable[[Activity], str]


def in_calendar(
    sessions: Iterable[Session], *, url_of: UrlOf, changed: Mapping[int, datetime]
) -> list[InCalendar]:
    """Sessions as everybody may take them along; `changed` says when their activities last changed, by id. What is the same for many
    sessions is worded once."""
    urls: dict[int, str] = {}
    kinds: dict[str, str] = {}
    texts: dict[tuple[int, str, str, bool], str] = {}
    told = []
    for each in sessions:
        activity, pk = each.activity, each.activity_id
        url = urls.get(pk) or urls.setdefault(pk, url_of(activity))
        kind = kinds.get(activity.kind) or kinds.setdefault(activity.kind, str(activity.get_kind_display()))
        same = (pk, each.state, each.reason, each.intake_id is None)
        if same not in texts:
            texts[same] = text_of(each, url)
        told.append(
            InCalendar(
                uid=uid_of(activity.public_id, each.pk),
                sequence=each.revision + activity.revision - 2,
                begin=each.starts_at,
                end=each.ends_at,
                changed_at=changed.get(pk) or activity.published_at or activity.created_at,
                title=title_of(each),
                text=texts[same],
                place=place_of(each),
                url=url,
                status="CANCELLED" if each.state == SessionState.CALLED_OFF else "CONFIRMED",
                theme=kind,
            )
        )
    return told


def title_of(session: Session) -> str:
    """【中止】赤ちゃん教室: programs that show no state show at least this."""
    title = session.activity.title + (f" {session.part}" if session.part else "")
    return _("【中止】%(title)s") % {"title": title} if session.state == SessionState.CALLED_OFF else title


def place_of(session: Session) -> str:
    """Where one goes; オンライン where one goes nowhere."""
    if session.place and session.online_url:
        return _("%(place)s（オンラインでも参加できます）") % {"place": session.place}
    return session.place or (_("オンライン") if session.online_url else "")


def news_text(activity: Activity, sessions: Sequence[Session]) -> str:
    """What stands in a feed: the activity's own text and the sessions that come next, each as it stands."""
    lines = [activity.called_off_reason, activity.text.strip()]
    for each in sessions[:_SESSIONS_TOLD]:
        when = f"{formats.date_ja(timezone.localdate(each.starts_at))} {times(each)}"
        state = _("【中止】") if each.state == SessionState.CALLED_OFF else ""
        lines.append(" ".join(filter(None, (f"{state}{when}", each.part, place_of(each), each.reason))))
    return "\n".join(line for line in lines if line)


def text_of(session: Session, url: str) -> str:
    """What one needs to know, a line each."""
    activity = session.activity
    fee = formats.yen(activity.fee_yen) if activity.fee_yen else _("無料")
    facts = (
        (_("中止の理由") if session.state == SessionState.CALLED_OFF else _("変更"), session.reason),
        (_("対象"), activity.audience),
        (_("費用"), f"{fee} {activity.fee_note}".strip()),
        (_("持ち物"), activity.bring),
        (_("申込み"), _("要ります。下のページを見てください。") if session.intake_id else _("要りません。")),
        (_("主催"), activity.host.name),
        (_("問い合わせ先"), activity.contact),
    )
    lines = [activity.text.strip(), *(f"{name}: {said}" for name, said in facts if said), url]
    return "\n".join(line for line in lines if line)
