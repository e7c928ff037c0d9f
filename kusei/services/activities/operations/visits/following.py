"""What becomes of a request when its session is held, called off, moved or taken back; and what the ledger hears of groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.sources import Source
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Activity, Session, VisitGroup, VisitRequest, VisitTerms
from kusei.services.activities.operations.telling import Told
from kusei.services.activities.operations.visits import keeping
from kusei.services.activities.operations.visits.telling import tell_group
from kusei.services.activities.visit_enums import Turn, VisitState, VisitVerb
from kusei.services.activities.visit_metrics import (
    GROUP_KIND,
    REQUEST_KIND,
    lines_of_groups,
    lines_of_request,
    metric_ids,
)
from kusei.wards.models import Person, Ward


def hold_request_of(session: Session) -> None:
    """Lock the request of a session that is a visit, before the session itself."""
    if session.visit_id is not None:
        keeping.held_request(session.visit_id)


def follow_session(session: Session, actor: Person | None) -> None:
    """Bring the request of a held session to what the session says, and the ledger to which visit counts the group."""
    if session.visit_id is None:
        return
    request = keeping.held_request(session.visit_id)
    if session.state == SessionState.HELD and request.state != VisitState.HELD:
        keeping.move(request, VisitState.HELD, Turn.NOBODY, None)
    elif session.state == SessionState.PLANNED:
        keeping.move(request, VisitState.DECIDED, Turn.OFFICE, timezone.localdate(session.starts_at))
    elif session.state == SessionState.CALLED_OFF and request.state == VisitState.DECIDED:
        keeping.move(request, VisitState.IN_HAND, Turn.OFFICE, keeping.in_days(), reason=session.reason)
    recount(request.ward, request.group_id, actor)


def tell_visited(session: Session, what: str, **more: Any) -> Told:
    """Tell the group of a session that it was moved or called off; its next deadline moves with it."""
    assert session.visit_id is not None  # asked by the caller
    request = keeping.held_request(session.visit_id)
    if session.state == SessionState.PLANNED:
        request.due_on = timezone.localdate(session.starts_at)
        keeping.save(request, "due_on")
    return tell_group(request, what, session=session, **more)


def end_requests(activity: Activity, reason: str, actor: Person, now: datetime) -> Told:
    """The theme is given up: everything that is still open ends, and the groups are told, but for visits that have begun. Its sessions are called off by the
    caller, afterwards; whoever asks at the same moment waits for the terms and is refused."""
    list(VisitTerms.objects.select_for_update(no_key=True).filter(activity=activity))
    told = Told()
    open_states = [VisitState.RECEIVED, VisitState.IN_HAND, VisitState.DECIDED]
    found = VisitRequest.objects.filter(activity=activity, state__in=open_states).order_by("pk")
    for number in found.values_list("pk", flat=True):
        request = keeping.held_request(number)
        session = keeping.live_session(request)
        if request.state in open_states and (session is None or session.starts_at > now):
            one = decline(request, reason, actor)
            told = Told(told.by_mail + one.by_mail, told.to_telephone + one.to_telephone)
    return told


def decline(request: VisitRequest, reason: str, actor: Person) -> Told:
    """End a held request as declined; the group is told why. For operations of this room."""
    keeping.move(request, VisitState.DECLINED, Turn.NOBODY, None, reason=reason)
    keeping.record(request, VisitVerb.DECLINED, actor, reason=reason)
    post_request(request, actor)
    return tell_group(request, "declined")


def post_request(request: VisitRequest, actor: Person | None) -> None:
    """Make the ledger say of a held request what it says of itself."""
    ledger.post(
        ward=request.ward,
        source=Source(REQUEST_KIND, request.pk),
        lines=lines_of_request(request, metric_ids()),
        actor=actor,
    )


def recount(ward: Ward, group_id: int, actor: Person | None) -> None:
    """Make the ledger count a group once in each item and year: at the earliest visit that was held. Whoever recounts the same
    group waits, so that two first visits at once are one."""
    VisitGroup.objects.select_for_update(no_key=True).get(pk=group_id)
    sessions = Session.objects.filter(visit__group=group_id, state=SessionState.HELD)
    told = lines_of_groups(sessions.select_related("visit__activity", "activity"), metric_ids())
    numbers = VisitRequest.objects.filter(group=group_id).order_by("pk").values_list("pk", flat=True)
    ledger.post_records(
        ward=ward,
        records=[(Source(GROUP_KIND, number), told.get(number, [])) for number in numbers],
        actor=actor,
    )
