"""Who was told what, and who still has to be telephoned."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import Occasion
from kusei.services.activities.models.activities import Activity, Session
from kusei.services.activities.models.applications import Application

_PERSON = settings.AUTH_USER_MODEL


class Telling(models.Model):
    """One application told of one thing: by mail (`notice`), else by telephone, which a person ticks.

    `about` names the thing (reminder:12:202606101000:3); the database takes it once for an application, so that two workers never
    tell twice, and a session that was moved is reminded of again. Holds no personal data.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="tellings")
    application = models.ForeignKey(Application, models.CASCADE, related_name="tellings")
    session = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="tellings")
    occasion = models.CharField(_("知らせた事"), max_length=12, choices=Occasion)
    about = models.CharField(max_length=80)
    notice = models.ForeignKey("notices.Notice", models.SET_NULL, null=True, blank=True, related_name="+")
    by_mail = models.BooleanField(default=False)
    made_at = models.DateTimeField(_("知らせた日時"))
    telephoned_at = models.DateTimeField(_("電話した日時"), null=True, blank=True)
    telephoned_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [models.Index(fields=["activity", "-made_at"], name="telling_by_activity")]
        constraints = [
            models.UniqueConstraint(fields=["application", "about"], name="told_once"),
            models.CheckConstraint(
                condition=Q(telephoned_at__isnull=True, telephoned_by__isnull=True)
                | Q(telephoned_at__isnull=False, telephoned_by__isnull=False),
                name="telling_says_who_telephoned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.about}"
