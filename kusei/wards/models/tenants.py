"""Tenants: the public bodies that have plans."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.wards.enums import WardKind


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
