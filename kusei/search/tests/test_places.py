"""Places are stored with the index; what they mark is what telling the words apart would mark."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kusei.search import places
from kusei.search.places import phrase_places, terms_and_places
from kusei.search.terms import term_text, understand, word_places

WORDS = [
    "地域",
    "防災",
    "見守る",
    "支援",
    "の",
    "を",
    "。",
    "ＩＣＴ",
    "1,234",
    "令和３年度",
    "ﾊﾟﾄﾛｰﾙ",
    "\n",
    "㈱",
    "か\u3099",
    "İ",
    "👨‍👩‍👧",
]
TEXTS = st.one_of(st.lists(st.sampled_from(WORDS), max_size=30).map("".join), st.text(max_size=60))
QUERIES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join), min_size=1, max_size=3
)


@given(text=TEXTS, parts=QUERIES)
@example(text="地域地域の地域", parts=["地域地域"])
@example(text="地域 防災 地域防災", parts=["地域", "地域防災"])
def test_stored_places_are_those_of_the_words(text: str, parts: list[str]) -> None:
    phrases = understand(" ".join(parts)).with_terms

    terms, stored = terms_and_places(text)

    assert terms == term_text(text)
    if stored is not None:
        assert phrase_places(terms, stored, phrases) == word_places(text, phrases)


@pytest.mark.slow
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Mn", "Mc", "Lo"]), max_size=60))
def test_places_are_known_in_texts_of_every_day(text: str) -> None:
    assert terms_and_places(text)[1] is not None


@pytest.mark.slow
@pytest.mark.parametrize("body", ["花と緑。" * 5, "地域" + "花と緑。" * 5000 + "地域"])
def test_no_places_beyond_the_reach(body: str) -> None:
    terms, stored = terms_and_places(body)

    assert stored is not None
    found = phrase_places(terms, stored, understand("地域 緑").with_terms)

    assert found == [
        place for place in word_places(body, understand("地域 緑").with_terms) if place[1] <= places.REACH
    ]


def test_where_foldings_differ_places_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "fold_for_search", lambda text: text + "x")

    assert terms_and_places("地域の防災") == (" 地域 防災 ", None)
