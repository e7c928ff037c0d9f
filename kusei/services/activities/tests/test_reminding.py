"""Reminders: on their day, by day, once for each application, again for a session that was moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kusei.jobs.running import work_off
from kusei.ledger.tests.ground import Ground
from kusei.notices.models import Notice
from kusei.services.activities import operations as activities
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Session, Telling
from kusei.services.activities.reminding import due
from kusei.services.activities.tests.ground import apply, in_days, intake_of
from kusei.wards.permissions import NotAllowed

DAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("today", "days", "expected"),
    [
        (date(2026, 6, 6), (3, 1), None),
        (date(2026, 6, 7), (3, 1), 3),
        (date(2026, 6, 8), (3, 1), 3),
        (date(2026, 6, 9), (3, 1), 1),
        (date(2026, 6, 10), (3, 1), 1),
        (date(2026, 6, 11), (3, 1), None),
        (date(2026, 6, 9), (0, 0), None),
        (date(2026, 6, 9), (7, 0), 7),
    ],
)
def test_which_reminder_is_due(today: date, days: tuple[int, int], expected: int | None) -> None:
    assert due(DAY, today, days) == expected


def days_before(session: Session, days: int, hour: int = 9) -> datetime:
    begins = timezone.localtime(session.starts_at)
    return (begins - timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.fixture
def mailed(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST = "mail.example.jp"


def test_who_has_a_place_is_reminded_once_and_who_has_no_mail_is_telephoned(
    ground: Ground, mailed: None
) -> None:
    intake = intake_of(ground, 2, bring="母子手帳")
    first = apply(intake, mail="a@example.jp", language="en")
    apply(intake)
    apply(intake, mail="waits@example.jp")
    session = intake.sessions.first()
    assert activities.remind(now=days_before(session, 4)) == 0
    assert activities.remind(now=days_before(session, 3, hour=7)) == 0
    assert activities.remind(now=days_before(session, 3)) == 2
    assert activities.remind(now=days_before(session, 2)) == 0
    assert sorted(Telling.objects.values_list("by_mail", "occasion")) == [
        (False, "reminder"),
        (True, "reminder"),
    ]
    mail.outbox.clear()
    work_off()
    sent = next(each for each in mail.outbox if "母子手帳" in each.body)
    assert sent.to == ["a@example.jp"]
    assert first.token in sent.body
    assert "地区センター" in sent.body
    assert activities.remind(now=days_before(session, 1)) == 2  # once more, the day before


def test_a_session_that_was_moved_is_reminded_of_again(ground: Ground, mailed: None) -> None:
    intake = intake_of(ground)
    apply(intake)
    session = intake.sessions.first()
    assert activities.remind(now=days_before(session, 1)) == 1
    later = session.starts_at + timedelta(days=2)
    activities.move_session(
        session=session, starts_at=later, ends_at=later + timedelta(hours=2), place="区役所", online_url="",
        reason="会場の都合", revision=1, actor=ground.cast.clerk,
    )  # fmt: skip
    session.refresh_from_db()
    assert activities.remind(now=days_before(session, 1)) == 1


def test_who_has_just_applied_and_who_is_not_to_come_hears_nothing(ground: Ground, mailed: None) -> None:
    intake = intake_of(ground, closes_in=19)
    session = intake.sessions.first()
    apply(intake, now=days_before(session, 3, hour=10), actor=ground.cast.clerk)
    assert activities.remind(now=days_before(session, 3, hour=11)) == 0
    assert activities.remind(now=days_before(session, 1)) == 1
    activities.call_off_session(session=session, reason="大雨", revision=1, actor=ground.cast.clerk)
    Telling.objects.filter(occasion="reminder").delete()
    assert activities.remind(now=days_before(session, 1)) == 0


def at(session: Session, hour: int, minute: int = 0) -> datetime:
    return days_before(session, 0, hour).replace(minute=minute)


def test_reminders_that_are_switched_on_on_the_day_go_to_who_knew_before_and_end_with_the_beginning(
    ground: Ground, mailed: None
) -> None:
    intake = intake_of(ground, 9, closes_in=21)
    clerk, session = ground.cast.clerk, intake.sessions.first()
    activities.change_reminders(activity=intake.activity, days=0, again_days=0, actor=clerk)
    begin = at(session, 10)
    Session.objects.filter(pk=session.pk).update(starts_at=begin, ends_at=begin + timedelta(hours=2))
    early = apply(intake, now=days_before(session, 2))
    for late in (days_before(session, 1, 7), days_before(session, 1, 21), at(session, 8), at(session, 9)):
        apply(intake, now=late, actor=clerk)
    assert activities.remind(now=at(session, 8)) == 0
    activities.change_reminders(activity=intake.activity, days=1, again_days=0, actor=clerk)
    assert activities.remind(now=begin) == 0
    assert activities.remind(now=at(session, 11)) == 0
    assert activities.remind(now=at(session, 9, 59)) == 1
    assert Telling.objects.get().application == early.application
    assert activities.remind(now=at(session, 9, 59)) == 0


def test_a_session_that_begins_while_many_are_told_is_left_alone(
    ground: Ground, mailed: None, monkeypatch
) -> None:
    intake = intake_of(ground)
    apply(intake)
    session = intake.sessions.first()
    begin = at(session, 10)
    Session.objects.filter(pk=session.pk).update(starts_at=begin, ends_at=begin + timedelta(hours=2))
    times = iter([begin - timedelta(seconds=1)])
    monkeypatch.setattr(timezone, "now", lambda: next(times, begin))
    assert activities.remind() == 0
    assert not Telling.objects.exists()


def test_a_reminder_that_could_not_be_sent_in_time_is_not_sent(ground: Ground, mailed: None) -> None:
    intake = intake_of(ground)
    apply(intake, mail="a@example.jp")
    work_off()
    mail.outbox.clear()
    assert activities.remind(now=days_before(intake.sessions.first(), 1)) == 1
    notice = Telling.objects.get().notice
    assert notice.useless_after == intake.sessions.first().starts_at
    Notice.objects.filter(pk=notice.pk).update(useless_after=timezone.now())
    work_off()
    assert mail.outbox == []
    notice.refresh_from_db()
    assert (notice.to_sealed, notice.next_try_at, notice.tries) == ("", None, 0)
    assert "時が過ぎた" in notice.failed


def test_reminders_are_set_for_each_activity(ground: Ground, mailed: None) -> None:
    intake = intake_of(ground)
    apply(intake)
    clerk = ground.cast.clerk
    with pytest.raises(NotAllowed):
        activities.change_reminders(
            activity=intake.activity, days=0, again_days=0, actor=ground.cast.other_clerk
        )
    with pytest.raises(NotFitting, match="14日前まで"):
        activities.change_reminders(activity=intake.activity, days=15, again_days=0, actor=clerk)
    activities.change_reminders(activity=intake.activity, days=0, again_days=0, actor=clerk)
    session = intake.sessions.first()
    assert activities.remind(now=days_before(session, 1)) == 0


def test_a_session_that_is_called_off_is_told_to_who_waits_too(ground: Ground, mailed: None) -> None:
    intake = intake_of(ground, 1)
    apply(intake)
    apply(intake, mail="waits@example.jp")
    session = intake.sessions.first()
    told = activities.call_off_session(session=session, reason="大雨", revision=1, actor=ground.cast.clerk)
    assert (told.by_mail, told.to_telephone) == (1, 1)
    mail.outbox.clear()
    work_off()
    assert any("大雨" in each.body for each in mail.outbox)
    assert in_days(0) > Telling.objects.filter(occasion="called_off").first().made_at
