"""Names go a year after the last session; what different people are counted by goes with the closing of the books, and the figure stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.operations.books import close_books, reopen_books
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Application, Intake, Presence, SealedCount, Seat, Session
from kusei.services.activities.queries.again import alike
from kusei.services.activities.tests.ground import apply, intake_of
from kusei.services.activities.tests.test_door import agrees, said

pytestmark = pytest.mark.django_db

YEAR = fiscal_year_of(timezone.localdate())
TOLD = {"times": 2, "attendances": 2, "persons_of_course": 2, "persons_of_item": 1}


def on(month: int, day: int, years: int = 0) -> datetime:
    """Ten o'clock of a day, `years` after this fiscal year."""
    return timezone.make_aware(datetime(YEAR + years + (month < 4), month, day, 10))


def held(ground: Ground, *days: datetime, waits: str = "") -> tuple[Intake, Seat, Session]:
    """An intake with sessions on these days; the first was held, and the same person came to it."""
    intake = intake_of(ground, 1)
    seat = apply(intake, mail="a@example.jp").application.seats.get()
    if waits:
        apply(intake, mail=waits)
    sessions = list(intake.sessions.order_by("pk"))
    for session, day in zip(sessions, days, strict=False):
        Session.objects.filter(pk=session.pk).update(starts_at=day, ends_at=day + timedelta(hours=1))
    intake.sessions.filter(pk__in=[each.pk for each in sessions[len(days) :]]).delete()
    session = Session.objects.get(pk=sessions[0].pk)
    mark(ground, session, seat, True)
    activities.count_session(session=session, heads=1, revision=1, actor=ground.cast.clerk, now=days[0])
    return intake, seat, session


def mark(ground: Ground, session: Session, seat: Seat, is_present: bool | None) -> None:
    activities.mark_presence(
        session=session, seat=seat, is_present=is_present, actor=ground.cast.clerk, now=on(3, 31)
    )


def forget(ground: Ground, now: datetime) -> int:
    return activities.forget_applicants(actor=ground.cast.operator, now=now)


def kept() -> tuple[int, int, int, int]:
    """How many names, presences, blind keys and seals there are."""
    return (
        Application.objects.exclude(sealed="").count(),
        Presence.objects.count(),
        Seat.objects.exclude(blind="").count(),
        SealedCount.objects.count(),
    )


@pytest.mark.slow
def test_people_are_counted_right_until_the_books_are_closed_and_the_figure_stays(ground: Ground) -> None:
    early, seat, first = held(ground, on(4, 10), waits="waits@example.jp")
    _late, other, second = held(ground, on(4, 12), on(3, 20))
    absent = intake_of(ground, 1)
    gone = apply(absent, mail="b@example.jp").application.seats.get()
    absent.sessions.update(starts_at=on(4, 11), ends_at=on(4, 11) + timedelta(hours=1))
    mark(ground, absent.sessions.first(), gone, False)
    assert said(ground) == TOLD
    assert forget(ground, on(4, 9, 1)) == 0
    assert forget(ground, on(4, 20, 1)) == 3
    assert kept() == (1, 2, 3, 0), "who waited and who stayed away is nobody that is counted"
    assert alike(early) == {}
    mark(ground, second, other, None)
    assert said(ground) == TOLD | {"attendances": 1, "persons_of_course": 1}
    mark(ground, second, other, True)
    mark(ground, first, seat, None)
    assert said(ground) == TOLD | {"attendances": 1, "persons_of_course": 1}
    mark(ground, first, seat, True)
    assert said(ground) == TOLD
    assert agrees(ground)
    assert forget(ground, on(5, 31, 1)) == 0
    assert kept()[1:] == (2, 3, 0)
    assert forget(ground, on(6, 1, 1)) == 0
    assert kept() == (1, 1, 1, 2)
    assert said(ground) == TOLD
    assert agrees(ground)
    with pytest.raises(NotFitting, match="実人数を確定した回"):
        mark(ground, second, other, None)
    second.refresh_from_db()
    activities.count_session(
        session=second, heads=4, revision=second.revision, actor=ground.cast.clerk, now=on(4, 13)
    )
    assert said(ground) == TOLD | {"attendances": 5}
    assert forget(ground, on(3, 21, 1)) == 1
    assert kept() == (0, 0, 0, 2)
    assert said(ground) == TOLD | {"attendances": 5}
    assert agrees(ground)


def test_an_intake_of_two_years_keeps_what_the_open_one_needs(ground: Ground) -> None:
    intake, seat, last = held(ground, on(4, 10), on(3, 20, -1))
    before = intake.sessions.exclude(pk=last.pk).get()
    mark(ground, before, seat, True)
    activities.count_session(session=before, heads=1, revision=1, actor=ground.cast.clerk)
    assert forget(ground, on(4, 20, 1)) == 1
    assert list(Presence.objects.values_list("session", flat=True)) == [last.pk]
    assert kept() == (0, 1, 1, 1)
    assert agrees(ground)
    forget(ground, on(6, 1, 1))
    assert kept() == (0, 0, 0, 2)
    assert said(ground) == {"times": 2, "attendances": 2, "persons_of_course": 2, "persons_of_item": 2}
    assert agrees(ground)


def test_books_that_stay_open_keep_nobody_for_ever(ground: Ground) -> None:
    held(ground, on(4, 10))
    books = {"ward": ground.cast.ward, "fiscal_year": YEAR, "actor": ground.cast.planner, "reason": "数"}
    close_books(**books)
    reopen_books(**books)
    assert forget(ground, on(6, 1, 1)) == 1
    assert kept() == (0, 1, 1, 0)
    forget(ground, on(4, 20, 2))
    assert kept() == (0, 0, 0, 1)
    assert agrees(ground)
