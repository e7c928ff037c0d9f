"""Setting up, drawing, calling off, counting: and what the ledger hears of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.jobs.running import work_off
from kusei.ledger.models import Entry
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import lottery
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, Way
from kusei.services.activities.errors import ChangedMeanwhile, NotDrawable, NotFitting
from kusei.services.activities.models import Activity, Application, Draw, Session
from kusei.services.activities.operations import Details, Told, When
from kusei.services.activities.tests.ground import activity_of, apply, complaints, in_days, intake_of, states
from kusei.wards.models import Body
from kusei.wards.permissions import NotAllowed

pytestmark = pytest.mark.slow


def session_now(ground: Ground) -> Session:
    activity = activity_of(ground)
    return activities.add_sessions(
        activity=activity, whens=[When(in_days(-0.1), in_days(0.1), "公園")], actor=ground.cast.clerk
    )[0]


def differences(ground: Ground, session: Session) -> list[object]:
    return list(discrepancies(ground.cast.ward, fiscal_year_of(timezone.localdate(session.starts_at))))


def said(ground: Ground) -> dict[str, int]:
    found = Entry.objects.filter(ward=ground.cast.ward).values_list("metric__key", "quantity")
    sums: dict[str, int] = {}
    for key, quantity in found:
        sums[key] = sums.get(key, 0) + quantity
    return {key: total for key, total in sums.items() if total}


def test_what_was_counted_stands_in_the_ledger_and_a_correction_too(ground: Ground) -> None:
    session = session_now(ground)
    session = activities.count_session(session=session, heads=25, revision=1, actor=ground.cast.clerk)
    assert said(ground) == {"times": 1, "attendances": 25}
    with pytest.raises(ChangedMeanwhile):
        activities.count_session(session=session, heads=24, revision=1, actor=ground.cast.clerk)
    session = activities.count_session(session=session, heads=26, revision=2, actor=ground.cast.colleague)
    assert said(ground) == {"times": 1, "attendances": 26}
    activities.count_session(session=session, heads=None, revision=3, actor=ground.cast.clerk)
    assert said(ground) == {"times": 1}
    assert differences(ground, session) == []


def test_a_session_is_not_counted_before_its_day(ground: Ground) -> None:
    session = activity_of(ground).sessions.get()
    with pytest.raises(NotFitting, match="まだ先の回"):
        activities.count_session(session=session, heads=3, revision=1, actor=ground.cast.clerk)
    assert said(ground) == {}


def test_a_session_that_is_called_off_is_told_and_counted_as_such(ground: Ground) -> None:
    intake = intake_of(ground, 1)
    apply(intake, mail="a@example.jp")
    apply(intake, mail="waits@example.jp")
    session = intake.sessions.first()
    with pytest.raises(NotFitting, match="理由を書いて"):
        activities.call_off_session(session=session, reason=" ", revision=1, actor=ground.cast.clerk)
    assert activities.call_off_session(
        session=session, reason="大雨のため", revision=1, actor=ground.cast.clerk
    ) == Told(2, 0)
    assert said(ground) == {"called_off_times": 1}
    assert differences(ground, session) == []


def test_a_move_needs_a_reason_and_a_change(ground: Ground) -> None:
    session = intake_of(ground).sessions.first()
    move = {"session": session, "ends_at": in_days(23), "place": "区役所", "online_url": "", "revision": 1, "actor": ground.cast.clerk}  # fmt: skip
    with pytest.raises(NotFitting, match="終わりは"):
        activities.move_session(**move, starts_at=in_days(24), reason="会場の都合")
    with pytest.raises(NotFitting, match="理由を"):
        activities.move_session(**move, starts_at=in_days(22), reason="")
    activities.move_session(**move, starts_at=in_days(22), reason="会場の都合")
    session.refresh_from_db()
    assert (session.place, session.reason, session.revision) == ("区役所", "会場の都合", 2)


@pytest.mark.parametrize("is_moved", [True, False])
def test_what_had_begun_is_put_off_and_who_waits_is_offered_the_place(ground: Ground, is_moved: bool) -> None:
    intake, clerk = intake_of(ground, 1), ground.cast.clerk
    gone, waiting = (apply(intake).application for _each in range(2))
    Session.objects.filter(pk=intake.sessions.first().pk).update(
        starts_at=in_days(-0.01), ends_at=in_days(0.1)
    )
    session = intake.sessions.order_by("starts_at").first()
    activities.cancel_seats(application=gone, actor=clerk)
    assert states(waiting) == ["waiting"], "it has begun"
    if is_moved:
        activities.move_session(
            session=session, starts_at=in_days(6), ends_at=in_days(6.1), place="地区センター", online_url="", reason="台風",
            revision=session.revision, actor=clerk,
        )  # fmt: skip
    else:
        activities.call_off_session(session=session, reason="台風", revision=session.revision, actor=clerk)
    assert states(waiting) == ["offered"]
    assert complaints(intake) == []


def test_no_offer_stands_beyond_the_beginning_when_that_comes_sooner(ground: Ground) -> None:
    intake, clerk = intake_of(ground, 1), ground.cast.clerk
    gone, waiting = (apply(intake).application for _each in range(2))
    activities.cancel_seats(application=gone, actor=clerk)
    session = intake.sessions.order_by("starts_at").first()
    Session.objects.exclude(pk=session.pk).delete()

    def stands_until() -> datetime:
        return waiting.seats.get(state="offered").answer_by

    assert stands_until() < session.starts_at
    move = {"place": "", "online_url": "", "reason": "工事", "actor": clerk}
    begin = timezone.localtime(in_days(1)).replace(hour=12, minute=0, second=0, microsecond=0)
    activities.move_session(
        session=session, starts_at=begin, ends_at=in_days(3), revision=session.revision, **move
    )
    assert stands_until() == begin
    session.refresh_from_db()
    activities.change_sessions(
        activity=intake.activity,
        sessions={session.pk: session.revision},
        begins=time(11),
        reason="工事",
        actor=clerk,
    )
    assert stands_until() == begin - timedelta(hours=1)
    sooner = begin - timedelta(hours=3)
    whens = [When(sooner, sooner + timedelta(hours=1), "集会所")]
    activities.add_sessions(activity=intake.activity, intake=intake, whens=whens, actor=clerk)
    assert stands_until() == sooner


def test_a_session_after_all_were_called_off_gives_the_free_place_to_who_waits(ground: Ground) -> None:
    intake, clerk = intake_of(ground, 1), ground.cast.clerk
    gone, waiting = (apply(intake).application for _each in range(2))
    Session.objects.filter(intake=intake).update(state="called_off", reason="台風")
    activities.cancel_seats(application=gone, actor=clerk)
    assert states(waiting) == ["waiting"]
    whens = [When(in_days(9), in_days(9.1), "集会所")]
    activities.add_sessions(activity=intake.activity, intake=intake, whens=whens, actor=clerk)
    assert states(waiting) == ["offered"]
    assert complaints(intake) == []


def test_calling_everything_off_frees_every_seat_and_tells_everybody(ground: Ground) -> None:
    intake = intake_of(ground, 2)
    applications = [apply(intake, 2).application, apply(intake).application]
    activity = Activity.objects.get()
    with pytest.raises(NotAllowed):
        activities.call_off_activity(activity=activity, reason="感染症", actor=ground.cast.other_clerk)
    assert activities.call_off_activity(activity=activity, reason="感染症", actor=ground.cast.clerk) == Told(
        0, 2
    )
    assert [states(each) for each in applications] == [["called_off"] * 2, ["called_off"]]
    assert said(ground) == {"called_off_times": 4}
    intake.refresh_from_db()
    assert complaints(intake) == []


def test_a_draw_is_sealed_published_and_can_be_worked_out_again(ground: Ground) -> None:
    intake = intake_of(ground, 3, way=Way.LOTTERY)
    for _each in range(8):
        apply(intake)
    clerk = ground.cast.clerk
    with pytest.raises(NotDrawable, match="期間が終わってから"):
        activities.seal_draw(intake=intake, seed_source="終値", actor=clerk)
    after = in_days(11)
    with pytest.raises(NotDrawable, match="使う数を書いて"):
        activities.seal_draw(intake=intake, seed_source=" ", actor=clerk, now=after)
    draw = activities.seal_draw(intake=intake, seed_source="終値", actor=clerk, now=after)
    with pytest.raises(NotDrawable, match="もう確定"):
        activities.seal_draw(intake=intake, seed_source="終値", actor=clerk, now=after)
    assert draw.commitment == lottery.commitment(range(1, 9))
    with pytest.raises(NotDrawable, match="値を入れて"):
        activities.draw_lots(draw=draw, seed=" , ", actor=clerk, now=after)
    activities.draw_lots(draw=draw, seed="38,915.87", actor=clerk, now=after)
    with pytest.raises(NotDrawable, match="もう済んで"):
        activities.draw_lots(draw=draw, seed="1", actor=clerk, now=after)
    kept = Draw.objects.get()
    order = lottery.order(kept.numbers, kept.seed)
    turns = list(Application.objects.order_by("seats__turn").values_list("number", "seats__state"))
    assert turns == [(number, "accepted" if place < 3 else "waiting") for place, number in enumerate(order)]
    assert complaints(intake) == []


def test_mails_say_how_things_stand_and_lead_to_the_application(ground: Ground, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST = "mail.example.jp"
    intake = intake_of(ground, 1)
    intake.name = "ひよこ組"
    intake.save(update_fields=["name"])
    first = apply(intake, mail="first@example.jp")
    apply(intake, mail="second@example.jp", language="en")
    assert mail.outbox == []  # nobody who applies waits for the mail server
    work_off()
    activities.cancel_seats(application=first.application)
    work_off()
    subjects = [(each.to[0], each.subject) for each in mail.outbox]
    assert subjects[0] == ("first@example.jp", "申込みを受け付けました 赤ちゃん教室")
    assert ("first@example.jp", "申込みを取り消しました 赤ちゃん教室") in subjects
    assert len([to for to, _subject in subjects if to == "second@example.jp"]) == 2
    assert first.token in mail.outbox[0].body
    assert "赤ちゃん教室　ひよこ組\n" in mail.outbox[0].body
    offer = [each.body for each in mail.outbox if each.to == ["second@example.jp"]][-1]
    assert "Without an answer by then, the place goes to the next person." in offer
    assert "泉 花子0" not in mail.outbox[0].body


@pytest.mark.parametrize("name", ["other_clerk", "partner", "resident", "stranger", "former"])
def test_who_hosts_nothing_changes_nothing(ground: Ground, name: str) -> None:
    who = getattr(ground.cast, name)
    activity = activity_of(ground, published=False)
    with pytest.raises(NotAllowed):
        activities.publish_activity(activity=activity, actor=who)
    with pytest.raises(NotAllowed):
        activities.change_activity(
            activity=activity, details=Details(ActivityKind.EVENT, "x"), revision=1, actor=who
        )
    with pytest.raises(NotAllowed):
        activities.add_activity(
            ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
            details=Details(ActivityKind.EVENT, "x"), actor=who,
        )  # fmt: skip


def test_a_cohost_does_what_the_host_does(ground: Ground) -> None:
    council = Body.objects.get(pk=ground.cast.council.pk)
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion, cohosts=[council],
        details=Details(ActivityKind.EVENT, "防災フェア"), actor=ground.cast.clerk,
    )  # fmt: skip
    with pytest.raises(NotFitting, match="日時がまだ"):
        activities.publish_activity(activity=activity, actor=ground.cast.partner)
    activities.add_sessions(
        activity=activity, whens=[When(in_days(3), in_days(4), "公園")], actor=ground.cast.partner
    )
    published = activities.publish_activity(activity=activity, actor=ground.cast.partner)
    assert published.state == "published"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"quotas": {}}, "定員は1人以上"),
        ({"quotas": {"": 0}}, "定員は1人以上"),
        ({"closes_at": in_days(-2)}, "終わりは、始まりより後"),
        ({"most_people": 21}, "20人まで"),
        ({"offer_hours": 0}, "14日まで"),
    ],
)
def test_an_intake_that_does_not_fit_is_refused(ground: Ground, words, told: str) -> None:
    activity = activity_of(ground)
    values = {"quotas": {"": 3}, "opens_at": in_days(-1), "closes_at": in_days(1)} | words
    with pytest.raises(NotFitting, match=told):
        activities.add_intake(activity=activity, actor=ground.cast.clerk, **values)


def test_two_who_change_the_words_at_once_lose_nothing(ground: Ground) -> None:
    activity = activity_of(ground, published=False)
    activities.change_activity(
        activity=activity,
        details=Details(ActivityKind.COURSE, "新しい名"),
        revision=1,
        actor=ground.cast.clerk,
    )
    with pytest.raises(ChangedMeanwhile):
        activities.change_activity(
            activity=activity, details=Details(ActivityKind.COURSE, "別の名"), revision=1, actor=ground.cast.colleague
        )  # fmt: skip


def test_times_that_end_before_they_begin_are_refused(ground: Ground) -> None:
    activity = activity_of(ground)
    with pytest.raises(NotFitting, match="終わりは"):
        activities.add_sessions(
            activity=activity, whens=[When(in_days(2), in_days(1))], actor=ground.cast.clerk
        )
    assert activity.sessions.count() == 1
