"""The ward's districts: registered once, by names that can be looked for, by those who may."""

from __future__ import annotations

from importlib import import_module

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


def _added(ward: Ward, planner: Person, *names: str) -> list[District]:
    return [wards.add_district(ward=ward, name=name, actor=planner) for name in names]


def test_a_district_takes_another_name_unless_one_has_it(ward: Ward, planner: Person) -> None:
    first, second = _added(ward, planner, "中央", "みどり野")
    wards.rename_district(district=first, name="まんなか地区", actor=planner)
    first.refresh_from_db()
    assert (first.name, first.folded) == ("まんなか", "まんなか")
    with pytest.raises(wards.DistrictExists):
        wards.rename_district(district=second, name="まんなか", actor=planner)
    wards.rename_district(
        district=first, name="まんなか", actor=planner
    )  # nothing changes, nothing is recorded
    entry = AuditEntry.objects.get(verb="wards.rename_district")
    assert entry.changes == {"name": ["中央", "まんなか"]}


@pytest.mark.parametrize(
    ("moved", "places", "order"),
    [
        (0, 1, ["二", "一", "三"]),
        (2, -1, ["一", "三", "二"]),
        (0, -1, ["一", "二", "三"]),
        (2, 1, ["一", "二", "三"]),
        (0, 9, ["二", "三", "一"]),
    ],
)
def test_districts_are_ordered_one_by_one(
    ward: Ward, planner: Person, moved: int, places: int, order: list[str]
) -> None:
    found = _added(ward, planner, "一番地", "二番地", "三番地")
    District.objects.filter(ward=ward).update(position=0)  # as older lists have it: ordered by name alone
    for at, district in enumerate(found):
        District.objects.filter(pk=district.pk).update(position=at)
    wards.move_district(district=found[moved], places=places, actor=planner)
    assert [each.name[0] for each in districts_of(ward)] == order
    changed = AuditEntry.objects.filter(verb="wards.move_district").count()
    assert changed == (order != ["一", "二", "三"])


def test_a_district_that_ended_stands_in_the_years_before(ward: Ward, planner: Person) -> None:
    [district] = _added(ward, planner, "中央")
    wards.end_district(district=district, last_year=2024, actor=planner)
    assert [len(districts_of(ward, year)) for year in (2023, 2024, 2025)] == [1, 1, 0]
    assert len(districts_of(ward)) == 1
    with pytest.raises(wards.DistrictTermWrong):
        wards.end_district(district=district, last_year=24, actor=planner)
    wards.end_district(district=district, last_year=None, actor=planner)
    assert len(districts_of(ward, 2025)) == 1


def test_a_district_that_something_published_names_is_not_taken_off(ward: Ward, planner: Person) -> None:
    used, _slip = _added(ward, planner, "みどり野", "みとり野")
    plans = import_module(
        "kusei.plans.operations"
    )  # a room above: as the house runs, not as this room is built
    entry = import_module("kusei.plans.rules").Entry(0, None, 0, "measure", "1", "みどり・野の見守り")
    plans.publish_version(ward=ward, fiscal_year=2021, kind="policy", entries=(entry,), actor=planner)
    with pytest.raises(wards.DistrictInUse, match="1件に出てくる"):
        wards.remove_district(district=used, actor=planner)
    wards.remove_district(district=_slip, actor=planner)
    assert districts_of(ward) == [used]


@pytest.mark.parametrize("verb", ["rename", "move", "end", "remove"])
def test_whoever_may_not_changes_nothing(ward: Ward, planner: Person, verb: str) -> None:
    first, _second = _added(ward, planner, "中央", "みどり野")
    stranger = Person.objects.create(username="stranger")
    before = list(District.objects.values())
    change = {
        "rename": lambda: wards.rename_district(district=first, name="ほか", actor=stranger),
        "move": lambda: wards.move_district(district=first, places=1, actor=stranger),
        "end": lambda: wards.end_district(district=first, last_year=2024, actor=stranger),
        "remove": lambda: wards.remove_district(district=first, actor=stranger),
    }[verb]
    with pytest.raises(NotAllowed):
        change()
    assert list(District.objects.values()) == before
