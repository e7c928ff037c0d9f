"""The index follows what the sources give, and the entries it stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.db import connection

from kusei.japanese.tokens import TOKENS_VERSION
from kusei.search import registry
from kusei.search.models import SearchEntry
from kusei.search.operations import BODY_LIMIT, index_entries, rebuild, remove_entries
from kusei.search.postgresql import vector_literal
from kusei.search.queries import WORDS, is_index_outdated, search, search_all_wards
from kusei.search.registry import SearchDocument, register_source
from kusei.wards.models import Ward


@pytest.fixture
def ward(db: None) -> Ward:
    return Ward.objects.create(key="izumi", name="泉区")


@pytest.fixture(autouse=True)
def _own_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sources", {})


def document(ward: Ward, target_id: int, title: str, *, kind: str = "item", body: str = "") -> SearchDocument:
    return SearchDocument(ward_id=ward.pk, kind=kind, target_id=target_id, title=title, body=body, url="/")


def words(text: str, ward: Ward) -> list[str]:
    """The titles found by words, not by characters."""
    result = search(text, ward=ward)
    return sorted(hit.entry.title for hit in result.hits) if result.how == WORDS else []


def test_indexing_again_replaces(ward: Ward) -> None:
    index_entries([document(ward, 1, "防災")])

    assert index_entries([document(ward, 1, "子育て")]) == 1

    assert words("防災", ward) == []
    assert words("子育て", ward) == ["子育て"]
    assert SearchEntry.objects.count() == 1


def test_the_last_of_two_for_one_target_counts(ward: Ward) -> None:
    assert index_entries([document(ward, 1, "防災"), document(ward, 1, "子育て")]) == 1

    assert words("子育て", ward) == ["子育て"]


def test_same_target_of_another_kind_is_another_entry(ward: Ward) -> None:
    index_entries([document(ward, 1, "防災"), document(ward, 1, "防災課", kind="body")])

    assert words("防災", ward) == ["防災", "防災課"]


def test_removed_entries_are_not_found(ward: Ward) -> None:
    index_entries([document(ward, number, "防災") for number in (1, 2)])

    assert remove_entries("item", [1, 7]) == 1
    assert remove_entries("body", [2]) == 0

    assert search("防災", ward=ward).total == 1


def test_index_follows_the_entries(ward: Ward) -> None:
    """Also where rows go without us: a ward that is deleted takes its entries along."""
    index_entries([document(ward, 1, "防災")])

    ward.delete()

    assert search_all_wards("防災").total == 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_fulltext WHERE search_fulltext MATCH '防災'")
            assert cursor.fetchone() == (0,)
            cursor.execute("INSERT INTO search_fulltext(search_fulltext) VALUES ('integrity-check')")


def test_many_entries_go_in_batches(ward: Ward) -> None:
    assert index_entries(document(ward, number, f"防災{number}") for number in range(1001)) == 1001

    assert search("防災", ward=ward).total == 1001


def test_what_no_database_stores_becomes_a_blank(ward: Ward) -> None:
    index_entries([document(ward, 1, "防\0災\ud800", body="a\0b")])

    entry = SearchEntry.objects.get()

    assert (entry.title, entry.body) == ("防 災 ", "a b")


@pytest.mark.slow
def test_overlong_body_is_cut_and_told(ward: Ward, caplog: pytest.LogCaptureFixture) -> None:
    # Rare ideographs, each followed by another one: as many different terms as a text can have.
    letters = [chr(code) for code in range(0x4E00, 0x9F00)]
    body = "".join(
        letters[(7 * i) % len(letters)] + letters[(11 * i + i // 9000) % len(letters)]
        for i in range(BODY_LIMIT)
    )

    index_entries([document(ward, 1, "長い", body=body)])

    assert len(SearchEntry.objects.get().body) == BODY_LIMIT
    assert "cut to 200000 of 400000" in caplog.text


def test_rebuild_takes_what_the_sources_give(ward: Ward) -> None:
    told: list[tuple[str, int]] = []
    index_entries([document(ward, 9, "古い"), document(ward, 9, "消えた種類", kind="gone")])

    def items(asked: Ward | None) -> Iterator[SearchDocument]:
        assert asked is None
        yield document(ward, 1, "防災")
        yield document(ward, 2, "子育て")

    register_source("item", items)
    register_source("body", lambda asked: [document(ward, 1, "総務課", kind="body")])

    counts = rebuild(progress=lambda kind, written: told.append((kind, written)))

    assert counts == {"item": 2, "body": 1}
    assert told == [("item", 2), ("body", 1)]
    assert sorted(SearchEntry.objects.values_list("title", flat=True)) == ["子育て", "総務課", "防災"]


def test_rebuild_of_one_ward_leaves_the_others(ward: Ward) -> None:
    other = Ward.objects.create(key="nishi", name="西区")
    index_entries([document(ward, 1, "防災"), document(other, 2, "西の防災")])

    def nothing(asked: Ward | None) -> Iterable[SearchDocument]:
        assert asked == ward
        return []

    register_source("item", nothing)

    assert rebuild(ward=ward, kinds=["item"]) == {"item": 0}
    assert list(SearchEntry.objects.values_list("title", flat=True)) == ["西の防災"]


def test_rebuild_of_an_unknown_kind_is_refused(ward: Ward) -> None:
    with pytest.raises(KeyError):
        rebuild(kinds=["item"])


def test_entries_of_an_older_reading_are_outdated(ward: Ward) -> None:
    assert not is_index_outdated()
    index_entries([document(ward, 1, "防災")])
    assert not is_index_outdated()

    SearchEntry.objects.update(token_version=TOKENS_VERSION - 1)

    assert is_index_outdated()


@pytest.mark.parametrize(
    ("title", "body", "vector"),
    [
        (" 防災 ", "", "'防災':1A"),
        (" 防災 ", " 地域 防災 ", "'防災':1A,3B '地域':2B"),
        ("", "", ""),
        ("", " 花" * 300 + " ", "'花':" + ",".join(f"{at}B" for at in range(1, 256))),  # 255 places of a word
        (
            "",
            " 花" * 16_383 + " 緑 緑 ",
            "'花':" + ",".join(f"{at}B" for at in range(1, 256)) + " '緑':16383B",
        ),
    ],
)
def test_vector_literal(title: str, body: str, vector: str) -> None:
    assert vector_literal(title, body) == vector


@pytest.mark.slow
def test_vector_that_would_be_too_large_has_no_positions() -> None:
    body = " ".join(f"w{number:06d}" for number in range(100_000))

    assert vector_literal("", body).startswith("'w000000' 'w000001'")
