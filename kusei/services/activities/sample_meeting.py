"""A council of the invented sample ward: one meeting held and final, one to come."""

from __future__ import annotations

from kusei.plans.models import Item
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.operations import Details, When, meetings
from kusei.services.activities.operations.meetings import Came, Decided, MemberWords, Point, Written
from kusei.services.activities.sample_ground import at, working_day
from kusei.wards.models import Body, District, Person, Ward

_MEMBERS = (
    ("こども家庭支援課", 1), ("福祉保健課", 2), ("総務課", 1), ("こもれび区社会福祉協議会", 3),
)  # fmt: skip


def add_meeting(ward: Ward, item: Item, actor: Person) -> None:
    """A network of facilities: three bodies came last week, one excused itself."""
    activity = activities.add_activity(
        ward=ward, item=item, host=Body.objects.get(ward=ward, name="総務課"), actor=actor,
        details=Details(ActivityKind.MEETING, "施設ネットワーク会議", "区内の施設が集まり、行事と場所の使い方を話し合います。"),
    )  # fmt: skip
    for name, people in _MEMBERS:
        body = Body.objects.filter(ward=ward, name=name).first()
        if body is not None:
            meetings.add_member(activity=activity, words=MemberWords(body, people=people), actor=actor)
    held, to_come = activities.add_sessions(
        activity=activity, actor=actor,
        whens=[
            When(at(day, 14), at(day, 16), "区役所3階 会議室", District.objects.filter(ward=ward).first())
            for day in (working_day(-7), working_day(21))
        ],
    )  # fmt: skip
    activities.publish_activity(activity=activity, actor=actor)
    minutes = meetings.open_minutes(session=held, actor=actor)
    written = Written(
        agenda=[
            Point(None, "秋の行事の日程", "総務課", "重なっていた二つの行事を、別の週に分けることにした。"),
            Point(None, "場所の予約の方法", "こども家庭支援課"),
        ],
        decisions=[
            Decided(None, "行事の一覧を作り、全施設に送る", "総務課", working_day(14)),
            Decided(None, "予約の締切りを施設に尋ねる", "こども家庭支援課", working_day(-1)),
        ],
        summary="行事の日程を調整した。予約の方法は次回も話し合う。",
    )  # fmt: skip
    minutes = meetings.write_minutes(minutes=minutes, written=written, revision=minutes.revision, actor=actor)
    lines = list(minutes.attendances.select_related("member"))
    came = [
        Came(each.pk, "present", each.member.people) if number else Came(each.pk, "excused")
        for number, each in enumerate(lines)
        if each.member is not None
    ]
    minutes = meetings.record_attendance(minutes=minutes, lines=came, revision=minutes.revision, actor=actor)
    meetings.link_next(minutes=minutes, session=to_come, actor=actor)
    meetings.finish_minutes(minutes=minutes, revision=minutes.revision, actor=actor)
