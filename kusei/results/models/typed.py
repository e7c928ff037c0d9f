"""What people decided about figures that they typed into an answer's text."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TypedFigure(models.Model):
    """A figure of an answer's text that somebody counted in the ledger, or kept although the ledger says otherwise.

    `key` is what `results.typed` knows the figure by, so it lasts while the text says it. Counted ones (`on` is set) are the
    record behind their entries: the answer, with the key as the place in it. `quantity` is in the metric's smallest unit:
    what was counted; of a kept one what the ledger said then.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    answer = models.ForeignKey("results.Answer", models.CASCADE, related_name="typed_figures")
    key = models.CharField(max_length=12)
    printed = models.CharField(_("文に書かれた数"), max_length=80)
    metric = models.ForeignKey("ledger.Metric", models.PROTECT, related_name="+")
    quantity = models.BigIntegerField(_("数"))
    on = models.DateField(_("月か年度"), null=True, blank=True)
    body = models.ForeignKey("wards.Body", models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(_("残す理由"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("決めた日時"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by_name = models.CharField(_("決めた人"), max_length=200)

    class Meta:
        ordering = ["answer", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "key"], name="typed_figure_decided_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="typed_figure_is_not_negative"),
            models.CheckConstraint(
                condition=Q(on__isnull=False, why="") | (Q(on__isnull=True) & ~Q(why="")),
                name="typed_figure_is_counted_or_kept_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.printed
