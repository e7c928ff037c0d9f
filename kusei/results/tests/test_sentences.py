"""Sentences from figures: drafted with what an action has, checked before a ward keeps one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.ledger.tests.ground import Ground
from kusei.results import live
from kusei.results import operations as results
from kusei.results.errors import SentenceRefused
from kusei.results.live import LiveFigure
from kusei.results.models import SentenceForm
from kusei.results.sentences import GENERAL, Form, draft, drafts, problems
from kusei.wards.permissions import NotAllowed

TIMES = LiveFigure(1, "開催・実施の回数", "回", 0, 12, 12, 12)
PEOPLE = LiveFigure(2, "延べ参加者", "延べ人", 0, 348, 12, 327)
FEWER = LiveFigure(2, "延べ参加者", "延べ人", 0, 300, 12, 1327)
NEW = LiveFigure(2, "延べ参加者", "延べ人", 0, 348, 12)
RATE = LiveFigure(3, "受診率", "%", 1, 115, 1, 100)
NOTHING = LiveFigure(4, "団体", "団体", 0, None, 2)
METRICS = [("開催・実施の回数", "回"), ("延べ参加者", "延べ人"), ("受診率", "%")]


@pytest.mark.parametrize(
    ("form", "figures", "said"),
    [
        (GENERAL[0], (TIMES, PEOPLE), "全12回、延べ348人参加、前年度比+21人。"),
        (GENERAL[0], (TIMES, FEWER), "全12回、延べ300人参加、前年度比△1,027人。"),
        (GENERAL[0], (TIMES, NEW), "全12回、延べ348人参加。"),
        (GENERAL[0], (TIMES,), "全12回。"),
        (GENERAL[1], (TIMES,), "12回実施。"),
        (GENERAL[0], (NOTHING,), None),
        (Form("", "受診率は《受診率》（前年度比《受診率・前年度比》）となった"), (RATE,), "受診率は11.5%（前年度比+1.5ポイント）となった"),
        (Form("", "回数は前年度から《開催・実施の回数・前年度比》。"), (TIMES,), "回数は前年度から増減なし。"),
        (Form("", "《団体》が参加、《開催・実施の回数》。"), (NOTHING, TIMES), "12回。"),
    ],
)  # fmt: skip
def test_a_sentence_is_made_of_what_the_action_has(form: Form, figures, said: str | None) -> None:
    made = draft(form, figures)
    assert (made.said if made else None) == said
    if made:
        assert live.said(made.text, figures) == said
        assert live.unknown(made.text, figures) == []


def test_the_ward_s_own_come_first_and_alike_ones_once() -> None:
    own = [Form("短く", "《開催・実施の回数》。"), Form("同じ", "《開催・実施の回数》。")]
    assert [each.name for each in drafts(own, [TIMES])] == [
        "短く",
        "回数と延べ人数",
        "回数と参加者",
        "すべての実績",
    ]
    assert drafts(own, [NOTHING]) == []


def test_a_draft_follows_the_ledger_until_it_is_frozen() -> None:
    made = draft(GENERAL[0], [TIMES, PEOPLE])
    later = LiveFigure(2, "延べ参加者", "延べ人", 0, 350, 13, 327)
    assert live.said(made.text, [TIMES, later]) == "全12回、延べ350人参加、前年度比+23人。"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("全《開催・実施の回数》、前年度比《延べ参加者・前年度比》。", None),
        ("受診率《受診率・%》", None),
        ("", "文を書いてください"),
        ("行った。", "《 》がありません"),
        ("全《開催・実施の回数。", "並びが合いません"),
        ("全開催》回。《受診率》", "並びが合いません"),
        ("《》", "並びが合いません"),
        ("《参加者数》参加", "近い名前: 《延べ参加者》"),
        ("《x》", "そのまま書いてください"),
        ("あ" * 401, "長すぎます"),
    ],
)
def test_what_is_wrong_with_a_form_is_told(text: str, told: str | None) -> None:
    found = problems(text, METRICS)
    assert (found == []) if told is None else told in found[0]


@given(st.text(alphabet="《》、。（）あ開催・実施の回数前年度比延べ参加者\n", max_size=40))
def test_any_form_is_answered(text: str) -> None:
    made = draft(Form("", text), [TIMES, PEOPLE])
    assert made is None or live.unknown(made.text, [TIMES, PEOPLE]) == []
    problems(text, METRICS)


def test_a_ward_keeps_changes_and_removes_forms(ground: Ground) -> None:
    cast = ground.cast
    kept = results.keep_sentence(ward=cast.ward, name="短く", text="《件数》。", actor=cast.planner)
    for name, text, field in (
        ("短く", "《件数》", "name"),
        ("", "《件数》", "name"),
        ("長く", "《ない》", "text"),
    ):
        with pytest.raises(SentenceRefused) as refused:
            results.keep_sentence(ward=cast.ward, name=name, text=text, actor=cast.planner)
        assert refused.value.field == field
    results.keep_sentence(ward=cast.ward, name="短く", text="《団体》。", actor=cast.planner, form=kept)
    with pytest.raises(NotAllowed):
        results.keep_sentence(ward=cast.ward, name="x", text="《件数》", actor=cast.clerk)
    with pytest.raises(NotAllowed):
        results.remove_sentence(form=kept, actor=cast.clerk)
    assert SentenceForm.objects.get().text == "《団体》。"
    results.remove_sentence(form=kept, actor=cast.planner)
    assert not SentenceForm.objects.exists()
