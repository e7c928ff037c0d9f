"""Sessions as iCalendar (RFC 5545), from plain values: no queries, no clock."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration

TOKYO = ZoneInfo("Asia/Tokyo")
REFRESHED = timedelta(hours=6)
"""How often a program that subscribes is asked to look."""

_PRODUCT = "-//Kusei//Kusei//JA"
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class InCalendar:
    """One session as a calendar shows it. `sequence` grows with every change; `status` is CONFIRMED, TENTATIVE or CANCELLED."""

    uid: str
    sequence: int
    begin: datetime
    end: datetime
    changed_at: datetime
    title: str
    text: str
    place: str
    url: str
    status: str = "CONFIRMED"
    themes: tuple[str, ...] = ()


def uid_of(activity: uuid.UUID, session_id: int) -> str:
    """The name of a session in every calendar: it stays when the site's address or the activity's words change."""
    return str(uuid.uuid5(activity, f"session-{session_id}"))


def calendar_file(name: str, sessions: Iterable[InCalendar], *, language: str = "ja") -> bytes:
    """A calendar to take along or to subscribe to; times are those of Japan."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _plain(name), parameters={"LANGUAGE": language})
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("x-wr-timezone", TOKYO.key)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED).to_ical().decode())
    calendar.add_component(_tokyo())
    for each in sessions:
        calendar.add_component(_event(each))
    return calendar.to_ical()


def _event(session: InCalendar) -> Event:
    event = Event()
    event.add("uid", session.uid)
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.changed_at)
    event.add("last-modified", session.changed_at)
    event.add("dtstart", session.begin.astimezone(TOKYO))
    event.add("dtend", session.end.astimezone(TOKYO))
    event.add("summary", _plain(session.title))
    event.add("status", session.status)
    event.add("transp", "TRANSPARENT" if session.status == "CANCELLED" else "OPAQUE")
    given: dict[str, Any] = {"description": session.text, "location": session.place, "url": session.url}
    for key, value in given.items():
        if value:
            event.add(key, value if key == "url" else _plain(value))
    if session.themes:
        event.add("categories", [_plain(each) for each in session.themes])
    return event


def _tokyo() -> Timezone:
    """Japan has had no other time since 1951."""
    zone = Timezone()
    zone.add("tzid", TOKYO.key)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=9))
    standard.add("tzname", "JST")
    zone.add_component(standard)
    return zone


def _plain(text: str) -> str:
    """Without the signs that no calendar can hold; lines end as in Unix."""
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
