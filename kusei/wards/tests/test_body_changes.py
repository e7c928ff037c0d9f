"""Renaming and placing bodies, their spellings, and the ward's own settings."""

from __future__ import annotations

import pytest

from kusei.wards import operations as wards
from kusei.wards.enums import BodyKind, Role
from kusei.wards.models import AuditEntry, Invitation
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast


def test_a_renamed_body_is_still_found_under_its_old_name(cast: Cast) -> None:
    wards.rename_body(body=cast.promotion, name="地域力推進課", actor=cast.planner)

    assert wards.match_body(cast.ward, "地域力推進課") == cast.promotion
    assert wards.match_body(cast.ward, "地域振興課") == cast.promotion
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.verb, entry.changes) == ("wards.rename_body", {"name": ["地域振興課", "地域力推進課"]})


def test_a_body_takes_its_own_spelling_as_its_name(cast: Cast) -> None:
    wards.add_alias(cast.promotion, "地振課", actor=cast.planner)
    wards.rename_body(body=cast.promotion, name="地振課", actor=cast.planner)
    assert [alias.name for alias in cast.promotion.aliases.all()] == ["地域振興課"]
    wards.rename_body(body=cast.promotion, name="地域振興課", actor=cast.planner)  # and back
    assert [alias.name for alias in cast.promotion.aliases.all()] == ["地振課"]


@pytest.mark.parametrize("name", ["福祉保健課", "福祉 保健課"])
def test_the_name_of_another_body_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(wards.BodyNameTaken, match="福祉保健課"):
        wards.rename_body(body=cast.promotion, name=name, actor=cast.planner)
    cast.promotion.refresh_from_db()
    assert (cast.promotion.name, cast.promotion.aliases.count()) == ("地域振興課", 0)


@pytest.mark.parametrize("name", ["", "　 ", "あ" * 121])
def test_a_name_is_needed_and_has_an_end(cast: Cast, name: str) -> None:
    with pytest.raises(wards.EmptyName):
        wards.rename_body(body=cast.promotion, name=name, actor=cast.planner)


def test_bodies_are_placed_without_circles_and_within_their_ward(cast: Cast) -> None:
    wards.change_body(body=cast.welfare, kind=BodyKind.GROUP, parent=cast.promotion, actor=cast.planner)
    cast.welfare.refresh_from_db()
    assert (cast.welfare.kind, cast.welfare.parent) == ("group", cast.promotion)

    elsewhere = wards.add_body(cast.other_ward, "総務課", actor=cast.operator)
    for parent in (cast.promotion, cast.welfare, elsewhere):
        with pytest.raises(wards.BodyNotFitting):
            wards.change_body(body=cast.promotion, kind=BodyKind.DIVISION, parent=parent, actor=cast.planner)
    cast.promotion.refresh_from_db()
    assert cast.promotion.parent is None


def test_a_spelling_is_taken_away(cast: Cast) -> None:
    alias = wards.add_alias(cast.promotion, "地振", actor=cast.planner)
    with pytest.raises(wards.AliasNotFound):
        wards.remove_alias(body=cast.welfare, alias_id=alias.pk, actor=cast.planner)
    wards.remove_alias(body=cast.promotion, alias_id=alias.pk, actor=cast.planner)
    assert wards.match_body(cast.ward, "地振") is None


@pytest.mark.parametrize("name", ["clerk", "partner", "resident", "former", "stranger"])
def test_only_planners_and_administrators_keep_bodies(cast: Cast, name: str) -> None:
    actor = getattr(cast, name)
    alias = wards.add_alias(cast.promotion, "地振", actor=cast.planner)
    for attempt in (
        lambda: wards.rename_body(body=cast.promotion, name="新課", actor=actor),
        lambda: wards.change_body(body=cast.promotion, kind=BodyKind.GROUP, parent=None, actor=actor),
        lambda: wards.remove_alias(body=cast.promotion, alias_id=alias.pk, actor=actor),
        lambda: wards.hand_over_people(body=cast.promotion, into=cast.welfare, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    cast.promotion.refresh_from_db()
    assert (cast.promotion.name, cast.promotion.kind, cast.promotion.aliases.count()) == (
        "地域振興課", "division", 1,
    )  # fmt: skip


def test_people_go_with_their_body(cast: Cast) -> None:
    wards.invite_person(
        ward=cast.ward, email="new@example.jp", role=Role.STAFF, body=cast.promotion,
        actor=cast.administrator, site="https://x",
    )  # fmt: skip
    assert wards.hand_over_people(body=cast.promotion, into=cast.welfare, actor=cast.planner) == 2
    assert cast.clerk.role_grants.get().body == cast.welfare
    assert Invitation.objects.get().body == cast.welfare
    assert AuditEntry.objects.filter(verb="wards.move_role").count() == 2


SETTINGS = {
    "accent": "", "name_kana": "", "name_en": "", "contact_office": "", "contact_telephone": "", "contact_address": "",
}  # fmt: skip


def test_the_wards_settings_are_kept_and_told(cast: Cast) -> None:
    wards.change_ward(
        ward=cast.ward, actor=cast.administrator,
        **{**SETTINGS, "accent": "#0A6B3D", "name_en": "Mirai Ward", "contact_telephone": "０４５-０００"},
    )  # fmt: skip
    cast.ward.refresh_from_db()
    assert (cast.ward.accent, cast.ward.name_en, cast.ward.contact_telephone) == (
        "#0a6b3d", "Mirai Ward", "045-000",
    )  # fmt: skip
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert set(entry.changes) == {"accent", "name_en", "contact_telephone"}


@pytest.mark.parametrize("accent", ["#ffd43d", "green", "#777777"])
def test_a_colour_that_cannot_be_read_changes_nothing(cast: Cast, accent: str) -> None:
    with pytest.raises(wards.NotAColour):
        wards.change_ward(
            ward=cast.ward, actor=cast.administrator, **{**SETTINGS, "accent": accent, "name_en": "x"}
        )
    cast.ward.refresh_from_db()
    assert (cast.ward.accent, cast.ward.name_en) == ("", "")


@pytest.mark.parametrize("name", ["planner", "clerk", "partner", "stranger"])
def test_only_administrators_change_the_ward(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        wards.change_ward(ward=cast.ward, actor=getattr(cast, name), **{**SETTINGS, "name_en": "x"})
    cast.ward.refresh_from_db()
    assert cast.ward.name_en == ""
