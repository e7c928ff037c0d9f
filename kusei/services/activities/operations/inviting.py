"""Those who came are sent the link of the questionnaire: once for each application, after its last session."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.notices import operations as notices
from kusei.notices.operations import hash_of
from kusei.notices.rules import is_by_day
from kusei.notices.sealing import CannotUnseal, unseal
from kusei.press.languages import BY_CODE, JAPANESE, in_language
from kusei.services.activities.enums import SeatState, SessionState
from kusei.services.activities.models import Application, Intake, Presence, Session, SurveyLink
from kusei.services.activities.operations.holding import held
from kusei.services.activities.operations.telling import SEALED
from kusei.wards.post import can_send

INVITED_FOR = timedelta(days=7)
"""So long after its last session people are still written to: a questionnaire that is started later asks nobody back."""


def who_came(intake: Intake) -> QuerySet[Application]:
    """The applications whose people came: those seen at the door at least once, where anybody was noted there; else all with a
    place."""
    placed = Application.objects.filter(intake=intake, seats__state=SeatState.ACCEPTED)
    noted = Presence.objects.filter(session__intake=intake, is_present=True)
    if noted.exists():
        placed = placed.filter(seats__in=noted.values("seat"))
    return placed.distinct()


def invite_due(*, now: datetime | None = None) -> int:
    """Write to those who came and have not been written to; how many. For the background worker: at night never, twice never."""
    moment = now or timezone.now()
    if not can_send() or not is_by_day(timezone.localtime(moment)):
        return 0
    ended = Session.objects.filter(
        intake__isnull=False,
        activity__survey__is_open=True,
        ends_at__lte=moment,
        ends_at__gt=moment - INVITED_FOR,
    )
    due = ended.exclude(state=SessionState.CALLED_OFF).values_list("intake", flat=True)
    return sum(_invite(pk, moment) for pk in sorted(set(due)))


@transaction.atomic
def _invite(intake_id: int, moment: datetime) -> int:
    intake = held(intake_id)
    survey = intake.activity.survey
    sessions = intake.sessions.exclude(state=SessionState.CALLED_OFF).order_by("ends_at", "pk")
    last = sessions.last()
    if last is None or not moment - INVITED_FOR < last.ends_at <= moment or not survey.is_open:
        return 0
    people = who_came(intake).filter(has_mail=True, survey_link__isnull=True).order_by("pk")
    letters, links = [], []
    for application in people.select_related("ward"):
        token = secrets.token_urlsafe(12)
        letter = _letter(application, intake, token)
        if letter is None:
            continue
        letters.append(letter)
        links.append(
            SurveyLink(
                ward=intake.ward,
                survey=survey,
                session=last,
                application=application,
                token_hash=hash_of(token),
            )
        )
    SurveyLink.objects.bulk_create(links)
    if letters:
        notices.send_notices(ward=intake.ward, letters=letters, by_worker=True)
    return len(letters)


def _letter(application: Application, intake: Intake, token: str) -> notices.Letter | None:
    try:
        kept = unseal(application.sealed, purpose=SEALED)
    except CannotUnseal:  # sealed with a key that is gone: the others are written to all the same
        return None
    with translation.override(application.language):
        path = in_language(
            reverse("portal:survey_link", args=[token]), BY_CODE.get(application.language, JAPANESE)
        )
        context = {"activity": intake.activity, "link": settings.KUSEI_SITE_URL + path}
        return notices.Letter(
            to=kept["mail"],
            subject=_("アンケートのお願い %(title)s") % {"title": intake.activity.title},
            text=render_to_string("activities/survey_mail.txt", context),
        )
