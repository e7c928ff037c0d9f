"""What is counted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.ledger.enums import Adding, DistinctScope


class Metric(models.Model):
    """One thing that is counted: 開催回数 in 回, 参加者数 in 延べ人, a rate in %.

    `ward` is empty for the metrics that code declares (`ledger.declared`): they mean the same in every ward. Quantities
    are whole numbers of the smallest unit: with `decimals` 1 an entry of 115 reads 11.5. A RATE without `numerator` and
    `denominator` does not exist; a rate that is only printed somewhere is a LAST value in % with one decimal.
    """

    ward = models.ForeignKey("wards.Ward", models.PROTECT, null=True, blank=True, related_name="metrics")
    key = models.SlugField(_("記号"), max_length=60)
    name = models.CharField(_("数えるもの"), max_length=80)
    unit = models.CharField(_("単位"), max_length=20)
    adding = models.CharField(_("合わせ方"), max_length=8, choices=Adding, default=Adding.SUM)
    decimals = models.PositiveSmallIntegerField(_("小数の桁"), default=0)
    scope = models.CharField(_("実数の範囲"), max_length=6, choices=DistinctScope, blank=True)
    numerator = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    denominator = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    definition = models.TextField(_("何を、どう数えるか"), blank=True)
    ended_on = models.DateField(_("使わないことにした日"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("順"), default=100)

    class Meta:
        ordering = ["position", "name", "pk"]
        verbose_name = verbose_name_plural = _("数えるもの")
        constraints = [
            models.UniqueConstraint(fields=["ward", "key"], name="metric_key_once_per_ward"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(ward__isnull=True), name="declared_metric_key_once"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(unit=""), name="metric_has_name_and_unit"),
            models.CheckConstraint(condition=Q(decimals__lte=3), name="metric_has_at_most_three_decimals"),
            models.CheckConstraint(
                condition=Q(adding="rate", numerator__isnull=False, denominator__isnull=False)
                | (~Q(adding="rate") & Q(numerator__isnull=True, denominator__isnull=True)),
                name="rate_divides_two_metrics",
            ),
            models.CheckConstraint(
                condition=(Q(adding="distinct") & ~Q(scope="")) | (~Q(adding="distinct") & Q(scope="")),
                name="distinct_metric_states_its_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"
