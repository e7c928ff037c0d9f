"""At the door: who came, what of it becomes heads, and how many different people the ledger hears of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.models import Entry
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import PresenceWay, SessionState
from kusei.services.activities.errors import ActivityError, NotFitting, SeatGone
from kusei.services.activities.models import Intake, Presence, Seat, Session
from kusei.services.activities.operations import Contact
from kusei.services.activities.operations.taking_back import take_back_session
from kusei.services.activities.tests.ground import apply, intake_of
from kusei.wards.permissions import NotAllowed


def on_the_day(intake: Intake) -> list[Session]:
    """The sessions of an intake, all of them today, one after the other from midnight on."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for place, session in enumerate(intake.sessions.order_by("pk")):
        begin = midnight + timedelta(minutes=place)
        Session.objects.filter(pk=session.pk).update(starts_at=begin, ends_at=begin + timedelta(minutes=1))
    return list(intake.sessions.order_by("pk"))


def said(ground: Ground) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, quantity in Entry.objects.filter(ward=ground.cast.ward).values_list("metric__key", "quantity"):
        sums[key] = sums.get(key, 0) + quantity
    return {key: total for key, total in sums.items() if total}


def agrees(ground: Ground) -> bool:
    year = fiscal_year_of(timezone.localdate())
    return not [*discrepancies(ground.cast.ward, year), *discrepancies(ground.cast.ward, year - 1)]


def count(session: Session, heads: int | None, ground: Ground, **more: int | None) -> Session:
    session.refresh_from_db()
    return activities.count_session(
        session=session, heads=heads, revision=session.revision, actor=ground.cast.clerk, **more
    )


def test_who_is_ticked_becomes_heads_and_persons_and_a_correction_too(ground: Ground) -> None:
    intake = intake_of(ground, 5)
    one, two = (apply(intake, 2).application, apply(intake).application)
    first, second, _third = on_the_day(intake)
    clerk = ground.cast.clerk
    mine, spouse, other = Seat.objects.order_by("pk")
    for seat in (mine, spouse):
        activities.mark_presence(session=first, seat=seat, is_present=True, actor=clerk)
    activities.mark_presence(session=first, seat=mine, is_present=True, way=PresenceWay.QR, actor=clerk)
    assert Presence.objects.get(seat=mine).way == "tapped"
    assert activities.count_walk_ins(session=first, by=3, actor=clerk) == 3
    assert said(ground) == {}
    assert count(first, 5, ground).follows_door
    assert said(ground) == {"times": 1, "attendances": 5, "persons_of_course": 2, "persons_of_item": 2}
    activities.mark_presence(session=second, seat=mine, is_present=True, actor=clerk)
    activities.mark_presence(session=second, seat=other, is_present=True, actor=clerk)
    count(second, 2, ground)
    assert said(ground) == {"times": 2, "attendances": 7, "persons_of_course": 3, "persons_of_item": 3}
    figures = year_figures(ground.cast.ward, fiscal_year_of(timezone.localdate()))
    assert {figure.quantity for figure in figures.values()} == {2, 7, 3}
    activities.mark_presence(session=first, seat=mine, is_present=None, actor=clerk)
    assert said(ground) == {"times": 2, "attendances": 6, "persons_of_course": 3, "persons_of_item": 3}
    activities.mark_presence(session=first, seat=spouse, is_present=False, actor=clerk)
    assert said(ground) == {"times": 2, "attendances": 5, "persons_of_course": 2, "persons_of_item": 2}
    assert agrees(ground)
    assert (one.number, two.number) == (1, 2)


def test_the_same_person_in_two_courses_is_one_of_the_items_year(ground: Ground) -> None:
    sessions = []
    for _each in range(2):
        intake = intake_of(ground, 5)
        application = apply(intake, mail="a@example.jp").application
        session = on_the_day(intake)[0]
        activities.mark_presence(
            session=session, seat=application.seats.get(), is_present=True, actor=ground.cast.clerk
        )
        count(session, 1, ground)
        sessions.append(session)
    assert said(ground) == {"times": 2, "attendances": 2, "persons_of_course": 2, "persons_of_item": 1}
    count(sessions[0], None, ground)
    seat = Seat.objects.order_by("pk").first()
    activities.mark_presence(session=sessions[0], seat=seat, is_present=None, actor=ground.cast.clerk)
    assert said(ground) == {"times": 2, "attendances": 1, "persons_of_course": 1, "persons_of_item": 1}
    assert agrees(ground)


def test_who_is_not_of_this_day_or_place_is_told(ground: Ground) -> None:
    intake = intake_of(ground, 1)
    apply(intake)
    apply(intake)
    inside, waits = Seat.objects.order_by("pk")
    clerk = ground.cast.clerk
    with pytest.raises(NotFitting, match="まだ先の回"):
        activities.mark_presence(session=intake.sessions.first(), seat=inside, is_present=True, actor=clerk)
    session = on_the_day(intake)[0]
    with pytest.raises(NotFitting, match="キャンセル待ち"):
        activities.mark_presence(session=session, seat=waits, is_present=True, actor=clerk)
    with pytest.raises(SeatGone, match="空いた席が足りません"):
        activities.let_in(session=session, seat=waits, actor=clerk)
    activities.cancel_seats(application=inside.application, actor=clerk)
    with pytest.raises(NotFitting, match="席が決まっている人だけ"):
        activities.mark_presence(session=session, seat=inside, is_present=True, actor=clerk)
    assert activities.let_in(session=session, seat=waits, actor=clerk) == 1
    waits.refresh_from_db()
    activities.mark_presence(session=session, seat=waits, is_present=True, actor=clerk)
    with pytest.raises(NotFitting, match="ではありません"):
        activities.let_in(session=session, seat=waits, actor=clerk)
    other = intake_of(ground, 1, title="別の講座")
    stranger = apply(other).application.seats.get()
    with pytest.raises(NotFitting, match="この回に申し込んだ人ではありません"):
        activities.mark_presence(session=session, seat=stranger, is_present=True, actor=clerk)
    for who in (ground.cast.planner, ground.cast.other_clerk):
        with pytest.raises(NotAllowed):
            activities.mark_presence(session=session, seat=waits, is_present=None, actor=who)
    assert intake.quotas.get().taken == 1


def test_a_list_ticked_on_paper_is_taken_over_whole(ground: Ground) -> None:
    intake = intake_of(ground, 5)
    apply(intake, 3)
    session = on_the_day(intake)[0]
    seats = list(Seat.objects.order_by("pk"))
    clerk = ground.cast.clerk
    assert activities.mark_from_paper(session=session, present={seats[0].pk, seats[2].pk}, actor=clerk) == 2
    assert activities.mark_from_paper(session=session, present={seats[0].pk}, actor=clerk) == 1
    assert Presence.objects.filter(is_present=False, way="paper").count() == 2


@pytest.mark.parametrize(
    ("heads", "parts", "stands"),
    [
        (None, {"men": 3, "women": 4}, 7),
        (10, {"children": 4}, 10),
        (0, {"men": 0}, 0),
        (None, {}, None),
    ],
)
def test_heads_are_counted_in_parts(ground: Ground, heads, parts, stands) -> None:
    session = on_the_day(intake_of(ground))[0]
    assert count(session, heads, ground, **parts).heads == stands
    told = {f"attendances_{name}": number for name, number in parts.items() if number}
    assert said(ground) == {"times": 1, **({"attendances": stands} if stands else {}), **told}
    assert agrees(ground)


def test_a_total_below_its_parts_is_refused(ground: Ground) -> None:
    session = on_the_day(intake_of(ground))[0]
    with pytest.raises(NotFitting, match="足すと7人"):
        count(session, 6, ground, men=3, women=4)


_steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["present", "absent", "undo"]), st.integers(0, 2), st.integers(0, 4)),
        st.tuples(st.just("walk"), st.integers(0, 2), st.integers(-2, 3)),
        st.tuples(st.sampled_from(["door", "heads", "parts", "back"]), st.integers(0, 2), st.integers(0, 6)),
        st.tuples(st.just("cancel"), st.just(0), st.integers(0, 4)),
    ),
    max_size=14,
)


def do(ground: Ground, sessions: list[Session], step: tuple[str, int, int]) -> None:
    what, place, number = step
    session = Session.objects.get(pk=sessions[place].pk)
    clerk = ground.cast.clerk
    if what == "walk":
        activities.count_walk_ins(session=session, by=number, actor=clerk)
    elif what == "back":
        take_back_session(session=session, revision=session.revision, actor=clerk)
    elif what == "door":
        count(session, activities.heads_at_door(session), ground)
    elif what == "heads":
        count(session, number or None, ground)
    elif what == "parts":
        count(session, None, ground, men=number, children=1)
    else:
        seats = list(Seat.objects.filter(intake=session.intake_id).order_by("pk"))
        seat = seats[number % len(seats)]
        if what == "cancel":
            activities.cancel_seats(application=seat.application, seats=[seat.pk], actor=clerk)
            return
        is_present = {"present": True, "absent": False, "undo": None}[what]
        activities.mark_presence(session=session, seat=seat, is_present=is_present, actor=clerk)


@pytest.mark.slow
@given(steps=_steps)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_presence_heads_and_ledger_agree_whatever_is_done(ground: Ground, steps) -> None:
    before = transaction.savepoint()
    try:
        intake, other = intake_of(ground, 5), intake_of(ground, 5)
        apply(intake, 2, mail="a@example.jp")
        apply(intake)
        apply(other, 2, mail="a@example.jp")
        sessions = [*on_the_day(intake)[:2], on_the_day(other)[0]]
        for step in steps:
            try:
                with transaction.atomic():
                    do(ground, sessions, step)
            except ActivityError:
                continue
        held = Session.objects.filter(state=SessionState.HELD)
        came = Presence.objects.filter(session__in=held, is_present=True)
        for session in held.filter(follows_door=True):
            assert session.heads == activities.heads_at_door(session)
        expected = {
            "times": held.count(),
            "attendances": sum(each.heads or 0 for each in held),
            "attendances_men": sum(each.men or 0 for each in held),
            "attendances_children": sum(each.children or 0 for each in held),
            "persons_of_course": came.values("seat").distinct().count(),
            "persons_of_item": len(
                {blind or seat for seat, blind in came.values_list("seat", "seat__blind")}
            ),
        }
        assert said(ground) == {key: number for key, number in expected.items() if number}
        assert agrees(ground)
    finally:
        transaction.savepoint_rollback(before)


def test_contacts_make_a_blind_key_only_where_there_are_any(ground: Ground) -> None:
    intake = intake_of(ground, 5)
    apply(intake)
    activities.apply_for(
        intake=intake, ticket="0a6b3d00-0000-4000-8000-000000000000", people=[activities.Someone("泉 花子")],
        contact=Contact(telephone="０４５（１１１）２２２２"),
    )  # fmt: skip
    without, known = Seat.objects.order_by("pk").values_list("blind", flat=True)
    assert (without, len(known)) == ("", 32)
