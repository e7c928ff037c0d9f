"""A new activity: from a shape, a template, last year's; its series in a table first; many sessions at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from kusei.japanese.business_days import holiday_name
from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.tests.ground import Ground
from kusei.office.queries.activity_starting import item_going_on, lines_like
from kusei.office.tests.collecting import published
from kusei.office.tests.test_activities import at, day, text
from kusei.plans import operations as plans
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import Item, ItemText, Link
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, QuestionKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Activity, Telling
from kusei.services.activities.operations import Details, NewIntake, When
from kusei.services.activities.tests.ground import activity_of, apply, in_days, intake_of
from kusei.wards.models import Body, District
from tests.cast import Cast, signed_in
from tests.sent_forms import fields_of

pytestmark = pytest.mark.slow


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def at_ten(on: date) -> datetime:
    return timezone.make_aware(datetime(on.year, on.month, on.day, 10))


def last_years(ground: Ground, days: list[date]) -> Activity:
    whens = [When(at_ten(each), at_ten(each) + timedelta(hours=2), "地区センター") for each in days]
    return activities.set_up(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion, cohosts=[ground.cast.council],
        details=Details(ActivityKind.COURSE, "赤ちゃん教室", bring="母子手帳"), ticket=uuid4(), actor=ground.cast.clerk,
        intakes=[
            NewIntake(
                quotas={"大人": 20, "保育": 5}, opens_at=at_ten(days[0]) - timedelta(days=30),
                closes_at=at_ten(days[0]) - timedelta(days=7), most_people=2, offer_hours=24, whens=whens,
            )
        ],
    )  # fmt: skip


def test_last_years_is_taken_over_with_everything_and_mended_in_the_table(
    ground: Ground, client: Client
) -> None:
    year = fiscal_year_of(timezone.localdate())
    days = [date(year, 9, 2), date(year, 9, 9), date(year, 9, 16)]
    like = last_years(ground, days)
    here = at(ground, "copy_activity", like.pk)
    page = client.get(here).content.decode()
    said = fields_of(page)
    assert said["l0-was"] == days[0].isoformat()
    said.pop("l1-keep")
    said["l2-place"] = "新しい会館"
    answer = client.post(here, said)
    assert answer.status_code == 302, text(answer)
    made = Activity.objects.exclude(pk=like.pk).get()
    assert (made.copied_from, made.bring, made.state) == (like, "母子手帳", "draft")
    assert list(made.cohosts.all()) == [ground.cast.council]
    intake = made.intakes.get()
    assert (intake.most_people, intake.offer_hours) == (2, 24)
    assert dict(intake.quotas.values_list("name", "capacity")) == {"大人": 20, "保育": 5}
    sessions = list(intake.sessions.all())
    assert [each.place for each in sessions] == ["地区センター", "新しい会館"]
    began = timezone.localtime(sessions[0].starts_at)
    assert (began.weekday(), began.hour) == (days[0].weekday(), 10)
    assert began.date() - timezone.localdate(intake.opens_at) == timedelta(days=30)
    client.post(here, said)  # the same form once more
    assert Activity.objects.count() == 2
    wrong = client.post(here, said | {"ticket": str(uuid4()), "l0-ends": "09:00", "title": ""})
    assert wrong.status_code == 422
    assert "1行目の終わり: 終わりは、始まりより後に" in text(wrong)


def test_a_day_that_became_a_holiday_is_struck_through(ground: Ground) -> None:
    like = last_years(ground, [date(2026, 9, 15), date(2026, 9, 22), date(2026, 9, 29)])
    lines, _moved = lines_like(like, 2027)  # 2027-09-20 is 敬老の日, 23rd 秋分の日
    assert [(each.day.isoformat(), each.keep) for each in lines] == [
        ("2027-09-14", True), ("2027-09-21", True), ("2027-09-28", True),
    ]  # fmt: skip
    mondays = last_years(ground, [date(2026, 9, 14), date(2026, 9, 28)])
    lines, _moved = lines_like(mondays, 2027)
    assert [each.keep for each in lines] == [True, True]
    third = last_years(ground, [date(2026, 7, 13), date(2026, 7, 27), date(2026, 9, 7)])
    assert [each.keep for each in lines_like(third, 2028)[0]] == [True, True, True]
    marine = last_years(ground, [date(2026, 7, 13), date(2026, 7, 21)])
    assert [each.keep for each in lines_like(marine, 2027)[0]] == [True, True]
    new_years = last_years(ground, [date(2026, 12, 24), date(2027, 1, 7)])
    assert [(each.day.isoformat(), each.keep) for each in lines_like(new_years, 2027)[0]] == [
        ("2027-12-23", True),
        ("2028-01-06", True),
    ]
    closed = last_years(ground, [date(2026, 12, 23), date(2027, 1, 5)])
    assert [(each.day.isoformat(), each.keep) for each in lines_like(closed, 2030)[0]] == [
        ("2030-12-25", True),
        ("2031-01-07", True),
    ]
    holiday = last_years(ground, [date(2026, 11, 4), date(2026, 11, 11)])
    assert [(each.day.isoformat(), each.keep) for each in lines_like(holiday, 2027)[0]] == [
        ("2027-11-03", False),
        ("2027-11-10", True),
    ]


def test_the_plan_item_that_goes_on_is_found_by_the_plans_links(ground: Ground) -> None:
    old, new, other = (each.pk for each in ground.items)
    ward = ground.cast.ward
    assert item_going_on(ward, old, [new, other]) is None
    Link.objects.create(
        ward=ward, from_item_id=new, to_item_id=old, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED,
        confidence_percent=100, reason="x",
    )  # fmt: skip
    assert item_going_on(ward, old, [other, new]) == new
    assert item_going_on(ward, old, [old, new]) == old


def test_last_years_activity_serves_this_years_action_and_days_gone_by_are_left_out(cast: Cast) -> None:
    """Also where last year's plan can still be chosen from: else its figures would stand in last year's results."""
    today = timezone.localdate()
    year = fiscal_year_of(today)
    old, new = (
        ItemText.objects.get(version__plan=published(cast, year=each), title="健康教室を開く").item_id
        for each in (year - 1, year)
    )
    plans.propose_links(cast.ward, actor=cast.planner)
    plans.decide_links(
        ward=cast.ward, link_ids=list(Link.objects.values_list("pk", flat=True)), confirm=True, actor=cast.planner
    )  # fmt: skip
    like = activities.set_up(
        ward=cast.ward, item=Item.objects.get(pk=old), host=cast.promotion, actor=cast.clerk, ticket=uuid4(),
        details=Details(ActivityKind.EVENT, "健康教室"),
        whens=[When(at_ten(each), at_ten(each) + timedelta(hours=1)) for each in (date(year - 1, 4, 1), date(year, 3, 31))],
    )  # fmt: skip
    here = f"/office/{cast.ward.key}/activities/{like.pk}/copy/"
    said = fields_of(signed_in(cast.clerk).get(here).content.decode())
    assert said["item"] == str(new)
    for number in (0, 1):
        on = date.fromisoformat(said[f"l{number}-day"])
        assert (f"l{number}-keep" in said) == (on >= today and not holiday_name(on))


def test_a_template_of_the_ward_is_for_all_and_one_of_a_body_is_not(ground: Ground) -> None:
    mine = activity_of(ground, title="うちのひな型")
    theirs = signed_in(ground.cast.other_clerk)
    clerk = ground.cast.clerk
    activities.mark_template(activity=mine, template="body", actor=clerk)
    assert "うちのひな型" not in text(theirs.get(at(ground, "start_activity")))
    assert theirs.get(at(ground, "copy_activity", mine.pk)).status_code == 404
    activities.mark_template(activity=mine, template="ward", actor=clerk)
    assert "うちのひな型" in text(theirs.get(at(ground, "start_activity")))
    page = theirs.get(at(ground, "copy_activity", mine.pk)).content.decode()
    said = fields_of(page) | {"host": ground.cast.welfare.pk}
    answer = theirs.post(at(ground, "copy_activity", mine.pk), said)
    assert answer.status_code == 302, text(answer)
    assert Activity.objects.filter(host=ground.cast.welfare, copied_from=mine).exists()


def test_a_shape_is_set_up_in_two_steps_with_rooms_and_a_look_first(ground: Ground, client: Client) -> None:
    here = at(ground, "new_activity") + "?shape=lottery"
    page = client.get(here).content.decode()
    assert "抽選の見学会" in page
    said = fields_of(page) | {"title": "見学会", "item": ground.items[0].pk, "host": ground.cast.promotion.pk}
    without_days = client.post(here, said)
    assert "申込みの期間も入れてください" in text(without_days)
    answer = client.post(here, said | {"opens_at": f"{day(1)}T09:00", "closes_at": f"{day(9)}T17:00"})
    assert answer.status_code == 302, text(answer)
    made = Activity.objects.get()
    assert answer["Location"].endswith(f"/{made.pk}/sessions/new/?shape=lottery")
    assert (made.intakes.get().way, made.intakes.get().most_people) == ("lottery", 2)
    plan = answer["Location"]
    assert 'value="13:00' in client.get(plan).content.decode()
    series = {
        "step": "look", "first_on": "2027-01-01", "begins": "10:00", "ends": "11:00", "count": 3, "rhythm": "weekly",
        "pattern": "第1・第3金曜", "extra": "2027-01-16", "parts": "A組 10:00-11:00 会議室1\nB組 11:00～12:00", "place": "区役所",
        "intake": made.intakes.get().pk,
    }  # fmt: skip
    assert "のように書いてください" in text(client.post(plan, series | {"pattern": "毎週"}))
    nothing = text(client.post(plan, {"step": "look"}))
    assert "くり返しを選んでください。" in nothing
    assert "必須です" not in nothing
    assert "A組 10:00-11:00 会議室1" in text(client.post(plan, series | {"parts": "A組 10:00"}))
    looked = client.post(plan, series)
    assert "<s>元日</s>" in looked.content.decode()
    assert made.sessions.count() == 0
    lines = fields_of(looked.content.decode()) | {"step": "add"}
    assert int(lines["lines"]) == 10  # three days, one beside them and one holiday, in two groups each
    client.post(plan, lines)
    assert made.sessions.count() == 8
    first = made.sessions.first()
    assert (first.part, first.place, timezone.localdate(first.starts_at)) == (
        "A組",
        "区役所 会議室1",
        date(2027, 1, 15),
    )
    assert "行う回に" in text(client.post(plan, {"step": "add", "lines": "0"}))


def test_many_sessions_are_changed_at_once_and_all_told_once(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    intake.name = "ひよこ組"
    intake.save(update_fields=["name"])
    apply(intake)
    here = at(ground, "change_sessions", intake.activity_id)
    page = client.get(here).content.decode()
    assert page.count("ひよこ組") == 3, "which group a session is of"
    session = intake.sessions.first()
    assert "ひよこ組" in text(client.get(at(ground, "session", intake.activity_id, session.pk)))
    said = fields_of(page)
    chosen = [each.pk for each in intake.sessions.all()]
    wanted = {"seen": said["seen"], "session": chosen, "place": "新しい会館"}
    assert "変える理由を書いて" in text(client.post(here, wanted))
    assert "場所か時刻を" in text(client.post(here, wanted | {"place": "", "reason": "会場の都合"}))
    done = client.post(here, wanted | {"reason": "会場の都合"}, follow=True)
    assert "3回を変えました。1件はメールがない" in text(done)
    assert set(intake.sessions.values_list("place", "revision")) == {("新しい会館", 2)}
    assert Telling.objects.filter(occasion="moved").count() == 1
    assert "ほかの人が回を変えました" in text(
        client.post(here, wanted | {"reason": "x", "place": "別の会館"})
    )
    clerk = ground.cast.clerk
    with pytest.raises(NotFitting, match="これからの予定の回から"):
        activities.change_sessions(activity=intake.activity, sessions={0: 1}, place="x", actor=clerk)
    with pytest.raises(ChangedMeanwhile):
        activities.change_sessions(
            activity=intake.activity, sessions={chosen[0]: 1}, place="x", reason="x", actor=clerk
        )


def test_a_session_added_by_mistake_goes_until_something_is_known_of_it(
    ground: Ground, client: Client
) -> None:
    activity = activity_of(ground)
    only = activity.sessions.get()
    remove = at(ground, "remove_session", activity.pk, only.pk)
    assert "最後の一回です" in text(client.post(remove, {"revision": 1}, follow=True))
    extra = activities.add_sessions(
        activity=activity, whens=[When(in_days(40), in_days(40.1))], actor=ground.cast.clerk
    )[0]
    remove = at(ground, "remove_session", activity.pk, extra.pk)
    assert "ほかの人が" in text(client.post(remove, {"revision": 9}, follow=True))
    assert "この回を消しました" in text(client.post(remove, {"revision": 1}, follow=True))
    intake = intake_of(ground)
    apply(intake)
    told = intake.sessions.first()
    remove = at(ground, "remove_session", intake.activity_id, told.pk)
    assert "もう申込みがある" in text(client.post(remove, {"revision": 1}, follow=True))
    assert intake.sessions.count() == 3


def test_who_hosts_with_others_is_ticked_and_nobody_hosts_with_itself(ground: Ground, client: Client) -> None:
    page = client.get(at(ground, "new_activity")).content.decode()
    assert page.index("名称") < page.index(">種類<") < page.index(">共催<")
    assert (
        page.count('type="checkbox" name="cohosts"') == Body.objects.filter(ward=ground.cast.ward).count() - 1
    )
    form = {"item": ground.items[0].pk, "kind": "course", "title": "健康教室", "ticket": uuid4()}
    both = [ground.cast.council.pk, ground.cast.promotion.pk]
    planner = signed_in(ground.cast.planner)  # may choose any host, so all stand there
    answer = planner.post(
        at(ground, "new_activity"), {**form, "host": ground.cast.promotion.pk, "cohosts": both}
    )
    assert answer.status_code == 302, text(answer)
    made = Activity.objects.get()
    assert list(made.cohosts.all()) == [ground.cast.council]
    details = client.get(at(ground, "activity", made.pk)).content.decode().partition("内容を直す")[2]
    assert details.index('name="title"') < details.index('name="kind"')


def test_a_draft_that_was_made_by_mistake_is_taken_away(ground: Ground, client: Client) -> None:
    activity = activity_of(ground, published=False)
    remove = at(ground, "remove_activity", activity.pk)
    assert "回（1回）・募集（0件）・質問・翻訳ごと消します" in text(
        client.get(at(ground, "activity", activity.pk))
    )
    assert signed_in(ground.cast.other_clerk).post(remove, {"revision": 1}).status_code == 403
    assert "ほかの人が書き換えました" in text(client.post(remove, {"revision": 7}, follow=True))
    done = client.post(remove, {"revision": 1}, follow=True)
    assert "「赤ちゃん教室」を消しました" in text(done)
    assert client.post(remove, {"revision": 1}).status_code == 404
    seen = activities.publish_activity(activity=activity_of(ground, published=False), actor=ground.cast.clerk)
    activities.unpublish_activity(activity=seen, actor=ground.cast.clerk)
    page = client.get(at(ground, "activity", seen.pk))
    assert "一度公開したので消せません" in text(page)
    assert at(ground, "remove_activity", seen.pk) not in page.content.decode()


def test_ten_places_are_set_up_in_one_round_each_with_its_own_way_to_apply(
    ground: Ground, client: Client
) -> None:
    activity = activity_of(ground, published=False)
    activity.sessions.all().delete()
    clerk = ground.cast.clerk
    intake = activities.add_intake(
        activity=activity, quotas={"大人": 9, "保育": 2}, opens_at=in_days(1), closes_at=in_days(9), most_people=2, actor=clerk
    )  # fmt: skip
    wording = activities.Wording(QuestionKind.SHORT, "アレルギーはありますか")
    activities.add_question(owner=intake, wording=wording, actor=clerk)
    district = District.objects.create(ward=ground.cast.ward, name="北台", folded="北台")
    places = [f"{name}会館" for name in ("北台", "南台", "東台")]
    plan = at(ground, "plan_sessions", activity.pk)
    looked = client.post(
        plan,
        {
            "step": "look", "first_on": "2027-02-02", "begins": "10:00", "ends": "11:30", "count": 3, "rhythm": "monthly",
            "intake": intake.pk, "places": "\n".join(places),
        },
    )  # fmt: skip
    assert "会場 3か所: 北台会館 3回、南台会館 3回、東台会館 3回" in text(looked)
    assert activity.sessions.count() == 0
    table = fields_of(looked.content.decode()) | {"step": "add"}
    assert "9回を加えました" in text(client.post(plan, table, follow=True))
    assert "北台会館には、同じ時刻の回がもうあります" in text(client.post(plan, table))
    assert activity.sessions.count() == 9
    made = list(activity.intakes.order_by("pk"))
    assert (made[0], [each.name for each in made]) == (intake, places)
    for each in made:
        assert dict(each.quotas.values_list("name", "capacity")) == {"大人": 9, "保育": 2}
        assert (each.most_people, each.opens_at, each.closes_at) == (2, intake.opens_at, intake.closes_at)
        assert [one.text for one in each.questions.all()] == ["アレルギーはありますか"]
        assert each.sessions.count() == 3
    assert set(made[0].sessions.values_list("district", flat=True)) == {district.pk}
    activities.add_at_places(
        like=made[0], whens=[When(in_days(40), in_days(40.1), place) for place in ("南台会館", "西台会館")], actor=clerk
    )  # fmt: skip
    assert (activity.intakes.count(), made[1].sessions.count()) == (4, 4)
