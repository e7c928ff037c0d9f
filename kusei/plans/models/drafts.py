"""What happens to a draft before it is published: each step of editing, so that it can be undone, and comments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.plans.enums import PlanVerb
from kusei.plans.models.trees import Item, PlanVersion


class DraftStep(models.Model):
    """One change of a draft. `before` and `after` hold the rows it touched, by item id (null: not there), as
    `plans.drafting.Row` writes them; undoing writes `before` back where nobody changed the rows since."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(_("何をした"), max_length=60, choices=PlanVerb)
    label = models.CharField(_("何に"), max_length=300)
    before = models.JSONField()
    after = models.JSONField()
    undoes = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["version", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="draft_step_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class Comment(models.Model):
    """A word between divisions about an item; it stays with the item through versions. Residents never see it.

    What came from outside, by a signed link or by telephone, has no account for an author but the name of who said it.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(_("アカウントのない書き手"), max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(_("コメント"))
    mentions = models.ManyToManyField("wards.Body", related_name="+", blank=True)
    settled_at = models.DateTimeField(_("済みにした日時"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=models.Q(author__isnull=False, author_name="")
                | (models.Q(author__isnull=True) & ~models.Q(author_name="")),
                name="comment_has_one_author",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def said_by(self) -> str:
        """Who wrote it, as people know them."""
        return self.author.display_name if self.author else self.author_name
