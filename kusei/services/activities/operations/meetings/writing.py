"""The record itself: agenda, decisions, summary; final or open again; and the next meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityKind, SessionState
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.meeting_enums import MeetingVerb, MinutesState
from kusei.services.activities.models import AgendaPoint, Attendance, Decision, Minutes, Session
from kusei.services.activities.operations.calling_off import day_of
from kusei.services.activities.operations.meetings.members import require_host
from kusei.services.activities.operations.setting_up import When, add_sessions
from kusei.wards import audit
from kusei.wards.models import Person

MOST_POINTS = 40


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda; `pk` None where it is new. Without a title it is taken away."""

    pk: int | None
    title: str
    brought_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision; `pk` None where it is new. Without a text it is taken away."""

    pk: int | None
    text: str
    doer: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What the record says, as a whole."""

    agenda: Sequence[Point]
    decisions: Sequence[Decided]
    summary: str = ""
    is_public: bool = True
    closed_reason: str = ""


@transaction.atomic
def open_minutes(*, session: Session, actor: Person) -> Minutes:
    """The record of a session, with a line for each member; what there is already stays. Raises NotFitting, NotAllowed."""
    require_host(session.activity, actor)
    if session.activity.kind != ActivityKind.MEETING:
        raise NotFitting(_("記録を作れるのは、種類が「会議」のものだけです。"))
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回の記録は作れません。"))
    known = Minutes.objects.filter(session=session).first()
    if known is None:
        Session.objects.select_for_update(no_key=True, of=("self",)).get(pk=session.pk)
        minutes, is_new = Minutes.objects.get_or_create(session=session, defaults={"ward": session.ward})
        if is_new:
            record(minutes, MeetingVerb.OPENED, actor)
            add_missing_members(minutes)
        return minutes
    minutes = held_minutes(known, actor)
    if minutes.state != MinutesState.FINAL:
        add_missing_members(minutes)
    return minutes


def add_missing_members(minutes: Minutes) -> None:
    """Lines for members who came to the council since."""
    there = set(minutes.attendances.values_list("member", flat=True))
    bodies = set(minutes.attendances.filter(body__isnull=False).values_list("body", flat=True))
    for member in minutes.session.activity.members.filter(left_at__isnull=True):
        if member.pk in there:
            continue
        if member.body_id in bodies and member.body_id is not None:
            minutes.attendances.filter(body=member.body_id).update(member=member)
            continue
        Attendance.objects.create(ward=minutes.ward, minutes=minutes, member=member, body=member.body)


@transaction.atomic
def write_minutes(*, minutes: Minutes, written: Written, revision: int, actor: Person) -> Minutes:
    """Write agenda, decisions and summary. Points and decisions stay the same ones by their `pk`. Raises NotFitting, ChangedMeanwhile,
    NotAllowed."""
    minutes = held_minutes(minutes, actor, revision)
    require_open(minutes)
    if not written.is_public and not written.closed_reason.strip():
        raise NotFitting(_("非公開にする理由を書いてください。"))
    points = [each for each in written.agenda if each.title.strip()]
    decisions = [each for each in written.decisions if each.text.strip()]
    if any(not each.title.strip() and each.note.strip() for each in written.agenda):
        raise NotFitting(_("話し合ったことだけがあって、議題がない行があります。議題を書いてください。"))
    if any(not each.text.strip() and (each.doer.strip() or each.due_on) for each in written.decisions):
        raise NotFitting(_("担当か期限だけがあって、決まったことがない行があります。決まったことを書いてください。"))  # fmt: skip
    if max(len(points), len(decisions)) > MOST_POINTS:
        raise NotFitting(_("議題と決まったことは、それぞれ%(most)d件までです。") % {"most": MOST_POINTS})
    _write_agenda(minutes, points)
    _write_decisions(minutes, decisions)
    minutes.summary = written.summary.strip()
    minutes.is_public = written.is_public
    minutes.closed_reason = "" if written.is_public else written.closed_reason.strip()[:200]
    minutes.revision += 1
    minutes.save(update_fields=["summary", "is_public", "closed_reason", "revision"])
    record(minutes, MeetingVerb.WRITTEN, actor, agenda=(None, len(points)), decisions=(None, len(decisions)))
    return minutes


def _write_agenda(minutes: Minutes, points: Sequence[Point]) -> None:
    kept = {each.pk: each for each in minutes.agenda.all()}
    for position, each in enumerate(points, start=1):
        point = kept.pop(each.pk, None) if each.pk else None
        point = point or AgendaPoint(ward=minutes.ward, minutes=minutes)
        point.position, point.title = position, each.title.strip()[:200]
        point.brought_by, point.note = each.brought_by.strip()[:80], each.note.strip()
        point.save()
    minutes.agenda.filter(pk__in=kept).delete()


def _write_decisions(minutes: Minutes, decisions: Sequence[Decided]) -> None:
    kept = {each.pk: each for each in minutes.decisions.all()}
    gone = set(kept) - {each.pk for each in decisions}
    if any(kept[pk].done_on for pk in gone):
        raise NotFitting(_("済みになっている決まりごとは消せません。先に済みを取り消してください。"))
    minutes.decisions.filter(pk__in=gone).delete()
    number = max((each.number for each in kept.values()), default=0)
    for each in decisions:
        decision = kept.get(each.pk) if each.pk else None
        if decision is None:
            number += 1
            decision = Decision(ward=minutes.ward, minutes=minutes, number=number)
        decision.text, decision.doer = each.text.strip()[:400], each.doer.strip()[:80]
        decision.due_on = each.due_on
        decision.save()


@transaction.atomic
def finish_minutes(*, minutes: Minutes, revision: int, actor: Person, now: datetime | None = None) -> Minutes:
    """The record stands; for everybody, where it is so marked. Raises NotFitting before the meeting was held, ChangedMeanwhile,
    NotAllowed."""
    minutes = held_minutes(minutes, actor, revision)
    require_open(minutes)
    if minutes.session.state != SessionState.HELD:
        raise NotFitting(_("出席を記録してから確定してください。"))
    if not minutes.agenda.exists():
        raise NotFitting(_("議題がまだありません。記録を書いてから確定してください。"))
    minutes.state = MinutesState.FINAL
    minutes.finished_at, minutes.finished_by = now or timezone.now(), actor
    minutes.revision += 1
    minutes.save(update_fields=["state", "finished_at", "finished_by", "revision"])
    record(minutes, MeetingVerb.FINISHED, actor)
    return minutes


@transaction.atomic
def reopen_minutes(*, minutes: Minutes, reason: str, actor: Person) -> Minutes:
    """A final record has to be mended: it is a draft again, and not before the public until it is final anew. Raises NotFitting,
    NotAllowed."""
    minutes = held_minutes(minutes, actor)
    if minutes.state != MinutesState.FINAL:
        raise NotFitting(_("確定した記録ではありません。"))
    if not reason.strip():
        raise NotFitting(_("確定を解く理由を書いてください。"))
    minutes.state, minutes.finished_at, minutes.finished_by = MinutesState.DRAFT, None, None
    minutes.revision += 1
    minutes.save(update_fields=["state", "finished_at", "finished_by", "revision"])
    audit.record(
        ward=minutes.ward, actor=actor, verb=MeetingVerb.REOPENED, target=minutes.session.activity,
        label=day_of(minutes.session), reason=reason.strip()[:200],
    )  # fmt: skip
    return minutes


@transaction.atomic
def plan_next(*, minutes: Minutes, when: When, actor: Person) -> Session:
    """A session for the next meeting, and the record leads to it. Raises NotFitting, NotAllowed."""
    minutes = held_minutes(minutes, actor)
    if when.starts_at <= minutes.session.starts_at:
        raise NotFitting(_("次の会議は、この会議より後の日にしてください。"))
    made = add_sessions(activity=minutes.session.activity, whens=[when], actor=actor)[0]
    _link(minutes, made, actor)
    return made


@transaction.atomic
def link_next(*, minutes: Minutes, session: Session, actor: Person) -> None:
    """The next meeting is a session that is there already. Raises NotFitting, NotAllowed."""
    minutes = held_minutes(minutes, actor)
    if (
        session.activity_id != minutes.session.activity_id
        or session.state == SessionState.CALLED_OFF
        or session.starts_at <= minutes.session.starts_at
    ):
        raise NotFitting(_("同じ会議の、これより後の回を選んでください。"))
    _link(minutes, session, actor)


def _link(minutes: Minutes, session: Session, actor: Person) -> None:
    Minutes.objects.filter(pk=minutes.pk).update(next_session=session)
    record(minutes, MeetingVerb.NEXT_SET, actor, starts_at=(None, session.starts_at))


def held_minutes(minutes: Minutes, actor: Person, revision: int | None = None) -> Minutes:
    """The record, locked, as it was shown (`revision`). For operations of this room. Raises ChangedMeanwhile, NotAllowed."""
    require_host(minutes.session.activity, actor)
    found = (
        Minutes.objects.select_for_update(no_key=True, of=("self",))
        .select_related("session__activity__ward", "ward")
        .get(pk=minutes.pk)
    )
    if revision is not None and found.revision != revision:
        raise ChangedMeanwhile(_("開いているあいだに、ほかの人がこの記録を書き換えました。書いた内容は残っています。下の「いま保存されている記録」と見くらべて直し、もう一度保存してください。"))  # fmt: skip
    return found


def require_open(minutes: Minutes) -> None:
    """Raises NotFitting for a final record."""
    if minutes.state == MinutesState.FINAL:
        raise NotFitting(_("確定した記録です。直すときは、先に確定を解いてください。"))


def record(
    minutes: Minutes, verb: MeetingVerb, actor: Person | None, **changes: tuple[object, object]
) -> None:
    """A line in the trail of the activity."""
    audit.record(
        ward=minutes.ward, actor=actor, verb=verb, target=minutes.session.activity, label=day_of(minutes.session),
        changes=changes,
    )  # fmt: skip
