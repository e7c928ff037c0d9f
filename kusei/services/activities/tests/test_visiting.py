"""What the terms of a visiting lecture allow, and which visit counts a group: without a database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from kusei.services.activities.visiting import (
    Terms,
    Visited,
    counting,
    due_after,
    refusal_of_date,
    refusal_of_people,
    weekdays_said,
)

TODAY = date(2026, 6, 1)  # a Monday
TERMS = Terms(lead_days=30, weekdays=(0, 1, 2, 3, 4), without=(date(2026, 8, 13),), from_time=time(9), to_time=time(12), minutes=90)  # fmt: skip


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 6, 30, 10), "30日前までに"),  # the day before the first
        (datetime(2026, 7, 1, 10), ""),  # the first day
        (datetime(2026, 7, 4, 10), "行っている曜日は、月曜日、火曜日"),  # Saturday
        (datetime(2026, 7, 20, 10), "祝日"),  # 海の日, a Monday
        (datetime(2026, 12, 29, 10), "年末年始"),
        (datetime(2026, 8, 13, 10), "都合により"),  # excluded by the office
        (datetime(2026, 7, 1, 9), ""),  # the first minute
        (datetime(2026, 7, 1, 8, 59), "09:00から10:30まで"),
        (datetime(2026, 7, 1, 10, 30), ""),  # ends with the hours
        (datetime(2026, 7, 1, 10, 31), "09:00から10:30まで"),
        (datetime(2026, 7, 1, 23), "09:00から10:30まで"),  # would end on another day
        (datetime(2027, 7, 7, 10), "1年より先"),
    ],
)
def test_a_date_is_refused_in_words_that_say_which_would_do(at: datetime, told: str) -> None:
    found = refusal_of_date(TERMS, at, TODAY)
    assert told in found
    assert bool(told) == bool(found)


def test_holidays_are_refused_only_where_the_terms_say_so() -> None:
    holidays_too = Terms(weekdays=(0,), on_holidays=True)
    assert refusal_of_date(holidays_too, datetime(2026, 7, 20, 10), TODAY) == ""


@pytest.mark.parametrize(("people", "told"), [(9, "10人から"), (10, ""), (40, ""), (41, "40人まで")])
def test_too_few_and_too_many_people_are_refused(people: int, told: str) -> None:
    found = refusal_of_people(Terms(least_people=10, most_people=40), people)
    assert told in found
    assert bool(told) == bool(found)


def test_answers_are_due_after_business_days() -> None:
    assert due_after(date(2026, 9, 17)) == date(2026, 9, 29)  # a weekend and three holidays lie between
    assert weekdays_said((6, 0, 0)) == "月曜日、日曜日"


def test_the_earliest_visit_counts_the_group_and_what_is_sealed_stays() -> None:
    day = datetime(2026, 6, 1)
    first, second, third = (Visited(pk, day + timedelta(days=pk)) for pk in (1, 2, 3))
    assert counting([second, first, third]) == {1}
    assert counting([]) == frozenset()
    assert counting([Visited(9, day), Visited(8, day)]) == {8}  # at the same minute: the one asked for first
    assert counting([first, Visited(2, day, sealed=True)]) == {2}
    assert counting([Visited(1, day, sealed=False), second]) == {2}
    assert counting([Visited(1, day, sealed=True), Visited(2, day, sealed=True)]) == {1, 2}
