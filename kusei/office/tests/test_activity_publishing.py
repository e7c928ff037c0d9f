"""In the office: published at a time and seen before, closed and opened, called off by mistake, and who has to be telephoned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_activities import at, text
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models import Activity, Telling
from kusei.services.activities.tests.ground import activity_of, apply, in_days, intake_of, states
from kusei.wards.models import AuditEntry
from tests.cast import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def typed(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_draft_is_looked_at_and_published_at_its_time(ground: Ground, client: Client) -> None:
    activity = activity_of(ground, published=False)
    seen = reverse("portal:activity_preview", args=[ground.cast.ward.key, activity.public_id])
    page = client.get(seen)
    assert "公開前の確認です" in text(page)
    assert (page["X-Robots-Tag"], "private" in page["Cache-Control"]) == ("noindex", True)
    assert Client().get(seen).status_code == 302
    assert signed_in(ground.cast.other_clerk).get(seen).status_code == 403
    assert Client().get(seen.replace("preview/", "")).status_code == 404
    here = at(ground, "activity_publishing", activity.pk)
    past = client.post(here, {"do": "publish_at", "publish_at": typed(in_days(-1))})
    assert past.status_code == 422
    assert "これから1年以内" in text(past)
    client.post(here, {"do": "publish_at", "publish_at": typed(in_days(1))})
    assert "に公開します。" in text(client.get(at(ground, "activity", activity.pk)))
    client.post(here, {"do": "no_publish_at"})
    activity.refresh_from_db()
    assert activity.publish_at is None


def test_back_to_a_draft_closed_and_open_again(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    here = at(ground, "activity_publishing", intake.activity_id)
    assert 'value="unpublish"' in client.get(here).content.decode()
    client.post(here, {"do": "unpublish"})
    assert Activity.objects.get().state == "draft"
    activities.publish_activity(activity=intake.activity, actor=ground.cast.clerk)
    client.post(here, {"do": f"close-{intake.pk}"})
    assert "締め切ってあります" in text(client.get(here))
    again = {"opens_at": typed(in_days(-1)), "closes_at": typed(in_days(5))}
    client.post(here, {"do": f"window-{intake.pk}", **again})
    intake.refresh_from_db()
    assert intake.closes_at > in_days(4)
    apply(intake)
    assert 'value="unpublish"' not in client.get(here).content.decode()
    assert "申し込んだ人がいるので" in text(client.get(here))
    assert "もう申込みがある" in text(client.post(here, {"do": "unpublish"}, follow=True))
    assert client.post(here, {"do": "window-0", **again}).status_code == 404
    client.post(here, {"do": "reminders", "days": "5", "again_days": "0"})
    client.post(here, {"do": "template", "template": "ward"})
    found = Activity.objects.get()
    assert (found.remind_days, found.remind_again_days, found.template) == (5, 0, "ward")


def test_called_off_by_mistake_comes_back_and_who_has_no_mail_is_telephoned(
    ground: Ground, client: Client
) -> None:
    intake = intake_of(ground, 5)
    application = apply(intake).application
    apply(intake, mail="a@example.jp")
    activities.call_off_activity(activity=intake.activity, reason="x", actor=ground.cast.clerk)
    here = at(ground, "activity_publishing", intake.activity_id)
    done = client.post(here, {"do": "reopen", "reason": "手違い"}, follow=True)
    assert "また公開しました。メールで1件に知らせました。1件はメールがない" in text(done)
    assert states(application) == ["accepted"]
    session = intake.sessions.first()
    away = at(ground, "session", intake.activity_id, session.pk)
    client.post(away, {"do": "off", "reason": "大雨", "revision": "3"})
    client.post(away, {"do": "reopen", "reason": "晴れた", "revision": "4"})
    session.refresh_from_db()
    assert session.state == "planned"

    calls = at(ground, "activity_tellings", intake.activity_id)
    page = text(client.get(calls))
    assert "泉 花子0" in page
    assert "中止の取りやめ" in page
    assert AuditEntry.objects.filter(verb="activities.see_list").exists()
    left = Telling.objects.filter(by_mail=False)
    for telling in left:
        client.post(at(ground, "tick_telling", intake.activity_id, telling.pk), {"do": "done"})
    assert not left.filter(telephoned_by=None).exists()
    client.post(at(ground, "tick_telling", intake.activity_id, left[0].pk), {"do": "undo"})
    assert left.filter(telephoned_by=None).count() == 1
    assert "（1）" in text(client.get(at(ground, "activity", intake.activity_id)))
    assert client.post(at(ground, "tick_telling", intake.activity_id, 0)).status_code == 404


def test_others_see_no_names_and_tick_nothing(ground: Ground) -> None:
    intake = intake_of(ground)
    apply(intake)
    session = intake.sessions.first()
    moment = timezone.localtime(session.starts_at - timedelta(days=1)).replace(hour=9)
    activities.remind(now=moment)
    telling = Telling.objects.get()
    calls = at(ground, "activity_tellings", intake.activity_id)
    tick = at(ground, "tick_telling", intake.activity_id, telling.pk)
    planner = signed_in(ground.cast.planner)
    assert "泉 花子" not in text(planner.get(calls))
    assert planner.post(tick, {"do": "done"}).status_code == 403
    other = signed_in(ground.cast.other_clerk)
    assert (other.get(calls).status_code, other.post(tick).status_code) == (403, 403)
    telling.refresh_from_db()
    assert telling.telephoned_at is None


def test_the_form_of_a_draft_is_looked_at_and_cannot_be_sent(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, {"大人": 3, "保育": 2}, published=False, reach="living", min_age=20)
    wording = activities.Wording(QuestionKind.SHORT, "アレルギーはありますか")
    activities.add_question(owner=intake, wording=wording, actor=ground.cast.clerk)
    whole = reverse("portal:activity_preview", args=[ground.cast.ward.key, intake.activity.public_id])
    seen = f"{whole}{intake.pk}/"
    assert f'href="{seen}"' in client.get(whole).content.decode()
    page = client.get(seen)
    for word in ("この画面からは申し込めません", "アレルギーはありますか", "保育", "年齢", "メールアドレス"):
        assert word in text(page)
    assert 'name="ticket"' not in page.content.decode()
    assert "内容を確かめる" not in text(page)
    assert client.post(seen, {"name-0": "泉 花子", "step": "send"}).status_code == 405
    assert not intake.applications.exists()
    assert (page["X-Robots-Tag"], "private" in page["Cache-Control"]) == ("noindex", True)
    assert Client().get(seen).status_code == 302
    assert signed_in(ground.cast.other_clerk).get(seen).status_code == 403
    assert client.get(f"{whole}999999/").status_code == 404
