"""In which languages an activity is held or helped, and its own words in other languages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.plans.enums import TranslationLanguage
from kusei.services.activities.language_enums import LanguageWay, SpokenLanguage
from kusei.services.activities.models.activities import Activity


class ActivityLanguage(models.Model):
    """A language beside Japanese with which one comes along in an activity."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="languages")
    code = models.CharField(_("言葉"), max_length=10, choices=SpokenLanguage)
    way = models.CharField(_("行い方"), max_length=8, choices=LanguageWay)

    class Meta:
        ordering = ["activity", "pk"]
        indexes = [models.Index(fields=["ward", "code"], name="activity_by_language")]
        constraints = [
            models.UniqueConstraint(fields=["activity", "code"], name="activity_language_once"),
            models.CheckConstraint(
                condition=Q(way__in=LanguageWay.values), name="activity_language_states_how"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.code}"


class ActivityTranslation(models.Model):
    """An activity's words in another language. `source_hash` tells which Japanese words were translated: where the activity says something
    else by now, the translation is older than its source."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="translations")
    language = models.CharField(_("言語"), max_length=10, choices=TranslationLanguage)
    title = models.CharField(_("名称"), max_length=240)
    text = models.TextField(_("内容"), blank=True)
    audience = models.CharField(_("対象"), max_length=400, blank=True)
    fee_note = models.CharField(_("費用について"), max_length=400, blank=True)
    bring = models.CharField(_("持ち物"), max_length=400, blank=True)
    source_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("訳した日時"))

    class Meta:
        ordering = ["activity", "language"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "language"], name="activity_translation_once"),
            models.CheckConstraint(condition=~Q(title=""), name="activity_translation_has_a_title"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"
