"""Personal data of applicants goes a year after the last session; the counts stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kusei.notices.permissions import may_keep_notices
from kusei.services.activities.enums import ActivityVerb
from kusei.services.activities.models import AnswerSheet, Application, Intake, Presence, Seat
from kusei.services.activities.operations.recounting import seal_counts
from kusei.wards import audit, permissions
from kusei.wards.models import Person

KEEP_FOR = timedelta(days=365)
"""After the last session of an intake; without sessions, after its window."""


def forget_applicants(*, actor: Person, now: datetime | None = None) -> int:
    """Delete names, contacts, notes, who was present and blind keys whose time is over, in all wards; how many applications. How many
    different people came is sealed first. Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    moment = now or timezone.now()
    limit = moment - KEEP_FOR
    due = Intake.objects.filter(applications__forgotten_at__isnull=True).distinct()
    done = 0
    for intake in due.annotate(last=Max("sessions__ends_at")).select_related("ward", "activity"):
        if (intake.last or intake.closes_at) > limit:
            continue
        with transaction.atomic():
            AnswerSheet.objects.filter(application__intake=intake).delete()
            seal_counts(intake, moment)
            Presence.objects.filter(seat__intake=intake).delete()
            Seat.objects.filter(intake=intake).update(blind="")
            count = Application.objects.filter(intake=intake, forgotten_at__isnull=True).update(
                sealed="", telephone_key="", has_mail=False, note="", forgotten_at=moment
            )
            audit.record(
                ward=intake.ward, actor=actor, verb=ActivityVerb.FORGOTTEN, target=intake.activity,
                changes={"applications": (None, count)},
            )  # fmt: skip
            done += count
    return done
