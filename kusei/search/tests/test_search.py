"""Searching: what is found, in which order, how it is marked, and who sees it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.search.models import SearchEntry
from kusei.search.operations import index_entries
from kusei.search.queries import CHARACTERS, WORDS, SearchResult, search, search_all_wards, suggest
from kusei.search.registry import SearchDocument
from kusei.wards.models import Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def izumi() -> Ward:
    return Ward.objects.create(key="izumi", name="泉区")


@pytest.fixture
def nishi() -> Ward:
    return Ward.objects.create(key="nishi", name="西区")


def put(ward: Ward, *texts: tuple[str, str], **fields: Any) -> None:
    """Entries (title, body), numbered on from those that are there."""
    first = SearchEntry.objects.count() + 1
    index_entries(
        SearchDocument(
            ward_id=ward.pk,
            target_id=number,
            title=title,
            body=body,
            url=f"/{number}/",
            **{"kind": "item", **fields},
        )
        for number, (title, body) in enumerate(texts, first)
    )


def titles(result: SearchResult) -> list[str]:
    return [hit.entry.title for hit in result.hits]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("防災", "防災・減災の推進"),  # two characters
        ("見守る", "高齢者の見守り活動"),  # verb and noun
        ("見守り", "地域で見守ります。"),
        ("取り組む", "取組を進める"),
        ("こども", "子ども・子育て支援"),
        ("子供", "こどもの居場所"),
        ("ＩＣＴ", "ictの活用"),
        ("ict", "ＩＣＴの活用"),
        ("令和３年度", "令和三年度の予算"),
        ("令和３年度", "令和 3 年度"),
        ("パトロール", "防犯ﾊﾟﾄﾛｰﾙ"),
        ("地域力", "地域力支援事業"),
        ("自治会・町内会", "自治会町内会の支援"),
        ("子育て", "子\n育て支援"),  # broken over a line
        ("6588", "予算は6,588千円"),
        ("髙橋", "高橋公園"),
        ("防災 子育て", "子育て世代の防災"),  # every part, in any order
        ("防災　子育て", "子育て世代の防災"),  # a full-width blank
        ("の 防災", "防災"),  # a particle alone is not looked for beside words
    ],
)
def test_search_finds(izumi: Ward, query: str, text: str) -> None:
    put(izumi, ("題名", text), ("ほか", "花と緑"))

    result = search(query, ward=izumi)

    assert titles(result) == ["題名"]
    assert result.how == WORDS


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("京都", "東京都の例"),  # no such word
        ("支援地域", "地域支援"),  # the words stand the other way round
        ("防災 子育て", "防災"),  # one part is missing
        ("", "防災"),
        ("   ", "防災"),
    ],
)
def test_search_finds_no_words(izumi: Ward, query: str, text: str) -> None:
    put(izumi, ("題名", text))

    result = search(query, ward=izumi)

    assert not (result.how == WORDS and result.hits)


def test_phrase_does_not_reach_from_title_into_body(izumi: Ward) -> None:
    put(izumi, ("地域", "支援"))

    assert search("地域支援", ward=izumi).total == 0


def test_search_falls_back_to_characters(izumi: Ward) -> None:
    put(izumi, ("東京都の例", "ゆめが丘"))

    result = search("京都", ward=izumi)

    assert (result.how, result.total) == (CHARACTERS, 1)
    assert str(result.how_label) == "文字の一致"
    assert result.hits[0].title == [("東", False), ("京都", True), ("の例", False)]


def test_search_of_signs_compares_characters(izumi: Ward) -> None:
    put(izumi, ("達成率100%", ""), ("達成率", "50"))

    assert titles(search("%", ward=izumi)) == ["達成率100%"]


def test_title_hits_come_first_then_the_newest(izumi: Ward) -> None:
    put(izumi, ("花", "防災 防災 防災 防災"), fiscal_year=2021)
    put(izumi, ("防災の日", "緑"), fiscal_year=2019)
    put(izumi, ("防災の日", "緑"), fiscal_year=2021)
    put(izumi, ("防災の日", "緑"))

    found = search("防災", ward=izumi).hits

    assert [(hit.entry.title, hit.entry.fiscal_year) for hit in found] == [
        ("防災の日", 2021),
        ("防災の日", 2019),
        ("防災の日", None),
        ("花", 2021),
    ]


def test_hits_are_marked_in_the_text_as_printed(izumi: Ward) -> None:
    put(izumi, ("ＩＣＴで見守る", "これは前書きです。高齢者をＩＣＴで見守ります。"))

    hit = search("見守り ict", ward=izumi).hits[0]

    assert hit.title == [("ＩＣＴ", True), ("で", False), ("見守る", True)]
    assert [piece.text for piece in hit.snippet if piece.is_hit] == ["ＩＣＴ", "見守り"]
    assert "".join(piece.text for piece in hit.snippet) == "…高齢者をＩＣＴで見守ります。"


def test_snippet_stands_around_a_late_hit(izumi: Ward) -> None:
    put(izumi, ("長い", "花と緑。" * 2000 + "防災の話。" + "花と緑。" * 100))

    pieces = search("防災", ward=izumi).hits[0].snippet

    assert pieces[0] == ("…", False)
    assert ("防災", True) in pieces
    assert pieces[-1] == ("…", False)
    assert len("".join(piece.text for piece in pieces)) < 200


def test_nobody_sees_another_ward(izumi: Ward, nishi: Ward) -> None:
    put(izumi, ("泉の防災", ""))
    put(nishi, ("西の防災", ""))

    assert titles(search("防災", ward=izumi)) == ["泉の防災"]
    assert titles(search("の防", ward=izumi)) == ["泉の防災"]
    assert sorted(titles(search_all_wards("防災"))) == ["泉の防災", "西の防災"]
    assert titles(search_all_wards("防災", wards=[nishi])) == ["西の防災"]
    assert search_all_wards("防災", wards=[]).total == 0
    assert suggest("西", izumi) == []


def test_counts_offer_the_other_choices(izumi: Ward) -> None:
    put(izumi, ("防災1", ""), ("防災2", ""), fiscal_year=2021)
    put(izumi, ("防災3", ""), fiscal_year=2019)
    put(izumi, ("防災課", ""), kind="body")

    result = search("防災", ward=izumi, fiscal_year=2021, kinds=["item"])

    assert result.total == 2
    assert sorted(titles(result)) == ["防災1", "防災2"]
    assert result.years == [(2021, 2), (2019, 1)]
    assert result.kinds == [("item", 2)]
    assert search("防災", ward=izumi).years == [(2021, 2), (2019, 1), (None, 1)]
    assert search("防災", ward=izumi).kinds == [("item", 3), ("body", 1)]
    assert search("防災", ward=izumi, kinds=[]).total == 0


def test_a_filter_that_leaves_nothing_does_not_change_how(izumi: Ward) -> None:
    put(izumi, ("防災", ""), fiscal_year=2021)

    result = search("防災", ward=izumi, fiscal_year=2019)

    assert (result.total, result.how, result.years) == (0, WORDS, [(2021, 1)])


def test_pages_join_without_gap(izumi: Ward) -> None:
    put(izumi, *[(f"防災{number}", "") for number in range(7)])

    pages = [search("防災", ward=izumi, limit=3, offset=offset) for offset in (0, 3, 6, 9)]

    assert [page.total for page in pages] == [7] * 4
    found = [title for page in pages for title in titles(page)]
    assert sorted(found) == [f"防災{number}" for number in range(7)]


def test_a_word_that_stands_often_is_found_at_its_end(izumi: Ward) -> None:
    # PostgreSQL keeps 256 places of a word and none beyond 16,383.
    put(izumi, ("長い", "地域の花。" * 20_000 + "地域の防災。"))

    result = search("地域防災", ward=izumi)

    assert (result.total, result.how) == (1, WORDS)


def test_query_is_capped(izumi: Ward) -> None:
    put(izumi, ("防災", ""))

    assert len(search("防" * 5000, ward=izumi).query) == 200


@pytest.mark.parametrize("entries", [1, 3])
def test_number_of_queries_does_not_grow(izumi: Ward, entries: int, django_assert_num_queries: Any) -> None:
    put(izumi, *[("防災", "本文")] * entries)

    with django_assert_num_queries(4):
        found = search("防災", ward=izumi)
        assert [hit.entry.ward.name for hit in found.hits] == ["泉区"] * entries


def test_suggest_gives_titles(izumi: Ward) -> None:
    put(
        izumi,
        ("地域力支援事業", ""),
        ("子育て支援", ""),
        ("支援の輪", ""),
        ("支援の輪", "もう一つ"),
        ("花", "支援"),
    )

    assert suggest("支援", izumi) == ["支援の輪", "地域力支援事業", "子育て支援"]
    assert suggest("しえん", izumi) == []
    assert suggest("  ", izumi) == []


QUERIES = st.one_of(
    st.text(max_size=40),
    st.text(
        alphabet=st.sampled_from(
            "防災AND OR NOT NEAR(\"'*^:+-&|!<->{}%_\\\\;--\0\ud800{}tokens_title: 見守る　"
        ),
        max_size=40,
    ),
)


@given(query=QUERIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_syntax(izumi: Ward, query: str) -> None:
    if not SearchEntry.objects.exists():
        put(izumi, ("防災", "見守る AND OR NOT NEAR 100%"))

    result = search(query, ward=izumi)

    assert len(result.hits) == min(result.total, 20)
    assert len(result.query) <= 200
    assert suggest(query, izumi) in ([], ["防災"])


def test_beyond_the_newest_so_many_the_rest_is_left_out_and_that_is_said(
    izumi: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kusei.search.queries.MOST_MATCHES", 3)
    put(izumi, ("防災0", ""), fiscal_year=2019)
    put(izumi, ("防災1", ""), ("防災2", ""), ("防災3", ""), fiscal_year=2021)

    found = search("防災", ward=izumi)
    exactly = search("防災", ward=izumi, fiscal_year=2021)
    older = search("防災", ward=izumi, fiscal_year=2019)

    assert (found.total, found.is_capped, found.years) == (3, True, [(2021, 3)])
    assert titles(found) == ["防災3", "防災2", "防災1"]
    assert (exactly.total, exactly.is_capped) == (3, False)
    assert titles(older) == ["防災0"]  # a narrower question reaches what is older
    assert titles(search("防災", ward=izumi, limit=2, offset=2)) == ["防災1"]


def test_among_many_hits_title_and_age_decide_and_no_fitness(
    izumi: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kusei.search.queries.COMPARED", 1)
    put(izumi, ("花", "防災 防災 防災"), ("緑", "防災"), ("防災の日", "水"))

    assert titles(search("防災", ward=izumi)) == ["防災の日", "緑", "花"]


def test_many_matches_know_their_titles(izumi: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite asks the index for the titles of many matches, and the titles themselves for those of a few."""
    monkeypatch.setattr("kusei.search.sqlite._FEW", 0)
    monkeypatch.setattr("kusei.search.queries.COMPARED", 0)
    put(izumi, ("防災の花", "緑"), ("花", "防災 緑"), ("緑の防災", ""), ("緑", "防災"), ("花の緑", ""))

    assert titles(search("緑 防災", ward=izumi)) == ["緑の防災", "緑", "防災の花", "花"]
    assert titles(search("防災", ward=izumi)) == ["緑の防災", "防災の花", "緑", "花"]


def test_entries_without_stored_places_are_marked_all_the_same(izumi: Ward) -> None:
    put(izumi, ("地域の防災", "花。" * 300 + "防災の話。"))
    stored = search("防災", ward=izumi).hits

    SearchEntry.objects.update(places_title=None, places_body=None)

    assert search("防災", ward=izumi).hits[0].snippet == stored[0].snippet
    assert search("防災", ward=izumi).hits[0].title == stored[0].title == [("地域の", False), ("防災", True)]


def test_what_an_older_index_held_is_not_found_by_characters(izumi: Ward) -> None:
    put(izumi, ("東京都の例", "ゆめが丘"))
    documents = [SearchDocument(izumi.pk, "item", 1, "大阪府の例", "ひかりが丘", "/1/")]
    assert search("京都", ward=izumi).total == 1

    index_entries(documents)

    assert [
        search(needle, ward=izumi).total for needle in ("京都", "東京都の", "めが", "阪府", "かりが丘")
    ] == [
        0,
        0,
        0,
        1,
        1,
    ]
    SearchEntry.objects.all().delete()
    assert search("阪府", ward=izumi).total == 0
