"""Codes, kinds told by names, and which names may be one body."""

from __future__ import annotations

import pytest

from kusei.wards.enums import BodyKind, WardKind
from kusei.wards.rules import (
    check_digit,
    city_told_by,
    guess_body_kind,
    guess_ward_kind,
    is_ward_code,
    is_ward_variant,
    known_ward,
    known_wards,
    split_full_name,
)


@pytest.mark.parametrize(
    ("code", "is_right"),
    [
        ("141160", True),  # 横浜市泉区
        ("１４１０３８", True),  # full width
        ("141161", False),  # wrong check digit
        ("14116", False),  # five digits
        ("泉区", False),
        ("011002", True),  # a leading zero: 札幌市
    ],
)
def test_code_needs_its_check_digit(code: str, is_right: bool) -> None:
    assert is_ward_code(code) is is_right


def test_check_digit_of_ten_becomes_nought() -> None:
    assert check_digit("14116") == 0


def test_every_known_ward_has_a_right_code() -> None:
    assert len(known_wards()) == 18
    assert [ward.name for ward in known_wards() if not is_ward_code(ward.code)] == []


@pytest.mark.parametrize("name", ["泉区", "横浜市泉区", "141160"])
def test_known_ward_is_found_by_name_and_code(name: str) -> None:
    ward = known_ward(name)
    assert ward is not None
    assert ward.full_name == "横浜市泉区"


def test_text_tells_the_city_only_if_it_names_no_other() -> None:
    izumi = known_ward("泉区")
    assert izumi is not None
    assert city_told_by("横浜らしい循環型社会", izumi) is True
    assert city_told_by("横浜市と仙台市の交流", izumi) is False
    assert city_told_by("区役所のお知らせ", izumi) is False


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("横浜市泉区", ("横浜市", "泉区")),
        ("泉区", (None, "泉区")),
        ("四日市市", (None, "四日市市")),  # 市 within a name is no city before a ward
        ("東京都港区", ("東京都", "港区")),
    ],
)
def test_full_name_is_split_before_the_ward(name: str, parts: tuple[str | None, str]) -> None:
    assert split_full_name(name) == parts


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("泉区", WardKind.WARD),
        ("横浜市", WardKind.CITY),
        ("神奈川県", WardKind.PREFECTURE),
        ("厚生労働省", WardKind.MINISTRY),
        ("内閣府", WardKind.MINISTRY),  # 府, and yet no prefecture
        ("京都府", WardKind.PREFECTURE),
    ],
)
def test_name_tells_the_kind_of_tenant(name: str, kind: WardKind) -> None:
    assert guess_ward_kind(name) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("地域振興課", BodyKind.DIVISION),
        ("土木事務所", BodyKind.DIVISION),
        ("区社会福祉協議会", BodyKind.PARTNER),  # 協議会, and yet no committee
        ("要保護児童対策地域協議会", BodyKind.COMMITTEE),
        ("地域ケアプラザ", BodyKind.FACILITY),
        ("泉消防（救急）", BodyKind.PARTNER),
        ("自治会町内会", BodyKind.GROUP),
    ],
)
def test_name_tells_the_kind_of_body(name: str, kind: BodyKind) -> None:
    assert guess_body_kind(name) == kind


@pytest.mark.parametrize(
    ("first", "second", "ward", "is_variant"),
    [
        ("西土木事務所", "土木事務所", "西区", True),
        ("泉区社会福祉協議会", "区社会福祉協議会", "泉区", True),
        ("生活支援課", "生活支援センター", "泉区", False),  # near names are never one body
        ("総務課", "総務課", "泉区", False),  # the same name needs no alias
        ("区会計室", "会計室", "西区", True),
    ],
)
def test_only_the_ward_name_in_front_makes_a_variant(
    first: str, second: str, ward: str, is_variant: bool
) -> None:
    assert is_ward_variant(first, second, ward_name=ward) is is_variant
