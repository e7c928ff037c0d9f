"""What was done, as documents printed it: one row per action, with its place in the source."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.results.enums import Outcome


class ReportedResult(models.Model):
    """The printed result of one action in one version of a plan. Points at the item's identity."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    item = models.ForeignKey("plans.Item", models.CASCADE, related_name="reported_results")
    version = models.ForeignKey("plans.PlanVersion", models.CASCADE, related_name="reported_results")
    text = models.TextField(_("実施した取組結果"), blank=True)
    outcome = models.CharField(_("状況"), max_length=10, choices=Outcome, default=Outcome.UNKNOWN)
    outcome_reason = models.CharField(_("判定の手がかり"), max_length=200, blank=True)
    source_page = models.PositiveIntegerField(null=True, blank=True)
    source_line = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="result_once_per_action_and_version")
        ]

    def __str__(self) -> str:
        return self.text[:40]


class ReportedFigure(models.Model):
    """A count printed in a result: 28 件 (新規登録).

    Where it came from the ledger, `metric` says what was counted, `entries` by how many entries, `as_of` when it was read:
    the figure stays as it was printed, whatever is posted later.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    result = models.ForeignKey(ReportedResult, models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=3)
    unit = models.CharField(max_length=20)
    label = models.CharField(max_length=80, blank=True)
    metric = models.ForeignKey("ledger.Metric", models.PROTECT, null=True, blank=True, related_name="+")
    entries = models.PositiveIntegerField(null=True, blank=True)
    as_of = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["result", "position"], name="figure_position_once_per_result")
        ]

    def __str__(self) -> str:
        return f"{self.label}{self.value}{self.unit}"
