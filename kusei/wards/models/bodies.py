"""Bodies, with the many ways in which documents spell them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.wards.enums import BodyKind
from kusei.wards.models.tenants import Ward


class BodyQuerySet(models.QuerySet["Body"]):
    """What is asked of bodies."""

    def standing(self) -> BodyQuerySet:
        """Without those that turned out to be another one: they stay for the entries that name them."""
        return self.exclude(successor__isnull=False, last_year__isnull=True)


class Body(models.Model):
    """A division, partner, committee, group or facility. Two bodies are the same only where their folded names are equal
    or an alias says so: near names (生活支援課 / 生活支援センター) are never merged by likeness.

    One that ended has its `last_year` and may have a `successor`, which acts for it from then on. One with a successor and no
    last year was never another body: it was registered twice, and is kept because entries name it (`rules.Heirs`).
    """

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="bodies")
    name = models.CharField(_("名称"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)
    kind = models.CharField(_("種類"), max_length=12, choices=BodyKind, default=BodyKind.DIVISION)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("引き継ぎ先"),
    )
    last_year = models.PositiveSmallIntegerField(_("最後の年度"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("実施主体")
        constraints = [
            models.UniqueConstraint(fields=["ward", "folded"], name="body_name_once_per_ward"),
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("id")),
                name="body_succeeds_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_joined(self) -> bool:
        """Whether it turned out to be its successor, registered a second time."""
        return self.successor_id is not None and self.last_year is None


class BodyAlias(models.Model):
    """Another way in which documents write a body (高齢障害支援課, すきっぷ)."""

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="body_aliases")
    body = models.ForeignKey(Body, models.CASCADE, related_name="aliases")
    name = models.CharField(_("別の書き方"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("別の書き方")
        constraints = [
            models.UniqueConstraint(fields=["ward", "folded"], name="body_alias_once_per_ward"),
        ]

    def __str__(self) -> str:
        return self.name
