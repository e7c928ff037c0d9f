"""Entries stay with the body that they name; figures by body follow whoever acts for it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.ledger import operations as ledger
from kusei.ledger.models import Entry, KeptSum
from kusei.ledger.queries.figures import by_body, figures_from_entries, year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground, ground
from kusei.wards import operations as wards
from kusei.wards.models import Body
from kusei.wards.queries import heirs_of

__all__ = ["ground"]
KIND = "test.succession"


def post(ground: Ground, number: int, body: Body, quantity: int, *, month: int = 6, year: int = 2026, members: bool = False) -> None:  # fmt: skip
    metric = ground.members if members else ground.times
    line = ground.line("a", quantity, metric_id=metric.pk, body_id=body.pk, on=date(year, month, 1))
    ledger.post(ward=ground.cast.ward, source=Source(KIND, number), lines=[line], actor=None)


def shares(ground: Ground, *, members: bool = False, year: int = 2026) -> dict[str, int | None]:
    metric = ground.members if members else ground.times
    found = by_body(ground.cast.ward, year, metric, items=[ground.items[0].pk])
    names = {body.pk: body.name for body in Body.objects.all()}
    return {names[body or 0]: figure.quantity for body, figure in found.items()}


def sums_are_right(ground: Ground, year: int = 2026) -> None:
    ward = ground.cast.ward
    assert year_figures(ward, year) == figures_from_entries(ward, year)
    assert [each for each in discrepancies(ward, year) if each.kind == "sums"] == []


def join(ground: Ground, body: Body, into: Body) -> None:
    wards.join_to(body=body, into=into, actor=ground.cast.planner)
    ledger.follow_succession(ground.cast.ward, {body.pk, *heirs_of(ground.cast.ward).before([body.pk])})


def end(ground: Ground, body: Body, last_year: int | None, successor: Body | None) -> None:
    wards.end_body(body=body, last_year=last_year, successor=successor, actor=ground.cast.planner)
    ledger.follow_succession(ground.cast.ward, {body.pk, *heirs_of(ground.cast.ward).before([body.pk])})


def test_a_body_registered_twice_counts_as_one(ground: Ground) -> None:
    council, welfare = ground.cast.council, ground.cast.welfare
    for members in (False, True):
        post(ground, 1 + 10 * members, council, 50, month=6, members=members)
        post(ground, 2 + 10 * members, welfare, 60, month=9, members=members)
    key = ground.items[0].pk, ground.members.pk
    assert year_figures(ground.cast.ward, 2026)[key].quantity == 110
    before = list(Entry.objects.order_by("pk").values())
    join(ground, council, welfare)
    assert shares(ground) == {"福祉保健課": 110}
    assert shares(ground, members=True) == {
        "福祉保健課": 60
    }  # the newest value of one body, not the sum of two
    assert year_figures(ground.cast.ward, 2026)[key].quantity == 60
    one = figures_from_entries(ground.cast.ward, 2026, body_id=welfare.pk)
    assert one[ground.items[0].pk, ground.times.pk].quantity == 110
    assert list(Entry.objects.order_by("pk").values()) == before
    sums_are_right(ground)
    post(ground, 3, council, 5)  # a paper of its own that comes late
    post(ground, 13, council, 70, month=11, members=True)
    assert (shares(ground), shares(ground, members=True)) == ({"福祉保健課": 115}, {"福祉保健課": 70})
    sums_are_right(ground)
    rebuilt = dict(KeptSum.objects.values_list("pk", "quantity"))
    ledger.rebuild_sums(ward=ground.cast.ward, fiscal_year=2026)
    assert sorted(KeptSum.objects.values_list("quantity", flat=True)) == sorted(rebuilt.values())
    sums_are_right(ground)


def test_a_body_that_ended_keeps_its_years(ground: Ground) -> None:
    council, welfare = ground.cast.council, ground.cast.welfare
    post(ground, 1, council, 50)
    post(ground, 2, council, 7, year=2027)
    post(ground, 3, welfare, 1, year=2027)
    end(ground, council, 2026, welfare)
    assert shares(ground) == {council.name: 50}
    assert shares(ground, year=2027) == {"福祉保健課": 8}
    for year in (2026, 2027):
        sums_are_right(ground, year)
    end(ground, council, None, None)
    assert shares(ground, year=2027) == {council.name: 7, "福祉保健課": 1}
    sums_are_right(ground, 2027)


_steps = st.lists(
    st.tuples(st.sampled_from(["post", "end", "join"]), st.integers(0, 2), st.integers(0, 2), st.integers(0, 40), st.booleans()),
    max_size=8,
)  # fmt: skip


@pytest.mark.slow
@given(steps=_steps)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_in_any_order_sums_say_what_the_entries_say(ground: Ground, steps) -> None:
    before = transaction.savepoint()
    try:
        for number, (what, one, other, quantity, members) in enumerate(steps):
            bodies = [Body.objects.get(pk=each.pk) for each in (ground.cast.council, ground.cast.welfare, ground.cast.promotion)]  # fmt: skip
            try:
                if what == "post":
                    post(
                        ground,
                        1 + quantity % 4,
                        bodies[one],
                        quantity,
                        month=4 + quantity % 9,
                        members=members,
                    )
                elif what == "end":
                    end(ground, bodies[one], 2025 + number % 2, bodies[other])  # fmt: skip
                elif not bodies[one].is_joined:
                    join(ground, bodies[one], bodies[other])
            except wards.BodyNotFitting:
                pass
            sums_are_right(ground)
    finally:
        transaction.savepoint_rollback(before)
