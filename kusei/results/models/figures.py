"""Figures of printed results that somebody took over into the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TakenFigure(models.Model):
    """A figure as a document prints it, confirmed by a person: the record behind its entry.

    Belongs to the action's identity, not to one version: a corrected version changes it instead of counting twice. Only
    the year is known of it; it stands on the year's last day.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    position = models.PositiveSmallIntegerField(_("文の中で何番目か"))
    metric = models.ForeignKey("ledger.Metric", models.PROTECT, related_name="+")
    body = models.ForeignKey("wards.Body", models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.BigIntegerField(_("数"))
    printed = models.CharField(_("印刷された数"), max_length=80)
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="figure_taken_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="taken_figure_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.printed
