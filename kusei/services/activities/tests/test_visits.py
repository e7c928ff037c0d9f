"""A group asks for a visiting lecture: what becomes of it, who is told, and what the ledger hears."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.queries.entries import standing_entries
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, Arrival
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting, NotOpen, SeatGone
from kusei.services.activities.models import Session, VisitDate, VisitRequest
from kusei.services.activities.operations import Details, Told, When, visiting
from kusei.services.activities.queries import Asked, activity_page, listed
from kusei.services.activities.queries.finding import districts_in, first_and_last_day, places_in
from kusei.services.activities.queries.visits import themes_of, visit_by_token
from kusei.services.activities.tests import dispatch_ground as dispatch
from kusei.services.activities.tests.ground import activity_of, in_days
from kusei.services.activities.tests.visits import (
    EVERY_DAY,
    ask,
    at_ten,
    decided,
    held,
    said,
    theme_of,
    visit_complaints,
)
from kusei.services.activities.visit_enums import Turn, VisitState
from kusei.services.activities.visiting import Terms
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed


def now_of(request: VisitRequest) -> VisitRequest:
    return VisitRequest.objects.get(pk=request.pk)


def test_a_visit_is_asked_for_decided_held_and_counted(ground: Ground) -> None:
    theme = theme_of(ground)
    made = ask(theme)
    assert (made.request.state, made.request.number, said(ground)) == ("received", 1, {"visit_requests": 1})
    assert visit_by_token(ground.cast.ward, made.token) == made.request
    request = decided(ground, made.request)
    session = Session.objects.get(visit=request)
    assert (request.state, request.due_on, session.activity) == (
        VisitState.DECIDED, timezone.localdate(session.starts_at), theme,
    )  # fmt: skip
    assert [line.session for line in listed(ground.cast.ward, Asked())] == []
    assert activity_page(theme) == ([], [])
    assert [each(ground.cast.ward) for each in (places_in, districts_in, first_and_last_day)] == [
        [],
        [],
        None,
    ]
    with pytest.raises(NotFitting, match="まだ先の回"):
        visiting.hold_visit(
            request=request, heads=3, done="", revision=request.revision, actor=ground.cast.clerk
        )
    Session.objects.filter(pk=session.pk).update(starts_at=in_days(-1), ends_at=in_days(-0.9))
    visiting.hold_visit(
        request=request, heads=25, done="消火器", revision=request.revision, actor=ground.cast.clerk
    )
    request = now_of(request)
    assert (request.state, request.done, request.turn) == (VisitState.HELD, "消火器", Turn.NOBODY)
    assert said(ground) == {"visit_requests": 1, "times": 1, "attendances": 25, "groups_visited": 1}
    visiting.hold_visit(
        request=request, heads=24, done="消火器", revision=request.revision, actor=ground.cast.clerk
    )
    assert said(ground)["attendances"] == 24
    assert visit_complaints(ground) == []


def test_the_same_form_twice_is_one_request(ground: Ground) -> None:
    theme, ticket = theme_of(ground), uuid4()
    assert ask(theme, ticket=ticket).token == ask(theme, ticket=ticket).token
    assert (VisitRequest.objects.count(), said(ground)) == (1, {"visit_requests": 1})
    with pytest.raises(NotFitting, match="前の申込み"):
        ask(theme_of(ground, title="ごみ出前講座"), ticket=ticket)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"days": (5,)}, "10日前まで"),
        ({"days": ()}, "一つは"),
        ({"days": (20, 20)}, "二度"),
        ({"days": (20, 21, 22, 23)}, "三つまで"),
        ({"people": 4}, "5人から"),
        ({"people": 81}, "80人まで"),
        ({"outside": True}, "区の外"),
        ({"group": " "}, "団体の名前"),
    ],
)
def test_what_the_terms_do_not_allow_is_refused_in_words(ground: Ground, more, told: str) -> None:
    theme = theme_of(ground)
    with pytest.raises(NotFitting, match=told):
        ask(theme, **more)
    assert VisitRequest.objects.count() == 0


def test_staff_judge_themselves_what_the_terms_refuse(ground: Ground) -> None:
    theme = theme_of(ground)
    made = ask(theme, days=(2,), people=3, actor=ground.cast.clerk, way=Arrival.TELEPHONE)
    assert (made.request.way, made.request.received_by) == ("telephone", ground.cast.clerk)
    with pytest.raises(NotAllowed):
        ask(theme, actor=ground.cast.other_clerk)


def test_no_more_than_the_year_allows_are_taken(ground: Ground) -> None:
    theme = theme_of(
        ground, terms=Terms(lead_days=0, weekdays=tuple(range(7)), on_holidays=True, most_a_year=1)
    )
    first = ask(theme, days=(20,)).request
    with pytest.raises(NotFitting, match="いっぱい"):
        ask(theme, "あおば会", days=(20,))
    visiting.withdraw_visit(request=first)
    ask(theme, "あおば会", days=(20,))


def test_the_office_asks_and_proposes_and_the_group_answers(ground: Ground) -> None:
    clerk = ground.cast.clerk
    made = ask(theme_of(ground))
    visiting.ask_back(request=made.request, text="机はありますか。", revision=1, actor=clerk)
    request = now_of(made.request)
    assert (request.state, request.turn, request.taken_by) == (VisitState.IN_HAND, Turn.GROUP, clerk)
    visiting.write_to_office(request=request, text="あります。")
    visiting.write_to_office(request=request, text="あります。")  # a double click
    seen = visiting.seen_by_group(now_of(request))
    assert seen is not None
    assert [(side, text) for side, _at, text in seen.lines] == [
        ("office", "机はありますか。"),
        ("group", "あります。"),
    ]
    request = now_of(request)
    assert request.turn == Turn.OFFICE
    offered = [(at_ten(40), at_ten(40) + timedelta(hours=1)), (at_ten(41), at_ten(41) + timedelta(hours=1))]
    visiting.propose_dates(request=request, dates=offered, revision=request.revision, actor=clerk)
    first, second = VisitDate.objects.filter(side="office").order_by("pk")
    visiting.answer_dates(request=request, chosen=second.pk)
    visiting.answer_dates(request=request, chosen=second.pk)  # a double click
    with pytest.raises(SeatGone, match="もう変わりました"):
        visiting.answer_dates(request=request, chosen=first.pk)
    assert [each.answer for each in VisitDate.objects.filter(side="office").order_by("pk")] == ["no", "yes"]
    assert now_of(request).turn == Turn.OFFICE
    request = now_of(request)
    visiting.propose_dates(request=request, dates=offered[:1], revision=request.revision, actor=clerk)
    visiting.answer_dates(request=request, chosen=None)
    assert VisitDate.objects.order_by("pk").last().answer == "no"


def test_two_who_decide_at_once_make_one_session(ground: Ground) -> None:
    request = ask(theme_of(ground)).request
    stale = request.revision
    decided(ground, request)
    with pytest.raises(ChangedMeanwhile):
        visiting.decide_visit(
            request=request, starts_at=at_ten(21), ends_at=at_ten(22), place="学校", revision=stale, actor=ground.cast.colleague
        )  # fmt: skip
    assert Session.objects.count() == 1
    with transaction.atomic(), pytest.raises(IntegrityError):  # and the database itself refuses a second one
        Session.objects.create(
            ward=request.ward,
            activity=request.activity,
            visit=request,
            starts_at=at_ten(1),
            ends_at=at_ten(2),
        )


def test_a_group_withdraws_and_staff_who_decide_meanwhile_are_told(ground: Ground) -> None:
    request = ask(theme_of(ground)).request
    stale = request.revision
    visiting.withdraw_visit(request=request)
    with pytest.raises(ChangedMeanwhile):
        visiting.decide_visit(
            request=request, starts_at=at_ten(21), ends_at=at_ten(22), place="学校", revision=stale, actor=ground.cast.clerk
        )  # fmt: skip
    assert visiting.withdraw_visit(request=request).state == VisitState.WITHDRAWN  # twice is once
    request = now_of(request)
    visiting.reopen_visit(request=request, revision=request.revision, actor=ground.cast.clerk)
    request = decided(ground, request)
    visiting.withdraw_visit(request=request)
    assert said(ground) == {"visit_requests": 1, "called_off_times": 1}
    assert visit_complaints(ground) == []
    begun = decided(ground, ask(request.activity, "あおば会").request, days=0)
    Session.objects.filter(visit=begun).update(starts_at=in_days(-0.01))
    with pytest.raises(SeatGone, match="始まった後"):
        visiting.withdraw_visit(request=begun)


def test_what_was_written_down_twice_is_not_counted(ground: Ground) -> None:
    theme = theme_of(ground)
    ask(theme)
    twice = ask(theme).request
    visiting.note_withdrawn(
        request=twice, reason="電話とページの二重", counts=False, revision=1, actor=ground.cast.clerk
    )
    assert said(ground) == {"visit_requests": 1}
    assert visit_complaints(ground) == []


def test_a_declined_request_states_why_and_can_be_taken_up_again(ground: Ground) -> None:
    request = ask(theme_of(ground)).request
    with pytest.raises(NotFitting, match="理由を書いて"):
        visiting.decline_visit(request=request, reason=" ", revision=1, actor=ground.cast.clerk)
    visiting.decline_visit(request=request, reason="講師の都合", revision=1, actor=ground.cast.clerk)
    assert said(ground) == {"visit_requests": 1, "visit_requests_declined": 1}
    visiting.reopen_visit(request=request, revision=2, actor=ground.cast.clerk)
    assert (said(ground), now_of(request).reason) == ({"visit_requests": 1}, "")
    assert visit_complaints(ground) == []


def test_a_group_counts_once_a_year_and_item_at_its_first_visit(ground: Ground) -> None:
    theme, other = theme_of(ground), theme_of(ground, title="ごみ出前講座", item=1)
    second = held(ground, theme, "みどり自治会", days=-2)
    first = held(ground, theme, "ミドリ・自治会", days=-4)  # another group
    same = held(ground, theme, "みどり　自治会", days=-5)
    held(ground, other, "みどり自治会", days=-3)  # another item: counted there, too
    assert said(ground)["groups_visited"] == 3
    counted = standing_entries().filter(source_kind="activities.visited")
    assert same.pk in counted.values_list("source_id", flat=True)
    assert visiting.to_same_group(request=first, other=second.group, actor=ground.cast.clerk) == 1
    assert said(ground)["groups_visited"] == 2
    session = Session.objects.get(visit=same)
    visiting.take_back_session(session=session, revision=session.revision, actor=ground.cast.clerk)
    assert (now_of(same).state, said(ground)["groups_visited"]) == (VisitState.DECIDED, 2)
    visiting.tell_apart(request=now_of(first), actor=ground.cast.clerk)
    assert said(ground)["groups_visited"] == 3
    with pytest.raises(NotFitting, match="これだけ"):
        visiting.tell_apart(request=now_of(first), actor=ground.cast.clerk)
    assert visit_complaints(ground) == []


def test_a_group_that_is_one_of_the_wards_bodies_is_one_by_whatever_name(ground: Ground) -> None:
    theme, council, clerk = theme_of(ground), ground.cast.council, ground.cast.clerk
    first = held(ground, theme, "みらい区社協", days=-2)
    second = held(ground, theme, "社会福祉協議会", days=-1)
    visiting.set_body(request=first, body=council, actor=clerk)
    visiting.set_body(request=second, body=council, actor=clerk)
    assert now_of(first).group == now_of(second).group
    assert said(ground)["groups_visited"] == 1
    with pytest.raises(NotFitting, match="同じ区"):
        visiting.set_body(request=second, body=type(council)(ward=ground.cast.other_ward), actor=clerk)
    assert visit_complaints(ground) == []


def test_a_session_that_is_called_off_goes_back_to_be_arranged_and_moved_ones_move_the_deadline(
    ground: Ground,
) -> None:
    request = decided(ground, ask(theme_of(ground)).request)
    session = Session.objects.get(visit=request)
    told = activities.move_session(
        session=session, starts_at=at_ten(30), ends_at=at_ten(30) + timedelta(hours=1), place="学校", online_url="",
        reason="会場の都合", revision=1, actor=ground.cast.clerk,
    )  # fmt: skip
    assert (told, now_of(request).due_on) == (Told(0, 1), at_ten(30).date())
    told = activities.call_off_session(session=session, reason="台風", revision=2, actor=ground.cast.clerk)
    request = now_of(request)
    assert (told, request.state, request.reason) == (Told(0, 1), VisitState.IN_HAND, "台風")
    again = decided(ground, request, days=50)
    assert (again.state, again.reason, request.sessions.count()) == (VisitState.DECIDED, "", 2)
    assert said(ground) == {"visit_requests": 1, "called_off_times": 1}
    assert visit_complaints(ground) == []


def test_a_theme_that_is_given_up_ends_what_is_open_and_keeps_what_was_held(ground: Ground) -> None:
    theme = theme_of(ground)
    done = held(ground, theme, "あおば会")
    waits, planned = ask(theme).request, decided(ground, ask(theme, "PTA").request)
    told = activities.call_off_activity(activity=theme, reason="担当の異動", actor=ground.cast.clerk)
    assert told == Told(0, 2)
    assert [now_of(each).state for each in (done, waits, planned)] == ["held", "declined", "declined"]
    assert said(ground)["called_off_times"] == 1
    assert visit_complaints(ground) == []
    with pytest.raises(NotOpen):
        ask(theme)
    with pytest.raises(NotFitting, match="中止"):
        visiting.reopen_visit(request=waits, revision=now_of(waits).revision, actor=ground.cast.clerk)


@pytest.mark.slow
def test_contacts_go_a_year_after_the_visit_and_the_counts_stay(ground: Ground) -> None:
    theme = theme_of(ground)
    visit = held(ground, theme, "あおば会")
    visiting.write_to_office(request=ask(theme).request, text="よろしく")
    declined = ask(theme, "PTA").request
    visiting.decline_visit(request=declined, reason="人手", revision=1, actor=ground.cast.clerk)
    before = said(ground)
    later = timezone.now() + timedelta(days=364)
    assert visiting.forget_visits(actor=ground.cast.operator, now=timezone.now() + timedelta(days=363)) == 0
    assert visiting.forget_visits(actor=ground.cast.operator, now=later + timedelta(days=136)) == 3
    assert said(ground) == before
    visit = now_of(visit)
    assert (visit.sealed, visit.counted_first, visiting.seen_by_group(visit)) == ("", True, None), (
        "500 days on its books are closed"
    )
    assert not visit.lines.exclude(sealed="").exists()
    session = Session.objects.get(visit=visit)
    with pytest.raises(NotFitting, match="訪問した団体の数を確定した回"):
        visiting.take_back_session(session=session, revision=session.revision, actor=ground.cast.clerk)
    held(ground, theme, "あおば会")  # the sealed one still counts the group
    assert said(ground)["groups_visited"] == 1
    assert visit_complaints(ground) == []
    with pytest.raises(NotAllowed):
        visiting.forget_visits(actor=ground.cast.clerk)


@pytest.mark.slow
def test_without_its_contact_a_visit_is_taken_back_until_the_books_are_closed(ground: Ground) -> None:
    theme, clerk = theme_of(ground), ground.cast.clerk
    year = fiscal_year_of(timezone.localdate())

    def visited(day: int) -> Session:
        begin = timezone.make_aware(datetime(year, 4, day, 10))
        request = decided(ground, ask(theme, "あおば会").request, begin=begin)
        visiting.hold_visit(
            request=request, heads=9, done="", revision=request.revision, actor=clerk, now=begin
        )
        return Session.objects.get(visit=request)

    def take_back(session: Session, now: datetime) -> None:
        session.refresh_from_db()
        activities.take_back_session(session=session, revision=session.revision, actor=clerk, now=now)

    def forget(month: int, day: int) -> datetime:
        now = timezone.make_aware(datetime(year + 1, month, day))
        visiting.forget_visits(actor=ground.cast.operator, now=now)
        return now

    first, second = visited(6), visited(7)
    april = forget(4, 20)
    request = now_of(first.visit)
    assert (request.sealed, request.counted_first) == ("", None)
    take_back(first, april)
    assert said(ground) == {"visit_requests": 2, "times": 1, "attendances": 9, "groups_visited": 1}
    with pytest.raises(NotFitting, match="連絡先を消した"):
        visiting.hold_visit(request=request, heads=9, done="", revision=now_of(request).revision, actor=clerk)
    told = visiting.note_withdrawn(
        request=request, reason="行かなかった", revision=now_of(request).revision, actor=clerk
    )
    assert (told, now_of(request).state) == (Told(), VisitState.WITHDRAWN), "nobody is left to tell"
    assert visit_complaints(ground) == []
    before, june = said(ground), forget(6, 2)
    assert [now_of(each.visit).counted_first for each in (first, second)] == [False, True]
    with pytest.raises(NotFitting, match="締めを解いて"):
        take_back(second, june)
    assert said(ground) == before
    assert visit_complaints(ground) == []


def test_contacts_are_seen_by_hosts_only_and_every_look_is_recorded(ground: Ground) -> None:
    request = ask(theme_of(ground)).request
    seen = visiting.see_visit(request=request, actor=ground.cast.clerk)
    assert seen is not None
    assert (seen.contact.name, seen.contact.note) == ("泉 花子", "スクリーンがありません")
    for who in (ground.cast.planner, ground.cast.other_clerk, ground.cast.partner):
        with pytest.raises(NotAllowed):
            visiting.see_visit(request=request, actor=who)
    assert AuditEntry.objects.filter(verb="activities.visit_see").count() == 1
    assert "泉 花子" not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("name", ["other_clerk", "partner", "resident", "stranger"])
def test_who_hosts_nothing_arranges_nothing(ground: Ground, name: str) -> None:
    who = getattr(ground.cast, name)
    request = ask(theme_of(ground)).request
    for act in (
        lambda: visiting.take_on(request=request, person=who, revision=1, actor=who),
        lambda: visiting.decline_visit(request=request, reason="x", revision=1, actor=who),
        lambda: visiting.set_terms(activity=request.activity, terms=EVERY_DAY, revision=1, actor=who),
        lambda: visiting.tell_apart(request=request, actor=who),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_theme_needs_terms_and_has_no_public_sessions(ground: Ground) -> None:
    clerk = ground.cast.clerk
    theme = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
        details=Details(ActivityKind.VISIT, "防災出前講座"), actor=clerk,
    )  # fmt: skip
    with pytest.raises(NotFitting, match="条件がまだ"):
        activities.publish_activity(activity=theme, actor=clerk)
    with pytest.raises(NotFitting, match="団体の申込みから"):
        activities.add_sessions(activity=theme, whens=[When(in_days(1), in_days(2))], actor=clerk)
    with pytest.raises(NotFitting, match="入れ替えられません"):
        activities.change_activity(
            activity=theme, details=Details(ActivityKind.EVENT, "x"), revision=1, actor=clerk
        )
    for terms, told in (
        (Terms(weekdays=()), "曜日"),
        (Terms(minutes=600), "入りません"),
        (Terms(least_people=9, most_people=3), "最多"),
    ):
        with pytest.raises(NotFitting, match=told):
            visiting.set_terms(activity=theme, terms=terms, revision=0, actor=clerk)
    with pytest.raises(NotFitting, match="だけに"):
        visiting.set_terms(activity=activity_of(ground), terms=Terms(), revision=0, actor=clerk)
    kept = visiting.set_terms(
        activity=theme, terms=Terms(without=(date(2026, 8, 13),)), revision=0, actor=clerk
    )
    assert visiting.terms_of(kept).without == (date(2026, 8, 13),)
    with pytest.raises(ChangedMeanwhile):
        visiting.set_terms(activity=theme, terms=Terms(), revision=0, actor=clerk)
    activities.publish_activity(activity=theme, actor=clerk)
    assert themes_of(ground.cast.ward) == [theme]


@pytest.mark.slow
def test_who_was_asked_to_come_is_released_when_the_group_withdraws(ground: Ground) -> None:
    request = decided(ground, ask(theme_of(ground)).request)
    need = dispatch.need_of(ground, Session.objects.get(visit=request))
    assignment = dispatch.ask(ground, need, dispatch.envoy_of(ground))
    visiting.withdraw_visit(request=request)
    assignment.refresh_from_db()
    assert assignment.state == "released"
    said_by = AuditEntry.objects.filter(target_label__contains="の登録番号").values_list(
        "actor_name", "reason"
    )
    assert ("申し込んだ団体", "団体から取下げの連絡があったため") in said_by
    assert (dispatch.complaints(), visit_complaints(ground)) == ([], [])


@pytest.mark.slow
def test_a_theme_comes_back_without_the_requests_that_were_told(ground: Ground) -> None:
    clerk, theme = ground.cast.clerk, theme_of(ground)
    request = decided(ground, ask(theme).request)
    session = Session.objects.get(visit=request)
    activities.call_off_activity(activity=theme, reason="異動", actor=clerk)
    activities.reopen_activity(activity=theme, reason="まちがい", actor=clerk)
    session.refresh_from_db()
    assert (session.state, now_of(request).state) == ("called_off", "declined")
    with pytest.raises(NotFitting, match="決め直して"):
        activities.reopen_session(session=session, reason="x", revision=session.revision, actor=clerk)
    ask(theme, "あおば会")
    visiting.reopen_visit(request=request, revision=now_of(request).revision, actor=clerk)
    decided(ground, request)
    assert visit_complaints(ground) == []
    assert len(themes_of(ground.cast.ward)) == 1
