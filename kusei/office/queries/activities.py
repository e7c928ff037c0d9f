"""Activities as their hosts see them."""

from __future__ import annotations

from django.db.models import Count, Max, Min, Q, QuerySet

from kusei.office.queries.ledger import office_years, places_of
from kusei.services.activities.enums import HOLDING, ActivityState, SeatState
from kusei.services.activities.models import Activity, Application, Intake, Seat
from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import Rights


def activities_for(ward: Ward, rights: Rights, *, state: str = "", words: str = "") -> QuerySet[Activity]:
    """What this person's bodies host, or host with others; planners see all. Newest first."""
    found = Activity.objects.filter(ward=ward)
    if not rights.has(ward, Role.PLANNER):
        mine = rights.bodies_in(ward)
        found = found.filter(Q(host__in=mine) | Q(cohosts__in=mine)).distinct()
    if state in ActivityState.values:
        found = found.filter(state=state)
    if words:
        found = found.filter(title__icontains=words)
    return (
        found.select_related("host")
        .annotate(
            session_count=Count("sessions", distinct=True),
            first=Min("sessions__starts_at"),
            last=Max("sessions__ends_at"),
        )
        .order_by("-created_at", "-pk")
    )


def actions_to_choose(ward: Ward, fiscal_years: list[int]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The actions of the newest of these years' plans that count results, as choices under their plans."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for year in fiscal_years:
        for item, place in places_of(ward, year).items():
            if place.is_counted:
                label = f"{place.number} {place.title}".strip()[:80]
                groups.setdefault(place.plan, []).append((str(item), label))
    return list(groups.items())


def years_to_choose(ward: Ward) -> list[int]:
    """The newest two years with plans."""
    return sorted(office_years(ward), reverse=True)[:2]


def counts_of(intake: Intake) -> dict[str, int]:
    """People of an intake by state."""
    rows = Seat.objects.filter(intake=intake).values_list("state").annotate(Count("pk"))
    return dict(rows.order_by())


def applications_of(intake: Intake) -> list[Application]:
    """All applications of an intake with their seats: those who have a place first, then the waiting list in its order."""
    found = list(Application.objects.filter(intake=intake).prefetch_related("seats__quota"))
    rank = {state: place for place, state in enumerate((*HOLDING, SeatState.APPLIED, SeatState.WAITING))}

    def order(application: Application) -> tuple[int, int]:
        seats = list(application.seats.all())
        best = min((rank.get(seat.state, 9) for seat in seats), default=9)
        return best, min((seat.turn for seat in seats), default=0) if best == rank[
            SeatState.WAITING
        ] else application.number

    return sorted(found, key=order)
