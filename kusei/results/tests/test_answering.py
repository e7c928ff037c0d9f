"""Pure rules of answers: what is missing, what two writers come to, what live figures read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.results.answering import FIELDS, merge, missing
from kusei.results.live import LiveFigure, freeze, pieces, said, token_of, unknown

TIMES = LiveFigure(1, "開催・実施の回数", "回", 0, 12, 12)
PEOPLE = LiveFigure(2, "延べ参加者", "延べ人", 0, 1251, 12)
RATE = LiveFigure(3, "受診率", "%", 1, 115, 2)
EMPTY = LiveFigure(4, "組", "組", 0, None, 0)


@pytest.mark.parametrize(
    ("outcome", "reason", "text", "figures", "parts", "found"),
    [
        ("done", "", "行った。", 0, 0, []),
        ("", "", "", 0, 0, ["outcome", "text"]),
        ("unknown", "", "行った。", 0, 0, ["outcome"]),
        ("cancelled", "", "", 0, 0, ["reason"]),
        ("cancelled", "感染症", "", 0, 0, []),
        ("partly", " ", "半分。", 0, 0, ["reason"]),
        ("done", "", " ", 1, 2, ["text", "figures", "contributions"]),
    ],
)
def test_what_keeps_an_answer_from_being_sent_in(outcome, reason, text, figures, parts, found) -> None:
    assert missing(outcome, reason, text, figures, parts) == found


def test_two_people_lose_nothing() -> None:
    was = {"text": "a", "remark": "", "outcome": ""}
    now = {"text": "b", "remark": "", "outcome": "done"}
    changes, clashes = merge(was, now, {"text": "c", "remark": "次へ", "outcome": ""})
    assert changes == {"remark": "次へ"}
    assert [(each.field, each.was, each.theirs, each.mine) for each in clashes] == [("text", "a", "b", "c")]
    assert merge(was, now, {"text": "b"}) == ({}, [])


@given(*[st.fixed_dictionaries({field: st.sampled_from("xyz") for field in FIELDS})] * 3)
def test_what_one_left_alone_is_never_touched(was, now, mine) -> None:
    changes, clashes = merge(was, now, mine)
    clashing = {each.field for each in clashes}
    for field in FIELDS:
        if mine[field] == was[field]:
            assert field not in changes.keys() | clashing
        elif now[field] == was[field]:
            assert changes[field] == mine[field]
        else:
            assert (field in clashing) == (mine[field] != now[field])


def test_a_text_says_what_the_ledger_says() -> None:
    text = "全《開催・実施の回数》、延べ《延べ参加者》。受診率《受診率》。《組》と《知らない数》。"
    figures = [TIMES, PEOPLE, RATE, EMPTY]
    assert said(text, figures) == "全12回、延べ1,251人。受診率11.5%。《組》と《知らない数》。"
    assert unknown(text, figures) == ["《組》", "《知らない数》"]
    final, kept = freeze(text, figures, at=datetime(2026, 5, 1, tzinfo=UTC))
    assert final == said(text, figures)
    assert [(each["metric"], each["printed"]) for each in kept] == [(1, "12回"), (2, "1,251人"), (3, "11.5%"), (4, "《組》")]  # fmt: skip


def test_two_metrics_of_one_name_are_told_apart_by_their_unit() -> None:
    couples = LiveFigure(5, "延べ参加者", "組", 0, 40, 3)
    assert token_of(couples, [PEOPLE, couples]) == "《延べ参加者・組》"
    assert token_of(TIMES, [TIMES, PEOPLE]) == "《開催・実施の回数》"
    assert said("《延べ参加者・組》", [PEOPLE, couples]) == "40組"


@given(st.text(alphabet="《》・回12\n", max_size=40))
def test_any_text_comes_through(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text, [])) == text
