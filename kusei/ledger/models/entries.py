"""What was done: entries, and the sums that are kept of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kusei.ledger.models.metrics import Metric

WHOLE_YEAR = 0
"""Instead of a month in `FigureSum`."""


class Entry(models.Model):
    """One countable thing that was done. Append-only by triggers on both databases (migration `entries_stay`).

    `quantity` is in the metric's smallest unit. `source_kind` and `source_id` name the record that it came from
    (`ledger.sources` knows the kinds), `slot` its place within the record, `turn` counts what was posted for the slot one
    after the other: so the same thing cannot be posted twice. A mistake is reversed by an entry that names it
    (`reverses`), with the quantity's opposite and all else equal; such a pair counts for nothing.

    No personal data: no free text, no name; `posted_by` is an account, shown only to those allowed.
    """

    ward = models.ForeignKey("wards.Ward", models.PROTECT, related_name="+", db_index=False)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="entries", db_index=False)
    body = models.ForeignKey("wards.Body", models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey(
        "wards.District", models.PROTECT, null=True, related_name="+", db_index=False
    )
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    happened_on = models.DateField(_("日付"))
    quantity = models.BigIntegerField(_("数"))
    source_kind = models.CharField(_("もとになる記録の種類"), max_length=24)
    source_id = models.BigIntegerField(_("もとになる記録"))
    slot = models.CharField(_("記録の中の位置"), max_length=60)
    turn = models.PositiveSmallIntegerField(default=0)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    is_late = models.BooleanField(_("締めた後"), default=False)
    posted_at = models.DateTimeField(_("記録した日時"))
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("実績")
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "slot", "turn"],
                condition=Q(reverses__isnull=True),
                name="entry_once_per_source",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="entry_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")), name="entry_reverses_another"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, quantity__gte=0)
                | Q(reverses__isnull=False, quantity__lte=0),
                name="entry_counts_and_its_reversal_takes_back",
            ),
        ]
        indexes = [
            # A year's page in one stroke: everything that its sums need stands in the index, and little else.
            models.Index(
                fields=["ward", "fiscal_year", "item", "metric", "quantity", "reverses"], name="entry_by_item"
            ),
            # What sums do not tell: last values, until a day, by body and district.
            models.Index(
                fields=[
                    *("ward", "fiscal_year", "metric", "item", "body", "district"),
                    *("happened_on", "quantity", "reverses", "id"),
                ],
                name="entry_by_metric",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.metric_id} {self.quantity}"


class KeptSum(models.Model):
    """The sum of a month's entries of one metric, item, body and district, kept while they are posted: what charts by body
    and by district read, and where the last values of `FigureSum` come from.

    0 stands for "no body" and "no district": an empty column would make the key ambiguous on one of the two databases.
    `entries` counts what stands: an entry and its reversal are none. For a LAST metric `last_on` and `last_quantity` are
    the newest entry of the month that stands. Can be thrown away and worked out anew: `ledger.operations.rebuild_sums`.
    """

    ward = models.ForeignKey("wards.Ward", models.PROTECT, related_name="+", db_index=False)
    fiscal_year = models.PositiveSmallIntegerField()
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="+", db_index=False)
    body_key = models.BigIntegerField(default=0)
    district_key = models.BigIntegerField(default=0)
    month = models.DateField(_("月の初日"))
    quantity = models.BigIntegerField(default=0)
    entries = models.IntegerField(default=0)
    last_on = models.DateField(null=True)
    last_quantity = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "fiscal_year", "item", "metric", "body_key", "district_key", "month"],
                name="sum_kept_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.metric_id} {self.quantity}"


class FigureSum(models.Model):
    """One figure as pages show it: of a metric and item over all bodies and districts, in a month (202604) or in the whole
    year (`month` WHOLE_YEAR). Kept like `KeptSum`, and as easily worked out anew.

    For a LAST metric `quantity` is the sum of each body's and district's newest value of the month, or of the year.
    """

    ward = models.ForeignKey("wards.Ward", models.PROTECT, related_name="+", db_index=False)
    fiscal_year = models.PositiveSmallIntegerField()
    month = models.PositiveIntegerField()
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField(default=0)
    entries = models.IntegerField(default=0)

    class Meta:
        constraints = [
            # A page reads the rows of month 0: they lie side by side.
            models.UniqueConstraint(
                fields=["ward", "fiscal_year", "month", "metric", "item"], name="figure_kept_once"
            ),
        ]
        indexes = [
            # A chart in one stroke: the months of one metric side by side, and all that it shows in the index itself.
            models.Index(
                fields=["ward", "fiscal_year", "metric", "month", "item", "quantity", "entries"],
                name="figure_by_metric",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.month} {self.metric_id} {self.quantity}"
