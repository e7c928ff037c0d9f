"""In which languages an activity is held or helped, and its words in other languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans.enums import TranslationLanguage
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.language_enums import LanguageVerb, LanguageWay, SpokenLanguage
from kusei.services.activities.models import Activity, ActivityLanguage, ActivityTranslation
from kusei.services.activities.operations.publishing import held_activity
from kusei.services.activities.searching import tell_search
from kusei.services.activities.translating import FIELDS, words_hash
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def set_languages(
    *, activity: Activity, languages: Mapping[str, str], revision: int, actor: Person
) -> Activity:
    """The languages beside Japanese, each with how far one comes with it: {"en": "helped"}. Those left out are taken away. Raises
    NotFitting for a language or a way that nobody knows, ChangedMeanwhile, NotAllowed."""
    activity = _held(activity, revision, actor)
    if not set(languages) <= set(SpokenLanguage.values) or not set(languages.values()) <= set(
        LanguageWay.values
    ):
        raise NotFitting(_("言葉を一覧から選んでください。"))
    before = dict(activity.languages.order_by("pk").values_list("code", "way"))
    if before == dict(languages):
        return activity
    activity.languages.all().delete()
    ActivityLanguage.objects.bulk_create(
        ActivityLanguage(ward=activity.ward, activity=activity, code=each.value, way=languages[each.value])
        for each in SpokenLanguage
        if each.value in languages
    )
    _changed(activity)
    audit.record(
        ward=activity.ward, actor=actor, verb=LanguageVerb.LANGUAGES, target=activity,
        changes={"languages": (_told(before), _told(languages))},
    )  # fmt: skip
    return activity


@transaction.atomic
def translate_activity(
    *, activity: Activity, language: str, words: Mapping[str, str], revision: int, actor: Person
) -> ActivityTranslation | None:
    """The activity's words in a language, in place of earlier ones; `words` by the names of its fields. All empty takes the translation
    away (None). Raises NotFitting without a title or for a language that no page speaks, ChangedMeanwhile, NotAllowed."""
    activity = _held(activity, revision, actor)
    if language not in TranslationLanguage.values:
        raise NotFitting(_("この言葉のページはありません。一覧から選んでください。"))
    said = {name: words.get(name, "").strip() for name in FIELDS}
    before = ActivityTranslation.objects.filter(activity=activity, language=language).first()
    if not any(said.values()):
        if before is None:
            return None
        before.delete()
        made = None
    elif not said["title"]:
        raise NotFitting(_("訳した名称を書いてください。やめるときは、全部の欄を空にします。"))
    else:
        made, _is_new = ActivityTranslation.objects.update_or_create(
            activity=activity,
            language=language,
            defaults={
                **said,
                "ward": activity.ward,
                "source_hash": words_hash(activity),
                "made_by": actor,
                "made_at": timezone.now(),
            },
        )
    _changed(activity)
    tell_search(activity)
    audit.record(
        ward=activity.ward, actor=actor, verb=LanguageVerb.TRANSLATED, target=activity,
        changes={
            "language": (None, language),
            **{
                name: (getattr(before, name) if before else "", said[name])
                for name in FIELDS
                if (getattr(before, name) if before else "") != said[name]
            },
        },
    )  # fmt: skip
    return made


def copy_languages(origin: Activity, to: Activity) -> None:
    """What a new activity takes along from the one that it is like: its languages, and translations, which count as older than their source
    where the new one says something else. For operations of this room, in their transaction."""
    ActivityLanguage.objects.bulk_create(
        ActivityLanguage(ward=to.ward, activity=to, code=each.code, way=each.way)
        for each in origin.languages.all()
    )
    ActivityTranslation.objects.bulk_create(
        ActivityTranslation(
            ward=to.ward,
            activity=to,
            language=each.language,
            source_hash=each.source_hash,
            made_by=each.made_by,
            made_at=each.made_at,
            **{name: getattr(each, name) for name in FIELDS},
        )
        for each in origin.translations.select_related("made_by")
    )


def _held(activity: Activity, revision: int, actor: Person) -> Activity:
    found = held_activity(activity, actor)
    if found.revision != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、ほかの人が書き換えました。いまの内容を確かめてください。")
        )
    return found


def _changed(activity: Activity) -> None:
    activity.revision += 1
    activity.save(update_fields=["revision"])


def _told(languages: Mapping[str, str]) -> str:
    return "、".join(
        f"{SpokenLanguage(code).label}（{LanguageWay(way).label}）" for code, way in languages.items()
    )
