"""The plan tree: plans, their versions, items with a lasting identity, money, owners, tags.

An `Item` is the identity that everything else points at; an `ItemText` is what one version said of it. Published versions are never changed: a correction is the next version of the same items.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.plans.enums import AmountBasis, ItemKind, OwnerRole, PlanKind, PlanStatus, ReviewState


class Plan(models.Model):
    """One plan of one ward for one fiscal year. `part` names a piece published apart (施策２ of the budget booklet)."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="plans")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("種類"), max_length=12, choices=PlanKind)
    part = models.CharField(_("分冊"), max_length=60, blank=True, default="")
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        ordering = ["-fiscal_year", "kind", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "fiscal_year", "kind", "part"], name="plan_once_per_ward_year_kind_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ward_id} {self.fiscal_year} {self.kind}"


class PlanVersion(models.Model):
    """What a plan said at one time. The published version with the highest number is the one in force."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版"))
    status = models.CharField(_("状態"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    title = models.CharField(_("題名"), max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("この版について"), max_length=300, blank=True)
    base = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("下書きを始めたときの版"),
    )
    due_on = models.DateField(_("しめきり"), null=True, blank=True)
    edited_at = models.DateTimeField(_("最後に直した日時"), null=True, blank=True)

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(status__in=["draft", "review"]), name="one_open_draft_per_plan"
            ),
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="published_version_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"


class Item(models.Model):
    """The lasting identity of an item within its plan; versions, results and links point here."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.public_id)


class Tag(models.Model):
    """重点, 新規, 拡充, 区, 局 … as printed (folded)."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="tags")
    name = models.CharField(_("タグ"), max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["ward", "name"], name="tag_once_per_ward")]

    def __str__(self) -> str:
        return self.name


class ItemText(models.Model):
    """What one version says of one item. `places` holds the pieces' places as the reader's JSON does."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="texts")
    item = models.ForeignKey(Item, models.CASCADE, related_name="texts")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(_("順"), help_text=_("版の中での通し番号（深さ優先）"))
    depth = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("種類"), max_length=12, choices=ItemKind)
    number = models.CharField(_("番号"), max_length=20, blank=True)
    title = models.TextField(_("題名"))
    text = models.TextField(_("説明"), blank=True)
    programme = models.CharField(_("事業名"), max_length=200, blank=True)
    budget_source = models.CharField(_("予算の区分"), max_length=60, blank=True)
    plan_bullets = models.JSONField(_("実施計画"), default=list, blank=True)
    tags = models.ManyToManyField(Tag, related_name="texts", blank=True)
    source_page = models.PositiveIntegerField(null=True, blank=True)
    source_line = models.PositiveIntegerField(null=True, blank=True)
    places = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text=_("下書きの中で直すたびに増える"))
    review = models.CharField(_("確認"), max_length=10, choices=ReviewState, default=ReviewState.KEPT)
    review_note = models.TextField(_("差し戻しの理由など"), blank=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "item"], name="item_once_per_version"),
            models.UniqueConstraint(fields=["version", "position"], name="position_once_per_version"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemOwner(models.Model):
    """A body responsible for an item, in the order printed, with the name as the document spelled it."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    text = models.ForeignKey(ItemText, models.CASCADE, related_name="owners")
    body = models.ForeignKey("wards.Body", models.PROTECT, related_name="item_owners")
    role = models.CharField(_("役割"), max_length=10, choices=OwnerRole, default=OwnerRole.LEAD)
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(_("文書での書き方"), max_length=120)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["text", "body"], name="owner_once_per_item")]

    def __str__(self) -> str:
        return self.printed_name


class ItemAmount(models.Model):
    """Money of an item for one fiscal year. Whole yen; where the unit is not stated, the printed number only."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    text = models.ForeignKey(ItemText, models.CASCADE, related_name="amounts")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    basis = models.CharField(max_length=10, choices=AmountBasis, default=AmountBasis.CURRENT)
    source = models.CharField(_("財源"), max_length=60, blank=True)
    amount_yen = models.BigIntegerField(_("金額（円）"), null=True, blank=True)
    printed = models.CharField(_("印刷された数"), max_length=40)
    printed_unit = models.CharField(_("印刷された単位"), max_length=8, blank=True)

    class Meta:
        ordering = ["fiscal_year", "basis"]
        constraints = [
            models.UniqueConstraint(
                fields=["text", "fiscal_year", "basis", "source"], name="amount_once_per_year_and_source"
            ),
            models.CheckConstraint(
                condition=Q(amount_yen__isnull=False) | Q(printed_unit=""),
                name="amount_without_unit_has_no_yen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed}{self.printed_unit}"
