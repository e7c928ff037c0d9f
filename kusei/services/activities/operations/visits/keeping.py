"""The locks of groups and requests, what may be done with a request now, and how it is saved. The order of locks stands in
`operations/__init__.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Session, VisitGroup, VisitRequest
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.groups import counted_with
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.visit_enums import Turn, VisitState, VisitVerb
from kusei.services.activities.visiting import MOVES, WITHOUT_CONTACT, due_after
from kusei.wards import audit, permissions
from kusei.wards.models import Person


def hold_groups(numbers: Iterable[int]) -> dict[int, VisitGroup]:
    """These groups, and those that are counted with them, locked, by number. Call it in a transaction."""
    wanted = set(numbers)
    while True:
        before = transaction.savepoint()
        locked = VisitGroup.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
        found = {each.pk: each for each in locked}
        others = counted_with(found.values()) - wanted
        if not others:
            transaction.savepoint_commit(before)
            return found
        transaction.savepoint_rollback(before)  # locked anew with the others, in the order of all
        wanted |= others


def held_group(number: int, *others: int) -> VisitGroup:
    """The group under which this one is counted, locked, and others with it: no request comes to it or leaves it meanwhile."""
    while True:
        before = transaction.savepoint()
        group = hold_groups([number, *others])[number]
        if group.same_as_id is None:
            transaction.savepoint_commit(before)
            return group
        transaction.savepoint_rollback(
            before
        )  # it was joined to another while we waited: let go, and look there
        number = group.same_as_id


def held_requests(which: QuerySet[VisitRequest]) -> list[VisitRequest]:
    """These requests, locked, and before them their groups, by number."""
    while True:
        before = transaction.savepoint()
        groups = hold_groups(which.order_by().values_list("group", flat=True))
        locked = which.select_for_update(no_key=True, of=("self",)).order_by("pk")
        found = list(locked.select_related("activity", "ward", "district"))
        if all(each.group_id in groups for each in found):
            transaction.savepoint_commit(before)
            return found
        transaction.savepoint_rollback(
            before
        )  # one came to another group while we waited: let go, and look again


def held_request(number: int) -> VisitRequest:
    """The request, locked, and before it its group."""
    [found] = held_requests(VisitRequest.objects.filter(pk=number))
    return found


def held_for(request: VisitRequest, what: str, revision: int, actor: Person) -> VisitRequest:
    """The request, locked, for staff who saw it as `revision` and want to do `what` (a key of `MOVES`).

    Raises NotAllowed, ChangedMeanwhile, NotFitting where its state does not allow it.
    """
    permissions.require(
        may_host(permissions.rights_of(actor), request.activity.ward, host_ids(request.activity))
    )
    found = held_request(request.pk)
    if found.revision != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、団体かほかの職員がこの申込みを変えました。いまの内容を確かめてください。")
        )
    require_move(found, what)
    return found


def require_move(request: VisitRequest, what: str) -> None:
    """Raise NotFitting unless `what` may be done in the request's state, and with its contact deleted."""
    if request.forgotten_at is not None and what not in WITHOUT_CONTACT:
        raise NotFitting(_("終わってから1年たち、連絡先を消した申込みなので、変えられません。"))
    if request.state not in MOVES[what]:
        raise NotFitting(
            _("いまの状態は「%(state)s」なので、できません。") % {"state": request.get_state_display()}
        )


def live_session(request: VisitRequest) -> Session | None:
    """The session that was decided on and not called off."""
    found = request.sessions.exclude(state="called_off").select_related("activity", "ward")
    return found.first()


def save(request: VisitRequest, *fields: str) -> None:
    """Save these fields of a held request as its next revision."""
    request.revision += 1
    request.save(update_fields=[*fields, "revision"])


def move(
    request: VisitRequest, state: VisitState, turn: Turn, due_on: date | None, *more: str, reason: str = ""
) -> None:
    """Bring a held request into a state in which `turn` has to move until `due_on`; both are left out where it ends."""
    ends = state in {VisitState.HELD, VisitState.DECLINED, VisitState.WITHDRAWN}
    request.state, request.reason = state, reason
    request.turn = Turn.NOBODY if ends else turn
    request.due_on = None if ends else due_on
    request.ended_at = timezone.now() if ends else None
    save(request, "state", "reason", "turn", "due_on", "ended_at", *more)


def in_days() -> date:
    """Until when the office answers what came today, or a group what it was asked today."""
    return due_after(timezone.localdate())


def record(
    request: VisitRequest,
    verb: VisitVerb,
    actor: Person | None,
    changes: dict[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> None:
    """A line of the trail without anybody's name or contact."""
    with translation.override("ja"):
        audit.record(
            ward=request.ward, actor=actor, actor_name="" if actor else str(_("申し込んだ団体")), verb=verb,
            target=request,
            label=_("%(title)s 受付番号%(number)d %(group)s") % {"title": request.activity.title, "number": request.number, "group": request.group_name},
            changes=changes or {}, reason=reason,
        )  # fmt: skip
