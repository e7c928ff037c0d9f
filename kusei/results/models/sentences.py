"""Sentences with live figures that a ward keeps to begin answers with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SentenceForm(models.Model):
    """A ward's own form of a sentence (`results.sentences`); those of every ward stand in code."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    name = models.CharField(_("呼び名"), max_length=60)
    text = models.CharField(_("文"), max_length=400)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ward", "name"], name="sentence_form_name_once"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(text=""), name="sentence_form_has_name_and_text"
            ),
        ]

    def __str__(self) -> str:
        return self.name
