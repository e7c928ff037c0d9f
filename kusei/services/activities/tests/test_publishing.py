"""Before the public at a time, back to a draft, other days of application, and called off by mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kusei.ledger.models import Entry
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import Way
from kusei.services.activities.errors import NotDrawable, NotFitting, NotOpen
from kusei.services.activities.models import Activity, Quota
from kusei.services.activities.tests.ground import activity_of, apply, complaints, in_days, intake_of, states
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed


def test_a_draft_is_published_at_its_time_late_after_a_rest_and_once(ground: Ground) -> None:
    activity = activity_of(ground, published=False)
    clerk = ground.cast.clerk
    with pytest.raises(NotFitting, match="これから1年以内"):
        activities.publish_at(activity=activity, moment=in_days(-1), actor=clerk)
    with pytest.raises(NotAllowed):
        activities.publish_at(activity=activity, moment=in_days(2), actor=ground.cast.other_clerk)
    activities.publish_at(activity=activity, moment=in_days(2), actor=clerk)
    assert activities.publish_due(now=in_days(1)) == 0
    assert activities.publish_due(now=in_days(5)) == 1
    assert activities.publish_due(now=in_days(6)) == 0
    activity.refresh_from_db()
    assert (activity.state, activity.publish_at) == ("published", None)
    said = AuditEntry.objects.get(verb="activities.publish")
    assert (said.actor, said.actor_name) == (None, "公開の予約")


def test_an_appointment_is_taken_back_and_waits_for_sessions(ground: Ground) -> None:
    activity = activity_of(ground, published=False)
    clerk = ground.cast.clerk
    activities.publish_at(activity=activity, moment=in_days(2), actor=clerk)
    activities.publish_at(activity=activity, moment=None, actor=clerk)
    assert activities.publish_due(now=in_days(3)) == 0
    activities.publish_at(activity=activity, moment=in_days(2), actor=clerk)
    activity.sessions.all().delete()
    assert activities.publish_due(now=in_days(3)) == 0
    with pytest.raises(NotFitting, match="日時がまだ"):
        activities.publish_at(activity=activity, moment=in_days(2), actor=clerk)


def test_back_to_a_draft_until_somebody_applies(ground: Ground) -> None:
    intake = intake_of(ground)
    clerk = ground.cast.clerk
    activities.unpublish_activity(activity=intake.activity, actor=clerk)
    with pytest.raises(NotOpen):
        apply(intake)
    with pytest.raises(NotFitting, match="公開中のものだけ"):
        activities.unpublish_activity(activity=intake.activity, actor=clerk)
    activities.publish_activity(activity=intake.activity, actor=clerk)
    application = apply(intake).application
    activities.cancel_seats(application=application)
    with pytest.raises(NotFitting, match="もう申込みがある"):
        activities.unpublish_activity(activity=intake.activity, actor=clerk)


def test_the_days_of_application_are_changed_closed_and_opened_again(ground: Ground) -> None:
    intake = intake_of(ground)
    change = {"intake": intake, "actor": ground.cast.clerk}
    with pytest.raises(NotFitting, match="終わりは"):
        activities.change_window(**change, opens_at=in_days(3), closes_at=in_days(2))
    activities.change_window(**change, opens_at=in_days(-3), closes_at=in_days(-1))
    with pytest.raises(NotOpen, match="期間は終わりました"):
        apply(intake)
    activities.change_window(**change, opens_at=in_days(-3), closes_at=in_days(1))
    assert states(apply(intake).application) == ["accepted"]


def test_sealed_lots_keep_their_window(ground: Ground) -> None:
    intake = intake_of(ground, way=Way.LOTTERY)
    apply(intake)
    activities.seal_draw(intake=intake, seed_source="終値", actor=ground.cast.clerk, now=in_days(11))
    with pytest.raises(NotFitting, match="確定した後"):
        activities.change_window(
            intake=intake, opens_at=in_days(-1), closes_at=in_days(12), actor=ground.cast.clerk
        )


def said(ground: Ground) -> int:
    return sum(Entry.objects.filter(metric__key="called_off_times").values_list("quantity", flat=True))


def test_called_off_by_mistake_everybody_stands_where_they_stood(ground: Ground) -> None:
    intake = intake_of(ground, 3)
    clerk = ground.cast.clerk
    rain = intake.sessions.last()
    activities.call_off_session(session=rain, reason="大雨", revision=1, actor=clerk)
    made = [apply(intake, 2).application, apply(intake).application, apply(intake).application]
    activities.cancel_seats(application=made[1])
    was = [states(each) for each in made]
    assert was == [["accepted"] * 2, ["cancelled"], ["offered"]]
    activity = Activity.objects.get()
    activities.call_off_activity(activity=activity, reason="まちがい", actor=clerk)
    assert said(ground) == 4
    with pytest.raises(NotFitting, match="理由を書いて"):
        activities.reopen_activity(activity=activity, reason=" ", actor=clerk)
    with pytest.raises(NotAllowed):
        activities.reopen_activity(activity=activity, reason="x", actor=ground.cast.other_clerk)
    told = activities.reopen_activity(activity=activity, reason="連絡の行き違い", actor=clerk)
    assert told.to_telephone == 2
    assert [states(each) for each in made] == was
    assert Quota.objects.get().taken == 3
    assert said(ground) == 1  # the one that rain called off stays so
    assert sorted(intake.sessions.values_list("state", flat=True)) == ["called_off", "planned", "planned"]
    assert complaints(intake) == []


def test_who_had_a_place_waits_where_there_are_fewer_now(ground: Ground) -> None:
    intake = intake_of(ground, 2)
    clerk = ground.cast.clerk
    made = [apply(intake).application for _each in range(3)]
    activity = Activity.objects.get()
    activities.call_off_activity(activity=activity, reason="x", actor=clerk)
    activities.change_capacity(intake=intake, capacities={Quota.objects.get().pk: 1}, actor=clerk)
    activities.reopen_activity(activity=activity, reason="x", actor=clerk)
    assert [states(each) for each in made] == [["accepted"], ["waiting"], ["waiting"]]
    assert complaints(intake) == []


def test_lots_wait_while_it_is_off_and_are_drawn_when_it_is_on_again(ground: Ground) -> None:
    intake = intake_of(ground, 1, way=Way.LOTTERY)
    clerk, after = ground.cast.clerk, in_days(11)
    application = apply(intake).application
    draw = activities.seal_draw(intake=intake, seed_source="終値", actor=clerk, now=after)
    activity = Activity.objects.get()
    activities.call_off_activity(activity=activity, reason="x", actor=clerk)
    with pytest.raises(NotDrawable, match="中止にした"):
        activities.draw_lots(draw=draw, seed="1", actor=clerk, now=after)
    activities.reopen_activity(activity=activity, reason="x", actor=clerk)
    assert states(application) == ["applied"]
    activities.draw_lots(draw=draw, seed="1", actor=clerk, now=after)
    assert states(application) == ["accepted"]


def test_what_is_over_does_not_come_back(ground: Ground) -> None:
    activity = activity_of(ground)
    activities.call_off_activity(activity=activity, reason="x", actor=ground.cast.clerk)
    with pytest.raises(NotFitting, match="これからの回が残って"):
        activities.reopen_activity(activity=activity, reason="x", actor=ground.cast.clerk, now=in_days(31))


def test_one_session_comes_back_and_nobody_gets_a_place_while_none_is_held(ground: Ground) -> None:
    intake = intake_of(ground, 1)
    clerk = ground.cast.clerk
    first, second = apply(intake).application, apply(intake).application
    for session in intake.sessions.all():
        activities.call_off_session(session=session, reason="大雨", revision=1, actor=clerk)
    activities.cancel_seats(application=first)
    assert states(second) == ["waiting"]
    with pytest.raises(NotOpen, match="全部中止"):
        apply(intake)
    session = intake.sessions.first()
    with pytest.raises(NotFitting, match="これからの回だけ"):
        activities.reopen_session(
            session=session, reason="晴れた", revision=2, actor=clerk, now=timezone.now() + timedelta(days=21)
        )
    activities.reopen_session(session=session, reason="晴れた", revision=2, actor=clerk)
    assert states(second) == ["offered"]
    assert said(ground) == 2
    assert complaints(intake) == []
