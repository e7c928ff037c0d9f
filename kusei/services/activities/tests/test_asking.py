"""What is an answer, and for whom an activity is: rules without a database."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.services.activities import asking
from kusei.services.activities.asking import Put, Refused
from kusei.services.activities.eligibility import Rule, Why
from kusei.services.activities.enums import QuestionKind as Kind

ONE = Put(Kind.ONE, choices=("肉", "魚", "なし"))
SEVERAL = Put(Kind.SEVERAL, choices=("卵", "乳", "小麦"))
NUMBER = Put(Kind.NUMBER, least=0, most=20)
EVERY = (
    ONE,
    SEVERAL,
    NUMBER,
    Put(Kind.SHORT),
    Put(Kind.LONG),
    Put(Kind.YES_NO),
    Put(Kind.DATE),
    Put(Kind.SCALE),
)


@pytest.mark.parametrize(
    ("put", "sent", "value", "said"),
    [
        (Put(Kind.SHORT), " 卵が食べられません ", "卵が食べられません", "卵が食べられません"),
        (Put(Kind.LONG), "一行\r\n二行\x00", "一行\n二行", "一行\n二行"),
        (ONE, "1", 1, "魚"),
        (SEVERAL, ["2", "0", "0"], [0, 2], "卵、小麦"),
        (Put(Kind.YES_NO), "0", False, "いいえ"),
        (NUMBER, "１２", 12, "12"),
        (Put(Kind.DATE), "R8.6.10", "2026-06-10", "2026-06-10"),
        (Put(Kind.DATE), "2026-06-10", "2026-06-10", "2026-06-10"),
        (Put(Kind.SCALE), "4", 4, "4"),
    ],
)
def test_what_is_sent_is_read_and_said_again(put: Put, sent, value, said: str) -> None:
    assert asking.read(put, sent) == value
    assert asking.said(put, value) == said
    assert asking.read(put, asking.sent(put, value)) == value


@pytest.mark.parametrize(
    ("put", "sent", "told"),
    [
        (ONE, "3", "並んでいるもの"),
        (ONE, "-1", "並んでいるもの"),
        (SEVERAL, ["0", "9"], "並んでいるもの"),
        (Put(Kind.YES_NO), "2", "はい"),
        (Put(Kind.SCALE), "6", "並んでいるもの"),
        (NUMBER, "二つ", "数で"),
        (NUMBER, "21", "20以下"),
        (NUMBER, "-1", "0以上"),
        (Put(Kind.NUMBER), "9" * 12, "数で"),
        (Put(Kind.DATE), "あした", "日付は"),
        (Put(Kind.SHORT), "長" * 201, "200文字まで"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_words(put: Put, sent, told: str) -> None:
    with pytest.raises(Refused, match=told):
        asking.read(put, sent)


@given(st.sampled_from(EVERY), st.one_of(st.text(max_size=40), st.lists(st.text(max_size=4), max_size=4)))
def test_whatever_is_sent_is_an_answer_or_refused(put: Put, sent) -> None:
    for read, text in ((asking.read, sent), (asking.typed, str(sent))):
        with suppress(Refused):
            value = read(put, text)
            assert asking.check(put, value) == value
            assert asking.read(put, asking.sent(put, value)) == value


def test_required_is_required_unless_staff_did_not_ask() -> None:
    put = Put(Kind.SHORT, is_required=True)
    with pytest.raises(Refused, match="答えてください"):
        asking.read(put, " ")
    assert asking.read(put, "", may_be_empty=True) is None


@pytest.mark.parametrize(
    ("put", "text", "value"),
    [
        (ONE, "2", 1), (SEVERAL, "1、3", [0, 2]), (SEVERAL, "1 2", [0, 1]), (Put(Kind.YES_NO), "2", False),
        (Put(Kind.YES_NO), "○", True), (Put(Kind.SCALE), "５", 5), (Put(Kind.SCALE, is_required=True), "", None),
    ],
)  # fmt: skip
def test_papers_are_typed_by_number_from_one(put: Put, text: str, value) -> None:
    assert asking.typed(put, text) == value


@given(st.lists(st.one_of(st.none(), st.integers(1, 5)), max_size=60))
def test_counts_and_averages_equal_the_answers(points) -> None:
    counted = asking.count(Put(Kind.SCALE), points)
    here = [each for each in points if each is not None]
    assert counted.answers == len(here) == sum(number for _label, number in counted.parts)
    assert counted.total == sum(here)
    assert (counted.tenths is None) == (not here)
    if counted.tenths is not None:
        assert abs(counted.tenths / 10 - sum(here) / len(here)) <= 0.05 + 1e-9


def test_those_who_chose_several_are_counted_once_and_their_choices_each() -> None:
    counted = asking.count(SEVERAL, [[0, 1], [1], None])
    assert (counted.answers, counted.parts) == (2, (("卵", 1), ("乳", 2), ("小麦", 0)))
    assert asking.count(Put(Kind.YES_NO), [True, False, True]).parts == (("はい", 2), ("いいえ", 1))
    assert asking.count(Put(Kind.SHORT), ["あ"]).average == ""
    assert asking.count(NUMBER, [1, 2]).average == "1.5"


@given(st.integers(0, 120), st.integers(0, 60), st.integers(0, 60))
def test_both_ages_are_included(age: int, low: int, more: int) -> None:
    rule = Rule(low=low, high=low + more)
    assert (rule.of_age(age) is None) == (low <= age <= low + more)
    assert Rule().of_age(None) is None


def test_who_is_outside_and_what_staff_may_leave_open() -> None:
    rule = Rule("living", 6, 12)
    assert (rule.of_age(5), rule.of_age(13), rule.of_age(None)) == (
        Why.TOO_YOUNG,
        Why.TOO_OLD,
        Why.AGE_UNKNOWN,
    )
    assert rule.of_age(None, may_be_unknown=True) is None
    assert rule.of_belonging(True) is None
    assert rule.of_belonging(None) is rule.of_belonging(False, may_be_unknown=True) is Why.ELSEWHERE
    assert rule.of_belonging(None, may_be_unknown=True) is None
    assert Rule().of_belonging(None) is None
