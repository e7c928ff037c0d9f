"""Doors by district: what names a place, and the longer name counting where one is part of another."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.japanese.folding import fold_name
from kusei.plans.enums import ItemKind, PlanKind
from kusei.portal.naming import places_named
from kusei.portal.tests.factories import make_body, make_item, make_result, make_version, make_ward
from kusei.wards.models import District


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("緑野地区の集まり", {"緑野"}),
        ("緑野中央と緑野の催し", {"緑野", "緑野中央"}),  # both are named
        ("緑野中央の催し", {"緑野中央"}),  # 緑野 is only a part of the longer name
        ("みどり・野", {"みどり野"}),  # dots and blanks do not count
        ("みどり\n野地区", {"みどり野"}),
        ("全ての地区", set()),
        ("", set()),
    ],
)
def test_names_in_texts(text: str, named: set[str]) -> None:
    assert places_named(text, ["緑野", "緑野中央", "みどり野"]) == named
    assert places_named(text, []) == set()


def add(ward, *names: str) -> list[District]:
    return [
        District.objects.create(ward=ward, name=name, folded=fold_name(name), position=place)
        for place, name in enumerate(names)
    ]


@pytest.fixture
def ward(db):
    ward = make_ward()
    add(ward, "緑野", "中里", "向原")
    budget = make_version(ward, 2021, PlanKind.BUDGET)
    make_item(
        budget,
        ItemKind.PROJECT,
        "見守り事業",
        text="緑野地区から始めます。",
        owners=(make_body(ward, "総務課"),),
    )
    make_item(budget, ItemKind.PROJECT, "緑の散歩道事業")
    plan = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    row = make_item(plan, ItemKind.ACTION, "活動の紹介")
    make_result(row, "緑野と中里の活動を紹介しました。")
    return ward


def page_of(client, ward, name: str) -> str:
    district = District.objects.get(ward=ward, name=name)
    page = client.get(reverse("portal:district", args=[ward.key, 2021, district.pk]))
    assert page.status_code == 200
    return page.content.decode()


def test_a_district_lists_what_names_it_in_plan_or_result(client, ward) -> None:
    body = page_of(client, ward, "緑野")

    assert "「緑野」の名前が出てくるものです。" in body
    assert "見守り事業" in body
    assert "緑野と中里の活動を紹介しました。" in body
    assert "緑の散歩道事業" not in body
    assert "問い合わせるには" in body
    assert "見守り事業" not in page_of(client, ward, "中里")


def test_the_doors_count_and_the_home_leads_here(client, ward) -> None:
    address = reverse("portal:districts", args=[ward.key, 2021])
    body = client.get(address).content.decode()
    home = reverse("portal:year", args=[ward.key, 2021])

    assert "名前が出てくるもの 2件" in body
    assert "名前が出てくるもの 1件" in body
    assert "この年度には出てきません" in body
    assert f'href="{address}"' in client.get(home).content.decode()
    District.objects.all().delete()
    assert f'href="{address}"' not in client.get(home).content.decode()
    assert "地区は、まだ登録されていません。" in client.get(address).content.decode()


def test_a_district_that_nothing_names_shows_ways_on(client, ward) -> None:
    assert "「向原」の名前は出てきません。" in page_of(client, ward, "向原")


def test_another_wards_district_is_not_found(client, ward) -> None:
    (stranger,) = add(make_ward("149994", name="となり区"), "遠野")

    assert client.get(reverse("portal:district", args=[ward.key, 2021, stranger.pk])).status_code == 404
    assert "遠野" not in client.get(reverse("portal:districts", args=[ward.key, 2021])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["districts", "district"])
def test_the_number_of_queries_does_not_grow(client, name) -> None:
    counts = set()
    for place, many in enumerate((1, 3)):
        ward = make_ward(f"14999{place}", name=f"区{place}", city=f"市{place}")
        version = make_version(ward, 2021, PlanKind.ACTION_PLAN)
        made = add(ward, *(f"緑野{number}" for number in range(many)))
        for number in range(many):
            row = make_item(
                version, ItemKind.ACTION, f"緑野0の集まり{number}", owners=(make_body(ward, f"課{number}"),)
            )
            make_result(row, "しました。", figures=[(3, "回", "")])
        more = [made[0].pk] if name == "district" else []
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"portal:{name}", args=[ward.key, 2021, *more])).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1, counts
