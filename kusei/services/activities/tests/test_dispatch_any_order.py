"""Whatever staff and people do, in whatever order: nobody is booked twice, nothing stands asked of what is called off, and the
ledger says what the records say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import EnvoyRole
from kusei.services.activities.dispatching import may_move
from kusei.services.activities.errors import ActivityError
from kusei.services.activities.models import Assignment, Envoy, Need, Session
from kusei.services.activities.tests.dispatch_ground import ask, complaints, envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import activity_of, in_days

_which = st.integers(0, 11)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), _which, _which),
        st.tuples(st.sampled_from(["accept", "decline", "release", "went", "missed"]), _which, st.just(0)),
        st.tuples(st.just("move"), _which, st.integers(0, 3)),
        st.tuples(st.sampled_from(["need", "along"]), _which, st.integers(0, 3)),
        st.tuples(st.just("call off"), _which, st.just(0)),
    ),
    max_size=14,
)


def do(ground: Ground, step: tuple[str, int, int], moment) -> None:
    """One step; what the rules refuse is refused."""
    what, first, second = step
    clerk = ground.cast.clerk
    sessions = list(Session.objects.filter(needs__isnull=False).order_by("pk"))
    needs = list(Need.objects.order_by("pk"))
    envoys = list(Envoy.objects.order_by("pk"))
    made = list(Assignment.objects.order_by("pk"))
    session = sessions[first % len(sessions)]
    one = made[first % len(made)] if made else None
    if what == "ask":
        ask(ground, needs[first % len(needs)], envoys[second % len(envoys)], now=moment)
    elif what == "need":
        activities.need_people(
            session=session, role=EnvoyRole.INTERPRETER, language="ベトナム語", count=second, actor=clerk
        )
    elif what == "along":
        activities.set_along(session=session, role=EnvoyRole.LECTURER, who="", count=second, actor=clerk)
    elif what == "call off":
        activities.call_off_session(session=session, reason="大雨", revision=session.revision, actor=clerk)
    elif what == "move":
        begin = in_days(5 + 0.05 * second)
        activities.move_session(
            session=session, starts_at=begin, ends_at=begin + timedelta(hours=2), place=f"{moment}", online_url="",
            reason="会場", revision=session.revision, actor=clerk,
        )  # fmt: skip
    elif one is None:
        return
    elif what == "accept":
        activities.accept_assignment(assignment=one, actor=clerk, now=moment)
    elif what == "decline":
        activities.decline_assignment(assignment=one, now=moment)
    elif what == "release":
        activities.release_assignment(assignment=one, actor=clerk)
    else:
        activities.record_going(
            assignment=one, went=what == "went", minutes=60, fee_yen=1000, revision=one.revision, actor=clerk,
            now=in_days(7),
        )  # fmt: skip


@pytest.mark.slow
@given(steps=_steps)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_keeps_every_request_legal(ground: Ground, steps) -> None:
    before = transaction.savepoint()
    try:
        activity = activity_of(ground)
        for place in range(3):
            need_of(ground, session_in(ground, 5 + 0.05 * place, activity=activity), 1 + place % 2)
        for name in ("見本 一", "見本 二", "見本 三"):
            envoy_of(ground, name)
        for step in steps:
            was = dict(Assignment.objects.values_list("pk", "state"))
            try:
                with transaction.atomic():
                    do(ground, step, timezone.now())
            except ActivityError:
                assert dict(Assignment.objects.values_list("pk", "state")) == was
            now = dict(Assignment.objects.values_list("pk", "state"))
            assert all(now[pk] == state or may_move(state, now[pk]) for pk, state in was.items())
            assert complaints() == []
        year = fiscal_year_of(timezone.localdate(in_days(5)))
        assert list(discrepancies(ground.cast.ward, year)) == []
    finally:
        transaction.savepoint_rollback(before)
