"""The languages in which activities are held or helped, and what is written of them into the trail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpokenLanguage(models.TextChoices):
    """Beside Japanese, in the order in which residents look for them. Sign language is a mark of the activity's own."""

    EASY_JAPANESE = "ja-easy", _("やさしい日本語")
    ENGLISH = "en", _("英語")
    CHINESE = "zh", _("中国語")
    KOREAN = "ko", _("韓国・朝鮮語")
    VIETNAMESE = "vi", _("ベトナム語")
    TAGALOG = "tl", _("タガログ語")
    NEPALI = "ne", _("ネパール語")
    PORTUGUESE = "pt", _("ポルトガル語")
    SPANISH = "es", _("スペイン語")
    INDONESIAN = "id", _("インドネシア語")
    THAI = "th", _("タイ語")
    BURMESE = "my", _("ミャンマー語")
    UKRAINIAN = "uk", _("ウクライナ語")


class LanguageWay(models.TextChoices):
    """How far one comes with a language."""

    HELD = "held", _("この言葉で行います")
    HELPED = "helped", _("通訳などの手伝いがあります")


class LanguageVerb(models.TextChoices):
    """What is written into the audit trail."""

    LANGUAGES = "activities.languages", _("講座・催しの言葉を変えた")
    TRANSLATED = "activities.translate", _("講座・催しの文を訳した")
    QUESTIONS_TRANSLATED = "activities.translate_questions", _("申し込む人・アンケートへの質問を訳した")
