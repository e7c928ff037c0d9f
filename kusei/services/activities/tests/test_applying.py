"""Applications: in order, once, together; offers that run out; and who may do what."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.notices.operations import hash_of
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import Arrival, SeatState
from kusei.services.activities.errors import NotFitting, NotOpen, SeatGone, TooFewSeats
from kusei.services.activities.models import Application, Quota
from kusei.services.activities.operations import Contact, Someone
from kusei.services.activities.operations.applying import token_of, unsealed
from kusei.services.activities.tests.ground import activity_of, apply, complaints, in_days, intake_of, states
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed


def test_first_come_first_served_and_the_rest_wait_in_order(ground: Ground) -> None:
    intake = intake_of(ground, 3)
    said = [states(apply(intake).application) for _each in range(5)]
    assert said == [["accepted"]] * 3 + [["waiting"]] * 2
    assert complaints(intake) == []


def test_the_same_form_sent_twice_is_one_application(ground: Ground) -> None:
    intake, ticket = intake_of(ground), uuid4()
    first, again = apply(intake, ticket=ticket), apply(intake, ticket=ticket)
    assert first.application == again.application
    assert first.token == again.token != ""
    assert Quota.objects.get().taken == 1


def test_the_form_of_one_intake_opens_nothing_of_another(ground: Ground) -> None:
    ticket = uuid4()
    apply(intake_of(ground), ticket=ticket)
    with pytest.raises(NotFitting, match="開き直して"):
        apply(intake_of(ground, title="別の教室"), ticket=ticket)
    assert Application.objects.count() == 1


def test_a_family_stays_together_and_keeps_its_turn(ground: Ground) -> None:
    intake = intake_of(ground, 3)
    apply(intake, 2)
    family = apply(intake, 3).application
    alone = apply(intake).application
    assert (states(family), states(alone)) == (["waiting"] * 3, ["accepted"])


def test_who_takes_as_many_as_fit_gets_some_and_waits_for_the_others(ground: Ground) -> None:
    intake = intake_of(ground, 3)
    apply(intake, 2)
    group = apply(intake, 3, together=False).application
    assert states(group) == ["accepted", "waiting", "waiting"]
    assert complaints(intake) == []


def test_kinds_of_seats_are_counted_apart(ground: Ground) -> None:
    intake = intake_of(ground, {"大人": 5, "保育": 1})
    adult, child = Quota.objects.order_by("position")
    people = [Someone("親", quota=adult.pk), Someone("子", quota=child.pk)]
    for expected in (["accepted"] * 2, ["waiting"] * 2):
        applied = activities.apply_for(intake=intake, ticket=uuid4(), people=people, contact=Contact())
        assert states(applied.application) == expected
    with pytest.raises(NotFitting, match="枠を選んで"):
        apply(intake)


def test_what_is_cancelled_is_offered_to_the_next_for_a_time(ground: Ground) -> None:
    intake = intake_of(ground, 1)
    first, second, third = (apply(intake).application for _each in range(3))
    assert activities.cancel_seats(application=first) == 1
    assert activities.cancel_seats(application=first) == 0
    seat = second.seats.get()
    assert seat.state == SeatState.OFFERED
    assert abs(seat.answer_by - in_days(2)) < timedelta(minutes=1)
    assert states(third) == ["waiting"]
    assert activities.take_offer(application=second) == 1
    assert activities.take_offer(application=second) == 0  # a second click
    assert states(second) == ["accepted"]


def test_a_declined_offer_goes_on_and_one_that_nobody_answers_too(ground: Ground) -> None:
    intake = intake_of(ground, 1)
    first, second, third, fourth = (apply(intake).application for _each in range(4))
    activities.cancel_seats(application=first)
    assert activities.leave_offer(application=second) == 1
    assert (states(second), states(third)) == (["declined"], ["offered"])
    later = timezone.now() + timedelta(hours=49)
    assert activities.expire_offers(now=later) == 1
    assert (states(third), states(fourth)) == (["expired"], ["offered"])
    with pytest.raises(SeatGone, match="案内は終わりました"):
        activities.take_offer(application=third)
    with pytest.raises(SeatGone, match="期限が過ぎた"):
        activities.take_offer(application=fourth, now=later + timedelta(days=3))
    assert complaints(intake) == []


def test_no_offer_stands_beyond_the_beginning_and_none_is_made_after_it(ground: Ground) -> None:
    intake = intake_of(ground, 1)
    first, second, third = (apply(intake).application for _each in range(3))
    soon = in_days(20) - timedelta(hours=5)
    activities.cancel_seats(application=first, now=soon)
    assert abs(second.seats.get().answer_by - in_days(20)) < timedelta(minutes=1)
    activities.cancel_seats(application=second, actor=ground.cast.clerk, now=in_days(21))
    assert states(third) == ["waiting"]
    with pytest.raises(SeatGone, match="始まった後"):
        activities.cancel_seats(application=third, now=in_days(21))


@pytest.mark.parametrize(
    ("days", "told"), [(-2, "まだ始まっていません"), (11, "期間は終わりました"), (21, "もう始まっている")]
)
def test_outside_the_window_nobody_applies_by_the_page(ground: Ground, days: int, told: str) -> None:
    intake = intake_of(ground)
    with pytest.raises(NotOpen, match=told):
        apply(intake, now=in_days(days))
    assert Application.objects.count() == 0


def test_staff_write_down_what_comes_by_telephone_also_after_the_window(ground: Ground) -> None:
    intake = intake_of(ground)
    by_phone = {"way": Arrival.TELEPHONE, "now": in_days(11)}
    with pytest.raises(NotAllowed):
        apply(intake, actor=ground.cast.other_clerk, **by_phone)
    application = apply(intake, actor=ground.cast.clerk, **by_phone).application
    assert (application.way, application.received_by) == ("telephone", ground.cast.clerk)


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ([], "一人は書いて"),
        ([Someone(" ")], "名前を書いて"),
        ([Someone("名" * 81)], "名前が長すぎます"),
        ([Someone("花子", age=2)] * 5, "4人までです"),
        ([Someone("花子")], "年齢を書いて"),
        ([Someone("花子", age=4)], "0歳から3歳まで"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(ground: Ground, people: list[Someone], told: str) -> None:
    intake = intake_of(ground, min_age=0, max_age=3)
    with pytest.raises(NotFitting, match=told):
        activities.apply_for(intake=intake, ticket=uuid4(), people=people, contact=Contact())
    assert Application.objects.count() == 0


def test_a_draft_takes_nobody(ground: Ground) -> None:
    activity = activity_of(ground, published=False)
    intake = activities.add_intake(
        activity=activity, quotas={"": 3}, opens_at=in_days(-1), closes_at=in_days(1), actor=ground.cast.clerk
    )
    with pytest.raises(NotOpen):
        apply(intake)


def test_fewer_seats_than_are_taken_are_refused_and_more_are_offered(ground: Ground) -> None:
    intake = intake_of(ground, 2)
    quota = Quota.objects.get()
    applications = [apply(intake).application for _each in range(4)]
    with pytest.raises(TooFewSeats, match="もう2人"):
        activities.change_capacity(intake=intake, capacities={quota.pk: 1}, actor=ground.cast.clerk)
    activities.change_capacity(intake=intake, capacities={quota.pk: 3}, actor=ground.cast.clerk)
    assert [states(each) for each in applications] == [["accepted"], ["accepted"], ["offered"], ["waiting"]]
    assert complaints(intake) == []


def test_the_database_itself_refuses_one_more(ground: Ground) -> None:
    intake_of(ground, 2)
    with pytest.raises(IntegrityError):
        Quota.objects.update(taken=3)


def test_names_are_sealed_and_in_no_trail(ground: Ground) -> None:
    intake = intake_of(ground)
    applied = activities.apply_for(
        intake=intake, ticket=uuid4(), people=[Someone("緑園 一郎", "リョクエン イチロウ")],
        contact=Contact("ichiro@example.jp", "045-000-0000"),
    )  # fmt: skip
    application = applied.application
    assert application.token_hash == hash_of(applied.token) == hash_of(token_of(application))
    assert unsealed(application)["people"][0]["name"] == "緑園 一郎"
    kept = str(Application.objects.filter(pk=application.pk).values().get())
    trail = str(list(AuditEntry.objects.values()))
    for secret in ("緑園", "ichiro", "045-000"):
        assert secret not in kept
        assert secret not in trail


def test_personal_data_goes_a_year_after_the_last_session_and_counts_stay(ground: Ground) -> None:
    intake = intake_of(ground)
    application = apply(intake, 2, mail="a@example.jp").application
    with pytest.raises(NotAllowed):
        activities.forget_applicants(actor=ground.cast.clerk)
    operator = ground.cast.operator
    assert activities.forget_applicants(actor=operator, now=in_days(34 + 364)) == 0
    assert activities.forget_applicants(actor=operator, now=in_days(34 + 366)) == 1
    application.refresh_from_db()
    assert (application.sealed, application.has_mail) == ("", False)
    assert states(application) == ["accepted"] * 2
    assert activities.forget_applicants(actor=operator, now=in_days(34 + 367)) == 0
