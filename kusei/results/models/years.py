"""What belongs to a published year beside its version: kept as it was on the day of publishing."""

from __future__ import annotations

from django.db import models


class YearRecord(models.Model):
    """What a version's year was worked out from, in words, on the day when its results were published.

    A version keeps its items and its results itself; names of bodies and metrics, how they are counted and what the
    indicators said live on, and stand here as they were. `facts` is `results.year_book.Facts.plain()`.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    version = models.OneToOneField("plans.PlanVersion", models.CASCADE, related_name="year_record")
    facts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.version_id}"
