"""The fixed cast of permission tests: who is in charge, a colleague, another body, another ward, a resident, nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import pytest
from django.test import Client

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import Body, Person, Ward
from tests.stored import made_once

PASSWORD = "a-long-password-of-the-tests"


@dataclass(frozen=True)
class Cast:
    """People of みらい区 and one of ほし区. Both wards are real ones (`is_sample` is false)."""

    ward: Ward
    other_ward: Ward
    promotion: Body
    welfare: Body
    council: Body
    operator: Person
    administrator: Person
    planner: Person
    clerk: Person
    """Staff of `promotion`."""
    colleague: Person
    """Staff of `promotion`, too."""
    other_clerk: Person
    """Staff of `welfare`."""
    partner: Person
    """Member of `council`, a body outside the office."""
    resident: Person
    former: Person
    """A planner whose term is over."""
    stranger: Person
    """Planner of the other ward."""

    def people(self) -> Iterator[tuple[str, Person]]:
        """Everybody who can log in, by name."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Person) and value.is_active:
                yield field.name, value


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in the database, with second factors where their roles ask for one."""
    return made_once("cast", _make_cast)


def _make_cast() -> Cast:
    operator = wards.account_without_login("operator")
    ward = wards.find_or_add_ward("みらい区", actor=operator)[0]
    other_ward = wards.find_or_add_ward("ほし区", actor=operator)[0]
    promotion = wards.add_body(ward, "地域振興課", actor=operator)
    welfare = wards.add_body(ward, "福祉保健課", actor=operator)
    council = wards.add_body(ward, "みらい区社会福祉協議会", actor=operator)

    def person(name: str, role: Role, body: Body | None = None, where: Ward = ward) -> Person:
        one = wards.add_person(
            ward=where, username=name, last_name=name.capitalize(), email=f"{name}@example.jp", actor=operator
        )
        one.set_password(PASSWORD)
        one.save(update_fields=["password"])
        wards.grant_role(ward=where, person=one, role=role, body=body, actor=operator)
        if role in {Role.PLANNER, Role.ADMINISTRATOR}:
            give_second_factor(one)
        return one

    former = person("former", Role.PLANNER)
    former.role_grants.update(starts_on="2020-04-01", ends_on="2021-04-01")
    return Cast(
        ward=ward,
        other_ward=other_ward,
        promotion=promotion,
        welfare=welfare,
        council=council,
        operator=operator,
        administrator=person("administrator", Role.ADMINISTRATOR),
        planner=person("planner", Role.PLANNER),
        clerk=person("clerk", Role.STAFF, promotion),
        colleague=person("colleague", Role.STAFF, promotion),
        other_clerk=person("welfare", Role.STAFF, welfare),
        partner=person("partner", Role.PARTNER, council),
        resident=person("resident", Role.RESIDENT),
        former=former,
        stranger=person("stranger", Role.PLANNER, where=other_ward),
    )


def give_second_factor(person: Person) -> None:
    """A second factor as if the person had set one up."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(person, generate_totp_secret())


def signed_in(person: Person) -> Client:
    """A browser in which this person has logged in."""
    client = Client()
    client.force_login(person)
    return client
