"""What residents take along: calendars, news, open data, and what search engines read; each read again by a library."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import events_csv
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.events_csv import REQUIRED
from kusei.services.activities.models import Session
from kusei.services.activities.operations import Details, When
from kusei.services.activities.tests.ground import activity_of, apply, in_days, intake_of
from kusei.wards.models import Ward

pytestmark = pytest.mark.slow

LINK = "https://meet.example.jp/room"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
ODD = "髙\ue000田, 「の」; 会\\n 😀"


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"portal:{name}", args=[ground.cast.ward.key, *more])


def events(answer) -> list[icalendar.Event]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def online(ground: Ground, intake) -> Session:
    activity = intake.activity
    whens = [When(in_days(40), in_days(40) + timedelta(hours=1), "", None, LINK)]
    return activities.add_sessions(activity=activity, whens=whens, intake=intake, actor=ground.cast.clerk)[0]


def test_a_subscribed_calendar_follows_what_changes(ground: Ground, client: Client) -> None:
    activity = activity_of(ground, title=ODD, text="持ち物, なし\n雨でも")
    activity_of(ground, title="準備中の会", published=False)
    before = events(client.get(at(ground, "activities_ics")))
    assert [str(each["summary"]) for each in before] == [ODD]
    assert "雨でも" in str(before[0]["description"])
    assert str(activity.public_id) in str(before[0]["url"])
    activities.call_off_session(
        session=activity.sessions.get(), reason="大雨のため", revision=1, actor=ground.cast.clerk
    )
    after = events(client.get(at(ground, "activities_ics")))
    assert str(after[0]["uid"]) == str(before[0]["uid"])
    assert after[0]["sequence"] > before[0]["sequence"]
    assert after[0]["last-modified"].dt >= before[0]["last-modified"].dt
    assert str(after[0]["status"]) == "CANCELLED"
    assert "大雨のため" in str(after[0]["description"])


def test_the_way_in_online_is_in_no_public_file(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    session = online(ground, intake)
    activity = intake.activity
    for address in (
        at(ground, "activities_ics"),
        at(ground, "activities_atom"),
        at(ground, "activities_csv"),
        at(ground, "activities_csv") + "?edition=gif",
        at(ground, "activity_ics", activity.public_id),
        at(ground, "session_ics", activity.public_id, session.pk),
        at(ground, "activity", activity.public_id),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "meet.example.jp" not in answer.content.decode(), address
    accepted, waiting = apply(intake), apply(intake)
    mine = events(client.get(at(ground, "application_ics", accepted.token)))
    assert [str(each["url"]) for each in mine][-1] == LINK
    assert {str(each["status"]) for each in mine} == {"CONFIRMED"}
    theirs = client.get(at(ground, "application_ics", waiting.token))
    assert {str(each["status"]) for each in events(theirs)} == {"TENTATIVE"}
    assert "meet.example.jp" not in theirs.content.decode()
    assert theirs["Cache-Control"].startswith("max-age=0")
    public = events(client.get(at(ground, "activities_ics")))
    assert {str(each["uid"]) for each in mine} <= {str(each["uid"]) for each in public}


def test_one_session_and_one_activity_as_a_file(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    activity = intake.activity
    assert len(events(client.get(at(ground, "activity_ics", activity.public_id)))) == 4
    session = intake.sessions.first()
    one = client.get(at(ground, "session_ics", activity.public_id, session.pk))
    assert len(events(one)) == 1
    assert one["Content-Disposition"].startswith("attachment")
    assert client.get(at(ground, "session_ics", activity.public_id, 999_999)).status_code == 404
    other = activity_of(ground, title="別の会").sessions.get()
    assert client.get(at(ground, "session_ics", activity.public_id, other.pk)).status_code == 404
    page = client.get(at(ground, "activity", activity.public_id)).content.decode()
    assert at(ground, "session_ics", activity.public_id, session.pk) in page


def test_feeds_are_narrowed_like_the_list_but_not_by_free_places(ground: Ground, client: Client) -> None:
    activity_of(ground, title="子育ての会")
    activity_of(ground, title="防災フェア", fee_yen=100)
    full = intake_of(ground, 1, title="満員の教室")
    apply(full)
    found = client.get(at(ground, "activities_ics") + "?theme=childcare")
    assert [str(each["summary"]) for each in events(found)] == ["子育ての会"]
    assert "（子育て）" in str(icalendar.Calendar.from_ical(found.content)["x-wr-calname"])
    assert len(events(client.get(at(ground, "activities_ics") + "?is_open=1"))) == 6
    page = client.get(at(ground, "activities") + "?theme=childcare&is_open=1").content.decode()
    assert "webcal://testserver" in page
    assert "activities.ics?theme=childcare<" in page


def test_news_name_each_activity_once_with_what_happened_last(ground: Ground, client: Client) -> None:
    first, second = activity_of(ground, title=ODD), activity_of(ground, title="防災フェア")
    activity_of(ground, title="準備中の会", published=False)
    activities.change_activity(
        activity=second, revision=second.revision, actor=ground.cast.clerk,
        details=Details(ActivityKind.COURSE, "防災フェア", "雨でも行います"),
    )  # fmt: skip
    activities.call_off_activity(activity=first, reason="感染症 & 大雨", actor=ground.cast.clerk)
    answer = client.get(at(ground, "activities_atom"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(answer.content).findall("a:entry", ATOM)
    assert [each.findtext("a:title", "", ATOM) for each in entries] == [
        f"【中止】{ODD}",
        "【変更】防災フェア",
    ]
    assert entries[0].findtext("a:id", "", ATOM) == f"urn:uuid:{first.public_id}"
    assert "感染症 &amp; 大雨<br>" in entries[0].findtext("a:summary", "", ATOM)
    other = reverse("portal:activities_atom", args=[ground.cast.other_ward.key])
    assert ElementTree.fromstring(client.get(other).content).findall("a:entry", ATOM) == []


def test_who_has_it_already_is_told_so_without_reading_it(ground: Ground, client: Client) -> None:
    activity = activity_of(ground)
    for name in ("activities_ics", "activities_atom", "activities_csv"):
        first = client.get(at(ground, name))
        assert first["Last-Modified"]
        same = client.get(at(ground, name), headers={"If-None-Match": first["ETag"]})
        assert (same.status_code, same.content) == (304, b""), name
        other = client.get(f"/en{at(ground, name)}", headers={"If-None-Match": first["ETag"]})
        assert other.status_code == 200
    mark = client.get(at(ground, "activities_ics"))["ETag"]
    session = activity.sessions.get()
    activities.call_off_session(session=session, reason="大雨のため", revision=1, actor=ground.cast.clerk)
    assert client.get(at(ground, "activities_ics"), headers={"If-None-Match": mark}).status_code == 200


def test_open_data_has_its_columns_and_runs_nothing(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 20, title="=1+1", contact="地域振興課 電話 045-111-2222")
    answer = client.get(at(ground, "activities_csv"))
    text = answer.content.decode()
    assert text.startswith(
        "\ufeff都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,イベント名,イベント名_カナ,"
    )
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 4
    assert len(rows[0]) == 32
    assert all(row[name] for row in rows for name in REQUIRED)
    assert rows[0]["イベント名"] == "'=1+1"
    asked = next(row for row in rows if row["定員"])
    assert asked["定員"] == "20"
    assert asked["連絡先電話番号"] == "045-111-2222"
    assert asked["参加申込終了日"] == timezone.localdate(intake.closes_at).isoformat()
    assert re.fullmatch(r"E\d{6}", asked["NO"])
    gif = client.get(at(ground, "activities_csv") + "?edition=gif").content.decode()
    fields = next(csv.DictReader(io.StringIO(gif.removeprefix("\ufeff"))))
    assert fields["Web開催"] == "現地開催のみ"
    assert fields["料金有無"] == "無"


@pytest.mark.parametrize(
    ("place", "address", "room"),
    [
        ("区役所4階会議室", "泉区泉町1-1", "4階会議室"),
        ("泉区役所", "泉区泉町1-1", ""),
        ("区役所（1階ロビー）", "泉区泉町1-1", "1階ロビー"),
        ("区役所通り公園", "", ""),
        ("地区センター", "", ""),
        ("", "", ""),
    ],
)
def test_only_the_address_of_the_ward_office_is_known(place: str, address: str, room: str) -> None:
    """Of any other place the standard's table says the ward, since it must not be empty; nothing is made up."""
    ward = Ward(name="泉区", contact_address="泉区泉町1-1")
    line = events_csv.Line(ward, Session(place=place), None, "", None, None)
    standard, gif = (events_csv.EDITIONS[each] for each in ("standard", "gif"))
    assert standard["住所"](line) == (address or "泉区")
    assert standard["方書"](line) == room
    assert gif["開催場所住所"](line) == address


def test_search_engines_read_each_session_as_an_event(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1, title="</script><b>", text="<!-- & 😀", min_age=0, max_age=3)
    online(ground, intake)
    intake.quotas.update(taken=1)
    page = client.get(at(ground, "activity", intake.activity.public_id)).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert len(found) == 1
    said = json.loads(found[0])
    assert (said["@type"], said["name"], said["description"]) == ("EventSeries", "</script><b>", "<!-- & 😀")
    assert len(said["subEvent"]) == 5
    offers = {each["offers"]["availability"].rpartition("/")[2] for each in said["subEvent"]}
    assert offers == {"InStock", "SoldOut"}
    last = said["subEvent"][-1]
    assert last["eventAttendanceMode"].endswith("/OnlineEventAttendanceMode")
    assert last["location"]["@type"] == "VirtualLocation"
    assert last["typicalAgeRange"] == "0-3"
    assert '<meta property="og:description" content="令和' in page


def test_activities_are_found_and_on_the_map(ground: Ground, client: Client) -> None:
    shown = activity_of(ground, title="川べりの植物観察会")
    draft = activity_of(ground, title="植物の準備会", published=False)
    for page in (
        client.get(at(ground, "ward_search") + "?q=植物"),
        client.get(at(ground, "sitemap")),
    ):
        assert str(shown.public_id) in page.content.decode()
        assert str(draft.public_id) not in page.content.decode()
    activities.unpublish_activity(activity=shown, actor=ground.cast.clerk)
    assert str(shown.public_id) not in client.get(at(ground, "ward_search") + "?q=植物").content.decode()


@pytest.mark.parametrize("name", ["activities_ics", "activities_atom", "activities_csv"])
def test_a_feed_asks_as_often_for_many_as_for_few(ground: Ground, client: Client, name: str) -> None:
    counts = []
    for _round in range(2):
        intake_of(ground, 2)
        with CaptureQueriesContext(connection) as asked:
            client.get(at(ground, name))
        counts.append(len(asked))
        activity_of(ground)
    assert counts[0] == counts[1]
