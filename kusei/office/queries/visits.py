"""Requests for visiting lectures as those who host them see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.services.activities.enums import ActivityKind, SessionState
from kusei.services.activities.models import Activity, Session, VisitDate, VisitLine, VisitRequest
from kusei.services.activities.models.visits import ENDED
from kusei.services.activities.queries.groups import counted_with
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.visit_enums import Turn, VisitState
from kusei.wards.enums import Role
from kusei.wards.models import Body, Person, Ward
from kusei.wards.permissions import Rights
from kusei.wards.queries import acting_for, heirs_of

VISITS_IN_WORK = 5
"""So many stand on 自分の仕事; the rest is a link."""


@dataclass(frozen=True, slots=True)
class AskedVisits:
    """What the board is narrowed to: a state, "open" for what is not over, "" for all; `theme` an activity's id; `whose` "mine" or
    "nobody"; `late` for what is past its deadline."""

    state: str = "open"
    theme: int | None = None
    whose: str = ""
    late: bool = False
    words: str = ""


def themes_for(ward: Ward, rights: Rights) -> QuerySet[Activity]:
    """The visiting lectures that this person's bodies host; planners see all."""
    found = Activity.objects.filter(ward=ward, kind=ActivityKind.VISIT)
    if not rights.has(ward, Role.PLANNER):
        mine = rights.bodies_in(ward)
        found = found.filter(Q(host__in=mine) | Q(cohosts__in=mine)).distinct()
    return found.order_by("title", "pk")


def visits_for(
    ward: Ward, rights: Rights, asked: AskedVisits, *, person: Person, today: date
) -> QuerySet[VisitRequest]:
    """The requests for them, those whose deadline is next first; ended ones after them, the newest first."""
    found = VisitRequest.objects.filter(
        ward=ward, activity__in=themes_for(ward, rights).order_by().values("pk")
    )
    if asked.state == "open":
        found = found.exclude(state__in=ENDED)
    elif asked.state in VisitState.values:
        found = found.filter(state=asked.state)
    if asked.theme is not None:
        found = found.filter(activity=asked.theme)
    if asked.whose == "mine":
        found = found.filter(taken_by=person)
    elif asked.whose == "nobody":
        found = found.filter(taken_by=None)
    if asked.late:
        found = found.filter(due_on__lt=today)
    for word in asked.words.split()[:5]:
        found = found.filter(Q(group_name__icontains=word) | Q(place__icontains=word))
    live = Session.objects.filter(visit=OuterRef("pk")).exclude(state=SessionState.CALLED_OFF)
    wished = VisitDate.objects.filter(request=OuterRef("pk"), side="group").order_by("pk")
    lines = VisitLine.objects.filter(request=OuterRef("pk")).order_by("-pk")
    chosen = VisitDate.objects.filter(request=OuterRef("pk"), answer="yes")
    return (
        found.select_related("activity", "taken_by", "district")
        .annotate(
            session_at=Subquery(live.values("starts_at")[:1]),
            heads=Subquery(live.values("heads")[:1]),
            wished_at=Subquery(wished.values("starts_at")[:1]),
            last_side=Subquery(lines.values("side")[:1]),
            has_chosen=Exists(chosen),
        )
        .order_by(F("due_on").asc(nulls_last=True), "-ended_at", "pk")
    )


def waiting_count(ward: Ward, rights: Rights) -> int:
    """How many requests wait for the office."""
    states = [VisitState.RECEIVED, VisitState.IN_HAND]
    found = VisitRequest.objects.filter(ward=ward, turn=Turn.OFFICE, state__in=states)
    return found.filter(activity__in=themes_for(ward, rights).order_by().values("pk")).count()


@dataclass(frozen=True, slots=True)
class VisitsWork:
    """What waits for a person's bodies: requests that the office has to answer and visits to be recorded, the first of them by
    deadline."""

    number: int
    first: tuple[VisitRequest, ...]


def visits_work(ward: Ward, bodies: Collection[int], today: date) -> VisitsWork | None:
    """None where nothing waits. Two queries, one where nothing waits."""
    asks = Q(state__in=[VisitState.RECEIVED, VisitState.IN_HAND], turn=Turn.OFFICE)
    over = Q(state=VisitState.DECIDED, due_on__lt=today)
    mine = Activity.objects.filter(Q(host__in=bodies) | Q(cohosts__in=bodies), ward=ward)
    found = VisitRequest.objects.filter(asks | over, ward=ward, activity__in=mine.values("pk"))
    first = tuple(
        found.select_related("activity").order_by(F("due_on").asc(nulls_last=True), "pk")[:VISITS_IN_WORK]
    )
    number = len(first) if len(first) < VISITS_IN_WORK else found.count()
    return VisitsWork(number, first) if first else None


def counts_by_state(theme: Activity) -> dict[str, int]:
    """How many requests for a theme are in each state."""
    rows: Any = (
        VisitRequest.objects.filter(activity=theme).order_by().values_list("state").annotate(Count("pk"))
    )
    return dict(rows)


def people_for(theme: Activity) -> QuerySet[Person]:
    """Who could see to a theme's requests: members of the bodies that host it."""
    members = acting_for(theme.ward, host_ids(theme))
    return Person.objects.filter(pk__in=set().union(*members.values())).order_by(
        "last_name", "first_name", "username"
    )


def visits_of_group(request: VisitRequest, rights: Rights) -> list[VisitRequest]:
    """The other requests counted with the same group, the newest first. Partners see those to themes that they host, the ward's own
    staff all."""
    found = VisitRequest.objects.filter(group__in=counted_with([request.group])).exclude(pk=request.pk)
    if not rights.has(request.ward_id, Role.STAFF, Role.PLANNER):
        found = found.filter(activity__in=themes_for(request.ward, rights).order_by().values("pk"))
    return list(found.select_related("activity").order_by("-received_at", "-pk")[:20])


def body_of_group(request: VisitRequest, today: date) -> Body | None:
    """Which of the ward's bodies the request's group is: where another one acts for it by now, that one."""
    acting = heirs_of(request.ward_id).of(request.group.body_id, fiscal_year_of(today))
    return Body.objects.get(pk=acting) if acting is not None else None
