"""Questions of an organiser, and what applicants answered. Answers are sealed at rest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kusei.plans.enums import TranslationLanguage
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models.activities import Intake
from kusei.services.activities.models.applications import Application
from kusei.services.activities.models.surveys import Survey
from kusei.services.activities.survey_enums import StandardQuestion


class Question(models.Model):
    """A question that everybody who applies is asked, or everybody who answers a questionnaire; `standard` ones are asked in the
    reader's language. `choices` are texts; an answer keeps a choice by its place (from 0), so the
    texts may be mended later and their number may not change. `least` and `most` bound a number. Once answered, a question that
    is taken away keeps its answers: `removed_at`."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    intake = models.ForeignKey(Intake, models.CASCADE, null=True, blank=True, related_name="questions")
    survey = models.ForeignKey(Survey, models.CASCADE, null=True, blank=True, related_name="questions")
    standard = models.CharField(max_length=12, choices=StandardQuestion, blank=True)
    position = models.PositiveSmallIntegerField(_("順"), default=0)
    kind = models.CharField(_("答え方"), max_length=10, choices=QuestionKind)
    text = models.CharField(_("質問"), max_length=200)
    hint = models.CharField(_("説明"), max_length=200, blank=True)
    choices = models.JSONField(_("選ぶもの"), default=list)
    is_required = models.BooleanField(_("必ず答えてもらう"), default=False)
    is_for_each = models.BooleanField(_("一人ずつ尋ねる"), default=False)
    least = models.IntegerField(_("いちばん小さい数"), null=True, blank=True)
    most = models.IntegerField(_("いちばん大きい数"), null=True, blank=True)
    removed_at = models.DateTimeField(_("外した日時"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    told: QuestionTranslation | None = None
    """In which translation it is read: of a copy that is never saved (`translating.question_in_words`)."""

    class Meta:
        ordering = ["intake", "survey", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(intake__isnull=False, survey__isnull=True) | Q(intake__isnull=True, survey__isnull=False),
                name="question_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["survey", "standard"], condition=~Q(standard="") & Q(removed_at__isnull=True),
                name="standard_question_once",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_a_text"),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(least__lte=F("most")),
                name="question_range_in_order",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text

    @property
    def owner(self) -> Intake | Survey:
        """What it belongs to."""
        found = self.intake or self.survey
        assert found is not None  # the database says so
        return found

    @property
    def words(self) -> str:
        """The question in the reader's language, where the house knows it; as the organiser wrote it otherwise."""
        return str(StandardQuestion(self.standard).label) if self.standard else self.text


class QuestionTranslation(models.Model):
    """A question in another language: `choices` has as many texts as the question, in its order. `source_hash` tells which Japanese was
    translated: where the question says something else by now, residents read the Japanese."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, models.CASCADE, related_name="translations")
    language = models.CharField(_("言語"), max_length=10, choices=TranslationLanguage)
    text = models.CharField(_("質問"), max_length=400)
    hint = models.CharField(_("説明"), max_length=400, blank=True)
    choices = models.JSONField(_("選ぶもの"), default=list)
    source_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("訳した日時"))

    class Meta:
        ordering = ["question", "language"]
        constraints = [
            models.UniqueConstraint(fields=["question", "language"], name="question_translation_once"),
            models.CheckConstraint(condition=~Q(text=""), name="question_translation_has_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.text}"


class AnswerSheet(models.Model):
    """What one application answered: {"all": {question: value}, "seats": {seat: {question: value}}, "belongs": whether the
    condition of living or working here was declared}.

    Purpose of the personal data: preparing the activity for those who come; asked with the application, seen by its hosts only,
    deleted with the application's own data (`operations.forget_applicants`).
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    application = models.OneToOneField(Application, models.CASCADE, related_name="answer_sheet")
    sealed = models.TextField(editable=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(sealed=""), name="answer_sheet_is_sealed")]

    def __str__(self) -> str:
        return f"{self.application_id}"
