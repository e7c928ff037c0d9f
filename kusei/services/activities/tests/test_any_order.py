"""Whatever people and staff do, in whatever order: nobody is promised a seat that is not there, none stays empty, and the ledger
says what stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import SessionState, Way
from kusei.services.activities.errors import ActivityError
from kusei.services.activities.models import Application, Intake, Quota, Session
from kusei.services.activities.operations import Contact, Someone
from kusei.services.activities.tests.ground import apply, complaints, intake_of, states
from kusei.services.activities.tests.test_door import agrees, said

_which = st.integers(0, 30)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("apply"), st.integers(1, 4), st.booleans()),
        st.tuples(st.sampled_from(["cancel", "one", "take", "leave"]), _which, st.just(False)),
        st.tuples(st.just("more"), _which, st.booleans()),
        st.tuples(st.just("capacity"), st.integers(1, 8), st.just(False)),
        st.tuples(
            st.sampled_from(["expire", "draw", "call off", "reopen", "unpublish"]), st.just(0), st.just(False)
        ),
        st.tuples(st.sampled_from(["rain", "no rain"]), st.integers(0, 2), st.just(False)),
        st.tuples(st.sampled_from(["hold", "take back"]), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("window"), st.integers(-1, 20), st.just(False)),
    ),
    max_size=14,
)


def do(ground: Ground, intake: Intake, step: tuple[str, int, bool], moment) -> None:
    """One step; what the rules refuse is refused."""
    what, number, flag = step
    made = list(Application.objects.order_by("pk"))
    one = made[number % len(made)] if made else None
    clerk = ground.cast.clerk
    if what == "apply":
        apply(intake, number, together=flag, actor=clerk, now=moment)
    elif what == "capacity":
        activities.change_capacity(
            intake=intake, capacities={Quota.objects.get().pk: number}, actor=clerk, now=moment
        )
    elif what == "expire":
        activities.expire_offers(now=moment)
    elif what == "draw":
        draw = activities.seal_draw(intake=intake, seed_source="終値", actor=clerk, now=intake.closes_at)
        activities.draw_lots(draw=draw, seed="38915.87", actor=clerk, now=intake.closes_at)
    elif what == "call off":
        activities.call_off_activity(activity=intake.activity, reason="大雨", actor=clerk)
    elif what == "reopen":
        activities.reopen_activity(activity=intake.activity, reason="晴れた", actor=clerk, now=moment)
    elif what == "unpublish":
        activities.unpublish_activity(activity=intake.activity, actor=clerk)
        activities.publish_activity(activity=intake.activity, actor=clerk)
    elif what in ("rain", "no rain"):
        act = activities.call_off_session if what == "rain" else activities.reopen_session
        session = intake.sessions.all()[number]
        act(session=session, reason="大雨", revision=session.revision, actor=clerk)
    elif what in ("hold", "take back"):
        session = intake.sessions.all()[number]
        if what == "hold" or flag:
            session = activities.count_session(
                session=session,
                heads=number + 4,
                revision=session.revision,
                actor=clerk,
                now=session.starts_at,
            )
        if what == "take back":
            activities.take_back_session(
                session=session, revision=session.revision, actor=clerk, now=session.ends_at
            )
    elif what == "window":
        opens_at = moment - timedelta(days=2)
        activities.change_window(
            intake=intake, opens_at=opens_at, closes_at=moment + timedelta(days=number), actor=clerk
        )
    elif one is None:
        return
    elif what == "cancel":
        activities.cancel_seats(application=one, now=moment)
    elif what == "one":
        activities.cancel_seats(application=one, seats=[one.seats.first().pk], now=moment)
    elif what == "more":
        one.refresh_from_db()
        activities.change_application(
            application=one, people={}, more=[Someone("後から来る人")], contact=Contact(telephone="045-000-0000"),
            goes_to_the_end=flag, version=activities.version_of(one), actor=clerk, now=moment,
        )  # fmt: skip
    elif what == "take":
        activities.take_offer(application=one, now=moment)
    else:
        activities.leave_offer(application=one, now=moment)


@pytest.mark.slow
@pytest.mark.parametrize("way", [Way.FIRST_COME, Way.LOTTERY])
@given(steps=_steps)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_keeps_everybodys_state_legal(ground: Ground, way: Way, steps) -> None:
    before = transaction.savepoint()
    try:
        intake = intake_of(ground, 3, way=way)
        was_taken_back = False
        for place, step in enumerate(steps):
            moment = timezone.now() + timedelta(hours=13 * place)
            was = {each.pk: states(each) for each in Application.objects.all()}
            try:
                with transaction.atomic():
                    do(ground, intake, step, moment)
                was_taken_back = was_taken_back or step[0] == "take back"
            except ActivityError:
                assert {each.pk: states(each) for each in Application.objects.all()} == was
            assert complaints(Intake.objects.get(pk=intake.pk)) == []
        held = Session.objects.filter(state=SessionState.HELD)
        off = Session.objects.filter(state=SessionState.CALLED_OFF).count()
        heads = sum(each.heads or 0 for each in held)
        expected = {"times": held.count(), "attendances": heads, "called_off_times": off}
        assert said(ground) == {key: number for key, number in expected.items() if number}
        if was_taken_back:
            assert agrees(ground)
    finally:
        transaction.savepoint_rollback(before)
