"""The same thing told by several actions: one set of entries, seen from each of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.ledger.models.metrics import Metric


class SharedFigure(models.Model):
    """A set of entries that a person said is also another action's: it belongs to `home` and is shown in others.

    The set is what one record says of `home` and `metric`: all of it, or, where `slot` is set, that place of it alone. What is
    posted for the record later belongs to the set by itself. A set is never copied: `ledger.queries.figures` shows it, and
    counts it once wherever several actions are added up (`ledger.sharing`).
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    home = models.ForeignKey("plans.Item", models.PROTECT, related_name="+")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+")
    source_kind = models.CharField(_("もとになる記録の種類"), max_length=24)
    source_id = models.BigIntegerField(_("もとになる記録"))
    slot = models.CharField(_("記録の中の位置"), max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "metric", "slot"], name="figure_shared_once"
            ),
        ]
        indexes = [models.Index(fields=["ward", "fiscal_year"], name="shared_by_year")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.home_id} {self.metric_id}"


class SharedIn(models.Model):
    """An action in which a set is seen, and who said so. `slot` is the place in the action's own record that tells the same,
    `was_counted` whether that was in the ledger before: then undoing puts it back."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    shared = models.ForeignKey(SharedFigure, models.CASCADE, related_name="seen_in")
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="+")
    slot = models.CharField(_("文の中の位置"), max_length=120, blank=True)
    was_counted = models.BooleanField(_("別に数えていた"), default=False)
    decided_at = models.DateTimeField(_("決めた日時"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["shared", "item"], name="shared_set_seen_once")]

    def __str__(self) -> str:
        return f"{self.shared_id} {self.item_id}"
