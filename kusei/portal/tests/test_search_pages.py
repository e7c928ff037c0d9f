"""The search pages over the index."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.plans.enums import ItemKind, PlanKind
from kusei.portal.tests.factories import make_item, make_version, make_ward
from kusei.search.operations import rebuild

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def ward():
    ward = make_ward()
    make_item(
        make_version(ward, 2021, PlanKind.BUDGET),
        ItemKind.PROJECT,
        "防災対策事業",
        text="見守り活動で子育て世帯を支えます。",
    )
    make_item(make_version(ward, 2019, PlanKind.POLICY), ItemKind.MEASURE, "防災のまち")
    other = make_ward("other", name="となり区")
    make_item(make_version(other, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "となりの防災事業")
    rebuild()
    return ward


def body_of(client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("words", ["防災", "見守る", "見守り", "子育て"])
def test_words_are_found_and_marked(client, ward, words) -> None:
    body = body_of(client, reverse("portal:ward_search", args=[ward.key]) + f"?q={words}")

    assert "<mark>" in body
    assert "件見つかりました" in body
    assert "となり" not in body


def test_facets_narrow_and_widen(client, ward) -> None:
    address = reverse("portal:ward_search", args=[ward.key])
    everything = body_of(client, f"{address}?q=防災")
    narrowed = body_of(client, f"{address}?q=防災&year=2019")

    assert "「防災」は2件" in everything
    assert "year=2019" in everything
    assert "kind=project" in everything
    assert "「防災」は1件" in narrowed
    assert "全ての条件を外す" in narrowed


def test_all_wards_are_searched_from_the_front(client, ward) -> None:
    body = body_of(client, reverse("portal:search") + "?q=防災")

    assert "みなと市となり区" in body
    assert "みなと市泉が丘区" in body


def test_nothing_found_has_ways_on(client, ward) -> None:
    body = body_of(client, reverse("portal:ward_search", args=[ward.key]) + "?q=zzzz")

    assert "見つかりませんでした" in body
    assert "施策から探す" in body
    assert "全ての区から探す" in body


def test_a_match_of_characters_says_so(client, ward) -> None:
    body = body_of(client, reverse("portal:ward_search", args=[ward.key]) + "?q=災対")

    assert "文字の一致で探しました" in body


def test_what_was_typed_comes_back_escaped(client, ward) -> None:
    body = body_of(client, reverse("portal:ward_search", args=[ward.key]) + "?q=<script>alert(1)</script>")

    assert "<script>" not in body


def test_more_than_the_page_orders_is_said(client, ward, monkeypatch) -> None:
    monkeypatch.setattr("kusei.search.queries.MOST_MATCHES", 1)

    page = client.get(f"/w/{ward.key}/search/", {"q": "防災"}).content.decode()

    assert "1件以上見つかりました" in page
