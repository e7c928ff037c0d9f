"""Registering and finding wards and bodies."""

from __future__ import annotations

import pytest

from kusei.wards import operations as wards
from kusei.wards.enums import BodyKind, WardKind
from kusei.wards.models import Body, Ward
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def izumi() -> Ward:
    return wards.find_or_add_ward("横浜市泉区", actor=wards.account_without_login("operator"))[0]


@pytest.mark.parametrize("name", ["泉区", "横浜市泉区", "141160", "１４１１６０", "横浜市 泉区"])
def test_ward_is_found_by_name_and_code(izumi: Ward, name: str) -> None:
    assert wards.find_ward(name) == izumi


def test_known_ward_comes_with_code_and_city() -> None:
    ward, is_new = wards.find_or_add_ward("横浜市泉区", actor=wards.account_without_login("operator"))

    assert (ward.code, ward.key, ward.full_name, is_new) == ("141160", "141160", "横浜市泉区", True)
    assert ward.parent is not None
    assert (ward.parent.code, ward.parent.kind) == ("141003", WardKind.CITY)


def test_bare_name_of_several_cities_is_refused_with_an_example() -> None:
    with pytest.raises(wards.AmbiguousWard, match="横浜市泉区"):
        wards.find_or_add_ward("泉区", actor=wards.account_without_login("operator"))
    assert Ward.objects.count() == 0


def test_bare_name_follows_the_city_that_the_text_names() -> None:
    ward, _ = wards.find_or_add_ward(
        "泉区", context="横浜型地域包括ケアシステム", actor=wards.account_without_login("operator")
    )
    assert ward.code == "141160"


def test_bare_name_is_the_one_already_registered(izumi: Ward) -> None:
    assert wards.find_or_add_ward("泉区", actor=wards.account_without_login("operator")) == (izumi, False)


def test_ward_of_another_city_is_another_ward(izumi: Ward) -> None:
    other, is_new = wards.find_or_add_ward("仙台市泉区", actor=wards.account_without_login("operator"))

    assert is_new
    assert (other.full_name, other.code) == ("仙台市泉区", None)
    with pytest.raises(wards.AmbiguousWard, match="仙台市泉区"):
        wards.find_ward("泉区")


def test_unknown_ward_is_registered_without_code() -> None:
    ward, _ = wards.find_or_add_ward("みらい区", actor=wards.account_without_login("operator"))
    assert (ward.code, ward.kind, ward.parent) == (None, WardKind.WARD, None)


def test_code_of_no_known_ward_is_refused() -> None:
    with pytest.raises(wards.InvalidWardCode):
        wards.find_or_add_ward("131016", actor=wards.account_without_login("operator"))
    with pytest.raises(wards.InvalidWardCode):
        wards.add_ward("みらい区", code="141161", actor=wards.account_without_login("operator"))
    assert Ward.objects.count() == 0


def test_ward_is_registered_once(izumi: Ward) -> None:
    with pytest.raises(wards.WardExists):
        wards.add_ward("泉区", parent=izumi.parent, actor=wards.account_without_login("operator"))
    with pytest.raises(wards.WardNotFound):
        wards.find_ward("みらい区")


def test_body_is_matched_by_folded_name_and_alias_only(izumi: Ward) -> None:
    elderly = wards.add_body(izumi, "高齢・障害支援課", actor=wards.account_without_login("operator"))
    base = wards.add_body(
        izumi, "地域子育て支援拠点", aliases=["すきっぷ"], actor=wards.account_without_login("operator")
    )
    living = wards.add_body(izumi, "生活支援課", actor=wards.account_without_login("operator"))

    assert wards.match_body(izumi, "高齢障害支援課") == elderly
    assert wards.match_body(izumi, "すきっぷ") == base
    assert wards.match_body(izumi, "生活支援センター") is None
    assert wards.match_body(izumi, "生活支援課") == living
    assert (elderly.kind, base.kind) == (BodyKind.DIVISION, BodyKind.FACILITY)


def test_body_of_another_ward_is_another_body(izumi: Ward) -> None:
    wards.add_body(izumi, "総務課", actor=wards.account_without_login("operator"))
    nishi, _ = wards.find_or_add_ward("横浜市西区", actor=wards.account_without_login("operator"))

    assert wards.match_body(nishi, "総務課") is None


def test_name_belongs_to_one_body(izumi: Ward) -> None:
    body = wards.add_body(
        izumi, "地域子育て支援拠点", aliases=["すきっぷ"], actor=wards.account_without_login("operator")
    )

    with pytest.raises(wards.BodyNameTaken):
        wards.add_body(izumi, "すきっぷ", actor=wards.account_without_login("operator"))
    with pytest.raises(wards.BodyNameTaken):
        wards.add_alias(body, "地域子育て支援拠点", actor=wards.account_without_login("operator"))
    assert Body.objects.count() == 1


def test_variant_with_the_wards_name_is_proposed_not_merged(izumi: Ward) -> None:
    council = wards.add_body(izumi, "区社会福祉協議会", actor=wards.account_without_login("operator"))
    wards.add_body(izumi, "生活支援センター", actor=wards.account_without_login("operator"))

    assert wards.match_body(izumi, "泉区社会福祉協議会") is None
    assert wards.proposed_aliases(izumi, "泉区社会福祉協議会") == [council]
    assert wards.proposed_aliases(izumi, "生活支援課") == []


def test_account_without_login_cannot_log_in() -> None:
    person = wards.account_without_login("tanaka")

    assert wards.account_without_login("tanaka") == person
    assert (person.is_active, person.has_usable_password()) == (False, False)
    with pytest.raises(wards.UnknownPerson):
        wards.find_person("suzuki")


def test_a_body_has_a_name_and_stands_under_one_of_its_ward(cast: Cast) -> None:
    elsewhere = wards.add_body(cast.other_ward, "総務課", actor=cast.operator)
    before = Body.objects.count()
    with pytest.raises(wards.EmptyName):
        wards.add_body(cast.ward, "　", actor=cast.planner)
    with pytest.raises(wards.BodyNotFitting):
        wards.add_body(cast.ward, "総務係", parent=elsewhere, actor=cast.planner)
    assert Body.objects.count() == before
