"""The parts of a ward that its documents speak of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.wards.models.tenants import Ward


class District(models.Model):
    """A district (地区) by the name that documents use, without the word 地区; `position` is the order in lists.

    One that was divided or joined to another ends: pages of the fiscal years after `last_year` have it no longer.
    """

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="districts")
    name = models.CharField(_("名称"), max_length=40)
    folded = models.CharField(max_length=40, editable=False)
    position = models.PositiveSmallIntegerField(_("順"), default=0)
    last_year = models.PositiveSmallIntegerField(_("最後の年度"), null=True, blank=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = verbose_name_plural = _("地区")
        constraints = [
            models.UniqueConstraint(fields=["ward", "folded"], name="district_name_once_per_ward"),
            models.CheckConstraint(condition=~models.Q(folded=""), name="district_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
