"""Operations that need the same rows, again and again at the same moment: nobody blocks anybody. Real processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, ActivityVerb
from kusei.services.activities.errors import ActivityError, NotFitting
from kusei.services.activities.models import Activity, Application, Assignment, Quota, Seat, Session
from kusei.services.activities.operations import Contact, Details, When
from kusei.services.activities.operations.holding import held
from kusei.services.activities.tests.dispatch_ground import ask, envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import activity_of, apply, complaints, in_days, intake_of
from kusei.services.activities.tests.test_door import agrees, count, on_the_day, said
from kusei.services.activities.visit_enums import VisitVerb
from kusei.wards.models import AuditEntry

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS = 60
_processes = multiprocessing.get_context("fork")


def all_at_once(*works: Iterable[Callable[[], object]]) -> list[int | None]:
    """Each list of work in a process with its own connection; 0 where nothing but the room's own refusals was raised."""
    together = _processes.Barrier(len(works))

    def run(work: Iterable[Callable[[], object]]) -> None:
        together.wait(SECONDS)
        for one in work:
            try:
                one()
            except ActivityError:
                continue

    connections.close_all()
    running = [_processes.Process(target=run, args=(work,), daemon=True) for work in works]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    return [process.exitcode for process in running]


def test_letting_in_while_others_cancel_and_move(ground: Ground) -> None:
    intake, clerk = intake_of(ground, 1), ground.cast.clerk
    made = [apply(intake).application for _each in range(14)]
    session = on_the_day(intake)[0]
    Quota.objects.update(capacity=len(made))

    def move(number: int) -> None:
        now = Session.objects.get(pk=session.pk)
        activities.move_session(
            session=now, starts_at=now.starts_at, ends_at=now.ends_at, place=f"{number}階", online_url="", reason="都合",
            revision=now.revision, actor=clerk,
        )  # fmt: skip

    def let_in(seat: Seat) -> None:
        activities.let_in(session=session, seat=seat, actor=clerk)

    def cancel(number: int) -> None:
        activities.cancel_seats(application=made[number], actor=clerk)

    seats = list(Seat.objects.order_by("pk"))
    assert all_at_once(
        [lambda each=each: let_in(each) for each in seats],
        [lambda each=each: move(each) for each in range(10)],
        [lambda each=each: cancel(each) for each in range(0, len(made), 2)],
    ) == [0, 0, 0]
    assert complaints(intake) == []
    assert set(Seat.objects.values_list("state", flat=True)) == {"accepted", "cancelled"}


def test_nobody_is_ticked_after_cancelling(ground: Ground) -> None:
    intake, clerk = intake_of(ground, 8), ground.cast.clerk
    for _each in range(8):
        apply(intake)
    session, seats = on_the_day(intake)[0], list(Seat.objects.order_by("pk"))

    def tick(seat: Seat) -> None:
        activities.mark_presence(session=session, seat=seat, is_present=True, actor=clerk)

    def cancel(seat: Seat) -> None:
        activities.cancel_seats(application=seat.application, actor=clerk)

    assert all_at_once(
        [lambda each=each: tick(each) for each in seats], [lambda each=each: cancel(each) for each in seats[::-1]]
    ) == [0, 0]  # fmt: skip
    assert set(Seat.objects.values_list("state", flat=True)) == {"cancelled"}
    done: dict[str, list[str]] = {}
    trail = AuditEntry.objects.filter(verb__in=[ActivityVerb.PRESENCE, ActivityVerb.CANCELLED]).order_by("pk")
    for label, verb in trail.values_list("target_label", "verb"):
        done.setdefault(label.split()[-1], []).append(verb)
    assert len(done) == len(seats)
    assert {verbs[-1] for verbs in done.values()} == {ActivityVerb.CANCELLED}


def test_two_series_that_are_moved_ask_the_same_people_in_two_orders(ground: Ground) -> None:
    people = [envoy_of(ground, f"見本 {number}") for number in range(3)]
    made = []
    for place, order in enumerate((people, people[::-1])):
        activity = activity_of(ground, title="派遣の要る講座")
        for day, envoy in enumerate(order):
            session = session_in(ground, 5 + day + 20 * place, activity=activity)
            ask(ground, need_of(ground, session), envoy)
        made.append(activity)

    def move(activity: Activity, hour: int) -> None:
        now = dict(activity.sessions.filter(needs__isnull=False).values_list("pk", "revision"))
        activities.change_sessions(
            activity=activity, sessions=now, begins=time(hour), ends=time(20), reason="都合", actor=ground.cast.clerk
        )  # fmt: skip

    works = ([lambda each=each, hour=hour: move(each, hour) for hour in range(8, 14)] for each in made)
    assert all_at_once(*works) == [0, 0]
    assert set(Assignment.objects.values_list("state", flat=True)) == {"asked"}


def test_a_session_is_taken_back_by_two_while_others_are_counted(ground: Ground) -> None:
    intake, clerk = intake_of(ground, 8), ground.cast.clerk
    seats = [apply(intake).application.seats.get() for _each in range(4)]
    sessions = on_the_day(intake)[:3]
    for session in sessions:
        activities.mark_presence(session=session, seat=seats[0], is_present=True, actor=clerk)
        count(session, 2, ground)
    wrong, known = sessions[0], {each.pk: Session.objects.get(pk=each.pk).revision for each in sessions}

    def take_back() -> None:
        activities.take_back_session(session=wrong, revision=known[wrong.pk], actor=clerk)

    def tick(session: Session, seat: Seat) -> None:
        activities.mark_presence(session=session, seat=seat, is_present=True, actor=clerk)

    assert (
        all_at_once(
            [take_back],
            [take_back],
            [lambda each=each: tick(sessions[1], each) for each in seats[1:]],
            [lambda heads=heads: count(sessions[2], heads, ground) for heads in range(3, 8)],
            [lambda: activities.count_session(session=wrong, heads=9, revision=known[wrong.pk], actor=clerk)],
        )
        == [0] * 5
    )
    trail = AuditEntry.objects.filter(verb=VisitVerb.TAKEN_BACK).count()
    wrong.refresh_from_db()
    assert (trail, wrong.state, wrong.heads) in [(1, "planned", None), (0, "held", 9)]
    assert said(ground)["times"] == 3 - trail
    assert agrees(ground)


def test_who_waited_for_an_intake_sees_its_activity_as_it_became(ground: Ground) -> None:
    intake, clerk = intake_of(ground), ground.cast.clerk
    is_held, is_coming = _processes.Event(), _processes.Event()

    def unpublish() -> None:
        with transaction.atomic():
            activities.unpublish_activity(activity=intake.activity, actor=clerk)
            is_held.set()
            is_coming.wait(SECONDS)
            until_somebody_waits()

    def come() -> None:
        is_held.wait(SECONDS)
        is_coming.set()
        apply(intake)

    assert all_at_once([unpublish], [come]) == [0, 0]
    assert (Activity.objects.get().state, Application.objects.count()) == ("draft", 0)


def test_who_is_written_anew_while_names_are_deleted_is_deleted_too(ground: Ground) -> None:
    intake, clerk = intake_of(ground), ground.cast.clerk
    made, later = apply(intake).application, in_days(800)
    is_held = _processes.Event()

    def change() -> None:
        with transaction.atomic():
            held(intake.pk)
            is_held.set()
            until_somebody_waits()
            activities.change_application(
                application=made, people={}, contact=Contact(telephone="045-111-2222"), version=activities.version_of(made), actor=clerk
            )  # fmt: skip

    def forget() -> None:
        is_held.wait(SECONDS)
        activities.forget_applicants(actor=ground.cast.operator, now=later)

    assert all_at_once([change], [forget]) == [0, 0]
    made.refresh_from_db()
    assert (made.sealed, made.telephone_key, made.forgotten_at) == ("", "", later)


def test_two_clicks_at_once_set_one_activity_up(ground: Ground) -> None:
    is_made, cast = _processes.Event(), ground.cast
    form = {
        "ward": cast.ward, "item": ground.items[0], "host": cast.promotion, "ticket": uuid4(), "actor": cast.clerk,
        "details": Details(ActivityKind.COURSE, "健康づくり講座"),
    }  # fmt: skip

    def first() -> None:
        with transaction.atomic():
            activities.set_up(**form)
            is_made.set()
            until_somebody_waits()

    def second() -> None:
        is_made.wait(SECONDS)
        activities.set_up(**form)

    assert all_at_once([first], [second]) == [0, 0]
    assert Activity.objects.count() == 1


def until_somebody_waits() -> None:
    """Until another connection waits for what this one holds; SQLite does not tell, and lets nobody read in between."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for _try in range(SECONDS * 1000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def test_a_series_that_is_sent_twice_stands_there_once(ground: Ground) -> None:
    activity, clerk = activity_of(ground), ground.cast.clerk
    whens = [When(in_days(day), in_days(day) + timedelta(hours=1), "会館") for day in (40, 47, 54)]

    def add() -> None:
        activities.add_sessions(activity=activity, whens=whens, actor=clerk)

    assert all_at_once([add, add], [add]) == [0, 0]
    assert activity.sessions.filter(place="会館").count() == 3
    first = activity.sessions.get(starts_at=whens[0].starts_at)
    activities.call_off_session(session=first, reason="台風", revision=first.revision, actor=clerk)
    with pytest.raises(NotFitting, match="同じ時刻の回がもうあります"):
        activities.add_sessions(activity=activity, whens=whens[1:2], actor=clerk)
    # What is called off takes no room.
    activities.add_sessions(activity=activity, whens=whens[:1], actor=clerk)
    assert activity.sessions.filter(place="会館").count() == 4
