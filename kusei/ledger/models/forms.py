"""Forms in Excel that came back filled: kept as they came, and what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.ledger.enums import FormState, FormWay


class ReturnedForm(models.Model):
    """A body's months in a workbook. Nothing of it is in the ledger before somebody has seen what it would change.

    The same bytes wait or count once; one that was dismissed may come again.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    body = models.ForeignKey("wards.Body", models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    way = models.CharField(_("届いた方法"), max_length=10, choices=FormWay)
    state = models.CharField(_("状態"), max_length=10, choices=FormState, default=FormState.WAITING)
    arrived_at = models.DateTimeField(_("届いた日時"))
    arrived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    posted_at = models.DateTimeField(_("記録した日時"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("使わない理由"), max_length=500, blank=True)

    class Meta:
        ordering = ["-arrived_at", "-pk"]
        indexes = [models.Index(fields=["ward", "state", "-arrived_at"], name="returned_form_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "sha256"],
                condition=Q(state__in=["waiting", "posted"]),
                name="returned_form_once_per_content",
            ),
            models.CheckConstraint(
                condition=Q(state="posted", posted_at__isnull=False)
                | (~Q(state="posted") & Q(posted_at__isnull=True)),
                name="posted_form_states_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed", reason=""), name="dismissed_form_states_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.body_id} {self.sha256[:8]}"
