"""What was recorded as held by mistake is taken back: the figures follow, and what stands in the way is said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.operations.books import close_books, reopen_books
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import EnvoyRole
from kusei.services.activities.enums import SessionState
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Attendance, Presence, Session
from kusei.services.activities.operations import meetings
from kusei.services.activities.queries.taking_back import leaving
from kusei.services.activities.tests.dispatch_ground import ask as ask_envoy
from kusei.services.activities.tests.dispatch_ground import envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import apply, in_days, intake_of
from kusei.services.activities.tests.rally_ground import rally_of
from kusei.services.activities.tests.test_door import agrees, count, on_the_day, said
from kusei.services.activities.tests.test_meetings import came, council, minutes_of, write
from kusei.wards.permissions import NotAllowed

pytestmark = pytest.mark.django_db


def take_back(session: Session, ground: Ground, now: datetime | None = None) -> Session:
    session.refresh_from_db()
    return activities.take_back_session(
        session=session, revision=session.revision, actor=ground.cast.clerk, now=now
    )


def test_a_session_of_a_course_leaves_the_figures_and_who_was_new_is_new_elsewhere(ground: Ground) -> None:
    intake = intake_of(ground, 5)
    seat = apply(intake).application.seats.get()
    wrong, right = on_the_day(intake)[:2]
    for session in (wrong, right):
        activities.mark_presence(session=session, seat=seat, is_present=True, actor=ground.cast.clerk)
    count(wrong, 9, ground, men=4)
    count(right, 1, ground)
    told = [(each.name, each.quantity, each.unit) for each in leaving(wrong)]
    assert told[:2] == [("開催・実施の回数", 1, "回"), ("延べ参加者", 9, "延べ人")]
    with pytest.raises(NotAllowed):
        activities.take_back_session(session=wrong, revision=wrong.revision, actor=ground.cast.other_clerk)
    revision = Session.objects.get(pk=wrong.pk).revision
    take_back(wrong, ground)
    with pytest.raises(ChangedMeanwhile):
        activities.take_back_session(session=wrong, revision=revision, actor=ground.cast.clerk)
    with pytest.raises(NotFitting, match="行ったと記録した回だけ"):
        take_back(wrong, ground)
    assert said(ground) == {"times": 1, "attendances": 1, "persons_of_course": 1, "persons_of_item": 1}
    figures = year_figures(ground.cast.ward, fiscal_year_of(timezone.localdate()))
    assert {figure.quantity for figure in figures.values() if figure.quantity} == {1}
    assert Presence.objects.filter(session=wrong).exists()
    assert agrees(ground)
    assert count(wrong, 1, ground).follows_door, "recorded again, it begins with who was ticked"
    assert said(ground)["attendances"] == 2
    assert agrees(ground)


def test_a_closed_year_is_opened_first(ground: Ground) -> None:
    session = on_the_day(intake_of(ground))[0]
    count(session, 12, ground)
    year = fiscal_year_of(timezone.localdate(session.starts_at))
    closed = timezone.make_aware(datetime(year + 1, 6, 1, 9))
    with pytest.raises(NotFitting, match="締めを解いて"):
        take_back(session, ground, now=closed)
    books = {"ward": ground.cast.ward, "fiscal_year": year, "actor": ground.cast.planner}
    close_books(**books, reason="早く締める")
    with pytest.raises(NotFitting, match="締めを解いて"):
        take_back(session, ground)
    assert count(session, 13, ground).heads == 13
    reopen_books(**books, reason="数のまちがい")
    take_back(session, ground)
    assert said(ground) == {}
    assert agrees(ground)


def test_a_meeting_goes_back_unless_its_record_is_final(ground: Ground) -> None:
    activity, clerk = council(ground), ground.cast.clerk
    first, second = minutes_of(ground, activity, -0.2), minutes_of(ground, activity, -0.1)
    for minutes in (first, second):
        meetings.record_attendance(minutes=minutes, lines=came(minutes), revision=1, actor=clerk)
    write(first, ground, 2)
    final = meetings.finish_minutes(minutes=first, revision=3, actor=clerk)
    with pytest.raises(NotFitting, match="確定を解いて直す"):
        take_back(first.session, ground)
    meetings.reopen_minutes(minutes=final, reason="別の会議の記録", actor=clerk)
    answered = first.attendances.get(body=ground.cast.welfare)
    Attendance.objects.filter(pk=answered.pk).update(answer="coming", answer_people=2)
    take_back(first.session, ground)
    assert said(ground) == {"times": 1, "attendances": 3, "meeting_bodies": 1, "meeting_bodies_distinct": 1}
    assert not first.attendances.exclude(came="").exists()
    assert first.attendances.get(pk=answered.pk).answer_people == 2
    assert agrees(ground)
    first.refresh_from_db()
    with pytest.raises(ChangedMeanwhile):
        meetings.finish_minutes(minutes=first, revision=5, actor=clerk)
    with pytest.raises(NotFitting, match="出席を記録して"):
        meetings.finish_minutes(minutes=first, revision=first.revision, actor=clerk)
    meetings.record_attendance(minutes=first, lines=came(first, 0), revision=first.revision, actor=clerk)
    assert said(ground)["attendances"] == 4
    assert agrees(ground)


def test_the_worker_leaves_a_rally_alone_that_was_taken_back_after_its_end(ground: Ground) -> None:
    session = rally_of(ground).activity.sessions.get()
    count(session, 5, ground)
    take_back(session, ground)
    assert said(ground) == {}
    activities.close_days(in_days(11))
    session.refresh_from_db()
    assert session.state == SessionState.HELD, "taken back while it went on: it was held in the end"
    take_back(session, ground, now=in_days(12))
    activities.close_days(in_days(13))
    session.refresh_from_db()
    assert (session.state, said(ground)) == (SessionState.PLANNED, {})
    assert agrees(ground)
    begin = in_days(14)
    activities.move_session(
        session=session, starts_at=begin, ends_at=begin + timedelta(days=2), place="区内", online_url="", reason="延期",
        revision=session.revision, actor=ground.cast.clerk,
    )  # fmt: skip
    activities.close_days(in_days(17))
    assert said(ground) == {"times": 1}
    assert agrees(ground)


def test_who_was_sent_is_taken_back_first(ground: Ground) -> None:
    session, clerk = session_in(ground, -0.1), ground.cast.clerk
    made = ask_envoy(ground, need_of(ground, session), envoy_of(ground))
    activities.set_along(session=session, role=EnvoyRole.VOLUNTEER, who="", count=3, actor=clerk)
    done = activities.record_going(
        assignment=made, went=True, minutes=90, fee_yen=4500, revision=1, actor=clerk
    )
    assert {each.name for each in leaving(session)} >= {"派遣の回数", "派遣の謝金と実費", "講師・協力者"}
    with pytest.raises(NotFitting, match="「来る人」で"):
        take_back(session, ground)
    done.refresh_from_db()
    activities.record_going(assignment=made, went=False, revision=done.revision, actor=clerk)
    take_back(session, ground)
    assert said(ground) == {}
    assert agrees(ground)
