"""Differences of texts: what a reader is told, and that nothing of either text is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.press.differences import GONE, NEW, SAME, TextPiece, text_pieces


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        # a figure changes as a whole
        ("年12回開催", "年14回開催", [(SAME, "年"), (GONE, "12"), (NEW, "14"), (SAME, "回開催")]),
        # something is only added
        ("講座を開く", "講座を開く。相談も", [(SAME, "講座を開く"), (NEW, "。相談も")]),
        # something is only taken away
        ("講座と相談会", "講座", [(SAME, "講座"), (GONE, "と相談会")]),
        # hardly anything in common: each whole
        ("防災訓練", "子育てひろば", [(GONE, "防災訓練"), (NEW, "子育てひろば")]),
        # from and to nothing
        ("", "新しい文", [(NEW, "新しい文")]),
        ("古い文", "", [(GONE, "古い文")]),
        ("同じ", "同じ", [(SAME, "同じ")]),
        ("", "", []),
    ],
)
def test_pieces(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    assert text_pieces(old, new) == tuple(TextPiece(*piece) for piece in pieces)


def test_long_texts_are_compared_by_sentence() -> None:
    sentences = [f"{number}番目の文です。" for number in range(400)]
    changed = [*sentences[:200], "ここだけ違います。", *sentences[201:]]

    pieces = text_pieces("".join(sentences), "".join(changed))

    assert [piece.text for piece in pieces if piece.kind != SAME] == [
        "200番目の文です。",
        "ここだけ違います。",
    ]


@given(st.text(alphabet="あ亜ア1。 \n", max_size=40), st.text(alphabet="あ亜ア1。 \n", max_size=40))
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    pieces = text_pieces(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == new
