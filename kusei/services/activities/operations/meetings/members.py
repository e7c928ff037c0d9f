"""Who belongs to a council. Names of persons and addresses are sealed, seen by hosts only, and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.notices.permissions import may_keep_notices
from kusei.notices.sealing import seal, unseal_if_possible
from kusei.services.activities.enums import ActivityKind, SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.meeting_enums import MeetingVerb
from kusei.services.activities.models import Activity, Attendance, Member, Minutes
from kusei.services.activities.permissions import may_host, may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Body, Person

MEMBER, ATTENDEE = "activities.member", "activities.attendee"
KEEP_FOR = timedelta(days=365)
MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class MemberWords:
    """A body, or a person by `name`; where mails go; how many people usually come."""

    body: Body | None = None
    name: str = ""
    mail: str = ""
    people: int = 1


@transaction.atomic
def add_member(*, activity: Activity, words: MemberWords, actor: Person) -> Member:
    """One more member of a council. Raises NotFitting, NotAllowed."""
    require_host(activity, actor)
    if activity.kind != ActivityKind.MEETING:
        raise NotFitting(_("構成員がいるのは、種類が「会議」のものだけです。"))
    Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=activity.pk)
    _check(activity, words)
    member = Member.objects.create(
        ward=activity.ward, activity=activity, body=words.body, position=activity.members.count() + 1,
        people=words.people, **_sealed(words),
    )  # fmt: skip
    _record(member, MeetingVerb.MEMBER_ADDED, actor)
    return member


@transaction.atomic
def change_member(*, member: Member, words: MemberWords, actor: Person) -> Member:
    """Another address, name or number of people; the body stays. Raises NotFitting, NotAllowed."""
    require_host(member.activity, actor)
    member = (
        Member.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity__ward")
        .get(pk=member.pk)
    )
    if member.left_at is not None or member.body != words.body:
        raise NotFitting(_("外れた構成員と、団体の名前は変えられません。外して、新しく加えてください。"))
    _check(member.activity, words, but=member)
    for name, value in {**_sealed(words), "people": words.people}.items():
        setattr(member, name, value)
    member.save()
    _record(member, MeetingVerb.MEMBER_CHANGED, actor)
    return member


@transaction.atomic
def end_member(*, member: Member, actor: Person, now: datetime | None = None) -> None:
    """Somebody is no member any more: name and address are forgotten, records of past meetings keep the body. Raises NotAllowed."""
    require_host(member.activity, actor)
    Member.objects.filter(pk=member.pk, left_at__isnull=True).update(
        left_at=now or timezone.now(), sealed="", has_mail=False
    )
    _record(member, MeetingVerb.MEMBER_ENDED, actor)


@transaction.atomic
def see_members(*, activity: Activity, actor: Person) -> dict[int, tuple[str, str]]:
    """(name, address) of the members by id; the look is recorded. Those sealed with a key that is gone are left out. Raises
    NotAllowed."""
    return _seen(activity, activity.members.exclude(sealed=""), MEMBER, actor)


@transaction.atomic
def see_attendees(*, minutes: Minutes, actor: Person) -> dict[int, tuple[str, str]]:
    """(name, "") of those who attend by name, by id; the look is recorded. Raises NotAllowed."""
    return _seen(minutes.session.activity, minutes.attendances.exclude(sealed=""), ATTENDEE, actor)


def _seen(activity: Activity, rows: object, purpose: str, actor: Person) -> dict[int, tuple[str, str]]:
    permissions.require(may_see_applicants(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    found = {}
    for row in rows:  # type: ignore[attr-defined]
        if (kept := unseal_if_possible(row.sealed, purpose=purpose)) is not None:
            found[row.pk] = (kept.get("name", ""), kept.get("mail", ""))
    if found:
        audit.record(
            ward=activity.ward, actor=actor, verb=MeetingVerb.MEMBERS_SEEN, target=activity,
            changes={"people": (None, len(found))},
        )  # fmt: skip
    return found


def forget_attendees(*, actor: Person, now: datetime | None = None) -> int:
    """Delete names of those who attended a year ago, and what is kept of members whose council has not met for a year (or never, or no
    more) and who were not written into it in that time, in all wards; how many. Bodies and numbers stay. Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    moment = now or timezone.now()
    limit = moment - KEEP_FOR
    done = 0
    old = Q(minutes__session__ends_at__lt=limit)
    of_members = Member.objects.filter(activity=OuterRef("pk")).exclude(sealed="")
    of_meetings = Attendance.objects.filter(minutes__session__activity=OuterRef("pk")).exclude(sealed="")
    for activity in Activity.objects.filter(Exists(of_members) | Exists(of_meetings)).select_related("ward"):
        with transaction.atomic():
            names = Attendance.objects.filter(old, minutes__session__activity=activity).exclude(sealed="")
            count = names.update(sealed="")
            meets = activity.sessions.filter(ends_at__gte=limit).exclude(state=SessionState.CALLED_OFF)
            if not meets.exists():
                quiet = activity.members.filter(changed_at__lt=limit).exclude(sealed="")
                count += quiet.update(sealed="", has_mail=False, left_at=moment)
            if count:
                audit.record(
                    ward=activity.ward, actor=actor, verb=MeetingVerb.FORGOTTEN, target=activity,
                    changes={"people": (None, count)},
                )  # fmt: skip
            done += count
    return done


def require_host(activity: Activity, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))


def mail_of(member: Member) -> str:
    """Where mails to a member go; "" without an address, and where it was sealed with a key that is gone. For operations of this room."""
    kept = unseal_if_possible(member.sealed, purpose=MEMBER) if member.has_mail else None
    return str(kept["mail"]) if kept else ""


def _sealed(words: MemberWords) -> dict[str, object]:
    name, mail = words.name.strip()[:80] if words.body is None else "", words.mail.strip()
    kept = {"name": name, "mail": mail}
    return {"sealed": seal(kept, purpose=MEMBER) if any(kept.values()) else "", "has_mail": bool(mail)}


def _check(activity: Activity, words: MemberWords, but: Member | None = None) -> None:
    if words.body is None and not words.name.strip():
        raise NotFitting(_("団体・課を選ぶか、名前を書いてください。"))
    if words.body is not None:
        if words.body.ward_id != activity.ward_id:
            raise NotFitting(_("同じ区の団体を選んでください。"))
        others = activity.members.filter(body=words.body, left_at__isnull=True)
        if others.exclude(pk=but.pk if but else 0).exists():
            raise NotFitting(_("「%(name)s」は、もう構成員です。") % {"name": words.body.name})
    if not 1 <= words.people <= MOST_PEOPLE:
        raise NotFitting(_("人数は1人から%(most)d人までにしてください。") % {"most": MOST_PEOPLE})
    if words.mail.strip():
        try:
            validate_email(words.mail.strip())
        except ValidationError:
            raise NotFitting(_("メールアドレスの形ではありません。例: name@example.jp")) from None


def _record(member: Member, verb: MeetingVerb, actor: Person) -> None:
    audit.record(
        ward=member.ward, actor=actor, verb=verb, target=member.activity,
        label=member.body.name if member.body else _("名前の構成員"),
    )  # fmt: skip
