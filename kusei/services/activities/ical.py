"""Sessions as iCalendar (RFC 5545), from plain values: no queries, no clock."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, TimezoneStandard, vDuration

TOKYO = ZoneInfo("Asia/Tokyo")
REFRESHED = timedelta(hours=6)
"""How often a program that subscribes is asked to look."""

_PRODUCT = "-//Kusei//Kusei//JA"
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_LINE = 75
"""Bytes that a line may have."""
_END = b"END:VCALENDAR\r\n"


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
    theme: str = ""


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
    frame = calendar.to_ical().removesuffix(_END)
    return b"".join((frame, *map(_event, sessions), _END))


def _event(session: InCalendar) -> bytes:
    """Written out by hand: a feed holds a thousand, and objects of the library take five times as long."""
    changed = f"{session.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    texts = (
        ("DESCRIPTION", session.text),
        ("LOCATION", session.place),
        ("CATEGORIES", session.theme),
    )
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{_escaped(session.title)}",
        f"DTSTART;TZID={TOKYO.key}:{session.begin.astimezone(TOKYO):%Y%m%dT%H%M%S}",
        f"DTEND;TZID={TOKYO.key}:{session.end.astimezone(TOKYO):%Y%m%dT%H%M%S}",
        f"DTSTAMP:{changed}",
        f"UID:{session.uid}",
        f"SEQUENCE:{session.sequence}",
        *(f"{name}:{_escaped(text)}" for name, text in texts if text),
        f"LAST-MODIFIED:{changed}",
        f"STATUS:{session.status}",
        f"TRANSP:{'TRANSPARENT' if session.status == 'CANCELLED' else 'OPAQUE'}",
        *([f"URL:{_plain(session.url).replace(chr(10), '')}"] if session.url else ()),
        "END:VEVENT",
    ]
    return b"".join(map(_folded, lines))


def _escaped(text: str) -> str:
    return _plain(text).translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """A line of the file, broken where it is too long: between signs, and not inside of an escaped one."""
    left, pieces = line.encode(), list[bytes]()
    while len(left) > _LINE:
        end = _LINE - bool(pieces)
        while left[end] & 0xC0 == 0x80:
            end -= 1
        end -= (end - len(left[:end].rstrip(b"\\"))) % 2
        pieces.append(left[:end])
        left = left[end:]
    return b"\r\n ".join((*pieces, left)) + b"\r\n"


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
