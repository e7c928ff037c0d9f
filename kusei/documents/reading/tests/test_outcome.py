"""Outcomes told from result texts."""

from __future__ import annotations

import pytest

from kusei.documents.reading.outcome import outcome_of


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ("３回開催した。", "done"),
        ("20回開催", "done"),  # no verb ending
        ("感染症のため中止した。", "cancelled"),
        ("４月に開いた。２月の回は雪のため中止となった。", "partly"),
        ("12月に研修を実施。2月の回は次年度に延期した。", "partly"),
        ("次年度に延期した。", "postponed"),
        ("館の工事のため休止した。", "suspended"),
        ("希望がなかったため、実施せず。", "none"),
        ("紹介はできなかった。", "none"),
        ("配布は令和3年度で終了とした。", "ended"),
        ("公開に向けた検討を行い、案をまとめた。", "prepared"),
        ("毎月1回開催(8月休会)", "done"),  # a planned recess
        ("", "unknown"),
        ("別紙のとおり", "unknown"),
    ],
)
def test_outcome_of(result: str, outcome: str) -> None:
    assert outcome_of(result)[0] == outcome


def test_outcome_names_its_clue() -> None:
    assert outcome_of("感染症のため中止した。")[1] == "中止"
