"""What the address of the list asks for, without a database."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.portal.activity_search import Search, days_of, month_of, months_from, search_in
from kusei.services.activities.queries import Asked

WEDNESDAY = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("when", "today", "days"),
    [
        ("week", WEDNESDAY, (date(2026, 12, 2), date(2026, 12, 7))),
        ("week", date(2026, 12, 6), (date(2026, 12, 6), date(2026, 12, 7))),  # a Sunday ends the week
        ("weekend", WEDNESDAY, (date(2026, 12, 5), date(2026, 12, 7))),
        ("weekend", date(2026, 12, 6), (date(2026, 12, 6), date(2026, 12, 7))),  # what is left of it
        ("2026-12", WEDNESDAY, (date(2026, 12, 1), date(2027, 1, 1))),
        ("2026-12-31", WEDNESDAY, (date(2026, 12, 31), date(2027, 1, 1))),
        ("2026-02-30", WEDNESDAY, None),
        ("2026-13", WEDNESDAY, None),
        ("２０２６-12", WEDNESDAY, None),
        ("", WEDNESDAY, None),
    ],
)
def test_days_that_are_asked_for(when: str, today: date, days: tuple[date, date] | None) -> None:
    assert days_of(when, today=today) == days


def test_nonsense_asks_for_nothing() -> None:
    search = search_in(
        {"kind": "zzz", "age": "-1", "district": "²", "theme": "nowhere", "when": "x", "is_free": "yes", "q": "\x00"},
        today=WEDNESDAY,
    )  # fmt: skip
    assert search == Search(Asked(), {})
    assert search.query() == ""


def test_a_tap_adds_a_condition_and_a_second_one_takes_it_away() -> None:
    search = search_in({"theme": "childcare", "when": "week"}, today=WEDNESDAY)
    assert "子育て" in search.asked.theme_words
    week, weekend, is_open = search.chips("/a/")[:3]
    assert (week.is_chosen, week.url) == (True, "/a/?theme=childcare")
    assert (weekend.is_chosen, weekend.url) == (False, "/a/?theme=childcare&when=weekend")
    assert is_open.url == "/a/?theme=childcare&when=week&is_open=1"


def test_months_run_over_the_year() -> None:
    assert months_from(date(2026, 11, 30), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert month_of("2026-12") == (date(2026, 12, 1), date(2027, 1, 1))
