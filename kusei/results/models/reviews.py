"""What people judge of an item after its year: evidence stands beside it, the judgement is theirs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.results.enums import Course, Grade, Stage


class Review(models.Model):
    """One judgement of one item: first by its division, then by the planner. Kusei never fills it in.

    `course` is what is to become of the item next year; rolling over follows the planner's, else the division's.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="reviews")
    stage = models.CharField(_("だれの評価か"), max_length=8, choices=Stage)
    necessity = models.CharField(_("必要性"), max_length=1, choices=Grade, blank=True)
    effectiveness = models.CharField(_("有効性"), max_length=1, choices=Grade, blank=True)
    efficiency = models.CharField(_("効率性"), max_length=1, choices=Grade, blank=True)
    fairness = models.CharField(_("公平性"), max_length=1, choices=Grade, blank=True)
    grade = models.CharField(_("総合"), max_length=1, choices=Grade, blank=True)
    course = models.CharField(_("今後の方向"), max_length=9, choices=Course, blank=True)
    comment = models.TextField(_("評価の理由"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField(_("書いた日時"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item", "stage"]
        constraints = [
            models.UniqueConstraint(fields=["item", "stage"], name="review_once_per_stage"),
            models.CheckConstraint(
                condition=~Q(course__in=["ended", "suspended", "reduced", "expanded"]) | ~Q(comment=""),
                name="change_of_course_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.stage} {self.course}"
