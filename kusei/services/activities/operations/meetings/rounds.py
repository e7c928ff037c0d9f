"""What members are asked by mail: whether they come, and whether the record is right. One link for both, without an account.

The link stays open until two months after the meeting: answers may change. It opens one member's line and nothing else.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.notices import operations as notices
from kusei.notices.enums import Closed
from kusei.notices.errors import LinkNotUsable
from kusei.notices.permissions import may_give_links_of_own_work
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.meeting_enums import Answer, MeetingVerb, MinutesState
from kusei.services.activities.models import Attendance, Minutes, MinutesComment
from kusei.services.activities.operations.meetings.attending import write_answer
from kusei.services.activities.operations.meetings.members import mail_of
from kusei.services.activities.operations.meetings.writing import (
    add_missing_members,
    held_minutes,
    record,
    require_open,
)
from kusei.services.activities.operations.telling import Told
from kusei.wards import audit
from kusei.wards.enums import Way
from kusei.wards.models import Person
from kusei.wards.post import can_send

PURPOSE = "activities.meeting"
PAGE = "portal:meeting_link"
_AFTER = timedelta(days=60)
LONGEST_COMMENT = 2000


@transaction.atomic
def invite(*, minutes: Minutes, site: str, sent_before: str = "", actor: Person) -> Told:
    """Tell all members of the meeting with its agenda and papers, and ask whether they come; again to remind those who have not
    answered. `sent_before`: when the last mail went out as far as whoever presses knows (ISO, "": none did), so that pressing twice sends
    once. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    minutes = held_minutes(minutes, actor)
    require_open(minutes)
    if sent_before != (minutes.invited_at.isoformat() if minutes.invited_at else ""):
        raise ChangedMeanwhile(
            _("案内は、いま送ったところです。もう一度送るときは、返事の表を確かめてから押してください。")
        )
    if minutes.session.ends_at <= timezone.now():
        raise NotFitting(_("終わった会議の案内は送れません。"))
    add_missing_members(minutes)
    again = minutes.invited_at is not None
    lines = [each for each in _lines(minutes) if not (again and each.answer)]
    if not lines:
        raise NotFitting(_("案内を送る構成員がいません。構成員を加えるか、返事を確かめてください。"))
    told = _mail(minutes, lines, _("会議のご案内"), _invitation(minutes), site, actor)
    Minutes.objects.filter(pk=minutes.pk).update(invited_at=timezone.now())
    record(minutes, MeetingVerb.INVITED, actor, people=(None, told.by_mail))
    return told


@transaction.atomic
def send_round(*, minutes: Minutes, until: date, revision: int, site: str, actor: Person) -> Told:
    """Ask members to look at the record until a day. It can still be written meanwhile. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    minutes = held_minutes(minutes, actor, revision)
    require_open(minutes)
    if until < timezone.localdate():
        raise NotFitting(_("意見の期限は、今日より後の日にしてください。"))
    if not minutes.agenda.exists():
        raise NotFitting(_("議題がまだありません。記録を書いてから送ってください。"))
    lines = _lines(minutes)
    if not lines:
        raise NotFitting(_("構成員がいません。確認を頼まずに確定できます。"))
    minutes.state, minutes.round_until = MinutesState.ROUND, until
    minutes.revision += 1
    minutes.save(update_fields=["state", "round_until", "revision"])
    text = _("会議の記録を作りました。まちがいがないか、%(day)sまでに下のページで確かめてください。直してほしいところがなければ、何もしなくてかまいません。") % {"day": until.isoformat()}  # fmt: skip
    told = _mail(minutes, lines, _("会議の記録の確認のお願い"), text, site, actor)
    record(minutes, MeetingVerb.SENT_ROUND, actor, people=(None, told.by_mail))
    return told


def open_invitation(token: str) -> Attendance:
    """The line behind a link, for reading; recorded. Raises LinkNotUsable."""
    link = notices.open_link(token, purpose=PURPOSE)
    found = Attendance.objects.filter(ward=link.ward, pk=int(link.target_id)).select_related(
        "minutes__session__activity__host", "minutes__ward", "body", "member"
    )
    attendance = found.first()
    if attendance is None or (attendance.member is not None and attendance.member.left_at is not None):
        raise LinkNotUsable(Closed.REVOKED)
    return attendance


@transaction.atomic
def answer_by_link(token: str, *, answer: Answer, people: int) -> Attendance:
    """Whether a member comes, and with how many; again to change it, until the meeting begins. Raises NotFitting, LinkNotUsable."""
    with audit.trail(Way.LINK), translation.override("ja"):
        attendance = open_invitation(token)
        if attendance.minutes.session.starts_at <= timezone.now():
            raise NotFitting(_("会議が始まっています。変わったことは、電話で知らせてください。"))
        write_answer(attendance, answer, people, None)
        _record_by_link(attendance, MeetingVerb.ANSWERED)
    return attendance


@transaction.atomic
def comment_by_link(token: str, *, text: str) -> MinutesComment:
    """What a member wants corrected. Raises NotFitting, LinkNotUsable."""
    with audit.trail(Way.LINK), translation.override("ja"):
        attendance = open_invitation(token)
        comment = _comment(attendance, text, None)
        _record_by_link(attendance, MeetingVerb.COMMENTED)
    return comment


@transaction.atomic
def note_comment(*, attendance: Attendance, text: str, actor: Person) -> MinutesComment:
    """What a member said by telephone. Raises NotFitting, NotAllowed."""
    held_minutes(attendance.minutes, actor)
    comment = _comment(attendance, text, actor)
    record(attendance.minutes, MeetingVerb.COMMENTED, actor)
    return comment


@transaction.atomic
def settle_comment(*, comment: MinutesComment, actor: Person) -> None:
    """Somebody took it up. Raises NotAllowed."""
    minutes = held_minutes(comment.minutes, actor)
    done = MinutesComment.objects.filter(pk=comment.pk, settled_at__isnull=True).update(
        settled_at=timezone.now(), settled_by=actor
    )
    if done:
        record(minutes, MeetingVerb.SETTLED, actor)


def _comment(attendance: Attendance, text: str, actor: Person | None) -> MinutesComment:
    text = text.replace("\x00", "")
    minutes = Minutes.objects.select_for_update(no_key=True).get(pk=attendance.minutes_id)
    if minutes.state != MinutesState.ROUND:
        raise NotFitting(_("いまは記録への意見を受け付けていません。"))
    if not text.strip():
        raise NotFitting(_("直してほしいところを書いてください。"))
    if len(text) > LONGEST_COMMENT:
        raise NotFitting(_("意見は%(most)d文字までで書いてください。") % {"most": LONGEST_COMMENT})
    return MinutesComment.objects.create(
        ward=attendance.ward, minutes=minutes, attendance=attendance, text=text.strip(), said_at=timezone.now(),
        noted_by=actor,
    )  # fmt: skip


def _lines(minutes: Minutes) -> list[Attendance]:
    found = minutes.attendances.filter(member__isnull=False, member__left_at__isnull=True)
    return list(found.select_related("member", "body"))


def _mail(
    minutes: Minutes, lines: list[Attendance], subject: str, text: str, site: str, actor: Person
) -> Told:
    """A mail with a link of its own to each that has an address; how many are left to telephone."""
    session = minutes.session
    letters = []
    for line in lines:
        mail = mail_of(line.member) if line.member is not None and can_send() else ""
        if not mail:
            continue
        issued = notices.make_link(
            ward=minutes.ward, purpose=PURPOSE, target=line, actor=actor, site=site, page=PAGE, body=line.body,
            made_for=line.body.name if line.body else _("構成員"),
            valid_for=max(session.ends_at - timezone.now(), timedelta()) + _AFTER,
            may=may_give_links_of_own_work,
        )  # fmt: skip
        words = [session.activity.title, "", text, "", issued.url]
        if session.activity.contact:
            words += ["", _("問い合わせ先: %(contact)s") % {"contact": session.activity.contact}]
        letters.append(notices.Letter(mail, f"{subject} {session.activity.title}", "\n".join(words)))
    notices.send_notices(ward=minutes.ward, letters=letters)
    return Told(len(letters), len(lines) - len(letters))


def _invitation(minutes: Minutes) -> str:
    session = minutes.session
    begin = timezone.localtime(session.starts_at)
    words = [
        _("次のとおり会議を開きます。出席できるかどうかを、下のページで知らせてください。"), "",
        _("日時: %(when)s") % {"when": f"{begin:%Y-%m-%d %H:%M}"},
    ]  # fmt: skip
    if session.place:
        words.append(_("場所: %(place)s") % {"place": session.place})
    if session.online_url:
        words.append(_("オンライン: %(url)s") % {"url": session.online_url})
    for point in minutes.agenda.all():
        words.append(
            f"  {point.position}. {point.title}{f'（{point.brought_by}）' if point.brought_by else ''}"
        )
    if count := minutes.papers.count():
        words.append(_("資料が%(n)d件あります。下のページから開けます。") % {"n": count})
    return "\n".join(words)


def _record_by_link(attendance: Attendance, verb: MeetingVerb) -> None:
    minutes = attendance.minutes
    audit.record(
        ward=minutes.ward, actor=None, actor_name=attendance.body.name if attendance.body else _("構成員"), verb=verb,
        target=minutes.session.activity,
    )  # fmt: skip
