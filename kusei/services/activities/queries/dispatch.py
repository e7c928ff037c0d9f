"""Who can be sent, who could come to a session, what of it still waits, and what each did in a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.services.activities.dispatch_enums import BOOKED, AssignmentState
from kusei.services.activities.dispatching import Turn, can_come, fair, read_cannot
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Assignment, Envoy, Need
from kusei.wards.models import Ward

SOON = timedelta(days=14)
OPEN = (AssignmentState.ASKED.value, AssignmentState.ACCEPTED.value)
PROMISED = (AssignmentState.ACCEPTED.value, AssignmentState.WENT.value)


def register(ward: Ward, bodies: Collection[int]) -> QuerySet[Envoy]:
    """The people in the registers of these bodies whose data is still there."""
    found = Envoy.objects.filter(ward=ward, body__in=bodies, forgotten_at__isnull=True)
    return found.select_related("body__ward", "ward").prefetch_related("districts")


def booked_between(envoys: Iterable[int], starts: datetime, ends: datetime) -> set[int]:
    """Those of these people whose time is taken somewhere in [starts, ends)."""
    taken = Assignment.objects.filter(
        envoy__in=envoys, state__in=BOOKED, need__session__starts_at__lt=ends, need__session__ends_at__gt=starts
    ).exclude(need__session__state=SessionState.CALLED_OFF)  # fmt: skip
    return set(taken.values_list("envoy", flat=True))


def why_not(envoy: Envoy, starts: datetime, ends: datetime, booked: Collection[int]) -> str:
    """Why somebody is not free in [starts, ends); "" for who is."""
    begin, end = timezone.localtime(starts), timezone.localtime(ends)
    if envoy.active_until is not None and begin.date() > envoy.active_until:
        return str(_("登録が終わっている"))
    if envoy.pk in booked:
        return str(_("同じ時間に、ほかの派遣がある"))
    if not can_come(read_cannot(envoy.cannot), begin, end):
        return str(_("行けない日時に当たる"))
    return ""


def year_of(fiscal_year: int) -> tuple[datetime, datetime]:
    """[1 April, next 1 April)."""
    zone = timezone.get_current_timezone()
    return datetime(fiscal_year, 4, 1, tzinfo=zone), datetime(fiscal_year + 1, 4, 1, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the right role and language: `turn` says how often asked this year, `why` is empty for who is free."""

    envoy: Envoy
    turn: Turn
    why: str


def candidates(need: Need, bodies: Collection[int]) -> list[Candidate]:
    """Of the registers of these bodies: who is free in the order of who should be asked, then who is not and why. Those who
    were asked for this already, or have declined, are left out. A constant number of queries."""
    session = need.session
    known = {
        each.pk: each
        for each in register(need.ward, bodies)
        if need.role in each.roles and (not need.language or need.language in each.languages)
    }
    asked = set(need.assignments.values_list("envoy", flat=True))
    people = {pk: each for pk, each in known.items() if pk not in asked}
    booked = booked_between(people, session.starts_at, session.ends_at)
    begin, end = year_of(fiscal_year_of(timezone.localdate(session.starts_at)))
    this_year = Q(
        assignments__need__session__starts_at__gte=begin, assignments__need__session__starts_at__lt=end
    )
    counts = {
        row[0]: row[1:]
        for row in Envoy.objects.filter(pk__in=people)
        .annotate(
            n_asked=Count("assignments", filter=this_year),
            n_went=Count("assignments", filter=this_year & Q(assignments__state=AssignmentState.WENT)),
            last=Max("assignments__asked_at", filter=this_year),
        )
        .values_list("pk", "n_asked", "n_went", "last")
    }
    turns = {
        f"{each.number:06}-{pk}": (each, Turn(*counts[pk], f"{each.number:06}-{pk}"))
        for pk, each in people.items()
    }
    found = []
    for turn in fair([turn for _each, turn in turns.values()]):
        envoy = turns[turn.order][0]
        found.append(
            Candidate(
                envoy, turn, why_not(envoy, session.starts_at, session.ends_at, booked) or _far(envoy, need)
            )
        )
    return sorted(found, key=lambda each: bool(each.why))


def _far(envoy: Envoy, need: Need) -> str:
    districts = [each.pk for each in envoy.districts.all()]
    wanted = need.session.district_id
    return (
        str(_("この地区には行かない")) if districts and wanted is not None and wanted not in districts else ""
    )


@dataclass(frozen=True, slots=True)
class Short:
    """A need of a session to come with fewer promises than it takes; `asked` still think about it."""

    need: Need
    promised: int
    asked: int

    @property
    def missing(self) -> int:
        return self.need.count - self.promised


@dataclass(frozen=True, slots=True)
class SendingWork:
    """What waits: to be telephoned, answers, people, records."""

    to_telephone: tuple[Assignment, ...]
    unanswered: tuple[Assignment, ...]
    short: tuple[Short, ...]
    unrecorded: tuple[Assignment, ...]

    def __bool__(self) -> bool:
        return bool(self.to_telephone or self.unanswered or self.short or self.unrecorded)


def sending_work(ward: Ward, bodies: Collection[int] | None, now: datetime) -> SendingWork:
    """Of what these bodies host (None: all), in a constant number of queries."""
    of_session = Q(need__session__ward=ward)
    of_need = Q(session__ward=ward)
    if bodies is not None:
        of_session &= Q(need__session__activity__host__in=bodies) | Q(
            need__session__activity__cohosts__in=bodies
        )
        of_need &= Q(session__activity__host__in=bodies) | Q(session__activity__cohosts__in=bodies)
    mine = (
        Assignment.objects.filter(of_session)
        .select_related("need__session__activity", "envoy__body")
        .order_by("need__session__starts_at", "pk")
        .distinct()
    )
    alive = mine.exclude(need__session__state=SessionState.CALLED_OFF)
    needs = Need.objects.filter(
        of_need, session__state=SessionState.PLANNED, session__starts_at__gt=now, session__starts_at__lt=now + SOON
    )  # fmt: skip
    needs = needs.select_related("session__activity").annotate(
        n_promised=Count("assignments", filter=Q(assignments__state__in=PROMISED), distinct=True),
        n_asked=Count("assignments", filter=Q(assignments__state=AssignmentState.ASKED), distinct=True),
    )
    return SendingWork(
        tuple(mine.filter(to_telephone=True)),
        tuple(alive.filter(state=AssignmentState.ASKED, need__session__ends_at__gt=now)),
        tuple(
            Short(each, each.n_promised, each.n_asked)
            for each in needs.order_by("session__starts_at", "pk").distinct()
            if each.n_promised < each.count
        ),
        tuple(alive.filter(state__in=OPEN, need__session__ends_at__lte=now)),
    )


@dataclass(frozen=True, slots=True)
class Went:
    """One time that somebody went; yen and minutes whole."""

    on: date
    starts_at: datetime
    title: str
    place: str
    role: str
    minutes: int
    fee_yen: int
    expenses_yen: int
    note: str

    @property
    def yen(self) -> int:
        return self.fee_yen + self.expenses_yen


@dataclass(frozen=True, slots=True)
class PersonYear:
    """What somebody did in a fiscal year, earliest first."""

    envoy: Envoy
    went: tuple[Went, ...]

    @property
    def minutes(self) -> int:
        return sum(each.minutes for each in self.went)

    @property
    def fee_yen(self) -> int:
        return sum(each.fee_yen for each in self.went)

    @property
    def expenses_yen(self) -> int:
        return sum(each.expenses_yen for each in self.went)

    @property
    def yen(self) -> int:
        return self.fee_yen + self.expenses_yen


def year_sheet(ward: Ward, bodies: Collection[int], fiscal_year: int) -> list[PersonYear]:
    """Everybody in the registers of these bodies who went at least once in a fiscal year, by number. Two queries."""
    begin, end = year_of(fiscal_year)
    went = Assignment.objects.filter(
        ward=ward, envoy__body__in=bodies, state=AssignmentState.WENT, need__session__starts_at__gte=begin,
        need__session__starts_at__lt=end,
    )  # fmt: skip
    lines: dict[int, list[Went]] = defaultdict(list)
    people: dict[int, Envoy] = {}
    for each in went.select_related("need__session__activity", "envoy__body__ward").order_by(
        "need__session__starts_at", "pk"
    ):
        session = each.need.session
        people[each.envoy_id] = each.envoy
        lines[each.envoy_id].append(
            Went(
                timezone.localdate(session.starts_at), session.starts_at, each.need.purpose or session.activity.title,
                session.place, str(each.need), each.minutes or 0, each.fee_yen or 0, each.expenses_yen or 0, each.note,
            )
        )  # fmt: skip
    ordered = sorted(people.values(), key=lambda envoy: (envoy.body_id, envoy.number))
    return [PersonYear(envoy, tuple(lines[envoy.pk])) for envoy in ordered]
