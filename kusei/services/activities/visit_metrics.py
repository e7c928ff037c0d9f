"""What visiting lectures count beside their sessions: requests, those declined, and groups visited, each once a year and item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger import declared
from kusei.ledger.declared import Declared
from kusei.ledger.enums import Adding, DistinctScope
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Session, VisitRequest
from kusei.services.activities.visit_enums import VisitState
from kusei.services.activities.visiting import Visited, counting
from kusei.wards.models import Ward
from kusei.wards.queries import heirs_of
from kusei.wards.succession import Heirs

REQUEST_KIND, GROUP_KIND = "activities.visit", "activities.visited"
"""Two kinds of record, though both are one request's: what a request says of itself hangs on it alone, whether its group is
counted hangs on the other visits to the group, and is posted under the group's lock."""

RECEIVED, DECLINED, GROUPS = "visit_requests", "visit_requests_declined", "groups_visited"
METRICS = (
    Declared(RECEIVED, gettext_noop("出前講座の申込み"), "件", gettext_noop("団体から受け付けた出前講座の申込み。二重に受け付けたものは数えない。")),
    Declared(DECLINED, gettext_noop("見送った出前講座の申込み"), "件", gettext_noop("日程や人数などの理由で行えなかった出前講座の申込み。")),
    Declared(
        GROUPS, gettext_noop("訪問した団体"), "団体",
        gettext_noop("出前講座で訪問した団体の数。同じ団体は、一つの取組の中で、一年度に一度だけ数える。"),
        adding=Adding.DISTINCT, scope=DistinctScope.ITEM,
    ),
)  # fmt: skip


def declare() -> None:
    """What no other room declares."""
    declared.declare(*METRICS)


def metric_ids() -> dict[str, int]:
    """The ids of the metrics above by key."""
    keys = (RECEIVED, DECLINED, GROUPS)
    return dict(Metric.objects.filter(ward=None, key__in=keys).values_list("key", "pk"))


def lines_of_request(request: VisitRequest, metrics: dict[str, int]) -> list[Line]:
    """That it was received, and declined if it was."""
    if not request.is_counted:
        return []
    said = [(RECEIVED, request.received_at)]
    if request.state == VisitState.DECLINED and request.ended_at is not None:
        said.append((DECLINED, request.ended_at))
    return [_line(request, key, metrics, at) for key, at in said]


def lines_of_groups(
    sessions: Iterable[Session], metrics: dict[str, int], heirs: Heirs
) -> dict[int, list[Line]]:
    """By request, whether its visit counts its group: of all visits to a group for an item in a year, one does; groups of which one's
    body acts for the other's in that year are one. `sessions` are all that were held of the groups, items and years in question, with
    their requests, groups and activities."""
    scopes: dict[tuple[str, int, int, int], list[Session]] = defaultdict(list)
    found: dict[int, list[Line]] = {}
    for session in sessions:
        request = session.visit
        assert request is not None  # only visits are asked for
        year = fiscal_year_of(timezone.localdate(session.starts_at))
        body = heirs.of(request.group.body_id, year)
        group = ("group", request.group_id) if body is None else ("body", body)
        scopes[*group, session.activity.item_id, year].append(session)
        found[request.pk] = []
    for held in scopes.values():
        visits = {each.visit.pk: each for each in held if each.visit}
        said = [
            Visited(pk, each.starts_at, each.visit.counted_first) for pk, each in visits.items() if each.visit
        ]
        for pk in counting(said):
            session = visits[pk]
            if session.visit is not None:
                found[pk] = [_line(session.visit, GROUPS, metrics, session.starts_at)]
    return found


def held_visits(ward: Ward, fiscal_year: int) -> Iterable[Session]:
    """All visits of a ward's fiscal year that were held, with their requests."""
    begin, end = _year(fiscal_year)
    found = Session.objects.filter(ward=ward, visit__isnull=False, state=SessionState.HELD)
    return found.filter(starts_at__gte=begin, starts_at__lt=end).select_related(
        "visit__activity", "visit__group", "activity"
    )


def tell_requests(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all requests say of a ward's year."""
    metrics = metric_ids()
    begin, end = _year(fiscal_year)
    there = Q(received_at__gte=begin, received_at__lt=end) | Q(ended_at__gte=begin, ended_at__lt=end)
    for request in VisitRequest.objects.filter(there, ward=ward).select_related("activity").iterator():
        lines = [each for each in lines_of_request(request, metrics) if each.year == fiscal_year]
        if lines:
            yield request.pk, lines


def tell_groups(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """Which visits of a ward's year count their group."""
    told = lines_of_groups(held_visits(ward, fiscal_year), metric_ids(), heirs_of(ward))
    yield from ((number, lines) for number, lines in told.items() if lines)


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """防災出前講座 受付番号3 みどり自治会, by number."""
    return {
        each.pk: _("%(title)s 受付番号%(number)d %(group)s")
        % {"title": each.activity.title, "number": each.number, "group": each.group_name}
        for each in VisitRequest.objects.filter(ward=ward, pk__in=numbers).select_related("activity")
    }


def _line(request: VisitRequest, key: str, metrics: dict[str, int], at: datetime) -> Line:
    return Line(
        slot=key,
        metric_id=metrics[key],
        item_id=request.activity.item_id,
        quantity=1,
        on=timezone.localdate(at),
        body_id=request.activity.host_id,
        district_id=request.district_id,
    )


def _year(fiscal_year: int) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    return datetime(fiscal_year, 4, 1, tzinfo=zone), datetime(fiscal_year + 1, 4, 1, tzinfo=zone)
