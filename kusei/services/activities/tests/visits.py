"""A theme that groups can ask for, for the tests of this room and of its pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from kusei.ledger.models import Entry
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, SessionState
from kusei.services.activities.models import Activity, Session, VisitRequest
from kusei.services.activities.operations import Details, visiting
from kusei.services.activities.operations.visiting import VisitAsked, VisitContact, VisitMade
from kusei.services.activities.visit_enums import GroupKind, VisitState
from kusei.services.activities.visiting import Terms
from kusei.wards.models import Body

EVERY_DAY = Terms(
    lead_days=10, weekdays=(0, 1, 2, 3, 4, 5, 6), on_holidays=True, least_people=5, most_people=80
)


def at_ten(days: float) -> datetime:
    """10:00 so many days from today."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def theme_of(
    ground: Ground,
    *,
    title: str = "防災出前講座",
    terms: Terms = EVERY_DAY,
    item: int = 0,
    published: bool = True,
) -> Activity:
    """Run by 地域振興課 for an action of the plan."""
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[item], host=ground.cast.promotion,
        details=Details(ActivityKind.VISIT, title, contact="地域振興課 045-000-0000"), actor=ground.cast.clerk,
    )  # fmt: skip
    visiting.set_terms(activity=activity, terms=terms, revision=0, actor=ground.cast.clerk)
    activity.refresh_from_db()
    return activities.publish_activity(activity=activity, actor=ground.cast.clerk) if published else activity


def ask(
    activity: Activity,
    group: str = "みどり自治会",
    *,
    days: tuple[float, ...] = (20, 21),
    kind: GroupKind = GroupKind.ASSOCIATION,
    mail: str = "",
    ticket: UUID | None = None,
    people: int = 30,
    outside: bool = False,
    body: Body | None = None,
    language: str = "ja",
    **more,
) -> VisitMade:
    return visiting.ask_for_visit(
        activity=activity,
        ticket=ticket or uuid4(),
        asked=VisitAsked(
            [at_ten(day) for day in days],
            "みどり集会所 2階",
            people,
            kind,
            group,
            "高齢の方",
            outside=outside,
            body=body,
        ),
        contact=VisitContact("泉 花子", mail, "045-111-2222", "スクリーンがありません"),
        language=language,
        **more,
    )


def decided(
    ground: Ground, request: VisitRequest, *, days: float = 20, begin: datetime | None = None
) -> VisitRequest:
    """Decided for 10:00 of a day, which may be over; or for `begin`."""
    request.refresh_from_db()
    begin = begin or at_ten(days)
    visiting.decide_visit(
        request=request, starts_at=begin, ends_at=begin + timedelta(hours=1), place="みどり集会所 2階",
        who_comes="防災担当 2人", revision=request.revision, actor=ground.cast.clerk,
    )  # fmt: skip
    request.refresh_from_db()
    return request


def held(ground: Ground, activity: Activity, group: str, *, days: float = -1, **more) -> VisitRequest:
    """A visit that was made some days ago."""
    request = decided(ground, ask(activity, group, **more).request, days=days)
    visiting.hold_visit(
        request=request, heads=25, done="消火器の使い方", revision=request.revision, actor=ground.cast.clerk
    )
    request.refresh_from_db()
    return request


def said(ground: Ground) -> dict[str, int]:
    """The sums of the ledger by metric, those of nothing left out."""
    sums: dict[str, int] = {}
    for key, quantity in Entry.objects.filter(ward=ground.cast.ward).values_list("metric__key", "quantity"):
        sums[key] = sums.get(key, 0) + quantity
    return {key: total for key, total in sums.items() if total}


def visit_complaints(ground: Ground, *, with_ledger: bool = True) -> list[object]:
    """What must never be: a request, its session and the ledger that do not say the same."""
    found: list[object] = []
    years: set[int] = set()
    for request in VisitRequest.objects.filter(ward=ground.cast.ward):
        live = list(request.sessions.exclude(state=SessionState.CALLED_OFF))
        wanted = {VisitState.DECIDED: SessionState.PLANNED, VisitState.HELD: SessionState.HELD}.get(
            VisitState(request.state)
        )
        if [each.state for each in live] != ([wanted] if wanted else []):
            found.append(f"{request}: {request.state} with {[each.state for each in live]}")
        if request.group.same_as_id is not None:
            found.append(f"{request}: counted under a group that is another")
        days = [request.received_at, *(each.starts_at for each in live)]
        days += [request.ended_at] if request.ended_at else []
        years |= {day.year - (day.month < 4) for day in map(timezone.localtime, days)}
    if Session.objects.filter(visit__isnull=False, intake__isnull=False).exists():
        found.append("a visit that people apply for")
    for year in sorted(years) if with_ledger else ():
        found += list(discrepancies(ground.cast.ward, year))
    return found
