"""Applications that come in the same moment are written together, and each is told what it would be told alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from kusei.jobs.models import Job
from kusei.ledger.tests.ground import Ground
from kusei.notices.models import Attempts
from kusei.notices.operations import hash_of
from kusei.notices.throttle import Attempt
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityVerb, Arrival, QuestionKind
from kusei.services.activities.errors import NotFitting, NotOpen, TooOften
from kusei.services.activities.models import Application, Intake, Seat
from kusei.services.activities.operations import Given, Someone, Wording, receiving
from kusei.services.activities.operations.receiving import Coming
from kusei.services.activities.operations.telling import CONFIRMING
from kusei.services.activities.tests.ground import apply, complaints, in_days, intake_of, states
from kusei.wards import audit
from kusei.wards.enums import Way
from kusei.wards.models import AuditEntry


def coming(people: int = 1, *, ticket: UUID | None = None, **more: Any) -> Coming:
    with audit.trail(Way.WEB):
        made = {
            "ticket": ticket or uuid4(), "people": [Someone(f"泉 花子{number}") for number in range(people)],
            "blinds": [""] * people, "given": Given(), "together": True, "sealed": "", "token_hash": hash_of(str(uuid4())),
            "telephone_key": "", "has_mail": False, "applicants_language": "ja", "way": Arrival.PAGE, "note": "",
            "actor": None, "moment": timezone.now(), "attempt": None,
        }  # fmt: skip
        return Coming(**{**made, **more})


def together(intake: Intake, comings: Sequence[Coming]) -> list[Application | Exception | None]:
    receiving._take_in(intake.pk, lambda: comings)
    return [each.refused or each.application for each in comings]


def test_each_has_its_number_its_turn_and_its_own_line_in_the_trail(ground: Ground) -> None:
    intake = intake_of(ground, 3)
    before = apply(intake).application
    got = together(intake, [coming(2), coming(1), coming(2)])
    assert [each.number for each in got if isinstance(each, Application)] == [2, 3, 4]
    assert [states(each) for each in (before, *got)] == [
        ["accepted"],
        ["accepted"] * 2,
        ["waiting"],
        ["waiting"] * 2,
    ]
    assert list(Seat.objects.order_by("turn").values_list("turn", flat=True)) == list(range(1, 7))
    lines = AuditEntry.objects.filter(verb=ActivityVerb.APPLIED).order_by("pk")
    assert [each.target_label.split()[-1] for each in lines] == [
        f"受付番号{number}" for number in (1, 2, 3, 4)
    ]
    assert len({each.request_id for each in lines}) == 4
    assert complaints(intake) == []


def test_who_cannot_come_in_is_told_why_and_the_others_stay(ground: Ground) -> None:
    intake = intake_of(ground, 5)
    late = coming(moment=in_days(11))
    many = coming(intake.most_people + 1)
    with translation.override("en"):
        nobody = coming(0)
    got = together(intake, [coming(), late, many, nobody, coming()])
    assert [type(each) for each in got] == [Application, NotOpen, NotFitting, NotFitting, Application]
    assert [each.number for each in got if isinstance(each, Application)] == [1, 2]
    assert not any("\u3040" <= letter <= "\u30ff" for letter in str(nobody.refused))


def test_the_same_form_twice_in_one_moment_is_one(ground: Ground) -> None:
    intake, ticket = intake_of(ground, 5), uuid4()
    got = together(intake, [coming(ticket=ticket), coming(), coming(ticket=ticket)])
    assert got[0] == got[2] != got[1]
    assert Application.objects.count() == 2


def test_a_form_that_was_sent_before_is_what_it_was_though_it_would_be_refused_now(ground: Ground) -> None:
    intake, ticket = intake_of(ground, 5), uuid4()
    before = apply(intake, ticket=ticket).application
    got = together(intake, [coming(ticket=ticket, moment=in_days(11)), coming()])
    assert got[0] == before
    assert Application.objects.count() == 2


def test_who_is_refused_by_the_database_is_refused_alone(ground: Ground) -> None:
    """A link's token twice cannot be: of these two, one is in, and so are the others."""
    intake, ticket = intake_of(ground, 5), uuid4()
    before = apply(intake, ticket=ticket).application
    twice = hash_of("the same")
    got = together(
        intake, [coming(ticket=ticket), coming(token_hash=twice), coming(token_hash=twice), coming()]
    )
    assert [type(each) for each in got] == [Application, Application, IntegrityError, Application]
    assert got[0] == before
    assert sorted(Application.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert complaints(intake) == []


def test_a_form_of_another_intake_opens_nothing_of_it(ground: Ground) -> None:
    here, there, ticket = intake_of(ground, 5), intake_of(ground, 5, title="ほかの教室"), uuid4()
    apply(there, ticket=ticket)
    with pytest.raises(NotFitting):
        apply(here, ticket=ticket)
    assert not Application.objects.filter(intake=here).exists()


def test_a_database_that_does_not_answer_is_asked_once(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake, asked = intake_of(ground, 5), []

    def locked(intake_id: int) -> Intake:
        asked.append(intake_id)
        raise OperationalError

    monkeypatch.setattr(receiving, "held", locked)
    with pytest.raises(OperationalError):
        together(intake, [coming(), coming()])
    assert asked == [intake.pk]


def test_tries_count_for_each_line_and_who_tries_too_often_is_told(ground: Ground) -> None:
    intake = intake_of(ground, 9)
    one, other = Attempt("apply", "one", 2, 3600), Attempt("apply", "other", 2, 3600)
    got = together(intake, [coming(attempt=each) for each in (one, other, one, one, other)])
    assert [type(each) for each in got] == [Application, Application, Application, TooOften, Application]
    assert sorted(Attempts.objects.values_list("number", flat=True)) == [2, 3]
    assert type(together(intake, [coming(attempt=one)])[0]) is TooOften


def test_a_form_sent_again_counts_as_a_try_and_shows_what_was_taken_in(ground: Ground) -> None:
    intake, ticket, line = intake_of(ground, 9), uuid4(), Attempt("apply", "one", 2, 3600)
    first = together(intake, [coming(ticket=ticket, attempt=line)])
    for _again in range(3):
        assert together(intake, [coming(ticket=ticket, attempt=line)]) == first
    assert Attempts.objects.get().number == 4
    assert type(together(intake, [coming(attempt=line)])[0]) is TooOften


def test_a_form_sent_again_does_not_hold_up_the_others(ground: Ground) -> None:
    intake, ticket = intake_of(ground, 1), uuid4()
    together(intake, [coming(ticket=ticket)])
    counts = []
    for batch in ([coming(), coming()], [coming(ticket=ticket), coming(), coming()]):
        with CaptureQueriesContext(connection) as asked:
            together(intake, batch)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_two_batches_that_waited_for_each_other_are_written_one_by_one(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake, write = intake_of(ground, 5), receiving._write

    class Deadlock(Exception):
        sqlstate = "40P01"

    def meeting(open_now: Any, batch: Sequence[Coming]) -> None:
        if len(batch) > 1:
            raise OperationalError from Deadlock()
        write(open_now, batch)

    monkeypatch.setattr(receiving, "_write", meeting)
    got = together(intake, [coming(), coming()])
    assert [each.number for each in got if isinstance(each, Application)] == [1, 2]


def test_answers_and_mails_are_each_ones_own(ground: Ground) -> None:
    intake = intake_of(ground, 9)
    question = activities.add_question(
        owner=intake,
        wording=Wording("アレルギー", QuestionKind.SHORT, is_required=True),
        actor=ground.cast.clerk,
    )
    said = [
        coming(given=Given(together={question.pk: word}), has_mail=True, sealed="x")
        for word in ("卵", "そば")
    ]
    silent = coming(has_mail=True, sealed="x")
    got = together(intake, [said[0], silent, said[1]])
    assert [type(each) for each in got] == [Application, NotFitting, Application]
    taken = [each for each in got if isinstance(each, Application)]
    answers = activities.answers_of(taken)
    assert [answers[each.pk][0].together for each in taken] == [{question.pk: "卵"}, {question.pk: "そば"}]
    assert set(Job.objects.filter(work=CONFIRMING).values_list("key", flat=True)) == {
        str(each.pk) for each in taken
    }


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))]
)
def test_together_comes_to_the_same_as_one_after_the_other(ground: Ground, seed: int) -> None:
    chance = random.Random(seed)
    families = [(chance.randint(1, 4), chance.random() < 0.7) for _each in range(14)]
    seats = chance.randint(3, 20)
    alone, at_once = intake_of(ground, seats), intake_of(ground, seats, title="同じ教室")
    for people, is_together in families:
        apply(alone, people, together=is_together)
    rest = [coming(people, together=is_together) for people, is_together in families]
    while rest:
        size = chance.randint(1, 5)
        together(at_once, rest[:size])
        del rest[:size]

    def stands(intake: Intake) -> list[Any]:
        rows = Seat.objects.filter(intake=intake).order_by("turn")
        return list(rows.values_list("turn", "application__number", "state"))

    assert stands(at_once) == stands(alone)
    assert complaints(at_once) == complaints(alone) == []
