"""Both databases answer by one definition: an entry is found when each phrase's terms stand side by side in its title or
in its body. The suite runs on both, so both are held against the definition, with letters that their parsers treat differently."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kusei.search.index import full_text_index
from kusei.search.models import SearchEntry
from kusei.search.operations import index_entries
from kusei.search.postgresql import _blocks
from kusei.search.queries import WORDS, search
from kusei.search.registry import SearchDocument
from kusei.search.scope import Scope
from kusei.search.terms import characters, term_text, understand
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


@pytest.mark.slow
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


LETTERS = "都京東あアー々災が丘éÅΩ한ไ𫠠𠮷👨①㈱_%'\"\\*^:+-&|!<->(){}～・Aa19,.\u200d\ud7ff\U0010ffff 　"
LETTER_TEXTS = st.text(alphabet=LETTERS, max_size=8)


@pytest.mark.slow
@given(
    entries=st.lists(st.tuples(LETTER_TEXTS, LETTER_TEXTS), min_size=1, max_size=6),
    parts=st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=4), min_size=1, max_size=2),
    endings=st.sampled_from([0, 200]),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_found_by_characters_is_what_holds_them(
    db: None, entries: list[tuple[str, str]], parts: list[str], endings: int
) -> None:
    """The indexes of letters only narrow: whichever way they are asked, the hits are those that hold the characters."""
    ward = Ward.objects.get_or_create(key="izumi", defaults={"name": "泉区"})[0]
    SearchEntry.objects.all().delete()
    index_entries(
        SearchDocument(ward_id=ward.pk, kind="item", target_id=number, title=title, body=body, url="/")
        for number, (title, body) in enumerate(entries)
    )
    needles = [
        needle for phrase in understand(" ".join(parts)).phrases if (needle := characters(phrase.typed))
    ]
    assume(needles)
    wanted = {
        number
        for number, (title, body) in enumerate(entries)
        if all(needle in characters(title) or needle in characters(body) for needle in needles)
    }

    with patch("kusei.search.sqlite._ENDINGS", endings):
        found = full_text_index().newest_with_characters(needles, Scope((ward.pk,)), most=10)

    by_id = dict(SearchEntry.objects.values_list("id", "target_id"))
    assert [match.id for match in found] == sorted((match.id for match in found), reverse=True)
    assert {by_id[match.id] for match in found} == wanted
    for match in found:
        title = characters(entries[by_id[match.id]][0])
        assert match.in_title == sum(needle in title for needle in needles)


@pytest.mark.parametrize("reach", [1, 8192])
def test_frequent_words_are_narrowed_to_the_newest(
    db: None, reach: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL asks the newest blocks first; however few they hold, the answer is the same."""
    monkeypatch.setattr("kusei.search.postgresql._FIRST_REACH", reach)
    smallest = max(reach // 4, 1)
    monkeypatch.setattr("kusei.search.postgresql._BLOCKS", (smallest, 3 * smallest, 9 * smallest))
    ward = Ward.objects.create(key="izumi", name="泉区")
    other = Ward.objects.create(key="nishi", name="西区")
    index_entries(
        SearchDocument(
            ward_id=(other if number % 3 == 0 else ward).pk, kind="item", target_id=number,
            title="地域の花" if number % 2 else "花", body="地域の防災。" if number % 5 else "地域と防災の支援。", url="/",
        )
        for number in range(60)
    )  # fmt: skip
    index = full_text_index()
    numbers = dict(SearchEntry.objects.values_list("id", "target_id"))

    def newest(words: str, most: int) -> list[tuple[int, int]]:
        found = index.newest_matches(understand(words).with_terms, Scope((ward.pk,)), most=most)
        return [(numbers[match.id], match.in_title) for match in found]

    mine = [number for number in range(59, -1, -1) if number % 3]
    assert newest("地域", 7) == [(number, number % 2) for number in mine[:7]]
    assert newest("地域 花", 100) == [(number, number % 2 + 1) for number in mine]
    assert newest("地域防災支援", 100) == [(number, 0) for number in mine if number % 5 == 0]
    assert newest("防災地域", 100) == []
    held = index.newest_with_characters(["域の花"], Scope((ward.pk,)), most=5)
    assert [numbers[match.id] for match in held] == [number for number in mine if number % 2][:5]


def test_wards_kinds_and_years_narrow_whatever_stands_for_them(db: None) -> None:
    """One ward, kind or year is a term of PostgreSQL's index, several are not."""
    wards = [Ward.objects.create(key=key, name=f"{key}区") for key in ("izumi", "nishi", "minami")]
    index_entries(
        SearchDocument(
            ward_id=wards[number % 3].pk, kind=("item", "document")[number % 2], target_id=number, title="花", body="",
            url="/", fiscal_year=(2021, 2022, None)[number // 4],
        )
        for number in range(12)
    )  # fmt: skip
    numbers = dict(SearchEntry.objects.values_list("id", "target_id"))

    def found(scope: Scope) -> list[int]:
        matches = full_text_index().newest_matches(understand("花").with_terms, scope, most=20)
        held = full_text_index().newest_with_characters(["花"], scope, most=20)
        assert [match.id for match in held] == [match.id for match in matches]
        return [numbers[match.id] for match in matches]

    first, second, _third = (ward.pk for ward in wards)
    assert found(Scope(None)) == list(range(11, -1, -1))
    assert found(Scope((first,))) == [9, 6, 3, 0]
    assert found(Scope((first, second))) == [10, 9, 7, 6, 4, 3, 1, 0]
    assert found(Scope((first,), ("item",))) == [6, 0]
    assert found(Scope((first,), ("item", "document"), 2022)) == [6]
    assert found(Scope(None, ("document",), 2021)) == [3, 1]


def test_postgresql_keeps_its_rows_short(db: None) -> None:
    """PostgreSQL leaves the arrays in rows below 2,000 bytes: 2,000 matches would then lie on as many pages."""
    if connection.vendor != "postgresql":
        pytest.skip("a table of PostgreSQL")
    ward = Ward.objects.create(key="izumi", name="泉区")
    for body in (
        "区民が集まる広場を設けます。",
        "公園の花壇を手入れし、見守りを広げます。",
    ):  # written, then written over
        index_entries(
            [SearchDocument(ward_id=ward.pk, kind="item", target_id=1, title="花", body=body * 3, url="/")]
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'search_lookup'")
            cursor.execute(f"SELECT count(DISTINCT chunk_id) FROM {cursor.fetchone()[0]}")
            assert cursor.fetchone() == (2,)  # terms and letters lie aside


@pytest.mark.parametrize(("oldest", "newest"), [(0, 5), (90_000, 98_192), (30_000, 95_536), (0, 1_000_000)])
def test_few_blocks_hold_many_entries(oldest: int, newest: int) -> None:
    blocks, first = _blocks(oldest, newest)
    assert len(blocks) <= 10
    assert first <= oldest
    assert "#" + str(first // 2048) in blocks or "##" + str(first // 16384) in blocks or "###0" in blocks
    for entry in {oldest, (oldest + newest) // 2, newest}:
        held = {"#" + str(entry // 2048), "##" + str(entry // 16384), "###" + str(entry // 131072)}
        assert held & set(blocks), entry
