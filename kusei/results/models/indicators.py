"""Indicators of plan items, and their targets year by year."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kusei.results.enums import Direction


class Indicator(models.Model):
    """What tells how far an item has come: a metric, seen over some items.

    `items` are the items whose entries count; none: the indicator's own item and all below it. A formula of metrics is a
    metric of its own (a rate of two others). `baseline` is in the metric's smallest unit. `continues` is last year's indicator
    that this one took over when the plan was carried into its year; of the two, that one speaks of its own year only.

    One on an item that stood in nothing but a draft goes with the draft when it is thrown away.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    item = models.ForeignKey("plans.Item", models.CASCADE, related_name="indicators")
    name = models.CharField(_("指標"), max_length=120)
    metric = models.ForeignKey(
        "ledger.Metric", models.PROTECT, related_name="+", verbose_name=_("数えるもの")
    )
    items = models.ManyToManyField("plans.Item", related_name="+", blank=True)
    direction = models.CharField(_("望ましい向き"), max_length=4, choices=Direction, default=Direction.MORE)
    baseline = models.BigIntegerField(_("基準値"), null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("基準値の年度"), null=True, blank=True)
    body = models.ForeignKey(
        "wards.Body", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("担当")
    )
    continues = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name=_("前の年度の指標"),
    )
    ended_on = models.DateField(_("使わないことにした日"), null=True, blank=True)

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="indicator_name_once_per_item"),
            models.CheckConstraint(condition=~Q(name=""), name="indicator_has_a_name"),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True, baseline_year__isnull=True)
                | Q(baseline__isnull=False, baseline_year__isnull=False),
                name="baseline_has_its_year",
            ),
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | ~Q(continues=F("id")),
                name="indicator_continues_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """The value that an indicator is to reach in a year, in its metric's smallest unit."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    quantity = models.BigIntegerField(_("目標値"))

    class Meta:
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "fiscal_year"], name="target_once_per_year"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="target_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.quantity}"
