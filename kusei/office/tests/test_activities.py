"""Activities in the office: set up, published, applied for by telephone, counted, called off; and who sees whom."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.models import Entry
from kusei.ledger.tests.ground import Ground
from kusei.office.forms.activities import MoveForm
from kusei.office.queries.ledger import record_url
from kusei.services.activities import metrics, persons
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import Way
from kusei.services.activities.models import Activity, Application, Draw, Intake
from kusei.services.activities.operations import When
from kusei.services.activities.tests.ground import activity_of, apply, in_days, intake_of, states
from kusei.wards.models import AuditEntry
from tests.cast import signed_in
from tests.sent_forms import fields_of

pytestmark = pytest.mark.slow


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"office:{name}", args=[ground.cast.ward.key, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def set_up(ground: Ground, client: Client) -> Activity:
    answer = client.post(
        at(ground, "new_activity"),
        {
            "item": ground.items[0].pk,
            "host": ground.cast.promotion.pk,
            "kind": "course",
            "title": "赤ちゃん教室",
            "ticket": uuid4(),
        },
    )
    assert answer.status_code == 302, text(answer)
    return Activity.objects.get()


def test_an_activity_is_set_up_and_published(ground: Ground, client: Client) -> None:
    assert "まだありません" in text(client.get(at(ground, "activities")))
    activity = set_up(ground, client)
    here = at(ground, "activity", activity.pk)
    assert "日時がまだ" in text(client.post(here, {"do": "publish"}, follow=True))
    window = {
        "opens_at": f"{day(-1)}T09:00",
        "closes_at": f"{day(9)}T17:00",
        "way": "first_come",
        "most_people": 4,
    }
    wrong = client.post(here, {"do": "intake", "capacity": "たくさん", **window})
    assert wrong.status_code == 422
    assert "どの数にも、種類の名前が要ります" in text(wrong)
    client.post(here, {"do": "intake", "capacity": "大人 20、保育 5", **window})
    intake = Intake.objects.get()
    assert dict(intake.quotas.values_list("name", "capacity")) == {"大人": 20, "保育": 5}
    times = {"first_on": day(20), "begins": "10:00", "ends": "11:30", "rhythm": "weekly", "without": day(27)}
    plan = at(ground, "plan_sessions", activity.pk)
    looked = client.post(plan, {"step": "look", "count": 3, "intake": intake.pk, **times})
    lines = fields_of(looked.content.decode())
    added = client.post(plan, {"step": "add", **lines}, follow=True)
    assert "3回を加えました" in text(added)
    assert activity.sessions.count() == 3
    assert not activity.sessions.filter(starts_at__date=timezone.localdate() + timedelta(days=27)).exists()
    assert "公開しました" in text(client.post(here, {"do": "publish"}, follow=True))


def test_who_telephones_is_written_down_in_three_fields(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    address = at(ground, "new_application", intake.activity_id, intake.pk)
    form = {"names": "泉 花子（いずみ はなこ）32歳\n泉 太郎", "telephone": "045-111-2222", "way": "telephone"}
    done = client.post(address, form | {"ticket": str(uuid4()), "one_by_one": "on"}, follow=True)
    assert "1人 参加できます。1人 キャンセル待ちです。席が空いたら、最初に案内します" in text(done)
    wrong = client.post(address, form | {"ticket": str(uuid4()), "names": "((("})
    assert wrong.status_code == 422
    assert "区切って書いて" in text(wrong)


def test_the_list_is_seen_by_hosts_only_and_every_look_is_recorded(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    apply(intake, 2)
    address = at(ground, "applicants", intake.activity_id, intake.pk)
    assert "泉 花子1" in text(client.get(address))
    seen = AuditEntry.objects.filter(verb="activities.see_list")
    assert [each.actor for each in seen] == [ground.cast.clerk]
    for name in ("planner", "other_clerk", "partner"):
        answer = signed_in(getattr(ground.cast, name)).get(address)
        assert answer.status_code == 403, name
        assert "泉 花子" not in answer.content.decode()
    assert seen.count() == 1


def test_who_telephones_is_cancelled_and_the_next_is_taken(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    first, second = apply(intake).application, apply(intake).application
    here = [intake.activity_id, intake.pk]
    client.post(at(ground, "change_applicant", *here, first.number), {"do": "cancel"})
    client.post(at(ground, "change_applicant", *here, second.number), {"do": "take"})
    assert (states(first), states(second)) == (["cancelled"], ["accepted"])
    late = client.post(at(ground, "change_applicant", *here, first.number), {"do": "take"}, follow=True)
    assert "案内は終わりました" in text(late)
    asked_first = client.get(at(ground, "applicants", *here)).content.decode()
    assert re.search(r"<details><summary>取り消す.*元には戻せません.*value=\"cancel\"", asked_first)


def test_the_page_shows_what_is_free_and_folds_older_records(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, {"大人": 12, "保育": 2})
    for _number in range(9):
        activities.apply_for(
            intake=intake, ticket=uuid4(), contact=activities.Contact(telephone="045-111-2222"),
            people=[activities.Someone("泉 花子", quota=intake.quotas.get(name="大人").pk)],
        )  # fmt: skip
    page = client.get(at(ground, "activity", intake.activity_id)).content.decode()
    assert "定員（大人） 12人（空き 3人）" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "キャンセル待ち 0" not in page
    newest, _cut, older = page.partition("これより前の記録")
    assert newest.count("<time ") == 10
    assert "講座・催しを作った" in older


def test_heads_are_counted_into_the_ledger(ground: Ground, client: Client) -> None:
    activity = activity_of(ground)
    session = activities.add_sessions(
        activity=activity, whens=[When(in_days(-0.1), in_days(0.1))], actor=ground.cast.clerk
    )[0]
    here = at(ground, "session", activity.pk, session.pk)
    done = client.post(here, {"do": "count", "heads": "25", "revision": session.revision}, follow=True)
    assert "実績に入っています" in text(done)
    assert sorted(Entry.objects.values_list("metric__key", "quantity")) == [("attendances", 25), ("times", 1)]
    stale = client.post(here, {"do": "count", "heads": "24", "revision": session.revision})
    assert stale.status_code == 422
    assert "ほかの人がこの回を変えました" in text(stale)


def test_calling_off_says_truly_who_knows(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    apply(intake, mail="a@example.jp")
    apply(intake)
    session = intake.sessions.first()
    here = at(ground, "session", intake.activity_id, session.pk)
    done = client.post(here, {"do": "off", "reason": "大雨のため", "revision": 1}, follow=True)
    assert "メールで1件に知らせました。1件はメールがないので" in text(done)
    page = at(ground, "activity", intake.activity_id)
    everything = client.post(page, {"do": "off", "reason": "感染症のため"}, follow=True)
    assert "中止にしました" in text(everything)
    assert set(Application.objects.values_list("seats__state", flat=True)) == {"called_off"}


def test_lots_are_drawn_by_a_number_to_come(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1, way=Way.LOTTERY, closes_in=0.0001)
    for _each in range(3):
        apply(intake, now=in_days(-0.5))
    Intake.objects.update(closes_at=in_days(-0.1))
    here = at(ground, "activity", intake.activity_id)
    more = client.post(here, {"do": f"capacity-{intake.pk}", "capacity": "1"}, follow=True)
    assert "席は抽選で決まります" in text(more)
    client.post(here, {"do": f"seal-{intake.pk}", "seed_source": "12月1日の終値"})
    assert Draw.objects.get().numbers == [1, 2, 3]
    done = client.post(here, {"do": f"draw-{intake.pk}", "seed": "38915.87"}, follow=True)
    assert "抽選しました" in text(done)
    assert sorted(Application.objects.values_list("seats__state", flat=True)) == [
        "accepted",
        "waiting",
        "waiting",
    ]


def test_seats_become_more_but_not_fewer_than_taken(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 2)
    apply(intake, 2)
    here = at(ground, "activity", intake.activity_id)
    fewer = client.post(here, {"do": f"capacity-{intake.pk}", "capacity": "1"})
    assert fewer.status_code == 422
    assert "もう2人の席" in text(fewer)
    client.post(here, {"do": f"capacity-{intake.pk}", "capacity": "5"})
    assert intake.quotas.get().capacity == 5


@pytest.mark.parametrize("name", ["other_clerk", "partner"])
def test_others_are_refused_in_words(ground: Ground, name: str) -> None:
    activity = activity_of(ground)
    client = signed_in(getattr(ground.cast, name))
    assert client.get(at(ground, "activity", activity.pk)).status_code == 403
    assert client.post(at(ground, "activity", activity.pk), {"do": "off", "reason": "x"}).status_code == 403
    assert "赤ちゃん教室" not in text(client.get(at(ground, "activities")))
    activity.refresh_from_db()
    assert activity.state == "published"


def test_an_entry_of_the_ledger_leads_to_the_session_it_came_from(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 2)
    session = intake.sessions.first()
    ward = ground.cast.ward
    found = client.get(record_url(ward, metrics.SOURCE_KIND, session.pk))
    assert found.url == at(ground, "session", intake.activity_id, session.pk)
    assert client.get(found.url).status_code == 200
    found = client.get(record_url(ward, persons.SOURCE_KIND, intake.pk))
    assert found.url == at(ground, "activity", intake.activity_id)
    assert signed_in(ground.cast.other_clerk).get(at(ground, "session_record", session.pk)).status_code == 403
    assert client.get(at(ground, "session_record", 999_999)).status_code == 404
    assert client.get(at(ground, "intake_record", 999_999)).status_code == 404


@pytest.mark.parametrize("year", ["0026", "0001", "9999"])
def test_a_year_that_nobody_means_is_refused_in_words(year: str) -> None:
    form = MoveForm({"starts_at": f"{year}-06-10T10:00", "ends_at": f"{year}-06-10T11:00", "reason": "雨"})
    assert not form.is_valid()
    assert "年を4桁で" in str(form.errors)
