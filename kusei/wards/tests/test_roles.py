"""Roles for a term, rights that follow from them, and who may give them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from kusei.wards import operations as wards
from kusei.wards import permissions
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, RoleGrant
from kusei.wards.permissions import NOBODY, NotAllowed, rights_of
from tests.cast import Cast


def test_rights_follow_from_the_roles_held_today(cast: Cast) -> None:
    rights = rights_of(cast.clerk)

    assert rights.has(cast.ward, Role.STAFF)
    assert not rights.has(cast.ward, Role.PLANNER)
    assert not rights.has(cast.other_ward, Role.STAFF)
    assert rights.bodies_in(cast.ward) == {cast.promotion.pk}
    assert rights.ward_ids == {cast.ward.pk}


@pytest.mark.parametrize(
    ("day", "held"),
    [
        ("2020-03-31", False),  # the day before the term
        ("2020-04-01", True),  # its first day
        ("2021-03-31", True),  # its last day
        ("2021-04-01", False),  # the end is the first day without the role
    ],
)
def test_a_role_holds_from_its_start_to_the_day_before_its_end(cast: Cast, day: str, held: bool) -> None:
    rights = rights_of(cast.former, on=date.fromisoformat(day))
    assert rights.has(cast.ward, Role.PLANNER) is held


def test_a_closed_account_and_a_visitor_have_no_rights(cast: Cast) -> None:
    cast.planner.is_active = False
    cast.planner.save()
    assert rights_of(cast.planner).grants == frozenset()
    assert rights_of(None) == NOBODY


def test_an_operator_may_everything_and_cannot_log_in(cast: Cast) -> None:
    rights = rights_of(cast.operator)
    assert permissions.may_administer(rights, cast.ward)
    assert permissions.may_register_wards(rights)
    assert cast.operator.is_active is False


def test_granting_a_role_is_told_in_the_trail(cast: Cast) -> None:
    ends = timezone.localdate() + timedelta(days=365)
    wards.grant_role(
        ward=cast.ward, person=cast.resident, role=Role.STAFF, body=cast.welfare, ends_on=ends,
        actor=cast.administrator, reason="4月の異動",
    )  # fmt: skip

    assert rights_of(cast.resident).bodies_in(cast.ward) == {cast.welfare.pk}
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.verb, entry.actor, entry.target_label, entry.reason) == (
        "wards.grant_role", cast.administrator, "Resident", "4月の異動",
    )  # fmt: skip
    assert entry.changes["body"] == [None, "福祉保健課"]
    assert entry.changes["ends_on"] == [None, ends.isoformat()]


def test_the_same_role_twice_is_one(cast: Cast) -> None:
    before = RoleGrant.objects.count()
    wards.grant_role(
        ward=cast.ward, person=cast.clerk, role=Role.STAFF, body=cast.promotion, actor=cast.administrator
    )
    assert RoleGrant.objects.count() == before


@pytest.mark.parametrize("name", ["planner", "clerk", "partner", "resident", "former", "stranger"])
def test_only_an_administrator_of_the_ward_gives_and_ends_roles(cast: Cast, name: str) -> None:
    actor = getattr(cast, name)
    grant = cast.colleague.role_grants.get()
    with pytest.raises(NotAllowed, match="区の管理者"):
        wards.grant_role(ward=cast.ward, person=actor, role=Role.PLANNER, actor=actor)
    with pytest.raises(NotAllowed):
        wards.end_role(grant=grant, actor=actor)
    grant.refresh_from_db()
    assert grant.ends_on is None
    assert not RoleGrant.objects.filter(person=actor, ward=cast.ward, granted_by=actor).exists()


def test_staff_need_a_body_of_the_ward_and_planners_have_none(cast: Cast) -> None:
    elsewhere = wards.add_body(cast.other_ward, "総務課", actor=cast.operator)
    for role, body in ((Role.STAFF, None), (Role.PLANNER, cast.welfare), (Role.STAFF, elsewhere)):
        with pytest.raises(wards.RoleNotFitting):
            wards.grant_role(
                ward=cast.ward, person=cast.resident, role=role, body=body, actor=cast.administrator
            )


def test_an_ended_role_opens_nothing_from_that_day(cast: Cast) -> None:
    wards.end_role(grant=cast.clerk.role_grants.get(), actor=cast.administrator, reason="異動")
    assert rights_of(cast.clerk) == permissions.Rights(cast.clerk.pk, False, frozenset())
    with pytest.raises(wards.RoleNotFitting):  # ended before
        wards.end_role(
            grant=cast.clerk.role_grants.get(),
            actor=cast.administrator,
            ends_on=timezone.localdate() + timedelta(days=1),
        )


def test_the_last_administrator_stays(cast: Cast) -> None:
    grant = cast.administrator.role_grants.get()
    with pytest.raises(wards.LastAdministrator):
        wards.end_role(grant=grant, actor=cast.administrator)

    wards.grant_role(ward=cast.ward, person=cast.planner, role=Role.ADMINISTRATOR, actor=cast.administrator)
    wards.end_role(grant=grant, actor=cast.administrator)
    assert not rights_of(cast.administrator).has(cast.ward, Role.ADMINISTRATOR)


def test_two_accounts_cannot_have_one_address(cast: Cast) -> None:
    with pytest.raises(wards.PersonExists):
        wards.add_person(ward=cast.ward, username="new", email="Planner@example.jp", actor=cast.administrator)


def test_a_role_that_is_yet_to_come_can_be_taken_back(cast: Cast) -> None:
    begins = timezone.localdate() + timedelta(days=30)
    grant = wards.grant_role(
        ward=cast.ward, person=cast.clerk, role=Role.PLANNER, actor=cast.administrator, starts_on=begins
    )
    with pytest.raises(wards.RoleNotFitting, match="始まります"):
        wards.end_role(grant=grant, actor=cast.administrator, ends_on=begins - timedelta(days=1))
    wards.end_role(grant=grant, actor=cast.administrator)
    assert not rights_of(cast.clerk, on=begins).has(cast.ward, Role.PLANNER)


def test_a_role_ends_once(cast: Cast) -> None:
    grant = RoleGrant.objects.get(person=cast.clerk)
    wards.end_role(grant=RoleGrant.objects.get(pk=grant.pk), actor=cast.administrator)
    with pytest.raises(wards.RoleNotFitting, match="使えなくなる"):
        wards.end_role(grant=grant, actor=cast.administrator)
    assert AuditEntry.objects.filter(verb="wards.end_role").count() == 1
