"""The year's budget: what counts, what stands apart, what is checked against print."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.plans.enums import ItemKind, PlanKind
from kusei.portal.queries.frame import frame_of
from kusei.portal.queries.money import budget_of
from kusei.portal.tests.factories import make_body, make_item, make_version, make_ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def booklet():
    """A booklet that prints 35 for its projects of 10, 20 and 5, beside money of another budget."""
    ward = make_ward()
    one, two = make_body(ward, "総務課"), make_body(ward, "福祉課")
    version = make_version(ward, 2021, PlanKind.BUDGET)
    measure = make_item(version, ItemKind.MEASURE, "地域の力", thousand_yen=35, previous_thousand_yen=30)
    make_item(version, ItemKind.PROJECT, "甲事業", parent=measure, thousand_yen=10, owners=(one, two))
    project = make_item(version, ItemKind.PROJECT, "乙事業", parent=measure, thousand_yen=20, owners=(two,))
    # printed beside its parts only
    parts = make_item(version, ItemKind.PROJECT, "丙事業", parent=measure)
    make_item(version, ItemKind.COMPONENT, "その一", parent=parts, thousand_yen=3)
    make_item(version, ItemKind.COMPONENT, "その二", parent=parts, thousand_yen=2)
    make_item(
        version, ItemKind.RELATED, "丁事業", parent=project, budget_source="統合事業費", thousand_yen=5833,
        source="統合事業費",
    )  # fmt: skip
    make_item(version, ItemKind.RELATED, "戊事業", parent=project, budget_source="市民局区配")
    return ward


def test_other_budgets_stand_apart_from_the_total(booklet) -> None:
    budget = budget_of(frame_of(booklet.key, 2021))

    assert budget.total_yen == 35_000
    assert budget.other_total_yen == 5_833_000
    assert [(row.node.title, row.source, row.project.title) for row in budget.other] == [
        ("丁事業", "統合事業費", "乙事業"),
        ("戊事業", "市民局区配", "乙事業"),
    ]
    assert budget.previous_total_yen == 30_000


def test_projects_come_largest_first_with_the_sum_of_their_parts(booklet) -> None:
    budget = budget_of(frame_of(booklet.key, 2021))

    assert [(row.name, row.yen) for row in budget.projects] == [
        ("乙事業", 20_000),
        ("甲事業", 10_000),
        ("丙事業", 5_000),
    ]


def test_shared_projects_count_whole_for_each_body(booklet) -> None:
    bodies = budget_of(frame_of(booklet.key, 2021)).bodies

    assert [(body.name, body.yen, body.alone_yen) for body in bodies] == [
        ("福祉課", 30_000, 20_000),
        ("総務課", 10_000, 0),
    ]


def test_a_total_that_agrees_and_one_that_does_not(client, booklet) -> None:
    address = reverse("portal:budget", args=[booklet.key, 2021])
    assert "印刷された合計35千円と一致しています" in client.get(address).content.decode()

    version = booklet.plans.get().versions.get()
    extra = version.texts.get(title="地域の力")
    make_item(version, ItemKind.PROJECT, "己事業", parent=extra, thousand_yen=1)

    body = client.get(address).content.decode()
    assert "合計は36千円で、文書に印刷された合計35千円と+1千円の差があります" in body


def test_the_map_links_to_every_project_and_the_table_holds_the_same(client, booklet) -> None:
    body = client.get(reverse("portal:budget", args=[booklet.key, 2021])).content.decode()

    for title, amount in (("甲事業", 10_000), ("乙事業", 20_000), ("丙事業", 5_000)):
        assert f'aria-label="{title} {amount // 1000}千円"' in body
        assert f'value="{amount}"' in body
    assert "丁事業 5,833千円" not in body  # not in the map


def test_measures_without_money_are_named_beside_the_total(client, booklet) -> None:
    make_item(make_version(booklet, 2021, PlanKind.POLICY), ItemKind.MEASURE, "金額のない施策")

    body = client.get(reverse("portal:budget", args=[booklet.key, 2021])).content.decode()

    assert "ほかの1つの施策（金額のない施策）には、金額の記載がありません。" in body


def test_projects_without_a_measure_are_counted(client) -> None:
    ward = make_ward()
    make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "単独の事業", thousand_yen=7)

    budget = budget_of(frame_of(ward.key, 2021))

    assert budget.total_yen == 7_000
    assert "単独の事業" in client.get(reverse("portal:budget", args=[ward.key, 2021])).content.decode()


def test_parts_published_apart_add_up() -> None:
    ward = make_ward()
    for part, amount in (("施策1", 3), ("施策2", 4)):
        version = make_version(ward, 2021, PlanKind.BUDGET, part=part)
        measure = make_item(version, ItemKind.MEASURE, part)
        make_item(version, ItemKind.PROJECT, f"{part}の事業", parent=measure, thousand_yen=amount)

    assert budget_of(frame_of(ward.key, 2021)).total_yen == 7_000
