"""Whether a year's books are open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Books(models.Model):
    """A ward's year where it is not as by default (open to 31 May): another day, closed by hand, or reopened.

    What happened to it, by whom and why, is in the audit trail.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    closes_on = models.DateField(_("締める日"))
    closed_at = models.DateTimeField(_("締めた日時"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("締めを解いた日時"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("理由"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ward", "fiscal_year"], name="books_once_per_ward_and_year"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(reopened_at__isnull=True),
                name="books_are_closed_or_reopened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ward_id} {self.fiscal_year}"
