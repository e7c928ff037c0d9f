"""What is done late or put right afterwards: called off after it began, a name corrected after the day, somebody who left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.press.csv_files import csv_text
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import SessionState, Way
from kusei.services.activities.errors import NotDrawable
from kusei.services.activities.models import Seat, Session
from kusei.services.activities.operations import Contact, Someone
from kusei.services.activities.tests.ground import apply, intake_of
from kusei.services.activities.tests.test_door import agrees, count, on_the_day, said


def test_what_has_begun_is_not_called_off_with_the_rest(ground: Ground) -> None:
    intake = intake_of(ground, 5)
    past, *_to_come = intake.sessions.order_by("pk")
    began = timezone.now() - timedelta(days=7)
    Session.objects.filter(pk=past.pk).update(starts_at=began, ends_at=began + timedelta(hours=2))
    activities.call_off_activity(activity=intake.activity, reason="感染症のため", actor=ground.cast.clerk)
    past.refresh_from_db()
    assert past.state == SessionState.PLANNED
    assert said(ground) == {"called_off_times": 3}
    assert count(past, 12, ground).state == SessionState.HELD
    assert said(ground) == {"called_off_times": 3, "times": 1, "attendances": 12}
    assert agrees(ground)


def test_a_name_corrected_after_the_day_counts_one_person_less(ground: Ground) -> None:
    known = Contact(telephone="045-123-4567")
    intakes = [intake_of(ground, 5), intake_of(ground, 5, title="続きの教室")]
    made = [
        activities.apply_for(intake=intake, ticket=ticket, people=[Someone(name, "イズミハナコ")], contact=contact)
        for intake, ticket, name, contact in (
            (intakes[0], intakes[0].activity.public_id, "泉 花子", known),
            (intakes[1], intakes[1].activity.public_id, "泉 花子", Contact(telephone="045-123-9999")),
        )
    ]  # fmt: skip
    for applied, intake in zip(made, intakes, strict=True):
        session = on_the_day(intake)[0]
        activities.mark_presence(
            session=session, seat=Seat.objects.get(application=applied.application), is_present=True, actor=ground.cast.clerk
        )  # fmt: skip
        count(session, 1, ground)
    assert said(ground)["persons_of_item"] == 2
    application = made[1].application
    application.refresh_from_db()
    activities.change_application(
        application=application, people={}, contact=known, version=activities.version_of(application), actor=ground.cast.clerk
    )  # fmt: skip
    assert said(ground)["persons_of_item"] == 1
    assert agrees(ground)


def test_lots_are_not_drawn_for_what_has_begun(ground: Ground) -> None:
    intake = intake_of(ground, 1, way=Way.LOTTERY)
    apply(intake)
    clerk, after = ground.cast.clerk, timezone.now() + timedelta(days=11)
    draw = activities.seal_draw(intake=intake, seed_source="あすの数", actor=clerk, now=after)
    with pytest.raises(NotDrawable, match="もう始まったか"):
        activities.draw_lots(draw=draw, seed="1", actor=clerk, now=after + timedelta(days=20))
    activities.draw_lots(draw=draw, seed="1", actor=clerk, now=after)


def test_a_question_that_is_a_formula_is_none_in_a_csv() -> None:
    assert "\ufeff=" not in csv_text(["=HYPERLINK(1)"], [])
