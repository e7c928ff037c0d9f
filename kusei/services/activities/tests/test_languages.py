"""In which languages an activity is held, and its words in other languages."""

from __future__ import annotations

import pytest

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import Activity
from kusei.services.activities.operations import ChangedMeanwhile, Details, NotFitting
from kusei.services.activities.queries.languages import languages_in, translations_into, translations_of
from kusei.services.activities.tests.ground import activity_of
from kusei.services.activities.translating import in_words, is_current, words_hash
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed


def fresh(activity: Activity) -> Activity:
    return Activity.objects.select_related("ward").get(pk=activity.pk)


def translate(activity: Activity, actor, language: str = "en", **words: str):
    now = fresh(activity)
    return activities.translate_activity(
        activity=now, language=language, words=words, revision=now.revision, actor=actor
    )


def test_languages_are_set_in_the_order_of_the_list_and_taken_away_again(ground: Ground) -> None:
    activity = activity_of(ground)
    clerk = ground.cast.clerk
    activities.set_languages(
        activity=activity, languages={"zh": "helped", "en": "held"}, revision=activity.revision, actor=clerk
    )
    assert list(activity.languages.values_list("code", "way")) == [("en", "held"), ("zh", "helped")]
    assert [code for code, _name in languages_in(ground.cast.ward)] == ["en", "zh"]
    assert languages_in(ground.cast.other_ward) == []
    with pytest.raises(ChangedMeanwhile):
        activities.set_languages(activity=activity, languages={}, revision=activity.revision, actor=clerk)
    now = fresh(activity)
    for wrong in ({"xx": "held"}, {"en": "sung"}):
        with pytest.raises(NotFitting):
            activities.set_languages(activity=now, languages=wrong, revision=now.revision, actor=clerk)
    with pytest.raises(NotAllowed):
        activities.set_languages(
            activity=now, languages={}, revision=now.revision, actor=ground.cast.other_clerk
        )
    activities.set_languages(activity=now, languages={}, revision=now.revision, actor=clerk)
    assert languages_in(ground.cast.ward) == []
    assert AuditEntry.objects.filter(verb="activities.languages").count() == 2


def test_a_translation_grows_older_than_its_source_when_the_words_change(ground: Ground) -> None:
    activity = activity_of(ground, text="遊びます。", bring="バスタオル")
    made = translate(activity, ground.cast.clerk, title="Baby class", text="We play.")
    assert made is not None
    assert is_current(made, fresh(activity))
    told = in_words(activity, made)
    assert (told.title, told.text, told.bring) == ("Baby class", "We play.", "バスタオル")
    assert activity.title == "赤ちゃん教室"
    now = fresh(activity)
    details = Details(ActivityKind.COURSE, "赤ちゃん教室", "歌います。", bring="バスタオル")
    activities.change_activity(activity=now, details=details, revision=now.revision, actor=ground.cast.clerk)
    assert not is_current(made, fresh(activity))
    made = translate(activity, ground.cast.clerk, title="Baby class", text="We sing.")
    assert is_current(made, fresh(activity))
    assert len(translations_of(activity)) == 1


def test_a_translation_needs_a_title_and_goes_when_all_is_empty(ground: Ground) -> None:
    activity = activity_of(ground)
    clerk = ground.cast.clerk
    with pytest.raises(NotFitting, match="名称"):
        translate(activity, clerk, text="We play.")
    with pytest.raises(NotFitting):
        translate(activity, clerk, language="fr", title="Classe")
    with pytest.raises(NotAllowed):
        translate(activity, ground.cast.partner, title="Baby class")
    assert translate(activity, clerk) is None
    translate(activity, clerk, title="Baby class")
    assert set(translations_into("en", [activity.pk])) == {activity.pk}
    assert translations_into("vi", [activity.pk]) == {}
    assert translate(activity, clerk) is None
    assert translations_of(activity) == {}


def test_what_is_made_like_another_takes_its_languages_along(ground: Ground) -> None:
    activity = activity_of(ground)
    clerk = ground.cast.clerk
    activities.set_languages(
        activity=activity, languages={"en": "held"}, revision=activity.revision, actor=clerk
    )
    translate(activity, clerk, title="Baby class")
    made = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion, copied_from=activity,
        details=Details(ActivityKind.COURSE, "赤ちゃん教室"), actor=clerk,
    )  # fmt: skip
    assert list(made.languages.values_list("code", flat=True)) == ["en"]
    assert is_current(translations_of(made)["en"], made)
    assert activity.languages.count() == 1


def test_blanks_are_no_other_words() -> None:
    assert words_hash(Activity(title="赤ちゃん 教室")) == words_hash(Activity(title="赤ちゃん教室\r\n"))
    assert words_hash(Activity(title="a", text="b")) != words_hash(Activity(title="ab"))
