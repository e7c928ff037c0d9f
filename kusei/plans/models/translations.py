"""What items are called and say in other languages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.plans.enums import TranslationLanguage
from kusei.plans.models.trees import Item


class ItemTranslation(models.Model):
    """An item's name and text in another language. `source_hash` tells which Japanese text was translated: where the
    version in force says something else by now, the translation is older than its source."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="translations")
    language = models.CharField(_("言語"), max_length=10, choices=TranslationLanguage)
    title = models.TextField(_("訳した題名"))
    text = models.TextField(_("訳した説明"), blank=True)
    source_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("訳した日時"))

    class Meta:
        ordering = ["item", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "language"], name="translation_once_per_item_and_language"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="translation_has_a_title"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"
