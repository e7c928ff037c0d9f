"""A calendar that is written can be read again, whatever stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from kusei.services.activities.events_csv import katakana
from kusei.services.activities.ical import InCalendar, calendar_file, uid_of

ACTIVITY = UUID("5a1d2c3e-0000-4000-8000-00000000000a")
BEGIN = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
TEXTS = st.text(st.sampled_from("あ漢ｱaZ0,;:\\\"'\n\r\t \x00\x0b\ue000😀👨‍👩‍👧髙\u3000\ufffe"), max_size=200)


def entry(**more) -> InCalendar:
    values = {
        "uid": uid_of(ACTIVITY, 7), "sequence": 0, "begin": BEGIN, "end": BEGIN + timedelta(hours=2),
        "changed_at": datetime(2026, 11, 1, tzinfo=UTC), "title": "赤ちゃん教室", "text": "", "place": "", "url": "",
    }  # fmt: skip
    return InCalendar(**values | more)


def read(*entries: InCalendar) -> icalendar.Calendar:
    content = calendar_file("みなと市こもれび区", entries)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return icalendar.Calendar.from_ical(content)


def test_times_are_those_of_japan_and_the_zone_is_said() -> None:
    calendar = read(entry(sequence=3, status="CANCELLED"))
    zone = calendar.walk("VTIMEZONE")[0]
    assert str(zone["tzid"]) == "Asia/Tokyo"
    event = calendar.walk("VEVENT")[0]
    assert event["dtstart"].params["TZID"] == "Asia/Tokyo"
    assert event["dtstart"].dt.strftime("%Y-%m-%d %H:%M") == "2026-12-02 10:00"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=2)
    assert event["sequence"] == 3
    assert str(event["status"]) == "CANCELLED"
    assert event["last-modified"].dt == datetime(2026, 11, 1, tzinfo=UTC)


def test_the_name_of_a_session_lasts() -> None:
    assert uid_of(ACTIVITY, 7) == "ac1aa4ad-4ef8-583a-9988-84931f81564d"
    assert uid_of(ACTIVITY, 8) != uid_of(ACTIVITY, 7)


@given(TEXTS, TEXTS, TEXTS)
def test_every_text_comes_back_as_it_was_written(title: str, text: str, place: str) -> None:
    event = read(entry(title=title, text=text, place=place, theme=title)).walk("VEVENT")[0]

    def expected(said: str) -> str:
        lines = said.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(sign for sign in lines if sign not in "\x00\x0b\ufffe")

    assert str(event["summary"]) == expected(title)
    assert str(event.get("description", "")) == expected(text)
    assert str(event.get("location", "")) == expected(place)


def test_a_very_long_title_is_folded_between_signs() -> None:
    title = "とても長い名前の講座、" * 40 + "\ue000😀"
    assert str(read(entry(title=title)).walk("VEVENT")[0]["summary"]) == title


def test_a_title_is_read_in_katakana() -> None:
    assert katakana("赤ちゃん教室") == "アカチャンキョウシツ"
