"""What a questionnaire (アンケート) may ask, and what is recorded of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import QuestionKind


class StandardQuestion(models.TextChoices):
    """Questions that every ward may ask, in every language of the pages."""

    SATISFIED = "satisfied", _("この講座・催しはどうでしたか（満足度）")
    CLEAR = "clear", _("内容は分かりやすかったですか")
    AGAIN = "again", _("また来たいですか")
    FREE = "free", _("よかったこと、直してほしいことを自由に書いてください")


KINDS = {
    StandardQuestion.SATISFIED: QuestionKind.SCALE,
    StandardQuestion.CLEAR: QuestionKind.SCALE,
    StandardQuestion.AGAIN: QuestionKind.YES_NO,
    StandardQuestion.FREE: QuestionKind.LONG,
}
"""How each is answered."""


class SurveyVerb(models.TextChoices):
    """What is written into the audit trail. That somebody answered is not: it would tell when."""

    SET_UP = "activities.set_up_survey", _("アンケートを作った")
    STARTED = "activities.start_survey", _("アンケートの受付を始めた")
    STOPPED = "activities.stop_survey", _("アンケートの受付を止めた")
    PUBLISHED = "activities.publish_survey", _("アンケートの結果を公開した")
    HIDDEN = "activities.hide_survey", _("アンケートの結果の公開をやめた")
    PAPERS = "activities.type_papers", _("紙のアンケートを入れた")
    PAPER_REMOVED = "activities.remove_paper", _("紙のアンケートの行を消した")
    TEXTS_SEEN = "activities.see_texts", _("アンケートの自由記述を見た")
    TEXTS_FORGOTTEN = "activities.forget_texts", _("アンケートの自由記述を消した")
