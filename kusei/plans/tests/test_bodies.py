"""Joining two spellings of one body."""

from __future__ import annotations

import pytest

from kusei.plans import operations as plans
from kusei.plans.models import ItemOwner
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from kusei.wards.models import Body, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    ward, _ = wards.find_or_add_ward("横浜市西区", actor=wards.account_without_login("operator"))
    entries = [
        Entry(0, None, 0, "project", "", "道路の手入れ", owners=("土木事務所",)),
        Entry(1, None, 0, "project", "", "公園の手入れ", owners=("西土木事務所",)),
        Entry(2, None, 0, "project", "", "川の手入れ", owners=("土木事務所", "西土木事務所")),
    ]
    actor = wards.account_without_login("planner")
    plans.publish_version(ward=ward, fiscal_year=2022, kind="policy", entries=entries, actor=actor)
    return ward


def body(ward: Ward, name: str) -> Body:
    found = wards.match_body(ward, name)
    assert found is not None
    return found


def test_merged_body_is_an_alias_and_keeps_what_was_printed(ward: Ward) -> None:
    plans.merge_body(
        duplicate=body(ward, "西土木事務所"),
        into=body(ward, "土木事務所"),
        actor=wards.account_without_login("operator"),
    )

    assert Body.objects.get() == body(ward, "西土木事務所")
    printed = ItemOwner.objects.order_by("text__position").values_list("text__title", "printed_name")
    assert list(printed) == [
        ("道路の手入れ", "土木事務所"),
        ("公園の手入れ", "西土木事務所"),
        ("川の手入れ", "土木事務所"),
    ]


def test_bodies_of_two_wards_are_never_merged(ward: Ward) -> None:
    other, _ = wards.find_or_add_ward("横浜市泉区", actor=wards.account_without_login("operator"))
    stranger = wards.add_body(other, "土木事務所", actor=wards.account_without_login("operator"))

    with pytest.raises(plans.NotOneBody):
        plans.merge_body(
            duplicate=stranger, into=body(ward, "土木事務所"), actor=wards.account_without_login("operator")
        )
    with pytest.raises(plans.NotOneBody):
        plans.merge_body(duplicate=stranger, into=stranger, actor=wards.account_without_login("operator"))
    assert Body.objects.count() == 3
