"""Both databases answer by one definition: an entry is found when each phrase's terms stand side by side in its title or
in its body. The suite runs on both, so both are held against the definition, with letters that their parsers treat differently."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.search.models import SearchEntry
from kusei.search.operations import index_entries
from kusei.search.queries import WORDS, search
from kusei.search.registry import SearchDocument
from kusei.search.terms import term_text, understand
from kusei.wards.models import Ward

pytestmark = pytest.mark.django_db

# Plain words; accents; Greek, Cyrillic, Hangul, Thai; ideographs and letters younger than SQLite's tables; figures; signs.
WORDS_OF_ALL_KINDS = [
    *["地域", "防災", "見守る", "支援", "の", "を", "は", "・", "。", "ＩＣＴ", "1,234", "令和３年度"],
    *[
        "é",
        "E",
        "Ångström",
        "αβ",
        "Жук",
        "한국",
        "ไทย",
        "𫠠",
        "𰻝",
        "𠮷",
        "ꟶ",
        "👨‍👩‍👧",
        "①",
        "㈱",
        "_",
        "%",
        "'",
        '"',
        "\\",
        "u6c34u",
    ],
]
TEXTS = st.lists(st.sampled_from(WORDS_OF_ALL_KINDS), max_size=6).map("".join)
ENTRIES = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6)
QUERIES = st.lists(
    st.lists(st.sampled_from(WORDS_OF_ALL_KINDS), min_size=1, max_size=3).map("".join), min_size=1, max_size=2
)


@given(entries=ENTRIES, parts=QUERIES)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_found_is_what_the_definition_says(
    db: None, entries: list[tuple[str, str]], parts: list[str]
) -> None:
    ward = Ward.objects.get_or_create(key="izumi", defaults={"name": "泉区"})[0]
    SearchEntry.objects.all().delete()
    index_entries(
        SearchDocument(ward_id=ward.pk, kind="item", target_id=number, title=title, body=body, url="/")
        for number, (title, body) in enumerate(entries)
    )
    phrases = [f" {' '.join(phrase.terms)} " for phrase in understand(" ".join(parts)).with_terms]
    wanted = {
        number
        for number, texts in enumerate(entries)
        if phrases and all(any(phrase in term_text(text) for text in texts) for phrase in phrases)
    }

    result = search(" ".join(parts), ward=ward)

    found = {hit.entry.target_id for hit in result.hits}
    assert (found if result.how == WORDS else set()) == wanted
    for hit in result.hits:
        if result.how == WORDS:
            assert any(piece.is_hit for piece in [*hit.title, *hit.snippet])
