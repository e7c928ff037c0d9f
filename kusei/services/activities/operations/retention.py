"""Personal data of applicants goes a year after the last session; by what nobody is named, but the same person is known again (who was
present, blind keys), when the books of its fiscal year are closed as well. The counts stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from kusei.ledger.queries.books import books_states
from kusei.notices.permissions import may_keep_notices
from kusei.services.activities.enums import ActivityVerb, SeatState
from kusei.services.activities.models import AnswerSheet, Application, Intake, Presence, Seat
from kusei.services.activities.operations.holding import held
from kusei.services.activities.operations.recounting import seal_counts
from kusei.services.activities.persons import year_bounds, years_of
from kusei.wards import audit, permissions
from kusei.wards.models import Person

KEEP_FOR = timedelta(days=365)
"""After the last session of an intake; without sessions, after its window."""

KEEP_KEYS_AT_MOST = timedelta(days=730)
"""Where somebody opened the books again and never closed them."""


def forget_applicants(*, actor: Person, now: datetime | None = None) -> int:
    """Delete names, contacts, notes and answers whose time is over, in all wards; how many applications. Then who was present and blind
    keys of years whose books are closed: how many different people came is sealed first. Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    moment = now or timezone.now()
    limit = moment - KEEP_FOR
    due = Intake.objects.filter(applications__forgotten_at__isnull=True).distinct()
    done = 0
    for intake in _with_last(due):
        if (intake.last or intake.closes_at) > limit:
            continue
        with transaction.atomic():
            held(intake.pk)  # who is just written anew is waited for
            AnswerSheet.objects.filter(application__intake=intake).delete()
            Presence.objects.filter(seat__intake=intake, is_present=False).delete()
            seats = Seat.objects.filter(intake=intake).exclude(state=SeatState.ACCEPTED)
            seats.exclude(presences__isnull=False).update(blind="")  # these came to nothing that is counted
            count = Application.objects.filter(intake=intake, forgotten_at__isnull=True).update(
                sealed="", telephone_key="", has_mail=False, note="", forgotten_at=moment
            )
            audit.record(
                ward=intake.ward, actor=actor, verb=ActivityVerb.FORGOTTEN, target=intake.activity,
                changes={"applications": (None, count)},
            )  # fmt: skip
            done += count
    forgotten = Seat.objects.filter(intake=OuterRef("pk"), application__forgotten_at__isnull=False)
    known = Exists(forgotten.exclude(blind="")) | Exists(forgotten.filter(presences__isnull=False))
    for intake in _with_last(Intake.objects.filter(known)):
        with transaction.atomic():
            last = intake.last or intake.closes_at
            _forget_keys(held(intake.pk), last, moment)
    return done


def _with_last(intakes: QuerySet[Intake]) -> QuerySet[Any]:
    return intakes.annotate(last=Max("sessions__ends_at")).select_related("ward", "activity")


def _forget_keys(intake: Intake, last: datetime, moment: datetime) -> None:
    """Of a forgotten, held intake: who was present in the years that are closed, and with the last of them the blind keys."""
    years = years_of([intake.pk])
    today = timezone.localdate(moment)
    states = books_states(intake.ward, years)
    is_long_ago = last <= moment - KEEP_KEYS_AT_MOST
    closed = {year for year in years if is_long_ago or not states[year].is_open(today)}
    seal_counts(intake, closed, moment)
    gone = Presence.objects.filter(seat__intake=intake)
    if closed == years:
        gone.delete()
        Seat.objects.filter(intake=intake).update(blind="")
        return
    for year in closed:
        begin, end = year_bounds(year)
        gone.filter(session__starts_at__gte=begin, session__starts_at__lt=end).delete()
