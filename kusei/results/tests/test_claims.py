"""Typed figures against the ledger's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.results.claims import Standing, claims_in
from kusei.results.live import LiveFigure

TIMES = LiveFigure(1, "開催・実施の回数", "回", 0, 12, 12)
PEOPLE = LiveFigure(2, "延べ参加者", "延べ人", 0, 1251, 12)
MONEY = LiveFigure(3, "金額", "円", 0, 44_450_120, 2)
MEMBERS = LiveFigure(4, "登録者", "人", 0, 25, 1)
VISITORS = LiveFigure(5, "来場者", "人", 0, 300, 1)
PLACES = LiveFigure(6, "か所", "か所", 0, 3, 3)


def standings(text: str, *figures: LiveFigure) -> list[tuple[str, str | None]]:
    return [
        (claim.standing.value, claim.against.name if claim.against else None)
        for claim in claims_in(text, figures)
    ]


@pytest.mark.parametrize(
    ("text", "figures", "found"),
    [
        (
            "全12回、延べ1,251人参加した。",
            (TIMES, PEOPLE),
            [("backed", "開催・実施の回数"), ("backed", "延べ参加者")],
        ),
        ("11回開催した。", (TIMES,), [("differs", "開催・実施の回数")]),
        ("計44,450,120円を交付した。", (MONEY,), [("backed", "金額")]),
        ("4,445万円を交付した。", (MONEY,), [("differs", "金額")]),
        ("149団体が応募した。", (TIMES,), [("unbacked", None)]),
        ("登録者26人となった。", (MEMBERS, VISITORS), [("differs", "登録者")]),
        ("26人となった。", (MEMBERS, VISITORS), [("unbacked", None)]),
        ("３箇所で行った。", (PLACES,), [("backed", "か所")]),
        ("25名が登録した。", (MEMBERS,), [("backed", "登録者")]),
        ("一部中止した。", (TIMES,), []),
        ("全《開催・実施の回数》開いた。", (TIMES,), []),
        ("前年度比+21人", (MEMBERS,), []),
        ("前年度は327人だった。", (MEMBERS,), []),
        ("25人（前年度27人）が登録した。", (MEMBERS,), [("backed", "登録者")]),
        ("21人増加した。", (MEMBERS,), []),
        ("定員30人のところ26人が登録した。", (MEMBERS,), [("differs", "登録者")]),
        ("昨年度と同じ12回開いた。", (TIMES,), [("backed", "開催・実施の回数")]),
    ],
)
def test_what_the_ledger_says_of_a_typed_figure(text, figures, found) -> None:
    assert standings(text, *figures) == found


def test_a_figure_that_nothing_backs_keeps_its_place_and_unit() -> None:
    text = "区内で149団体が参加した。"
    [claim] = claims_in(text, [])
    assert text[claim.found.begin : claim.found.end] == "149団体"
    assert (claim.value, claim.unit, claim.standing) == (149, "団体", Standing.UNBACKED)


@given(st.text(max_size=60), st.integers(0, 10**6))
def test_any_text_is_answered(text: str, quantity: int) -> None:
    for claim in claims_in(text, [LiveFigure(1, "参加者", "人", 0, quantity, 1), TIMES]):
        assert (claim.against is None) == (claim.standing == Standing.UNBACKED)
