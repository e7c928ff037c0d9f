"""The locks of sending people, and what becomes of requests when their session is moved or called off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.dispatch_enums import BOOKED, AskedBy, AssignmentState, DispatchVerb
from kusei.services.activities.dispatching import may_move
from kusei.services.activities.enums import SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Assignment, Envoy, Need, Session
from kusei.services.activities.operations.dispatch_telling import tell_envoy
from kusei.services.activities.operations.envoys import envoy_label
from kusei.services.activities.operations.visits import following
from kusei.wards import audit
from kusei.wards.models import Person

OPEN = (AssignmentState.ASKED.value, AssignmentState.ACCEPTED.value)
"""States in which somebody still waits for the day."""


def held_need(need_id: int) -> Need:
    """The need with its session, which is locked: whoever asks, answers, moves or calls off comes one after the other."""
    session_id = Need.objects.values_list("session_id", flat=True).get(pk=need_id)
    following.hold_request_of(Session.objects.get(pk=session_id))
    session = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity__host", "ward")
        .get(pk=session_id)
    )
    need = Need.objects.select_related("ward").get(pk=need_id)
    need.session = session
    return need


def held_assignment(assignment_id: int) -> Assignment:
    """The assignment, its session locked. To book somebody's time, hold the person, too (`hold_person`)."""
    need = held_need(Assignment.objects.values_list("need_id", flat=True).get(pk=assignment_id))
    found = Assignment.objects.select_related("envoy__body__ward", "ward").get(pk=assignment_id)
    found.need = need
    return found


def hold_person(envoy_id: int) -> Envoy:
    """The person's entry, locked after the session: two sessions that want the same person come one after the other."""
    return (
        Envoy.objects.select_for_update(no_key=True, of=("self",))
        .select_related("body__ward", "ward")
        .get(pk=envoy_id)
    )


def hold_people_of(sessions: Iterable[Session]) -> None:
    """Lock all who were asked for (held) sessions, by number: two runs over many sessions name the same people in different orders."""
    asked = Assignment.objects.filter(need__session__in=list(sessions), state__in=OPEN).order_by()
    people = Envoy.objects.select_for_update(no_key=True).filter(pk__in=asked.values("envoy"))
    list(people.order_by("pk").values_list("pk"))


def booked_elsewhere(envoy: Envoy, session: Session, *, but: int | None = None) -> Assignment | None:
    """What the (held) person was asked for, has promised or did at a time that overlaps the session's."""
    taken = Assignment.objects.filter(
        envoy=envoy, state__in=BOOKED, need__session__starts_at__lt=session.ends_at,
        need__session__ends_at__gt=session.starts_at,
    ).exclude(need__session__state=SessionState.CALLED_OFF)  # fmt: skip
    if but is not None:
        taken = taken.exclude(pk=but)
    return taken.select_related("need__session").first()


def move_to(
    assignment: Assignment,
    state: str,
    actor: Person | None,
    verb: DispatchVerb,
    *,
    reason: str = "",
    who: str = "",
    **more: Any,
) -> None:
    """Bring a held assignment into another state. Raises NotFitting where that is no legal move."""
    before = assignment.state
    if not may_move(before, state):
        raise NotFitting(
            _("いまは「%(state)s」なので、そうできません。画面を開き直して確かめてください。")
            % {"state": assignment.get_state_display()}
        )
    fields = {"state": state, **more}
    for name, value in fields.items():
        setattr(assignment, name, value)
    assignment.revision += 1
    assignment.save(update_fields=[*fields, "revision"])
    record(assignment, actor, verb, {"assignment": (before, state)}, reason, who)


def record(
    assignment: Assignment, actor: Person | None, verb: DispatchVerb,
    changes: Mapping[str, tuple[Any, Any]], reason: str = "", who: str = "",
) -> None:  # fmt: skip
    """A line on the activity: what became of the request to which number of the register. Without an account (`actor`) it was
    `who`, or else the person who was asked."""
    audit.record(
        ward=assignment.ward, actor=actor, actor_name="" if actor else who or envoy_label(assignment.envoy), verb=verb,
        target=assignment.need.session.activity, label=envoy_label(assignment.envoy), changes=dict(changes), reason=reason,
    )  # fmt: skip


def let_go(assignment: Assignment, actor: Person | None, what: str, reason: str = "", who: str = "") -> None:
    """Somebody is no longer needed, and told so."""
    move_to(assignment, AssignmentState.RELEASED, actor, DispatchVerb.RELEASED, reason=reason, who=who)
    _told(assignment, tell_envoy(assignment, what, reason=reason))


def when_called_off(session: Session, actor: Person | None, reason: str, who: str = "") -> None:
    """Whoever was asked for a (held) session that is not held is told. `who` called it off where no account did."""
    for assignment in _open_of(session):
        let_go(assignment, actor, "called_off", reason, who)


def when_moved(session: Session, actor: Person, reason: str, now: datetime | None = None) -> None:
    """Whoever was asked for a (held) session that was moved is asked again; who has something else at that time is let go."""
    for assignment in _open_of(session):
        envoy = hold_person(assignment.envoy_id)
        if booked_elsewhere(envoy, session, but=assignment.pk) is not None:
            let_go(assignment, actor, "overlapping", reason)
            continue
        again: dict[str, Any] = {"asked_at": now or timezone.now(), "asked_by": actor, "answered_at": None}
        if assignment.state == AssignmentState.ACCEPTED:
            move_to(
                assignment, AssignmentState.ASKED, actor, DispatchVerb.ASKED_AGAIN, reason=reason, **again
            )
        else:
            for name, value in again.items():
                setattr(assignment, name, value)
            assignment.revision += 1
            assignment.save(update_fields=[*again, "revision"])
            record(assignment, actor, DispatchVerb.ASKED_AGAIN, {}, reason)
        mailed = tell_envoy(assignment, "moved", actor=actor, reason=reason)
        _told(assignment, mailed, way=AskedBy.MAIL if mailed else AskedBy.TELEPHONE)


def _open_of(session: Session) -> list[Assignment]:
    """In the order of people, so that two sessions that are moved at once do not wait for each other."""
    found = list(
        Assignment.objects.filter(need__session=session, state__in=OPEN)
        .select_related("need", "envoy__body__ward", "ward")
        .order_by("envoy_id", "pk")
    )
    for each in found:
        each.need.session = session
    return found


def _told(assignment: Assignment, mailed: bool, **more: Any) -> None:
    fields = {"to_telephone": not mailed, **more}
    for name, value in fields.items():
        setattr(assignment, name, value)
    assignment.save(update_fields=list(fields))
