"""When a contact is due, what may follow what, and what looks personal."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from kusei.services.questions import rules
from kusei.services.questions.enums import QuestionState

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("settled_at", "due"),
    [
        (None, False),  # still open: however old
        (NOON - timedelta(days=365) + timedelta(seconds=1), False),
        (NOON - timedelta(days=365), True),
        (NOON - timedelta(days=366), True),
    ],
)
def test_contacts_are_kept_a_year(settled_at: datetime | None, due: bool) -> None:
    assert rules.contact_is_due(settled_at, NOON) is due


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        ("received", QuestionState.ANSWERED, True),
        ("answered", QuestionState.ANSWERED, True),  # an answer is corrected
        ("received", QuestionState.SETTLED, True),  # without an answer, with a reason
        ("answered", QuestionState.SETTLED, True),
        ("settled", QuestionState.ANSWERED, False),
        ("settled", QuestionState.SETTLED, False),
    ],
)
def test_moves(now: str, then: QuestionState, may: bool) -> None:
    assert rules.may_become(now, then) is may


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("令和8年度の予算は6,588千円ですか。", False),
        ("2026-05-01の回は何人でしたか。", False),
        ("やまだ はなこです。", True),  # the name that was given, with a blank
        ("連絡は hanako@example.jp へ", True),
        ("連絡先はhanako.y@mail.example.jpです", True),
        ("午前@体育館", False),
        ("電話は０４５－０００－１２３４です", True),  # full width
        ("09012345678", True),
        ("", False),
    ],
)
def test_what_looks_personal(text: str, speaks: bool) -> None:
    assert rules.speaks_of_somebody(text, name="やまだはなこ", mail="h@example.jp") is speaks


def test_an_answer_may_name_the_office_s_telephone_but_not_the_asker() -> None:
    assert not rules.names_the_asker("電話 045-000-1234 へどうぞ。", name="山田", mail="h@example.jp")
    assert rules.names_the_asker("山 田さんへ", name="山田")
    assert not rules.names_the_asker("田んぼの事業", name="田")  # one character says nothing


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (23, 0), (24, 1), (47, 1), (-1, 0)])
def test_age_in_whole_days(hours: int, days: int) -> None:
    assert rules.age_days(NOON - timedelta(hours=hours), NOON) == days


@pytest.mark.parametrize("part", ["1", "a", "a.", "@", "a@", "0-"])
def test_a_long_text_is_looked_through_at_once(part: str) -> None:
    begun = time.process_time()
    rules.speaks_of_somebody(part * 20_000, name="山田花子")
    assert time.process_time() - begun < 0.5  # more than three seconds before
