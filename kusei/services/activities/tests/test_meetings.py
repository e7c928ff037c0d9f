"""Records of meetings: written by two at once, sent round, final; who came, and what the ledger hears of it."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.models import Entry
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.notices.errors import LinkNotUsable
from kusei.notices.models import SignedLink
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.meeting_enums import Answer
from kusei.services.activities.models import Activity, Attendance, Decision, Member, Minutes
from kusei.services.activities.operations import Details, When, meetings
from kusei.services.activities.operations.meetings import Came, Decided, MemberWords, Other, Point, Written
from kusei.services.activities.tests.ground import in_days
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed

pytestmark = pytest.mark.django_db


def council(ground: Ground, *, title: str = "施設ネットワーク会議", members: bool = True) -> Activity:
    """Of 地域振興課 for the first action, with 福祉保健課 (two people) and a person as members."""
    clerk = ground.cast.clerk
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
        details=Details(ActivityKind.MEETING, title), actor=clerk,
    )  # fmt: skip
    if members:
        welfare = MemberWords(ground.cast.welfare, mail="welfare@example.jp", people=2)
        meetings.add_member(activity=activity, words=welfare, actor=clerk)
        meetings.add_member(activity=activity, words=MemberWords(name="泉 花子"), actor=clerk)
    return activity


def minutes_of(ground: Ground, activity: Activity, days: float = -0.1) -> Minutes:
    session = activities.add_sessions(
        activity=activity, whens=[When(in_days(days), in_days(days) + timedelta(hours=2))], actor=ground.cast.clerk
    )[0]  # fmt: skip
    return meetings.open_minutes(session=session, actor=ground.cast.clerk)


def write(minutes: Minutes, ground: Ground, revision: int = 1, **more: object) -> Minutes:
    words = {"agenda": [Point(None, "施設の連携", "地域振興課")], "decisions": [Decided(None, "案内を作る", "福祉保健課", timezone.localdate())]}  # fmt: skip
    return meetings.write_minutes(
        minutes=minutes, written=Written(**(words | more)), revision=revision, actor=ground.cast.clerk
    )


def came(minutes: Minutes, people: int = 2, **more) -> list[Came]:
    body = minutes.attendances.get(body__isnull=False, member__isnull=False)
    person = minutes.attendances.get(body=None, member__isnull=False)
    return [
        Came(body.pk, "present", people) if people else Came(body.pk, "excused"),
        Came(person.pk, "present", 1),
    ]


def said(ground: Ground) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, quantity in Entry.objects.filter(ward=ground.cast.ward).values_list("metric__key", "quantity"):
        sums[key] = sums.get(key, 0) + quantity
    return {key: total for key, total in sums.items() if total}


def clean(ground: Ground, *days: float) -> bool:
    years = {fiscal_year_of(timezone.localdate(in_days(day))) for day in (0, *days)}
    return [each for year in years for each in discrepancies(ground.cast.ward, year)] == []


def test_who_came_is_counted_once_and_corrected(ground: Ground) -> None:
    minutes = minutes_of(ground, council(ground))
    clerk = ground.cast.clerk
    others = [Other(ground.cast.council, people=3), Other(name="見学の人")]
    minutes = meetings.record_attendance(
        minutes=minutes, lines=came(minutes), others=others, revision=1, actor=clerk
    )
    assert said(ground) == {"times": 1, "attendances": 7, "meeting_bodies": 2, "meeting_bodies_distinct": 2}
    minutes = meetings.record_attendance(minutes=minutes, lines=came(minutes, 0), revision=2, actor=clerk)
    assert said(ground) == {"times": 1, "attendances": 5, "meeting_bodies": 1, "meeting_bodies_distinct": 1}
    assert clean(ground)
    with pytest.raises(NotFitting, match="もう表にあります"):
        meetings.record_attendance(
            minutes=minutes, lines=[], others=[Other(ground.cast.council)], revision=3, actor=clerk
        )
    with pytest.raises(ChangedMeanwhile):
        meetings.record_attendance(minutes=minutes, lines=came(minutes), revision=1, actor=clerk)


def test_a_body_is_counted_once_a_year_by_its_first_meeting_of_the_action(ground: Ground) -> None:
    first = council(ground)
    later = minutes_of(ground, first)
    clerk = ground.cast.clerk
    later = meetings.record_attendance(minutes=later, lines=came(later), revision=1, actor=clerk)
    assert said(ground)["meeting_bodies_distinct"] == 1
    earlier = minutes_of(ground, council(ground, title="分科会"), -0.2)
    earlier = meetings.record_attendance(minutes=earlier, lines=came(earlier), revision=1, actor=clerk)
    assert said(ground) == {"times": 2, "attendances": 6, "meeting_bodies": 2, "meeting_bodies_distinct": 1}
    assert clean(ground)
    meetings.record_attendance(minutes=earlier, lines=came(earlier, 0), revision=2, actor=clerk)
    assert said(ground) == {"times": 2, "attendances": 4, "meeting_bodies": 1, "meeting_bodies_distinct": 1}
    assert clean(ground)


def test_a_meeting_to_come_has_no_attendance_yet(ground: Ground) -> None:
    minutes = minutes_of(ground, council(ground), 5)
    with pytest.raises(NotFitting, match="まだ先の回"):
        meetings.record_attendance(minutes=minutes, lines=came(minutes), revision=1, actor=ground.cast.clerk)
    assert said(ground) == {}
    assert not Attendance.objects.exclude(came="").exists()


def test_points_and_decisions_stay_the_same_ones(ground: Ground) -> None:
    minutes = write(minutes_of(ground, council(ground)), ground)
    point, decision = minutes.agenda.get(), minutes.decisions.get()
    with pytest.raises(ChangedMeanwhile, match="書いた内容は残って"):
        write(minutes, ground)
    meetings.finish_decision(
        decision=decision, note="送った", on=timezone.localdate(), actor=ground.cast.clerk
    )
    with pytest.raises(NotFitting, match="済みになって"):
        write(minutes, ground, 2, decisions=[])
    agenda = [Point(None, "報告"), Point(point.pk, "施設の連携について")]
    decisions = [Decided(decision.pk, "案内を作る"), Decided(None, "次回を決める")]
    write(minutes, ground, 2, agenda=agenda, decisions=decisions)
    assert list(minutes.agenda.values_list("title", flat=True)) == ["報告", "施設の連携について"]
    assert minutes.agenda.last() == point
    assert list(minutes.decisions.values_list("number", "text")) == [(1, "案内を作る"), (2, "次回を決める")]
    for wrong, told in (
        ({"is_public": False}, "非公開にする理由"),
        ({"agenda": [Point(None, "", note="話した")]}, "議題がない行"),
        ({"decisions": [Decided(None, "", "福祉保健課")]}, "決まったことがない行"),
    ):
        with pytest.raises(NotFitting, match=told):
            write(minutes, ground, 3, **wrong)


def test_a_record_is_final_after_the_meeting_and_opened_again_with_a_reason(ground: Ground) -> None:
    minutes = minutes_of(ground, council(ground))
    clerk = ground.cast.clerk
    with pytest.raises(NotFitting, match="出席を記録して"):
        meetings.finish_minutes(minutes=minutes, revision=1, actor=clerk)
    meetings.record_attendance(minutes=minutes, lines=came(minutes), revision=1, actor=clerk)
    with pytest.raises(NotFitting, match="議題がまだ"):
        meetings.finish_minutes(minutes=minutes, revision=2, actor=clerk)
    write(minutes, ground, 2)
    minutes = meetings.finish_minutes(minutes=minutes, revision=3, actor=clerk)
    with pytest.raises(NotFitting, match="確定した記録です"):
        write(minutes, ground, 4)
    with pytest.raises(NotFitting, match="確定を解く理由"):
        meetings.reopen_minutes(minutes=minutes, reason="", actor=clerk)
    assert meetings.reopen_minutes(minutes=minutes, reason="人数の誤り", actor=clerk).state == "draft"


def test_the_next_meeting_is_planned_or_linked(ground: Ground) -> None:
    activity = council(ground)
    minutes = minutes_of(ground, activity)
    clerk = ground.cast.clerk
    made = meetings.plan_next(minutes=minutes, when=When(in_days(30), in_days(31)), actor=clerk)
    minutes.refresh_from_db()
    assert minutes.next_session == made
    with pytest.raises(NotFitting, match="これより後"):
        meetings.link_next(minutes=minutes, session=minutes.session, actor=clerk)
    with pytest.raises(NotFitting, match="後の日"):
        meetings.plan_next(minutes=minutes, when=When(in_days(-9), in_days(-8)), actor=clerk)


def test_members_answer_and_comment_by_their_link(
    ground: Ground, settings, django_capture_on_commit_callbacks
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST = "mail.example.jp"
    minutes = minutes_of(ground, council(ground), 5)
    clerk, site = ground.cast.clerk, "https://example.jp"
    write(minutes, ground)
    with django_capture_on_commit_callbacks(execute=True):
        told = meetings.invite(minutes=minutes, site=site, actor=clerk)
    assert (told.by_mail, told.to_telephone) == (1, 1)
    with pytest.raises(ChangedMeanwhile, match="いま送ったところ"):
        meetings.invite(minutes=minutes, site=site, actor=clerk)  # pressed twice
    [letter] = mail.outbox
    assert letter.to == ["welfare@example.jp"]
    assert "1. 施設の連携（地域振興課）" in letter.body
    token = letter.body.split("/answer/")[1].split("/")[0]
    assert meetings.answer_by_link(token, answer=Answer.COMING, people=2).answer_people == 2
    meetings.answer_by_link(token, answer=Answer.ABSENT, people=2)
    assert Attendance.objects.get(body=ground.cast.welfare).answer == "absent"
    with pytest.raises(NotFitting, match="受け付けていません"):
        meetings.comment_by_link(token, text="字がちがいます")
    meetings.send_round(minutes=minutes, until=timezone.localdate(), revision=2, site=site, actor=clerk)
    comment = meetings.comment_by_link(token, text="字がちがいます")
    meetings.settle_comment(comment=comment, actor=clerk)
    comment.refresh_from_db()
    assert comment.settled_by == clerk
    with pytest.raises(LinkNotUsable):
        meetings.answer_by_link("x", answer=Answer.COMING, people=1)
    meetings.end_member(member=Member.objects.get(body=ground.cast.welfare), actor=clerk)
    with pytest.raises(LinkNotUsable):
        meetings.open_invitation(token)
    person = Attendance.objects.get(body=None)
    meetings.note_answer(attendance=person, answer=Answer.COMING, people=1, actor=clerk)
    with pytest.raises(NotFitting, match="1人以上"):
        meetings.note_answer(attendance=person, answer=Answer.COMING, people=0, actor=clerk)


def test_a_partner_that_hosts_a_meeting_sends_its_links_and_nobody_beside_the_hosts(
    ground: Ground, settings, django_capture_on_commit_callbacks
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST = "mail.example.jp"
    cast, site = ground.cast, "https://example.jp"
    partner = cast.partner
    activity = activities.add_activity(
        ward=cast.ward, item=ground.items[0], host=cast.council, details=Details(ActivityKind.MEETING, "地区の会議"), actor=partner
    )  # fmt: skip
    welfare = MemberWords(cast.welfare, mail="welfare@example.jp")
    meetings.add_member(activity=activity, words=welfare, actor=partner)
    session = activities.add_sessions(activity=activity, whens=[When(in_days(5), in_days(5.1))], actor=partner)[0]  # fmt: skip
    minutes = meetings.open_minutes(session=session, actor=partner)
    written = Written([Point(None, "見守りの連携")], [])
    meetings.write_minutes(minutes=minutes, written=written, revision=1, actor=partner)
    again = {"minutes": minutes, "until": timezone.localdate(), "revision": 2, "site": site}
    for who in (cast.clerk, cast.other_clerk, cast.resident, cast.stranger):
        with pytest.raises(NotAllowed):
            meetings.invite(minutes=minutes, site=site, actor=who)
        with pytest.raises(NotAllowed):
            meetings.send_round(**again, actor=who)
    assert not SignedLink.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert meetings.invite(minutes=minutes, site=site, actor=partner).by_mail == 1
        assert meetings.send_round(**again, actor=partner).by_mail == 1
    assert [letter.to for letter in mail.outbox] == [["welfare@example.jp"]] * 2
    assert set(SignedLink.objects.values_list("made_by", flat=True)) == {partner.pk}
    token = mail.outbox[0].body.split("/answer/")[1].split("/")[0]
    assert meetings.answer_by_link(token, answer=Answer.COMING, people=1).answer == "coming"


def test_papers_are_of_few_kinds_and_no_larger_than_they_may(ground: Ground) -> None:
    minutes = minutes_of(ground, council(ground, members=False))
    words = {"minutes": minutes, "actor": ground.cast.clerk}
    paper = meetings.add_paper(**words, name="資料1.pdf", content=b"%PDF-1.7")
    assert meetings.add_paper(**words, name="資料1.pdf", content=b"%PDF-1.7") == paper
    for name, content, told in (("a.exe", b"x", "この種類"), ("a.html", b"x", "この種類"), ("a.pdf", b"", "中身がありません")):  # fmt: skip
        with pytest.raises(NotFitting, match=told):
            meetings.add_paper(**words, name=name, content=content)
    meetings.remove_paper(paper=paper, actor=ground.cast.clerk)
    assert not minutes.papers.exists()


def test_names_are_sealed_seen_by_hosts_and_forgotten(ground: Ground) -> None:
    activity = council(ground)
    minutes = minutes_of(ground, activity)
    clerk = ground.cast.clerk
    meetings.record_attendance(
        minutes=minutes, lines=came(minutes), others=[Other(name="緑園 一郎")], revision=1, actor=clerk
    )
    assert "泉 花子" in {
        name for name, _mail in meetings.see_members(activity=activity, actor=clerk).values()
    }
    assert meetings.see_attendees(minutes=minutes, actor=clerk).popitem()[1][0] == "緑園 一郎"
    with pytest.raises(NotAllowed):
        meetings.see_members(activity=activity, actor=ground.cast.planner)
    stored = [
        *Member.objects.values_list("sealed", flat=True),
        *Attendance.objects.values_list("sealed", flat=True),
    ]
    stored += [str(each) for each in AuditEntry.objects.values_list("target_label", "changes")]
    assert not any("泉 花子" in each or "緑園" in each or "welfare@" in each for each in stored)
    told = said(ground)
    assert meetings.forget_attendees(actor=ground.cast.operator, now=in_days(300)) == 0
    assert meetings.forget_attendees(actor=ground.cast.operator, now=in_days(370)) == 3
    assert not Member.objects.exclude(sealed="").exists()
    assert not Attendance.objects.exclude(sealed="").exists()
    assert said(ground) == told
    assert clean(ground)


@pytest.mark.parametrize("meeting", ["never", "called off", "long ago"])
def test_members_of_a_council_that_meets_no_more_are_forgotten(ground: Ground, meeting: str) -> None:
    activity, clerk = council(ground), ground.cast.clerk
    if meeting != "never":
        day = -400 if meeting == "long ago" else 200
        session = activities.add_sessions(activity=activity, whens=[When(in_days(day), in_days(day + 0.1))], actor=clerk)[0]  # fmt: skip
    if meeting == "called off":
        activities.call_off_session(session=session, reason="終わった会議", revision=1, actor=clerk)
    member = Member.objects.get(body=None)
    Member.objects.filter(pk=member.pk).update(changed_at=in_days(-10))
    for day, count in ((354, 0), (356, 1), (366, 1)):
        assert meetings.forget_attendees(actor=ground.cast.operator, now=in_days(day)) == count
    assert not Member.objects.exclude(sealed="", left_at__isnull=False).exists()


def test_members_from_before_count_from_when_their_council_was_made(ground: Ground) -> None:
    activity = council(ground)
    made = in_days(-300)
    type(activity).objects.filter(pk=activity.pk).update(created_at=made)
    migration = import_module("kusei.services.activities.migrations.0011_members_change")
    migration.count_from_council(apps, None)
    assert set(Member.objects.values_list("changed_at", flat=True)) == {made}
    assert meetings.forget_attendees(actor=ground.cast.operator, now=in_days(66)) == 2


def test_members_stay_as_long_as_a_meeting_is_to_come(ground: Ground) -> None:
    activity = council(ground)
    minutes_of(ground, activity, 500)
    assert meetings.forget_attendees(actor=ground.cast.operator, now=in_days(864)) == 0
    assert meetings.forget_attendees(actor=ground.cast.operator, now=in_days(866)) == 2


@pytest.mark.parametrize("name", ["other_clerk", "partner", "stranger"])
def test_who_hosts_nothing_writes_nothing(ground: Ground, name: str) -> None:
    who = getattr(ground.cast, name)
    minutes = write(minutes_of(ground, council(ground)), ground)
    decision = Decision.objects.get()
    for refused in (
        lambda: meetings.open_minutes(session=minutes.session, actor=who),
        lambda: meetings.record_attendance(minutes=minutes, lines=[], revision=2, actor=who),
        lambda: meetings.finish_decision(decision=decision, note="x", on=timezone.localdate(), actor=who),
        lambda: meetings.add_member(
            activity=minutes.session.activity, words=MemberWords(name="x"), actor=who
        ),
    ):
        with pytest.raises(NotAllowed):
            refused()
