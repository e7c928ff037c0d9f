"""A ward's own readings: what can be one, and that nothing changes on a refusal."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kusei.wards import operations as wards
from kusei.wards.models import Person, Reading, Ward
from kusei.wards.queries import readings_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Person:
    return wards.account_without_login("clerk")


@pytest.fixture
def ward() -> Ward:
    return wards.add_ward("みらい区", actor=wards.account_without_login("operator"))


def test_a_reading_is_kept_as_hiragana(ward: Ward, clerk: Person) -> None:
    wards.add_reading(ward=ward, surface=" 中田 ", reading="ナカダ", actor=clerk)
    assert readings_of(ward.key) == (("中田", "なかだ"),)


def test_each_ward_has_its_own(ward: Ward, clerk: Person) -> None:
    other = wards.add_ward("あおぞら区", actor=wards.account_without_login("operator"))
    wards.add_reading(ward=ward, surface="中田", reading="なかだ", actor=clerk)
    wards.add_reading(ward=other, surface="中田", reading="なかた", actor=clerk)
    assert (readings_of(ward.key), readings_of(other.key)) == ((("中田", "なかだ"),), (("中田", "なかた"),))


@pytest.mark.parametrize(
    ("surface", "reading"),
    [
        ("中田", "中田"),
        ("中田", ""),
        ("中田", "nakada"),
        ("", "なかだ"),
        ("なかだ", "なかだ"),
        ("中" * 41, "なか"),
    ],
)
def test_what_is_no_reading_is_refused(ward: Ward, clerk: Person, surface: str, reading: str) -> None:
    with pytest.raises(wards.NotAReading):
        wards.add_reading(ward=ward, surface=surface, reading=reading, actor=clerk)
    assert not Reading.objects.exists()


def test_a_word_is_listed_once(ward: Ward, clerk: Person) -> None:
    wards.add_reading(ward=ward, surface="中田", reading="なかだ", actor=clerk)
    with pytest.raises(wards.ReadingExists):
        wards.add_reading(ward=ward, surface="中田", reading="なかた", actor=clerk)
    assert readings_of(ward.key) == (("中田", "なかだ"),)


def test_change_and_remove(ward: Ward, clerk: Person) -> None:
    wards.add_reading(ward=ward, surface="中田", reading="なかだ", actor=clerk)
    wards.change_reading(ward=ward, surface="中田", reading="なかた", actor=clerk)
    assert readings_of(ward.key) == (("中田", "なかた"),)
    with pytest.raises(wards.NotAReading):
        wards.change_reading(ward=ward, surface="中田", reading="?", actor=clerk)
    assert readings_of(ward.key) == (("中田", "なかた"),)
    wards.remove_reading(ward=ward, surface="中田", actor=clerk)
    assert readings_of(ward.key) == ()
    with pytest.raises(wards.ReadingNotFound):
        wards.remove_reading(ward=ward, surface="中田", actor=clerk)


def test_the_database_refuses_it_too(ward: Ward) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(ward=ward, surface="中田", reading="nakada")
