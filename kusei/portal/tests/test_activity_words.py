"""Activities in other languages on the residents' pages, and where the office writes them."""

from __future__ import annotations

import re

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.ledger.tests.ground import Ground
from kusei.services.activities.models import Activity
from kusei.services.activities.tests.ground import activity_of, apply, intake_of
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"portal:{name}", args=[ground.cast.ward.key, *more])


def written(ground: Ground, activity: Activity, **said: str) -> Client:
    """A clerk writes into the office's page."""
    client = signed_in(ground.cast.clerk)
    activity.refresh_from_db()
    address = reverse("office:activity_languages", args=[ground.cast.ward.key, activity.pk])
    answer = client.post(address, {"revision": activity.revision, **said}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return client


def test_staff_translate_and_residents_read_it_marked_as_what_it_is(ground: Ground, client: Client) -> None:
    activity = activity_of(ground, text="遊びます。", bring="バスタオル")
    page = client.get(f"/en{at(ground, 'activity', activity.public_id)}").content.decode()
    assert '<h1 lang="ja">赤ちゃん教室</h1>' in page
    assert "Not translated yet" in page
    written(ground, activity, do="languages", en="helped", zh="held")
    written(ground, activity, do="en", title="Baby class <1>", text="We play.")
    page = client.get(f"/en{at(ground, 'activity', activity.public_id)}").content.decode()
    assert "<h1>Baby class &lt;1&gt;</h1>" in page
    assert '<dd lang="ja">バスタオル</dd>' in page
    assert "Help in English" in page
    assert '"inLanguage": "en"' in page
    for name in ("activities", "activity_calendar"):
        address = at(ground, name)
        day = activity.sessions.get().starts_at
        found = client.get(f"/en{address}?month={day.astimezone():%Y-%m}").content.decode()
        assert "Baby class &lt;1&gt;" in found
    assert "Baby class" not in client.get(at(ground, "activities")).content.decode()
    feed = icalendar.Calendar.from_ical(client.get(f"/en{at(ground, 'activities_ics')}").content)
    assert str(feed.walk("VEVENT")[0]["summary"]) == "Baby class <1>"
    assert "Baby class <1>" in client.get(at(ground, "activities_csv")).content.decode()
    assert "Baby class" in client.get(f"/en{at(ground, 'activities')}?q=baby&language=zh").content.decode()
    assert "Baby class" not in client.get(f"/en{at(ground, 'activities')}?language=ko").content.decode()
    Activity.objects.filter(pk=activity.pk).update(text="歌います。")
    old = client.get(f"/en{at(ground, 'activity', activity.public_id)}").content.decode()
    assert "older than" in old


def test_whoever_applies_reads_what_for_in_their_language(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, bring="バスタオル")
    written(ground, intake.activity, do="en", title="Baby class")
    applied = apply(intake)
    form = at(ground, "apply", intake.activity.public_id, intake.pk)
    own = [at(ground, name, applied.token) for name in ("application", "edit_application")]
    for address in (form, *own):
        page = client.get(f"/en{address}").content.decode()
        assert "Baby class" in page
        assert "赤ちゃん教室" not in page
        assert "赤ちゃん教室" in client.get(address).content.decode()
    page = client.get(f"/en{own[0]}").content.decode()
    assert '<span lang="ja">バスタオル</span>' in page


def test_a_new_translation_changes_what_a_feed_is(ground: Ground, client: Client) -> None:
    activity = activity_of(ground)
    address = f"/en{at(ground, 'activities_ics')}"
    mark = client.get(address)["ETag"]
    written(ground, activity, do="en", title="Baby class")
    assert client.get(address, headers={"If-None-Match": mark}).status_code == 200


def test_the_office_says_what_is_missing_or_old(ground: Ground) -> None:
    activity = activity_of(ground)
    client = written(ground, activity, do="en", title="Baby class")
    address = reverse("office:activity_languages", args=[ground.cast.ward.key, activity.pk])
    page = re.sub(r"<[^>]+>", "", client.get(address).content.decode())
    assert "今の文の訳" in page
    assert page.count("訳していません") == 3
    wrong = client.post(address, {"revision": "2", "do": "vi", "text": "Chơi"})
    assert wrong.status_code == 422
    assert "Chơi" in wrong.content.decode()
    late = client.post(address, {"revision": "1", "do": "vi", "title": "Lớp em bé"})
    assert "ほかの人が書き換えました" in late.content.decode()
    assert signed_in(ground.cast.other_clerk).get(address).status_code == 403
    assert client.post(address, {"do": "zzz"}).status_code == 404


@pytest.mark.parametrize("name", ["activities", "activity_calendar", "activities_ics", "activities_atom"])
def test_translated_pages_ask_as_often_for_many_as_for_few(ground: Ground, client: Client, name: str) -> None:
    counts = []
    for more in (1, 4):
        for number in range(more):
            activity = activity_of(ground, title=f"教室{number}")
            activity.languages.create(ward=ground.cast.ward, code="en", way="held")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/en{at(ground, name)}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
