"""The ward's districts: registered once, by names that can be looked for, by those who may."""

from __future__ import annotations

import pytest

from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, District, Person, Ward
from kusei.wards.permissions import NotAllowed
from kusei.wards.queries import district_of, districts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner() -> Person:
    return wards.account_without_login("planner")


@pytest.fixture
def ward(planner: Person) -> Ward:
    return wards.find_or_add_ward("みらい区", actor=planner)[0]


def test_districts_come_in_the_order_in_which_they_were_added(ward: Ward, planner: Person) -> None:
    for name in ("中央地区", "みどり野", "いちょう"):
        wards.add_district(ward=ward, name=name, actor=planner)
    wards.add_district(ward=ward, name="はじめ", position=0, actor=planner)

    assert [(each.name, each.position) for each in districts_of(ward)] == [
        ("はじめ", 0), ("中央", 0), ("みどり野", 1), ("いちょう", 2),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(ward=ward, verb="wards.add_district").count() == 4


@pytest.mark.parametrize("name", ["", " ", "北", "地区", "あ" * 41])
def test_names_that_cannot_be_looked_for_are_refused(ward: Ward, planner: Person, name: str) -> None:
    with pytest.raises(wards.NotADistrictName, match="2字から40字まで"):
        wards.add_district(ward=ward, name=name, actor=planner)

    assert not District.objects.exists()


def test_a_district_is_registered_once_however_it_is_spelled(ward: Ward, planner: Person) -> None:
    wards.add_district(ward=ward, name="みどり・野", actor=planner)

    with pytest.raises(wards.DistrictExists, match="登録済み"):
        wards.add_district(ward=ward, name="みどり野地区", actor=planner)

    assert District.objects.count() == 1


def test_strangers_may_not_and_nothing_changes(ward: Ward) -> None:
    stranger = Person.objects.create(username="stranger")

    with pytest.raises(NotAllowed):
        wards.add_district(ward=ward, name="中央", actor=stranger)

    assert not District.objects.exists()


def test_a_district_can_be_taken_off_the_list(ward: Ward, planner: Person) -> None:
    district = wards.add_district(ward=ward, name="中央", actor=planner)
    other = wards.find_or_add_ward("となり区", actor=planner)[0]

    assert district_of(ward, district.pk) == district
    assert district_of(other, district.pk) is None
    wards.remove_district(district=district, actor=planner)
    assert districts_of(ward) == []
    assert AuditEntry.objects.filter(ward=ward, verb="wards.remove_district").count() == 1
