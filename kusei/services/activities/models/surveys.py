"""Questionnaires after an activity: answered without a name, by link, by QR code or on paper."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.models.activities import Activity, Session
from kusei.services.activities.models.applications import Application

_PERSON = settings.AUTH_USER_MODEL
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code() -> str:
    """Seven letters and figures that nobody confuses on paper."""
    return "".join(secrets.choice(_LETTERS) for _each in range(7))


class Survey(models.Model):
    """アンケート of an activity. `code` is its short address. Answers are taken while `is_open`; `is_public`: the host shows the counts
    on the activity's page."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.OneToOneField(Activity, models.CASCADE, related_name="survey")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    is_open = models.BooleanField(_("受付中"), default=False)
    is_public = models.BooleanField(_("結果を公開"), default=False)
    created_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("作った日時"), auto_now_add=True)

    def __str__(self) -> str:
        return self.code


class Reply(models.Model):
    """One answered questionnaire: nobody's. It keeps the day and not the hour, no sender, no link, no address, so that it cannot be
    laid beside the list of those who came. `said`: {question: value}, of texts only that there is one; the texts are sealed, since
    they may name people, and deleted a year after the session (`operations.forget_texts`); what was counted stays.

    `ticket` is of the form that was sent: sent twice, it is one. `points`: the satisfaction, 1 to 5. `is_counted`: the ledger knows.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="replies")
    session = models.ForeignKey(Session, models.PROTECT, related_name="replies")
    ticket = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    said = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, editable=False)
    points = models.PositiveSmallIntegerField(_("満足度"), null=True, blank=True)
    is_paper = models.BooleanField(_("紙"), default=False)
    is_counted = models.BooleanField(default=False)
    received_on = models.DateField(_("受け取った日"))

    class Meta:
        indexes = [
            models.Index(fields=["session", "is_counted"], name="reply_by_session"),
            models.Index(fields=["is_counted"], name="reply_to_count", condition=Q(is_counted=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=1, points__lte=5),
                name="reply_has_its_points",
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.received_on}"


class SurveyLink(models.Model):
    """The link that was mailed to an application, and that it was used: never when, and never for which answer."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="links")
    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    application = models.OneToOneField(Application, models.CASCADE, related_name="survey_link")
    token_hash = models.CharField(max_length=64, unique=True)
    is_used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.application_id} {self.is_used}"
