"""How words are read in a ward, for furigana."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.wards.models.tenants import Ward


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
