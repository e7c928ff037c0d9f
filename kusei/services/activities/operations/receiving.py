"""Writing applications down under the lock of their intake: those who come in the same moment together, in one transaction.

In a rush an application waits longer for its turn than it takes to write, and what is asked and written under the lock costs the same
for ten as for one (ADR 0026). Each is judged for itself: what cannot be taken in is told its reason, and the others stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count
from typing import NamedTuple
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kusei.notices.throttle import Attempt, count_attempts
from kusei.services.activities.enums import ActivityVerb, Arrival, SeatState, Way
from kusei.services.activities.errors import ActivityError, NotFitting, TooOften
from kusei.services.activities.lines import Lines
from kusei.services.activities.models import Application, Intake, Question, Quota, Seat
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.answering import Given, checked, keep_answers
from kusei.services.activities.operations.holding import held, starts_at
from kusei.services.activities.operations.judging import (
    Someone,
    checked_people,
    is_undrawn,
    outside_of,
    quota_of,
    require_open,
    too_often,
)
from kusei.services.activities.operations.offering import line_of, offer_free_seats
from kusei.services.activities.queries.asking import asked_now
from kusei.wards import audit
from kusei.wards.models import AuditEntry, Person


@dataclass(slots=True, eq=False)
class Coming:
    """An application before its turn: all that can be known of it without the lock. `blinds` are those of its `people`;
    `trail` and `language` are those of whoever sends it."""

    ticket: UUID
    people: Sequence[Someone]
    blinds: Sequence[str]
    given: Given
    together: bool
    sealed: str
    token_hash: str
    telephone_key: str
    has_mail: bool
    applicants_language: str
    way: Arrival
    note: str
    actor: Person | None
    moment: datetime
    attempt: Attempt | None
    trail: audit.Trail = field(default_factory=audit.current_trail)
    language: str | None = field(default_factory=translation.get_language)
    application: Application | None = None
    refused: Exception | None = None


class _Open(NamedTuple):
    """A held intake: when its first session begins, its kinds of places, what it asks."""

    intake: Intake
    first: datetime | None
    quotas: Sequence[Quota]
    questions: Sequence[Question]


class _Entry(NamedTuple):
    """One that may come in: where each of its people wants a seat, its answers as they are kept, and whether it is not for them."""

    coming: Coming
    places: Sequence[Quota]
    given: Given
    is_exception: bool


def receive(intake: Intake, coming: Coming) -> Application:
    """Take it in, in its turn; whichever application was made of its ticket, now or before. Raises NotOpen, NotFitting,
    IntegrityError where the ticket was used for another intake in the same moment."""
    # Whoever is in a transaction already may hold the lock, and would wait for itself.
    if connection.in_atomic_block:
        _take_in(intake.pk, lambda: [coming])
    else:
        _LINES.pass_through(intake.pk, coming)
    if coming.refused is not None:
        raise coming.refused
    assert coming.application is not None
    return coming.application


def _take_in(intake_id: int, take: Callable[[], Sequence[Coming]]) -> None:
    """Take all in who stand in line, each or none for its own reasons. Where the database refuses what one of them brings, each is
    written alone, so that it fails alone."""
    batch: Sequence[Coming] = ()
    try:
        with transaction.atomic():
            open_now = _open(intake_id)
            batch = take()
            _write(open_now, batch)
    except Exception as error:
        if not batch or (isinstance(error, OperationalError) and not _met_somebody(error)):
            raise
        for each in batch:
            _alone(intake_id, each)


def _met_somebody(error: OperationalError) -> bool:
    """Whether two batches waited for each other (the same tickets at two intakes): alone, none does. PostgreSQL's error codes, class 40."""
    return getattr(error.__cause__, "sqlstate", "") == "40P01"


def _alone(intake_id: int, coming: Coming) -> None:
    coming.application = coming.refused = None
    try:
        with transaction.atomic():
            _write(_open(intake_id), [coming])
    except Exception as error:
        coming.refused = error


def _open(intake_id: int) -> _Open:
    """Hold an intake. All that is asked here is asked before anybody is taken from the line: meanwhile more come."""
    intake = held(intake_id)
    quotas = list(Quota.objects.filter(intake=intake).order_by())
    return _Open(intake, starts_at(intake), quotas, asked_now(intake))


def _write(open_now: _Open, batch: Sequence[Coming]) -> None:
    """Write down whoever may come in, with the next numbers and turns of a held intake, and give them what is free."""
    _count(batch)
    _look_back(batch)
    entering: dict[UUID, _Entry] = {}
    for coming in batch:
        if coming.application is not None or coming.refused is not None or coming.ticket in entering:
            continue
        try:
            with translation.override(coming.language):
                entering[coming.ticket] = _judged(open_now, coming)
        except ActivityError as error:
            coming.refused = error
    if entering:
        made = {each.ticket: each for each in _insert(open_now.intake, list(entering.values()))}
        for coming in batch:
            if coming.ticket in made:
                coming.application, coming.refused = made[coming.ticket], None


def _look_back(comings: Sequence[Coming]) -> None:
    """What the same forms made when they were sent before is what they make now, whatever would become of them today. They count as
    tries all the same."""
    made = Application.objects.filter(ticket__in=[each.ticket for each in comings]).order_by()
    before = {each.ticket: each for each in made}
    for each in comings:
        if each.ticket in before:
            each.application, each.refused = before[each.ticket], None


def _count(batch: Sequence[Coming]) -> None:
    """Refuse who sends too often. Counted in this transaction: one of its own for each would cost as much as the rest."""
    counted = [each for each in batch if each.attempt is not None]
    if not counted:
        return
    for each, is_allowed in zip(
        counted, count_attempts([each.attempt for each in counted if each.attempt]), strict=True
    ):
        if not is_allowed:
            with translation.override(each.language):
                each.refused = TooOften(too_often())


def _judged(open_now: _Open, coming: Coming) -> _Entry:
    """As it may come in. Raises NotOpen, NotFitting."""
    intake = open_now.intake
    by_staff = coming.actor is not None
    require_open(intake, coming.moment, open_now.first, by_staff=by_staff)
    checked_people(intake, coming.people)
    outside = outside_of(intake, coming.people, coming.given, by_staff=by_staff)
    if outside and not (by_staff and coming.note):
        raise NotFitting(_refused(outside, by_staff=by_staff))
    places = [quota_of(each, open_now.quotas) for each in coming.people]
    given = checked(open_now.questions, coming.given, len(places), may_be_empty=by_staff)
    return _Entry(coming, places, given, bool(outside))


def _insert(intake: Intake, entering: Sequence[_Entry]) -> list[Application]:
    is_for_lots = intake.way == Way.LOTTERY and is_undrawn(intake)
    comings = [entry.coming for entry in entering]
    applications = [
        Application(
            ward=intake.ward, intake=intake, number=number, ticket=coming.ticket, token_hash=coming.token_hash,
            together=coming.together, sealed=coming.sealed, telephone_key=coming.telephone_key,
            has_mail=coming.has_mail, language=coming.applicants_language, way=coming.way, note=coming.note,
            received_at=coming.moment, received_by=coming.actor,
        )
        for number, coming in enumerate(comings, start=intake.next_number)
    ]  # fmt: skip
    Application.objects.bulk_create(applications)
    turns = count(intake.next_turn)
    seats = [
        [
            Seat(
                ward=intake.ward, application=application, intake=intake, quota=quota, turn=next(turns), blind=blind,
                state=SeatState.APPLIED if is_for_lots else SeatState.WAITING,
            )
            for quota, blind in zip(entry.places, entry.coming.blinds, strict=True)
        ]
        for application, entry in zip(applications, entering, strict=True)
    ]  # fmt: skip
    Seat.objects.bulk_create(list(chain.from_iterable(seats)))
    intake.next_number += len(applications)
    intake.next_turn = next(turns)
    intake.save(update_fields=["next_number", "next_turn"])
    keep_answers(
        (application, own, entry.given)
        for application, own, entry in zip(applications, seats, entering, strict=True)
    )
    audit.write(list(chain.from_iterable(map(_lines_of, entering, applications))))
    wanted = {quota.pk: quota for entry in entering for quota in entry.places}
    if not is_for_lots and any(each.capacity > each.taken for each in wanted.values()):
        offer_free_seats(
            intake, min(each.moment for each in comings), applications={each.pk for each in applications}
        )
    telling.confirm_later(applications)
    return applications


def _lines_of(entry: _Entry, application: Application) -> Iterator[AuditEntry]:
    coming = entry.coming
    counted = {"seats": (0, len(coming.people))}
    yield line_of(application, ActivityVerb.APPLIED, coming.actor, counted, trail=coming.trail)
    if entry.is_exception:
        yield line_of(application, ActivityVerb.EXCEPTION, coming.actor, {}, trail=coming.trail)


def _refused(outside: str, *, by_staff: bool) -> str:
    if not by_staff:
        return outside
    return _("%(why)s それでも受け付けるときは、メモに理由を書いてください。") % {"why": outside}


_LINES: Lines[Coming] = Lines(_take_in)
