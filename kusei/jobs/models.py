"""Work that is done in the background."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.jobs.enums import JobStatus


class Job(models.Model):
    """One piece of work, enqueued in the transaction of what asked for it. `key` keeps the same work from waiting twice.

    A worker owns a running job until `leased_until`; `attempts` names the run, so that a worker that was given up for
    lost cannot write over its successor.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    work = models.CharField(_("仕事"), max_length=60)
    key = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, help_text=_("済んだ数（ページなど）"))
    total = models.PositiveIntegerField(null=True, blank=True)
    problem = models.TextField(_("起きたこと"), blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["status", "not_before"], name="job_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "key"],
                condition=Q(status__in=["waiting", "running"]),
                name="job_waits_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(leased_until__isnull=False),
                name="running_job_has_its_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.key}"
