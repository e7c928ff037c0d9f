"""Reminders before a session, once for each application, by mail or for a person to telephone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.notices.rules import is_by_day
from kusei.services.activities import reminding
from kusei.services.activities.enums import ActivityState, ActivityVerb, Occasion, SeatState, SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Activity, Application, Session
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.holding import held
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_AT_ONCE = 200
"""So many are told in one transaction, which holds the intake's lock."""


@transaction.atomic
def change_reminders(*, activity: Activity, days: int, again_days: int, actor: Person) -> Activity:
    """So many days before each session people are reminded, and once more (0: not). Raises NotFitting, NotAllowed."""
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    if not all(0 <= each <= reminding.MOST_DAYS for each in (days, again_days)):
        raise NotFitting(
            _("お知らせは、0日（送らない）から%(most)d日前までにしてください。")
            % {"most": reminding.MOST_DAYS}
        )
    activity = (
        Activity.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ward")
        .get(pk=activity.pk)
    )
    before = (activity.remind_days, activity.remind_again_days)
    if before == (days, again_days):
        return activity
    activity.remind_days, activity.remind_again_days = days, again_days
    activity.save(update_fields=["remind_days", "remind_again_days"])
    audit.record(
        ward=activity.ward, actor=actor, verb=ActivityVerb.REMINDERS, target=activity,
        changes={"remind_days": (before[0], days), "remind_again_days": (before[1], again_days)},
    )  # fmt: skip
    return activity


def remind(*, now: datetime | None = None) -> int:
    """Tell those who have a place in a session to come; how many applications. For the background worker: late is fine, twice is
    not, at night and once it has begun never (nor is a mail that could not be sent before)."""
    moment = now or timezone.now()
    if not is_by_day(timezone.localtime(moment)):
        return 0
    coming = Session.objects.filter(
        state=SessionState.PLANNED, intake__isnull=False, activity__state=ActivityState.PUBLISHED,
        starts_at__gt=moment, starts_at__lt=moment + timedelta(days=reminding.MOST_DAYS + 1),
    )  # fmt: skip
    done = 0
    for session in coming.select_related("activity").order_by("starts_at", "pk"):
        days = _due(session, moment)
        while days is not None and _waiting(session, days).exists():
            told = _remind(session, days, now or timezone.now())
            done += told
            if not told:
                break
    return done


@transaction.atomic
def _remind(seen: Session, days: int, moment: datetime) -> int:
    """Remind some of one session; 0 where it changed meanwhile, or another worker was quicker."""
    intake = held(seen.intake_id or 0)
    session = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity")
        .get(pk=seen.pk)
    )
    is_on = session.state == SessionState.PLANNED and session.activity.state == ActivityState.PUBLISHED
    is_on = is_on and session.starts_at > moment  # with many to tell it may have begun meanwhile
    if not is_on or session.starts_at != seen.starts_at or session.intake_id != intake.pk:
        return 0
    people = list(_waiting(session, days).select_related("intake__activity", "ward")[:_AT_ONCE])
    told = telling.tell_all(
        people,
        Occasion.REMINDER,
        activity=session.activity,
        about=reminding.about(session.pk, session.starts_at, days),
        session=session,
        now=moment,
    )
    return told.by_mail + told.to_telephone


def _due(session: Session, moment: datetime) -> int | None:
    activity = session.activity
    return reminding.due(
        timezone.localdate(session.starts_at),
        timezone.localdate(moment),
        (activity.remind_days, activity.remind_again_days),
    )


def _waiting(session: Session, days: int) -> QuerySet[Application]:
    """Who has a place and was not told yet. Whoever applied on the reminder's own day or later has just been told all of it."""
    day = timezone.localtime(session.starts_at).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Application.objects.filter(
        intake=session.intake_id, seats__state=SeatState.ACCEPTED, forgotten_at__isnull=True,
        received_at__lt=day - timedelta(days=days),
    )  # fmt: skip
    about = reminding.about(session.pk, session.starts_at, days)
    return found.exclude(tellings__about=about).distinct().order_by("pk")
