"""Doors by situation of life: what is found and by which word, who does it, whom to ask."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.plans.enums import ItemKind, PlanKind
from kusei.portal.queries.doors import ROWS_IN_A_GROUP, items_for, situation_doors
from kusei.portal.queries.frame import frame_of
from kusei.portal.situations import SITUATIONS, situation_of
from kusei.portal.tests.factories import make_body, make_item, make_result, make_version, make_ward
from kusei.search.operations import rebuild

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def ward():
    ward = make_ward()
    body = make_body(ward, "総務課")
    budget = make_version(ward, 2021, PlanKind.BUDGET)
    make_item(budget, ItemKind.PROJECT, "見守り事業", text="防災訓練の時に声を掛け合います。", owners=(body,))
    make_item(budget, ItemKind.PROJECT, "防災対策事業", text="災害に備えます。", owners=(body,))
    make_item(budget, ItemKind.PROJECT, "緑の散歩道事業")
    plan = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    row = make_item(plan, ItemKind.ACTION, "訓練の実施", plan_bullets=["地域防災拠点での訓練"])
    make_result(row, "避難所を開く訓練を3回しました。")
    old = make_version(ward, 2019, PlanKind.BUDGET)
    make_item(old, ItemKind.PROJECT, "むかしの防災事業")
    rebuild()
    return ward


def page_of(client, ward, name: str = "disaster", year: int = 2021) -> str:
    page = client.get(reverse("portal:situation", args=[ward.key, year, name]))
    assert page.status_code == 200
    return page.content.decode()


def test_what_is_found_in_the_title_comes_first_with_the_word_that_found_it(ward) -> None:
    groups = items_for(frame_of(ward.key, 2021), situation_of("disaster"))

    told = [(group.kind, [(row.node.title, row.words) for row in group.rows]) for group in groups]
    assert told == [
        ("project", [("防災対策事業", ("防災", "災害")), ("見守り事業", ("防災",))]),
        ("action", [("訓練の実施", ("防災", "避難"))]),
    ]


def test_the_page_tells_its_words_the_body_and_the_way_to_ask(client, ward) -> None:
    body = page_of(client, ward)

    assert "この言葉で探しました" in body
    for word in situation_of("disaster").words:
        assert f">{word}</a>" in body
    assert "見つけた言葉：防災、災害" in body
    assert f'href="{reverse("portal:body", args=[ward.key, 2021, ward.bodies.get().pk])}"' in body
    assert "担当の記載なし" in body
    assert "問い合わせるには" in body
    assert "避難所を開く訓練を3回しました。" in body
    assert "むかしの防災事業" not in body
    assert "緑の散歩道事業" not in body


def test_other_spellings_and_forms_are_found_as_in_search(client) -> None:
    ward = make_ward()
    make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "お年寄りを見守る仕組み")
    rebuild()

    assert "お年寄りを見守る仕組み" in page_of(client, ward, "elderly")


def test_a_word_in_the_name_of_a_division_alone_says_nothing(client) -> None:
    ward = make_ward()
    body = make_body(ward, "高齢・障害支援課")
    version = make_version(ward, 2021, PlanKind.BUDGET)
    make_item(version, ItemKind.PROJECT, "緑の散歩道事業", owners=(body,))
    make_item(
        version, ItemKind.PROJECT, "社会参加事業", text="障害のある人の外出を助けます。", owners=(body,)
    )
    rebuild()

    listed = page_of(client, ward, "disability")

    assert "社会参加事業" in listed
    assert "緑の散歩道事業" not in listed
    doors = {door.situation.key: door.count for door in situation_doors(frame_of(ward.key, 2021))}
    assert doors["disability"] == 1


def test_the_doors_count_what_stands_behind_them(client, ward) -> None:
    doors = {door.situation.key: door.count for door in situation_doors(frame_of(ward.key, 2021))}

    assert doors["disaster"] == 3
    assert doors["elderly"] == 1
    assert doors["work"] == 0
    body = client.get(reverse("portal:situations", args=[ward.key, 2021])).content.decode()
    assert "事業と取組 3件" in body
    assert "この年度には見つかりません" in body
    home = client.get(reverse("portal:year", args=[ward.key, 2021])).content.decode()
    assert f'href="{reverse("portal:situations", args=[ward.key, 2021])}"' in home


def test_a_project_of_policy_and_budget_is_listed_once(client, ward) -> None:
    policy = make_version(ward, 2021, PlanKind.POLICY)
    make_item(policy, ItemKind.PROJECT, "防災対策事業")
    rebuild()

    (projects, _actions) = items_for(frame_of(ward.key, 2021), situation_of("disaster"))

    assert [row.node.title for row in projects.rows].count("防災対策事業") == 1
    assert {door.situation.key: door.count for door in situation_doors(frame_of(ward.key, 2021))}[
        "disaster"
    ] == 3


def test_long_lists_say_how_much_is_left_out(client) -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET)
    for number in range(ROWS_IN_A_GROUP + 3):
        make_item(version, ItemKind.PROJECT, f"防災事業その{number}")
    rebuild()

    assert "ほか3件あります。" in page_of(client, ward)


def test_nothing_found_and_unknown_situations(client, ward) -> None:
    body = page_of(client, ward, "work")

    assert "「仕事・商売」の言葉を含む事業や取組は見つかりませんでした。" in body
    assert "問い合わせるには" in body
    assert client.get(reverse("portal:situation", args=[ward.key, 2021, "nonsense"])).status_code == 404
    assert client.get(reverse("portal:situation", args=[ward.key, 1999, "work"])).status_code == 404


def test_another_wards_items_stay_there(client, ward) -> None:
    other = make_ward("149994", name="となり区")
    make_item(make_version(other, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "となりの防災事業")
    rebuild()

    assert "となりの防災事業" not in page_of(client, ward)


def test_keys_are_used_once_and_every_situation_has_words() -> None:
    assert len({each.key for each in SITUATIONS}) == len(SITUATIONS)
    assert all(each.words and len(set(each.words)) == len(each.words) for each in SITUATIONS)


@pytest.mark.parametrize("name", ["situations", "situation"])
def test_the_number_of_queries_does_not_grow(client, name) -> None:
    counts = set()
    for place, many in enumerate((1, 3)):
        ward = make_ward(f"14999{place}", name=f"区{place}", city=f"市{place}")
        version = make_version(ward, 2021, PlanKind.ACTION_PLAN)
        for number in range(many):
            body = make_body(ward, f"課{number}")
            row = make_item(version, ItemKind.ACTION, f"防災訓練{number}", owners=(body,))
            make_result(row, "しました。", figures=[(3, "回", "")])
        rebuild()
        address = reverse(
            f"portal:{name}", args=[ward.key, 2021, *(["disaster"] if name == "situation" else [])]
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1, counts
