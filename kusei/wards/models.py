"""Who there is: tenants (wards), bodies with the many ways documents spell them, and persons."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.wards.enums import BodyKind, WardKind


class Ward(models.Model):
    """A public body that has plans: the tenant. Its code is the 全国地方公共団体コード (6 digits, text)."""

    key = models.SlugField(
        _("アドレスの名前"), max_length=40, unique=True, help_text=_("団体コードがあれば団体コード")
    )
    code = models.CharField(
        _("全国地方公共団体コード"),
        max_length=6,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^\d{6}$")],
    )
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("種類"), max_length=12, choices=WardKind, default=WardKind.WARD)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        ordering = ["code", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__isnull=True) | models.Q(code__regex=r"^[0-9]{6}$"),
                name="ward_code_has_six_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """横浜市泉区: with the city before it, as people write it."""
        if self.parent and self.kind == WardKind.WARD:
            return f"{self.parent.name}{self.name}"
        return self.name


class Body(models.Model):
    """A division, partner, committee, group or facility. Two bodies are the same only where their folded names are equal
    or an alias says so: near names (生活支援課 / 生活支援センター) are never merged by likeness."""

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="bodies")
    name = models.CharField(_("名称"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)
    kind = models.CharField(_("種類"), max_length=12, choices=BodyKind, default=BodyKind.DIVISION)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("実施主体")
        constraints = [
            models.UniqueConstraint(fields=["ward", "folded"], name="body_name_once_per_ward"),
        ]

    def __str__(self) -> str:
        return self.name


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


class Reading(models.Model):
    """How a word is read in this ward, where the analyser reads it otherwise (中田: なかだ): for furigana."""

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="readings")
    surface = models.CharField(_("言葉"), max_length=40)
    reading = models.CharField(_("よみがな"), max_length=80)

    class Meta:
        ordering = ["surface"]
        verbose_name = verbose_name_plural = _("よみがな")
        constraints = [
            models.UniqueConstraint(fields=["ward", "surface"], name="reading_once_per_word"),
            models.CheckConstraint(
                condition=~models.Q(surface="") & models.Q(reading__regex=r"^[ぁ-ゖー]+$"),
                name="reading_is_hiragana",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.surface}（{self.reading}）"


class Person(AbstractUser):
    """Somebody who can log in. Which wards and bodies a person acts for comes with roles; until then a person belongs
    to one ward at most, and `is_staff` opens the office's account pages."""

    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="persons")

    class Meta:
        verbose_name = verbose_name_plural = _("利用者")
