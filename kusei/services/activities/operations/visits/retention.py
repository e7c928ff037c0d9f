"""Contacts of groups go a year after the visit, or after the request ended. What was counted stays: it is sealed when the books of the
visit's fiscal year are closed, so that a visit that was recorded by mistake is taken back until then."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.models import Entry
from kusei.ledger.queries.books import books_states
from kusei.ledger.queries.entries import standing_entries
from kusei.notices.permissions import may_keep_notices
from kusei.services.activities.models import VisitLine, VisitRequest
from kusei.services.activities.operations.retention import KEEP_FOR, KEEP_KEYS_AT_MOST
from kusei.services.activities.operations.visits import keeping
from kusei.services.activities.visit_enums import VisitState, VisitVerb
from kusei.services.activities.visit_metrics import GROUP_KIND
from kusei.wards import permissions
from kusei.wards.models import Person

_OVER = (VisitState.DECLINED, VisitState.WITHDRAWN)


def forget_visits(*, actor: Person, now: datetime | None = None) -> int:
    """Delete contacts, notes and what was written to and fro, in all wards; how many requests. Then seal what counts of those whose
    books are closed. Raises NotAllowed.

    A request that nobody ever ended goes a year after the last date in it.
    """
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    moment = now or timezone.now()
    limit = moment - KEEP_FOR
    held = Max("sessions__ends_at", filter=~Q(sessions__state="called_off"))
    due = VisitRequest.objects.filter(forgotten_at__isnull=True).annotate(
        visit_at=held, last_at=Max("dates__ends_at")
    )
    over = Q(state__in=_OVER, ended_at__lte=limit)
    made = ~Q(state__in=_OVER) & Q(visit_at__lte=limit)
    stale = ~Q(state__in=_OVER) & Q(visit_at__isnull=True, last_at__lte=limit)
    numbers = list(due.filter(over | made | stale).order_by("pk").values_list("pk", flat=True))
    done = 0
    for number in numbers:
        with transaction.atomic():
            request = keeping.held_request(number)
            if request.forgotten_at is not None:
                continue
            request.sealed, request.has_mail, request.forgotten_at = "", False, moment
            keeping.save(request, "sealed", "has_mail", "forgotten_at")
            VisitLine.objects.filter(request=request).update(sealed="")
            keeping.record(request, VisitVerb.FORGOTTEN, actor)
            done += 1
    unsealed = VisitRequest.objects.filter(forgotten_at__isnull=False, counted_first__isnull=True)
    for number in list(unsealed.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            request = keeping.held_request(number)
            if request.counted_first is None and _is_closed(request, moment):
                request.counted_first = _is_counted(request)
                keeping.save(request, "counted_first")
    return done


def _is_closed(request: VisitRequest, moment: datetime) -> bool:
    """Whether nobody can take back the visit any more, or there is none."""
    session = keeping.live_session(request)
    if session is None or session.ends_at <= moment - KEEP_KEYS_AT_MOST:
        return True
    year = fiscal_year_of(timezone.localdate(session.starts_at))
    return not books_states(request.ward, [year])[year].is_open(timezone.localdate(moment))


def _is_counted(request: VisitRequest) -> bool:
    """Whether the ledger counts the group at this visit."""
    standing: list[Entry] = list(
        standing_entries().filter(ward=request.ward_id, source_kind=GROUP_KIND, source_id=request.pk)[:1]
    )
    return bool(standing)
