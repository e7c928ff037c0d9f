"""The list with all its conditions and pages, and the calendar beside it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Activity, Session
from kusei.services.activities.operations import When
from kusei.services.activities.tests.ground import activity_of, apply, intake_of
from kusei.wards.models import District

pytestmark = pytest.mark.slow

TOKYO = ZoneInfo("Asia/Tokyo")


def address(ground: Ground, name: str = "activities") -> str:
    return reverse(f"portal:{name}", args=[ground.cast.ward.key])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sessions_on(activity: Activity, *days: date, count: int = 1, place: str = "区役所") -> list[Session]:
    """`count` sessions on each day, from ten o'clock on."""
    return Session.objects.bulk_create(
        Session(
            ward_id=activity.ward_id, activity=activity, place=place,
            starts_at=datetime(day.year, day.month, day.day, 10, number % 60, tzinfo=TOKYO),
            ends_at=datetime(day.year, day.month, day.day, 12, number % 60, tzinfo=TOKYO),
        )
        for day in days
        for number in range(count)
    )  # fmt: skip


def queries_of(client: Client, at: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(at).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ["activities", "activity_calendar"])
def test_a_page_asks_as_often_for_sixty_sessions_as_for_three(
    ground: Ground, client: Client, name: str
) -> None:
    day = timezone.localdate() + timedelta(days=20)
    intake = intake_of(ground, 5)
    at = f"{address(ground, name)}?month={day:%Y-%m}"
    few = queries_of(client, at)
    for number in range(4):
        other = activity_of(ground, title=f"講座{number}")
        sessions_on(other, day, day + timedelta(days=1), count=7)
    intake.sessions.update(place="地区センター")
    assert Session.objects.count() > 60
    assert queries_of(client, at) == few


def test_fifty_lines_stand_on_a_page_and_the_rest_behind_it(ground: Ground, client: Client) -> None:
    activity = activity_of(ground)
    sessions_on(activity, timezone.localdate() + timedelta(days=3), count=53)
    first = client.get(address(ground) + "?is_free=1")
    assert first.content.decode().count('class="on"') == 50
    assert "54回あります" in text(first)
    assert "?is_free=1&amp;page=2" in first.content.decode()
    second = client.get(address(ground) + "?is_free=1&page=2")
    assert second.content.decode().count('class="on"') == 4
    assert client.get(address(ground) + "?page=99").content.decode().count('class="on"') == 4


@pytest.mark.slow
def test_each_condition_narrows_the_list_and_the_calendar(ground: Ground, client: Client) -> None:
    ward = ground.cast.ward
    far = activity_of(ground, title="防災フェア", text="子育て中の人も")
    full = intake_of(ground, 1, title="満員の教室")
    apply(full)
    full.activity.sessions.filter(intake=None).delete()
    district = District.objects.create(ward=ward, name="北台", folded="北台", position=1)
    near = activity_of(ground, title="介護の相談")
    day = timezone.localdate() + timedelta(days=33)
    start = datetime(day.year, day.month, day.day, 10, tzinfo=TOKYO)
    activities.add_sessions(
        activity=near, actor=ground.cast.clerk,
        whens=[When(start, start + timedelta(hours=1), "", district, "https://meet.example.jp/room")],
    )  # fmt: skip
    for query, there, away in (
        ("theme=childcare", far, near),
        ("theme=elderly", near, far),
        (f"district={district.pk}", near, far),
        ("is_online=1", near, far),
        (f"when={day.isoformat()}", near, far),
        ("is_open=1", far, full.activity),
        ("place=地区センター", full.activity, near),
        ("q=ﾌｪｱ", far, near),
    ):
        found = client.get(f"{address(ground)}?{query}").content.decode()
        assert str(there.public_id) in found, query
        assert str(away.public_id) not in found, query
        assert "meet.example.jp" not in found
    month = client.get(f"{address(ground, 'activity_calendar')}?month={day:%Y-%m}&is_online=1")
    assert str(near.public_id) in month.content.decode()
    assert str(far.public_id) not in month.content.decode()


def test_a_day_of_the_calendar_leads_to_its_list_and_holidays_are_named(
    ground: Ground, client: Client
) -> None:
    activity = activity_of(ground, title="新春の会")
    sessions_on(activity, date(2027, 1, 11), count=5)
    page = client.get(address(ground, "activity_calendar") + "?month=2027-01&is_free=1")
    html = page.content.decode()
    assert "令和9年1月の講座・催し" in html
    assert "成人の日" in html
    assert "ほか2回" in html
    assert re.search(r"<caption[^>]*>令和9年1月の講座・催し</caption>", html)
    assert html.count('<th scope="col"') == 7
    link = re.search(r'href="([^"]*when=2027-01-11[^"]*)"', html)
    assert link is not None
    listed = client.get(link[1].replace("&amp;", "&"))
    assert listed.content.decode().count('class="on"') == 5
    assert (
        "January 2027"
        in client.get(f"/en{address(ground, 'activity_calendar')}?month=2027-01").content.decode()
    )


def test_the_calendar_begins_on_sunday_and_turns_as_far_as_there_is_something(
    ground: Ground, client: Client
) -> None:
    activity = activity_of(ground)
    sessions_on(activity, date(2027, 3, 1))
    page = client.get(address(ground, "activity_calendar") + "?month=2027-03").content.decode()
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page) == list("日月火水木金土")
    assert 'rel="next"' not in page
    assert "month=2027-02" in page
    assert "この月に、講座や催しはありません" in text(
        client.get(address(ground, "activity_calendar") + "?month=2030-01")
    )
    for nonsense in ("2026-13", "x", "2026-1", "9999-01"):
        assert client.get(address(ground, "activity_calendar") + f"?month={nonsense}").status_code == 404


def test_what_is_called_off_says_so_and_drafts_and_other_wards_are_not_there(
    ground: Ground, client: Client
) -> None:
    day = date(2027, 3, 1)
    shown, draft = (
        activity_of(ground, title="川歩き"),
        activity_of(ground, title="準備中の会", published=False),
    )
    session = sessions_on(shown, day)[0]
    sessions_on(draft, day)
    activities.call_off_session(
        session=Session.objects.get(pk=session.pk), reason="大雨のため", revision=1, actor=ground.cast.clerk
    )
    page = text(client.get(address(ground, "activity_calendar") + "?month=2027-03"))
    assert "10:00 川歩き 中止" in page
    assert "準備中の会" not in page
    other = reverse("portal:activity_calendar", args=[ground.cast.other_ward.key])
    assert "川歩き" not in text(client.get(other + "?month=2027-03"))


def test_what_lasts_for_weeks_stands_in_each_month_and_in_every_day_that_is_asked_for(
    ground: Ground, client: Client
) -> None:
    activity = activity_of(ground, title="花めぐりの会")
    activity.sessions.update(
        starts_at=datetime(2027, 2, 20, 9, tzinfo=TOKYO), ends_at=datetime(2027, 3, 21, 17, tzinfo=TOKYO)
    )
    for month in ("2027-02", "2027-03"):
        page = client.get(address(ground, "activity_calendar") + f"?month={month}")
        assert "花めぐりの会 （令和9年3月21日(日)まで）" in text(page)
    day = text(client.get(address(ground) + "?when=2027-03-03"))
    assert "09:00～令和9年3月21日(日) 17:00" in day
    assert "花めぐりの会" not in text(client.get(address(ground) + "?when=2027-04"))
