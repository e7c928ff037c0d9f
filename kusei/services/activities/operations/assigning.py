"""Asking people to come: how many are needed, who is asked, what they answer. Nobody has two promises for one time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.notices import operations as notices
from kusei.notices.models import SignedLink
from kusei.services.activities.dispatch_enums import AskedBy, AssignmentState, DispatchVerb, EnvoyRole
from kusei.services.activities.dispatching import can_come, read_cannot
from kusei.services.activities.enums import SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Assignment, Envoy, Need, Session
from kusei.services.activities.operations.dispatch_telling import PURPOSE, tell_envoy
from kusei.services.activities.operations.sending import (
    OPEN,
    booked_elsewhere,
    held_assignment,
    held_need,
    hold_person,
    let_go,
    move_to,
    record,
)
from kusei.services.activities.permissions import may_host, may_keep_envoys
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person
from kusei.wards.post import can_send

MOST_NEEDED = 200
_PROMISED = (AssignmentState.ACCEPTED.value, AssignmentState.WENT.value)


@transaction.atomic
def need_people(
    *, session: Session, role: EnvoyRole, count: int, language: str = "", purpose: str = "", actor: Person
) -> Need:
    """So many of a role for a session; said again, the number and the purpose are changed. Raises NotFitting below what is
    promised or for a session that is called off, NotAllowed."""
    _require_host(session, actor)
    if not 1 <= count <= MOST_NEEDED:
        raise NotFitting(_("人数は1人から%(most)d人までにしてください。") % {"most": MOST_NEEDED})
    session = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=session.pk)
    )
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回です。"))
    word = language.strip()[:30]
    need = Need.objects.filter(session=session, role=role, language=word).first()
    before = need.count if need else 0
    if need is None:
        need = Need(ward=session.ward, session=session, role=role, language=word)
    elif count < need.assignments.filter(state__in=_PROMISED).count():
        raise NotFitting(_("もっと多くの人が引き受けています。減らすときは、先に依頼を取り消してください。"))
    need.count, need.purpose = count, purpose.strip()[:200]
    need.save()
    audit.record(
        ward=session.ward, actor=actor, verb=DispatchVerb.NEEDED, target=session.activity, label=str(need),
        changes={"count": (before, count)},
    )  # fmt: skip
    return need


@transaction.atomic
def need_nobody(*, need: Need, actor: Person) -> None:
    """Take a need back that nobody was asked for. Raises NotFitting, NotAllowed."""
    _require_host(need.session, actor)
    held = held_need(need.pk)
    if held.assignments.exists():
        raise NotFitting(_("もう頼んだ人がいるので消せません。人数を減らすか、依頼を取り消してください。"))
    audit.record(
        ward=held.ward, actor=actor, verb=DispatchVerb.NEEDED, target=held.session.activity, label=str(held),
        changes={"count": (held.count, 0)},
    )  # fmt: skip
    held.delete()


@transaction.atomic
def ask_envoy(
    *, need: Need, envoy: Envoy, way: AskedBy, actor: Person, now: datetime | None = None
) -> Assignment:
    """Ask somebody: by a mail with a link, or by telephone (staff write the answer down). Asked twice, it is one request.

    Raises NotFitting for somebody who is booked, cannot come, has not the role, or where nobody more is needed; NotAllowed.
    """
    moment = now or timezone.now()
    held = held_need(need.pk)
    session = held.session
    _require_host(session, actor)
    permissions.require(may_keep_envoys(permissions.rights_of(actor), envoy.ward, envoy.body_id))
    person = hold_person(envoy.pk)
    before = Assignment.objects.filter(
        need=held, envoy=person, state__in=(*OPEN, AssignmentState.WENT, AssignmentState.MISSED)
    ).first()
    if before is not None:
        return before
    _require_fitting(held, person, way, moment)
    assignment = Assignment.objects.create(
        ward=held.ward, need=held, envoy=person, way=way, asked_at=moment, asked_by=actor
    )
    record(assignment, actor, DispatchVerb.ASKED, {"assignment": (None, AssignmentState.ASKED.value)})
    if way == AskedBy.MAIL:
        tell_envoy(assignment, "asked", actor=actor)
    return assignment


def _require_fitting(need: Need, envoy: Envoy, way: AskedBy, moment: datetime) -> None:
    session = need.session
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回なので、頼めません。"))
    if way == AskedBy.MAIL and session.starts_at <= moment:
        raise NotFitting(
            _("始まった回なので、メールでは頼めません。行った人は「電話など」で加えて記録してください。")
        )
    if way == AskedBy.MAIL and not (envoy.has_mail and can_send()):
        raise NotFitting(_("メールが届かない人です。電話で頼んで、返事を記録してください。"))
    if not envoy.sealed:
        raise NotFitting(_("この人の個人情報は、保存の期間が過ぎたので消してあります。"))
    if envoy.active_until is not None and begin.date() > envoy.active_until:
        raise NotFitting(_("この日には登録が終わっています。"))
    if need.role not in envoy.roles or (need.language and need.language not in envoy.languages):
        raise NotFitting(
            _("「%(need)s」として登録していない人です。名簿を直してから頼んでください。") % {"need": need}
        )
    if session.starts_at > moment and not can_come(read_cannot(envoy.cannot), begin, end):
        raise NotFitting(
            _("行けない日時に入っています。行けると分かっているときは、先に名簿を直してください。")
        )
    if (other := booked_elsewhere(envoy, session)) is not None:
        raise NotFitting(_overlaps(other))
    _require_room(need)


def _require_room(need: Need) -> None:
    if need.assignments.filter(state__in=_PROMISED).count() >= need.count:
        raise NotFitting(_("もう必要な人数がそろっています。もっと要るときは、先に人数を増やしてください。"))


def _overlaps(other: Assignment) -> str:
    begin = timezone.localtime(other.need.session.starts_at)
    return _("同じ時間に、ほかの派遣（%(when)s）を頼まれているか、引き受けています。") % {
        "when": f"{begin:%Y-%m-%d %H:%M}"
    }


@transaction.atomic
def accept_assignment(
    *, assignment: Assignment, actor: Person | None = None, now: datetime | None = None
) -> Assignment:
    """The person comes (`actor` None: said by the link). Accepted twice, it is once. When nobody more is needed, the others
    who were asked are told so. Raises NotFitting, NotAllowed."""
    moment = now or timezone.now()
    held = _held(assignment, actor)
    if held.state == AssignmentState.ACCEPTED:
        return held
    _require_before(held, actor, moment)
    person = hold_person(held.envoy_id)
    if held.state == AssignmentState.ASKED:
        if (other := booked_elsewhere(person, held.need.session, but=held.pk)) is not None:
            raise NotFitting(_overlaps(other))
        _require_room(held.need)
    move_to(
        held, AssignmentState.ACCEPTED, actor, DispatchVerb.ACCEPTED, answered_at=moment, to_telephone=False
    )
    tell_envoy(held, "accepted")
    need = held.need
    if need.assignments.filter(state__in=_PROMISED).count() >= need.count:
        others = need.assignments.filter(state=AssignmentState.ASKED).select_related(
            "envoy__body__ward", "ward"
        )
        for other in others.order_by("envoy_id"):
            other.need = need
            let_go(other, actor, "filled")
    return held


@transaction.atomic
def decline_assignment(
    *, assignment: Assignment, actor: Person | None = None, now: datetime | None = None
) -> Assignment:
    """The person does not come: said before a promise, or taken back after one. The next can be asked at once.
    Said twice, it is once. Raises NotFitting, NotAllowed."""
    moment = now or timezone.now()
    held = _held(assignment, actor)
    if held.state in (AssignmentState.DECLINED, AssignmentState.WITHDRAWN):
        return held
    _require_before(held, actor, moment)
    was_promised = held.state == AssignmentState.ACCEPTED
    move_to(
        held, AssignmentState.WITHDRAWN if was_promised else AssignmentState.DECLINED, actor,
        DispatchVerb.WITHDRAWN if was_promised else DispatchVerb.DECLINED, answered_at=moment, to_telephone=False,
    )  # fmt: skip
    return held


@transaction.atomic
def release_assignment(*, assignment: Assignment, reason: str = "", actor: Person) -> Assignment:
    """The office needs this person no longer, and tells them. Raises NotFitting, NotAllowed."""
    held = _held(assignment, actor)
    if held.state != AssignmentState.RELEASED:
        let_go(held, actor, "released", reason.strip()[:200])
    return held


@transaction.atomic
def told_by_telephone(*, assignment: Assignment, actor: Person) -> None:
    """Somebody has telephoned and told how things stand. Raises NotAllowed."""
    held = _held(assignment, actor)
    Assignment.objects.filter(pk=held.pk).update(to_telephone=False)


def open_assignment(token: str, *, now: datetime | None = None) -> tuple[Assignment, SignedLink]:
    """What a link shows, and the link. Raises LinkNotUsable."""
    link = notices.open_link(token, purpose=PURPOSE, now=now)
    found = Assignment.objects.select_related("need__session__activity__host", "envoy__body", "ward")
    return found.get(pk=int(link.target_id)), link


@transaction.atomic
def answer_by_link(token: str, *, is_coming: bool, now: datetime | None = None) -> Assignment:
    """A yes keeps the link open, since it may be taken back by it; a no is the last word. Raises LinkNotUsable, NotFitting."""
    assignment, _link = open_assignment(token, now=now)
    if is_coming:
        return accept_assignment(assignment=assignment, now=now)
    declined = decline_assignment(assignment=assignment, now=now)
    notices.use_link(token, purpose=PURPOSE, now=now)
    return declined


def _held(assignment: Assignment, actor: Person | None) -> Assignment:
    held = held_assignment(assignment.pk)
    if actor is not None:
        _require_host(held.need.session, actor)
    return held


def _require_before(assignment: Assignment, actor: Person | None, moment: datetime) -> None:
    session = assignment.need.session
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("この回は中止になりました。"))
    if actor is None and session.starts_at <= moment:
        raise NotFitting(_("始まる時刻を過ぎたので、ここからは答えられません。電話で知らせてください。"))


def _require_host(session: Session, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), session.ward, host_ids(session.activity)))
