"""Bodies that end, that another one acts for, or that were registered twice."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, Body
from kusei.wards.permissions import NotAllowed, rights_of
from kusei.wards.queries import acting_for, bodies_of, heirs_of, staffed_bodies
from kusei.wards.succession import Heirs
from tests.cast import Cast

HEIRS = Heirs({1: (2, 2026), 2: (3, None), 4: (5, 2020), 5: (4, 2020), 6: (1, None)})
"""1 ended with 2026 and went into 2, which is 3 registered twice; 6 is 1; 4 and 5 go round in a circle, as none should."""


@pytest.mark.parametrize(
    ("body", "year", "acting"),
    [(1, 2026, 1), (1, 2027, 3), (2, 1999, 3), (3, 2027, 3), (6, 2026, 1), (6, 2027, 3), (9, 2027, 9), (None, 2027, None)],
)  # fmt: skip
def test_who_acts_for_a_body_in_a_year(body: int | None, year: int, acting: int | None) -> None:
    assert HEIRS.of(body, year) == acting


def test_whole_lines_and_years() -> None:
    assert HEIRS.in_year(2026) == {2: 3, 6: 1}
    assert {each: HEIRS.in_year(2027)[each] for each in (1, 2, 6)} == {1: 3, 2: 3, 6: 3}
    assert HEIRS.line_of(6) == (6, 1, 2, 3)
    assert HEIRS.before([3]) == {1, 2, 6}
    assert HEIRS.before([1, 6]) == set()
    assert HEIRS.of(4, 2030) in {4, 5}  # comes to an end


def test_a_body_that_ended_keeps_its_years_and_another_acts_for_it(cast: Cast) -> None:
    wards.end_body(body=cast.council, last_year=2026, successor=cast.promotion, actor=cast.planner)
    heirs = heirs_of(cast.ward)
    assert (heirs.of(cast.council.pk, 2026), heirs.of(cast.council.pk, 2027)) == (
        cast.council.pk,
        cast.promotion.pk,
    )
    assert rights_of(cast.clerk).bodies_in(cast.ward) == {cast.promotion.pk, cast.council.pk}
    assert rights_of(cast.partner).bodies_in(cast.ward) == {cast.council.pk}
    assert acting_for(cast.ward, [cast.council.pk]) == {cast.council.pk: {cast.clerk.pk, cast.colleague.pk, cast.partner.pk}}  # fmt: skip
    assert cast.council.pk in staffed_bodies(cast.ward)
    assert cast.council in bodies_of(cast.ward)
    entry = AuditEntry.objects.get(verb="wards.end_body")
    assert entry.changes == {"last_year": [None, 2026], "successor": [None, "地域振興課"]}
    wards.end_body(body=cast.council, last_year=None, successor=None, actor=cast.planner)
    assert heirs_of(cast.ward) == Heirs({})


def test_what_does_not_fit_is_refused(cast: Cast) -> None:
    wards.end_body(body=cast.council, last_year=2026, successor=cast.promotion, actor=cast.planner)
    elsewhere = wards.add_body(cast.other_ward, "総務課", actor=cast.operator)
    for body, year, successor in (
        (cast.promotion, 2027, cast.council),
        (cast.promotion, 2027, cast.promotion),
        (cast.promotion, 2027, elsewhere),
        (cast.promotion, None, cast.welfare),
        (cast.promotion, 26, cast.welfare),
    ):
        with pytest.raises(wards.BodyNotFitting):
            wards.end_body(body=body, last_year=year, successor=successor, actor=cast.planner)
    with pytest.raises(NotAllowed):
        wards.end_body(body=cast.welfare, last_year=2026, successor=None, actor=cast.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=cast.welfare.pk).update(successor=cast.welfare.pk)


def test_a_body_joined_to_another_is_found_as_that_one(cast: Cast) -> None:
    wards.add_alias(cast.council, "社協", actor=cast.planner)
    wards.join_to(body=cast.council, into=cast.welfare, actor=cast.planner)
    assert cast.council not in bodies_of(cast.ward)
    for name in ("社協", cast.council.name):
        assert wards.match_body(cast.ward, name) == cast.welfare
    known = wards.known_bodies(cast.ward)
    assert set(known.values()) == {cast.promotion, cast.welfare}
    with pytest.raises(wards.BodyNameTaken):
        wards.add_body(cast.ward, cast.council.name, actor=cast.planner)
    with pytest.raises(wards.BodyNotFitting):
        wards.end_body(body=cast.council, last_year=2026, successor=None, actor=cast.planner)


def test_the_name_of_the_other_registration_can_be_taken(cast: Cast) -> None:
    name = cast.council.name
    wards.join_to(body=cast.council, into=cast.welfare, actor=cast.planner)
    wards.rename_body(body=cast.welfare, name=name, actor=cast.planner)
    assert Body.objects.get(pk=cast.welfare.pk).name == name
    for each in (name, "福祉保健課"):
        assert wards.match_body(cast.ward, each) == cast.welfare
