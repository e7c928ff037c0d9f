"""What becomes of a request when its session is held, called off, moved or taken back; and what the ledger hears of groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Activity, Session, VisitGroup, VisitRequest, VisitTerms
from kusei.services.activities.operations.telling import Told
from kusei.services.activities.operations.visits import keeping
from kusei.services.activities.operations.visits.telling import tell_group
from kusei.services.activities.queries.groups import counted_with
from kusei.services.activities.visit_enums import Turn, VisitState, VisitVerb
from kusei.services.activities.visit_metrics import (
    GROUP_KIND,
    REQUEST_KIND,
    lines_of_groups,
    lines_of_request,
    metric_ids,
)
from kusei.wards.models import Person, Ward
from kusei.wards.queries import heirs_of

Records = list[tuple[Source, Sequence[Line]]]
"""What records say, for `ledger.post_records`."""


def hold_request_of(session: Session) -> None:
    """Lock the request of a session that is a visit, before the session itself."""
    if session.visit_id is not None:
        keeping.held_request(session.visit_id)


def follow_sessions(sessions: Iterable[Session]) -> Records:
    """Bring the requests of held sessions to what the sessions say; what the ledger is to hear of their groups. The caller holds the
    requests, before the sessions (`hold_request_of`, `end_requests`)."""
    by_visit = {each.visit_id: each for each in sessions if each.visit_id is not None}
    if not by_visit:
        return []
    groups = set()
    for request in VisitRequest.objects.filter(pk__in=by_visit).order_by("pk"):
        session = by_visit[request.pk]
        if session.state == SessionState.HELD and request.state != VisitState.HELD:
            keeping.move(request, VisitState.HELD, Turn.NOBODY, None)
        elif session.state == SessionState.PLANNED:
            keeping.move(request, VisitState.DECIDED, Turn.OFFICE, timezone.localdate(session.starts_at))
        elif session.state == SessionState.CALLED_OFF and request.state == VisitState.DECIDED:
            keeping.move(request, VisitState.IN_HAND, Turn.OFFICE, keeping.in_days(), reason=session.reason)
        groups.add(request.group_id)
    return records_of_groups(groups)


def tell_visited(session: Session, what: str, **more: Any) -> Told:
    """Tell the group of a session that it was moved or called off; its next deadline moves with it. The caller holds its
    request."""
    assert session.visit_id is not None  # asked by the caller
    request = VisitRequest.objects.select_related("activity", "ward", "district").get(pk=session.visit_id)
    if session.state == SessionState.PLANNED:
        request.due_on = timezone.localdate(session.starts_at)
        keeping.save(request, "due_on")
    return tell_group(request, what, session=session, **more)


def end_requests(activity: Activity, reason: str, actor: Person, now: datetime) -> tuple[Told, Records]:
    """The theme is given up: everything that is still open ends, and the groups are told, but for visits that have begun. Its sessions are called off by the
    caller, afterwards, which posts what the requests say with them; whoever asks at the same moment waits for the terms and is refused."""
    list(VisitTerms.objects.select_for_update(no_key=True).filter(activity=activity))
    open_states = [VisitState.RECEIVED, VisitState.IN_HAND, VisitState.DECIDED]
    told, ended = Told(), []
    for request in keeping.held_requests(VisitRequest.objects.filter(activity=activity)):
        session = keeping.live_session(request)
        if request.state in open_states and (session is None or session.starts_at > now):
            one = _decline(request, reason, actor)
            told = Told(told.by_mail + one.by_mail, told.to_telephone + one.to_telephone)
            ended.append(request)
    return told, records_of_requests(ended)


def decline(request: VisitRequest, reason: str, actor: Person) -> Told:
    """End a held request as declined; the group is told why. For operations of this room."""
    told = _decline(request, reason, actor)
    post_request(request, actor)
    return told


def _decline(request: VisitRequest, reason: str, actor: Person) -> Told:
    keeping.move(request, VisitState.DECLINED, Turn.NOBODY, None, reason=reason)
    keeping.record(request, VisitVerb.DECLINED, actor, reason=reason)
    return tell_group(request, "declined")


def records_of_requests(requests: Iterable[VisitRequest]) -> Records:
    """What held requests say of themselves."""
    metrics = metric_ids()
    return [(Source(REQUEST_KIND, each.pk), lines_of_request(each, metrics)) for each in requests]


def post_request(request: VisitRequest, actor: Person | None) -> None:
    """Make the ledger say of a held request what it says of itself."""
    ledger.post_records(ward=request.ward, records=records_of_requests([request]), actor=actor)


def records_of_groups(groups: Iterable[int]) -> Records:
    """What the ledger is to hear of held groups: each counts once in each item and year, at the earliest visit that was held, and groups
    of bodies of which one acts for the other are one. Whoever holds a group is the only one who counts it, so that two first visits at
    once are one."""
    found = list(VisitGroup.objects.filter(pk__in=set(groups)))
    if not found:
        return []
    numbers = counted_with(found)
    sessions = Session.objects.filter(visit__group__in=numbers, state=SessionState.HELD)
    told = lines_of_groups(
        sessions.select_related("visit__activity", "visit__group", "activity"), metric_ids(), heirs_of(found[0].ward_id)
    )  # fmt: skip
    requests = VisitRequest.objects.filter(group__in=numbers).order_by("pk").values_list("pk", flat=True)
    return [(Source(GROUP_KIND, number), told.get(number, [])) for number in requests]


def recount(ward: Ward, groups: Iterable[int], actor: Person | None) -> None:
    """Make the ledger count held groups as their visits are now."""
    ledger.post_records(ward=ward, records=records_of_groups(groups), actor=actor)
