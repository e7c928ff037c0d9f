"""Reads of the rooms below, where the pages rest on a subtle part of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kusei.plans.enums import ItemKind, LinkKind, LinkStatus, PlanKind, PlanStatus
from kusei.plans.queries import in_force, lifelines_of, published_versions, trees_of, walk
from kusei.portal.tests.factories import link, make_item, make_version, make_ward

pytestmark = pytest.mark.django_db


def test_the_published_version_with_the_highest_number_is_in_force() -> None:
    ward = make_ward()
    for number, status in ((1, PlanStatus.PUBLISHED), (2, PlanStatus.PUBLISHED), (3, PlanStatus.DRAFT)):
        make_version(ward, 2021, PlanKind.BUDGET, number=number, status=status)
    make_version(ward, 2021, PlanKind.BUDGET, part="施策2")

    versions = published_versions(ward)

    assert [(version.part, version.number, version.is_in_force) for version in versions] == [
        ("", 2, True),
        ("", 1, False),
        ("施策2", 1, True),
    ]
    assert len(in_force(versions, fiscal_year=2021)) == 2
    assert in_force(versions, fiscal_year=2020) == []


def test_a_lifeline_joins_chains_and_branches_once() -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET)
    a, b, c, d, apart = (make_item(version, ItemKind.PROJECT, name) for name in "あいうえお")
    link(b, LinkKind.CONTINUES, a)
    link(d, LinkKind.FUNDS, c)
    link(c, LinkKind.CONTINUES, b, is_automatic=True)
    link(a, LinkKind.CONTINUES, d)  # a ring does no harm
    link(apart, LinkKind.IMPLEMENTS, a)
    link(apart, LinkKind.CONTINUES, a, status=LinkStatus.PROPOSED)

    lines = lifelines_of(ward)

    assert lines[a.item_id].item_ids == {a.item_id, b.item_id, c.item_id, d.item_id}
    assert lines[a.item_id] is lines[d.item_id]
    assert apart.item_id not in lines


def test_only_members_that_nobody_looked_at_are_automatic() -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET)
    a, b, c = (make_item(version, ItemKind.PROJECT, name) for name in "あいう")
    link(b, LinkKind.CONTINUES, a)
    link(c, LinkKind.CONTINUES, b, is_automatic=True)

    assert lifelines_of(ward)[a.item_id].automatic == {c.item_id}


def test_a_tree_keeps_printed_order_and_takes_four_queries() -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET)
    top = make_item(version, ItemKind.MEASURE, "一", tags=("重点",), thousand_yen=1)
    below = make_item(version, ItemKind.PROJECT, "二", parent=top)
    make_item(version, ItemKind.COMPONENT, "三", parent=below)
    make_item(version, ItemKind.MEASURE, "四")

    with CaptureQueriesContext(connection) as queries:
        tree = trees_of([version.pk])[version.pk]

    assert [(node.title, node.depth) for node in walk(tree)] == [("一", 0), ("二", 1), ("三", 2), ("四", 0)]
    assert len(queries) == 4
    assert trees_of([]) == {}
