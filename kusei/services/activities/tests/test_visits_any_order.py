"""Whatever groups and staff do with requests, in whatever order: request, session and ledger always say the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.errors import ActivityError
from kusei.services.activities.models import Activity, Session, VisitDate, VisitRequest
from kusei.services.activities.operations import visiting
from kusei.services.activities.tests.visits import ask, at_ten, theme_of, visit_complaints

_GROUPS = ("みどり自治会", "みどり　自治会", "あおば会")
_VERBS = (
    "take_on", "ask_back", "propose", "yes", "no", "write", "decide", "decide", "hold", "hold", "take_back", "move", "call_off",
    "decline", "withdraw", "note", "twice", "reopen", "same", "apart", "body", "change", "forget",
)  # fmt: skip
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(0, 2)),
        st.tuples(st.sampled_from(_VERBS), st.integers(0, 8)),
        st.tuples(st.sampled_from(["end", "stale"]), st.just(0)),
    ),
    min_size=3, max_size=16,
)  # fmt: skip

_BEGIN = (("ask", 0), ("ask", 1), ("decide", 0), ("hold", 0), ("decide", 1), ("hold", 1))
"""Two visits to one group under two spellings, the second one on the earlier day, so that every step has something to spoil."""


def do(ground: Ground, theme: Activity, what: str, number: int) -> None:
    """One step; what the rules refuse is refused."""
    clerk = ground.cast.clerk
    if what == "ask":
        ask(theme, _GROUPS[number])
        return
    if what == "end":
        activities.call_off_activity(activity=theme, reason="異動", actor=clerk)
        return
    made = list(VisitRequest.objects.order_by("pk"))
    if not made:
        return
    one = made[number % len(made)]
    seen = {"request": one, "revision": one.revision, "actor": clerk}
    session = Session.objects.filter(visit=one).exclude(state="called_off").first()
    offered = VisitDate.objects.filter(request=one, side="office", answer="").first()
    hour = timedelta(hours=1)
    match what:
        case "stale":
            visiting.decline_visit(request=one, reason="古い画面", revision=one.revision - 1, actor=clerk)
        case "take_on":
            visiting.take_on(**seen, person=clerk)
        case "ask_back":
            visiting.ask_back(**seen, text="机は")
        case "propose":
            visiting.propose_dates(**seen, dates=[(at_ten(40), at_ten(40) + hour)])
        case "yes" | "no":
            visiting.answer_dates(request=one, chosen=offered.pk if offered and what == "yes" else None)
        case "write":
            visiting.write_to_office(request=one, text="人数が変わります")
        case "decide":
            day = at_ten(-1 - number)
            visiting.decide_visit(**seen, starts_at=day, ends_at=day + hour, place="学校")
        case "hold":
            visiting.hold_visit(**seen, heads=number or None, done="話した")
        case "decline":
            visiting.decline_visit(**seen, reason="人手")
        case "withdraw":
            visiting.withdraw_visit(request=one, now=at_ten(-20))
        case "note" | "twice":
            visiting.note_withdrawn(**seen, reason="電話", counts=what == "note")
        case "reopen":
            visiting.reopen_visit(**seen)
        case "same":
            visiting.to_same_group(request=one, other=made[-1].group, actor=clerk)
        case "apart":
            visiting.tell_apart(request=one, actor=clerk)
        case "body":
            visiting.set_body(request=one, body=ground.cast.council if number % 2 else None, actor=clerk)
        case "change":
            visiting.change_visit(**seen, people=number + 1, audience="", place=one.place, district=None)
        case "forget":
            visiting.forget_visits(actor=ground.cast.operator, now=at_ten(365 + number * 5))
        case _ if session is not None:
            do_session(ground, session, what)


def do_session(ground: Ground, session: Session, what: str) -> None:
    """What is done on the session's own page."""
    seen = {"session": session, "revision": session.revision, "actor": ground.cast.clerk}
    if what == "take_back":
        visiting.take_back_session(**seen)
    elif what == "call_off":
        activities.call_off_session(**seen, reason="大雨")
    else:
        begin = session.starts_at - timedelta(days=1)
        activities.move_session(
            **seen,
            starts_at=begin,
            ends_at=begin + timedelta(hours=1),
            place="学校",
            online_url="",
            reason="都合",
        )


@pytest.mark.slow
@given(steps=_steps)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_keeps_requests_sessions_and_ledger_in_agreement(ground: Ground, steps) -> None:
    before = transaction.savepoint()
    try:
        theme = theme_of(ground)
        for what, number in (*_BEGIN, *steps):
            was = list(VisitRequest.objects.order_by("pk").values())
            try:
                with transaction.atomic():
                    do(ground, theme, what, number)
            except ActivityError:
                assert list(VisitRequest.objects.order_by("pk").values()) == was
            assert visit_complaints(ground, with_ledger=False) == [], what
        assert visit_complaints(ground) == []
    finally:
        transaction.savepoint_rollback(before)
