"""Links between items of different plans and years."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models.trees import Item, PlanVersion


class Link(models.Model):
    """A relation between two items, read "from_item KIND to_item".

    continues: next year's project → last year's. implements: an action → the project it carries out.
    funds: a budget line → the policy line it pays for. split: a new item → the one it was cut from. merged: an item that
    ended → the one it went into. Both come about in a draft, named here, and count once it is published.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    from_item = models.ForeignKey(Item, models.CASCADE, related_name="links_out")
    to_item = models.ForeignKey(Item, models.CASCADE, related_name="links_in")
    kind = models.CharField(_("関係"), max_length=10, choices=LinkKind)
    status = models.CharField(_("状態"), max_length=10, choices=LinkStatus, default=LinkStatus.PROPOSED)
    confidence_percent = models.PositiveSmallIntegerField(_("確からしさ（％）"))
    reason = models.CharField(_("理由"), max_length=300)
    is_automatic = models.BooleanField(_("自動"), default=False)
    proposed_at = models.DateTimeField(auto_now_add=True)
    draft = models.ForeignKey(
        PlanVersion,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="links",
        help_text=_("この下書きの中で生まれたつながり。公開されるまで数えない"),
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_item", "to_item", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(from_item=F("to_item")), name="link_joins_two_items"),
            models.CheckConstraint(
                condition=Q(confidence_percent__lte=100), name="link_confidence_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_item_id} {self.kind} {self.to_item_id}"
