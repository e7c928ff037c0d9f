"""What people report by hand: a body's months of one action, with the papers and calls that they came by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.ledger.enums import Arrival
from kusei.ledger.models.metrics import Metric


class Report(models.Model):
    """What one body says about one action in one year. Its cells are the record behind the ledger's entries.

    `revision` grows with every change: who saves on an older one is shown what stands there now.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="+")
    body = models.ForeignKey("wards.Body", models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "body", "fiscal_year"], name="report_once_per_body_and_year"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.item_id} {self.body_id}"


class ReportCell(models.Model):
    """One number of a report, of one district where the count is by districts.

    Of a whole month: `session` 0 and the month's first day. Of a session: its number in the year, from 1, and its day.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, related_name="cells")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+")
    district = models.ForeignKey("wards.District", models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(_("月の初日、または回の日付"))
    session = models.PositiveSmallIntegerField(_("第何回"), default=0)
    quantity = models.BigIntegerField(_("数"))

    class Meta:
        ordering = ["on", "session", "metric__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "metric", "on", "session"],
                condition=Q(district__isnull=True),
                name="report_cell_once",
            ),
            models.UniqueConstraint(
                fields=["report", "metric", "on", "session", "district"], name="report_cell_once_per_district"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="report_cell_is_not_negative"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.on} {self.metric_id} {self.quantity}"


class Evidence(models.Model):
    """How a report's figures reached the office: the way, from whom, a note of the call, a scan. Kept beside the report,
    since an entry holds no free text."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    way = models.CharField(_("届いた方法"), max_length=10, choices=Arrival)
    note = models.TextField(_("だれから・どのように"), blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField(_("届いた日"))
    noted_at = models.DateTimeField(_("記録した日時"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    noted_by_name = models.CharField(_("記録した人"), max_length=200, blank=True)

    class Meta:
        ordering = ["noted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.received_on} {self.way}"
