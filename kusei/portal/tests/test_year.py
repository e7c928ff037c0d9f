"""The ward's home and its measures: what is joined, counted and pointed out."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kusei.plans.enums import ItemKind, LinkKind, PlanKind
from kusei.portal.queries.browse import tags_of_year
from kusei.portal.queries.frame import frame_of
from kusei.portal.queries.home import home_of
from kusei.portal.tests.factories import link, make_item, make_version, make_ward
from kusei.search.operations import rebuild
from kusei.search.queries import search

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def home(ward, year=2021):
    return home_of(frame_of(ward.key, year))


def test_policy_and_budget_meet_in_one_measure() -> None:
    ward = make_ward()
    policy = make_version(ward, 2021, PlanKind.POLICY)
    budget = make_version(ward, 2021, PlanKind.BUDGET)
    said = make_item(
        policy, ItemKind.MEASURE, "はぐくもう！ 地域の力", number="2", text="支えます。続けます。"
    )
    # a slogan beside its programme; the budget has the programme alone, and one project more
    make_item(policy, ItemKind.PROJECT, "地域力を高める", programme="地域力支援事業", parent=said)
    paid = make_item(
        budget,
        ItemKind.MEASURE,
        "はぐくもう! 地域の力",
        number="2",
        thousand_yen=30,
        previous_thousand_yen=20,
    )
    make_item(budget, ItemKind.PROJECT, "地域力支援事業", parent=paid, thousand_yen=10, tags=("重点",))
    make_item(budget, ItemKind.PROJECT, "商店街事業", parent=paid, thousand_yen=20)

    [measure] = home(ward).measures

    assert measure.node.item_id == said.item_id
    assert measure.first_sentence == "支えます。"
    assert [(project.name, project.yen) for project in measure.projects] == [
        ("地域力支援事業", 10_000),
        ("商店街事業", 20_000),
    ]
    assert measure.yen == 30_000
    assert measure.printed_previous_yen == 20_000
    assert measure.share is None  # a bar of one says nothing
    assert [project.name for project in home(ward).pointed_out] == ["地域力支援事業"]


def test_measures_with_other_names_meet_over_a_confirmed_link_only() -> None:
    ward = make_ward()
    said = make_item(make_version(ward, 2021, PlanKind.POLICY), ItemKind.MEASURE, "支え合い")
    paid = make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.MEASURE, "福祉", thousand_yen=5)
    assert len(home(ward).measures) == 2

    link(paid, LinkKind.FUNDS, said)

    assert [measure.yen for measure in home(ward).measures] == [5_000]


def test_numbered_measures_come_by_number_whatever_the_leaflets_order() -> None:
    ward = make_ward()
    version = make_version(ward, 2022, PlanKind.POLICY)
    for number in ("3", "2", "10", "1"):
        make_item(version, ItemKind.MEASURE, f"柱{number}", number=number)

    assert [measure.node.number for measure in home(ward, 2022).measures] == ["1", "2", "3", "10"]


def test_nested_measures_are_doors_under_their_heading() -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.POLICY)
    outer = make_item(version, ItemKind.MEASURE, "一緒につくります")
    make_item(version, ItemKind.MEASURE, "魅力", number="1", parent=outer)
    make_item(version, ItemKind.MEASURE, "信頼に応えます")

    assert [(measure.group, measure.node.title) for measure in home(ward).measures] == [
        ("一緒につくります", "魅力"),
        ("", "信頼に応えます"),
    ]


def test_shares_add_up_to_the_whole(large_ward) -> None:
    measures = home(large_ward).measures

    assert sum(measure.share for measure in measures) == pytest.approx(1)
    assert sum(measure.yen for measure in measures) == 37_983_000


def test_only_an_action_plan_opens_its_headings(client) -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    focus = make_item(version, ItemKind.FOCUS, "権利を守る", number="1")
    measure = make_item(version, ItemKind.MEASURE, "知識を広めます。", parent=focus)
    make_item(version, ItemKind.ACTION, "講座", parent=measure)

    page = home(ward)
    body = client.get(f"/w/{ward.key}/2021/").content.decode()

    assert page.measures == ()
    assert [row.action_count for row in page.focuses] == [1]
    assert "1の行動計画" in body
    assert "1の取組を計画しています。" in body


def test_without_a_goal_the_year_says_what_it_has(client) -> None:
    ward = make_ward()
    make_version(ward, 2021, PlanKind.BUDGET)

    body = client.get(f"/w/{ward.key}/2021/").content.decode()

    assert "この年度に公開された文書：予算" in "".join(body.split("\n"))
    assert "hero__goal" not in body


def test_a_project_of_policy_and_budget_counts_once_under_its_tag(client) -> None:
    ward = make_ward()
    said, paid = make_version(ward, 2021, PlanKind.POLICY), make_version(ward, 2021, PlanKind.BUDGET)
    make_item(said, ItemKind.PROJECT, "地域力を高める", programme="地域力支援事業", tags=("重点",))
    make_item(said, ItemKind.PROJECT, "方針だけの事業", tags=("重点",))
    make_item(paid, ItemKind.PROJECT, "地域力支援事業", tags=("重点",), thousand_yen=5)

    [entry] = tags_of_year(frame_of(ward.key, 2021))
    body = client.get(f"/w/{ward.key}/2021/tags/重点/").content.decode()

    assert (entry.name, entry.count) == ("重点", 2)
    assert body.count('class="item-list__row"') == 2
    assert "区が特に力を入れるとしている事業です。" in body


def test_the_year_switch_keeps_the_kind_of_page(client, large_ward) -> None:
    body = client.get(f"/w/{large_ward.key}/2021/budget/").content.decode()

    assert f'href="/w/{large_ward.key}/2022/budget/"' in body
    assert f'href="/w/{large_ward.key}/2019/budget/"' in body


def test_many_wards_are_listed_by_city_and_found_by_name(client) -> None:
    for number in range(8):
        ward = make_ward(f"w{number}", name=f"第{number}区", city="北市" if number < 4 else "南市")
        make_version(ward, 2021, PlanKind.BUDGET)

    body = client.get("/").content.decode()
    found = client.get("/?ward=第3").content.decode()

    assert body.count('class="ward-card"') == 8
    assert '<h3 class="city">北市</h3>' in body
    assert found.count('class="ward-card"') == 1
    assert "第3区" in found
    assert "という名前の区は、まだありません" in client.get("/?ward=どこ").content.decode()


def test_every_goal_is_told_with_its_measures(client) -> None:
    ward = make_ward()
    policy = make_version(ward, 2021, PlanKind.POLICY)
    for number, aim, measure in (("1", "安心して暮らせるまち", "見守り"), ("2", "花とみどりのまち", "花壇")):
        goal = make_item(policy, ItemKind.GOAL, aim, number=number)
        make_item(policy, ItemKind.MEASURE, measure, number=number, parent=goal)
    budget = make_version(ward, 2021, PlanKind.BUDGET)
    make_item(budget, ItemKind.MEASURE, "地域の力", number="2", thousand_yen=5)

    page = home(ward)

    assert [goal.title for goal in page.goals] == ["安心して暮らせるまち", "花とみどりのまち"]
    assert [(row.node.title, row.goal.title if row.goal else "") for row in page.measures] == [
        ("見守り", "安心して暮らせるまち"),
        ("花壇", "花とみどりのまち"),
        ("地域の力", ""),
    ]
    body = client.get(f"/w/{ward.key}/2021/").content.decode()
    themes = client.get(f"/w/{ward.key}/2021/themes/").content.decode()
    assert "基本目標 2 花とみどりのまち" in body
    assert '<h3 class="door-group">予算</h3>' in body  # two measures are numbered 2: the budget's says so
    assert "花とみどりのまち" in themes
    assert "花とみどりのまち" in client.get("/").content.decode()


def test_one_goal_makes_no_groups(client, large_ward) -> None:
    body = client.get(f"/w/{large_ward.key}/2021/").content.decode()

    assert "hero__goal--several" not in body
    assert "door-group" not in body


def test_only_words_that_find_something_are_offered_for_searching(client) -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET)
    make_item(version, ItemKind.PROJECT, "防災訓練事業", text="見守りも兼ねます。")
    rebuild(ward=ward)

    body = client.get(reverse("portal:year", args=[ward.key, 2021])).content.decode()
    offered = re.findall(r"/search/\?q=[^>]*>(.*?)</a>", body)
    assert offered == ["防災", "見守り"]
    assert all(search(word, ward=ward).total for word in offered)


def test_a_ward_that_says_none_of_them_is_offered_none(client) -> None:
    ward = make_ward()
    make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "窓口の案内")

    body = client.get(reverse("portal:year", args=[ward.key, 2021])).content.decode()
    assert "search__examples" not in body
