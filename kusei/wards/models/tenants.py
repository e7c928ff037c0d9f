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
    accent = models.CharField(
        _("区の色"),
        max_length=7,
        blank=True,
        help_text=_("#0a6b3d のように。白地で読める濃さの色（コントラスト比4.5以上）に限ります"),
    )
    name_kana = models.CharField(_("名称のかな"), max_length=80, blank=True)
    name_en = models.CharField(_("名称の英語"), max_length=80, blank=True)
    contact_office = models.CharField(_("問い合わせ先の部署"), max_length=80, blank=True)
    contact_telephone = models.CharField(_("電話番号"), max_length=40, blank=True)
    contact_address = models.CharField(_("所在地"), max_length=160, blank=True)

    class Meta:
        ordering = ["code", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__isnull=True) | models.Q(code__regex=r"^[0-9]{6}$"),
                name="ward_code_has_six_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(accent="") | models.Q(accent__regex=r"^#[0-9a-f]{6}$"),
                name="ward_accent_is_a_colour",
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
