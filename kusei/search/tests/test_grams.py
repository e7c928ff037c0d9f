"""What PostgreSQL's indexes hold beside single words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.search.grams import grams, grams_of_needle, pairs, terms_and_pairs


def test_pairs_do_not_reach_from_one_text_into_the_other() -> None:
    assert terms_and_pairs(" 地域 防災 ", " 花 ") == sorted(["地域", "防災", "地域_防災", "花"])
    assert terms_and_pairs("", "") == []
    assert pairs(["地域"]) == []


@pytest.mark.slow
@given(before=st.text(max_size=20), needle=st.text(min_size=1, max_size=20), after=st.text(max_size=20))
def test_a_text_has_the_grams_of_what_it_holds(before: str, needle: str, after: str) -> None:
    assert set(grams_of_needle(needle)) <= set(grams(before + needle + after, "花"))


@given(st.text(max_size=60))
def test_grams_fit_an_integer_column(text: str) -> None:
    assert all(0 <= gram < 2**31 for gram in grams(text))


def test_letters_and_pairs_are_told_apart() -> None:
    assert set(grams_of_needle("防")).isdisjoint(grams_of_needle("防災"))
    assert set(grams("防災")) == {*grams_of_needle("防"), *grams_of_needle("災"), *grams_of_needle("防災")}
