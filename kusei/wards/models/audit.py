"""The audit trail: who changed what from which to which, why, in one request."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.wards.enums import Way
from kusei.wards.models.tenants import Ward


class AuditEntry(models.Model):
    """One change, written in the same transaction as the change itself (`wards.audit.record`).

    Append-only by triggers on both databases (migration `audit_entries_stay`): an entry is never edited or deleted.
    `changes` is {field: [before, after]}, plain JSON values; it holds no personal data beyond names of accounts.
    """

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="audit_entries")
    at = models.DateTimeField(_("日時"), auto_now_add=True)
    request_id = models.UUIDField(_("一続きの操作"))
    way = models.CharField(_("入口"), max_length=8, choices=Way)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(_("だれが"), max_length=200)
    verb = models.CharField(_("何をした"), max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    target_label = models.CharField(_("何に"), max_length=300)
    changes = models.JSONField(_("変更"), default=dict)
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["ward", "target_type", "target_id"], name="audit_by_target"),
            models.Index(fields=["ward", "-at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.actor_name} {self.verb} {self.target_label}"
