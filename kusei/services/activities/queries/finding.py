"""What residents look for: sessions of published activities, narrowed, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from kusei.japanese.folding import fold
from kusei.plans.enums import PlanStatus
from kusei.plans.models import ItemText
from kusei.services.activities.enums import SHOWN, ActivityKind, SeatState, SessionState, Way
from kusei.services.activities.models import (
    Activity,
    ActivityLanguage,
    ActivityTranslation,
    Intake,
    Quota,
    Seat,
    Session,
)
from kusei.services.activities.queries.calendar import Listed, intakes_of
from kusei.wards.models import Ward

AHEAD = timedelta(days=400)
_MOST_WORDS = 5
_MOST_PLACES = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a resident looks for; "" and None ask for nothing. `age` in whole years; `begin` and `end` are days, half-open;
    `theme_words` are those of a situation of life, one of which stands in the activity or in the action it serves."""

    words: str = ""
    kind: str = ""
    district: int | None = None
    place: str = ""
    age: int | None = None
    language: str = ""
    theme_words: tuple[str, ...] = ()
    begin: date | None = None
    end: date | None = None
    is_free: bool = False
    is_online: bool = False
    is_on_site: bool = False
    has_sign_language: bool = False
    has_childcare: bool = False
    is_step_free: bool = False
    is_open: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()

    @property
    def is_one_day(self) -> bool:
        return self.begin is not None and self.end == self.begin + timedelta(days=1)

    def within(self, begin: date, end: date) -> Asked:
        """The same of other days."""
        return replace(self, begin=begin, end=end)


def public_sessions(ward: Ward) -> QuerySet[Session]:
    """All that residents may see; where groups are visited is nobody else's business."""
    return Session.objects.filter(ward=ward, visit=None, activity__state__in=SHOWN)


def sessions_found(ward: Ward, asked: Asked, *, now: datetime) -> QuerySet[Session]:
    """All of them, over or not, in the order of time. What lasts for days is found by each of them."""
    found = public_sessions(ward)
    if asked.begin is not None:
        found = found.filter(ends_at__gt=_at_midnight(asked.begin))
    if asked.end is not None:
        found = found.filter(starts_at__lt=_at_midnight(asked.end))
    for word in asked.words.split()[:_MOST_WORDS]:
        found = found.filter(_holds(ward, word))
    if asked.kind in ActivityKind.values:
        found = found.filter(activity__kind=asked.kind)
    if asked.district is not None:
        found = found.filter(district=asked.district)
    if asked.place:
        found = found.filter(place__icontains=asked.place)
    if asked.age is not None:
        found = found.filter(
            Q(activity__min_age=None) | Q(activity__min_age__lte=asked.age),
            Q(activity__max_age=None) | Q(activity__max_age__gte=asked.age),
        )
    if asked.language:
        speaking = ActivityLanguage.objects.filter(ward=ward, code=asked.language)
        found = found.filter(activity__in=speaking.values("activity"))
    if asked.theme_words:
        found = found.filter(activity__in=_of_theme(ward, asked.theme_words))
    if asked.is_free:
        found = found.filter(activity__fee_yen=0)
    if asked.is_online:
        found = found.exclude(online_url="")
    if asked.is_on_site:
        found = found.exclude(place="")
    for name in ("has_sign_language", "has_childcare", "is_step_free"):
        if getattr(asked, name):
            found = found.filter(**{f"activity__{name}": True})
    if asked.is_open:
        found = found.exclude(state=SessionState.CALLED_OFF)
        found = found.filter(Q(intake=None) | Q(intake__in=_with_places(ward, now)))
    return found.order_by("starts_at", "pk")


def to_come(ward: Ward, asked: Asked, *, now: datetime) -> QuerySet[Session]:
    """Those that are not over yet; where one day is asked for, all of that day."""
    found = (
        sessions_found(ward, asked, now=now)
        .select_related("activity__host", "district", "intake")
        .prefetch_related("activity__languages")
    )
    if asked.is_one_day:
        return found
    return found.filter(ends_at__gt=now, starts_at__lt=now + AHEAD)


def lines_of(sessions: Iterable[Session], *, now: datetime) -> list[Listed]:
    """Sessions as lines of a list, with how one applies. Three queries for any number, beside that of the sessions."""
    shown = list(sessions)
    intakes = intakes_of([each.intake for each in shown if each.intake is not None], now)
    return [Listed(each, intakes.get(each.intake_id) if each.intake_id else None) for each in shown]


def listed(ward: Ward, asked: Asked, *, now: datetime | None = None) -> list[Listed]:
    """All that is to come, without pages: for what is small."""
    moment = now or timezone.now()
    return lines_of(to_come(ward, asked, now=moment), now=moment)


@dataclass(frozen=True, slots=True)
class Entry:
    """One session in a calendar: as little as a day's cell shows."""

    session_id: int
    starts_at: datetime
    ends_at: datetime
    state: str
    activity_id: int
    public_id: str
    title: str
    is_online: bool

    @property
    def lasts_until(self) -> date | None:
        """The last day of what lasts for several."""
        return self.ends_at.date() if self.ends_at.date() > self.starts_at.date() else None

    @property
    def is_off(self) -> bool:
        return self.state == SessionState.CALLED_OFF


def entries_of_month(ward: Ward, asked: Asked, begin: date, end: date, *, now: datetime) -> list[Entry]:
    """The sessions from `begin` until before `end`, over or not. One query."""
    rows = sessions_found(ward, asked.within(begin, end), now=now).values_list(
        "pk",
        "starts_at",
        "ends_at",
        "state",
        "activity",
        "activity__public_id",
        "activity__title",
        "online_url",
    )
    return [
        Entry(
            pk,
            timezone.localtime(starts_at),
            timezone.localtime(ends_at),
            state,
            activity,
            str(public_id),
            title,
            bool(url),
        )
        for pk, starts_at, ends_at, state, activity, public_id, title, url in rows
    ]


def first_and_last_day(ward: Ward) -> tuple[date, date] | None:
    """The days of the first and the last session that residents may see; None where there is none."""
    found = public_sessions(ward).aggregate(first=Min("starts_at"), last=Max("starts_at"))
    if found["first"] is None:
        return None
    return timezone.localdate(found["first"]), timezone.localdate(found["last"])


def districts_in(ward: Ward) -> list[tuple[int, str]]:
    """The districts in which something is on: (id, name)."""
    rows = _upcoming(ward).filter(district__isnull=False).order_by("district__position", "district")
    return list(rows.values_list("district", "district__name").distinct())


def places_in(ward: Ward) -> list[str]:
    """The places where most is on, to choose from."""
    rows = _upcoming(ward).exclude(place="").order_by().values("place").annotate(n=Count("pk"))
    return sorted(row["place"] for row in rows.order_by("-n", "place")[:_MOST_PLACES])


def _upcoming(ward: Ward) -> QuerySet[Session]:
    return public_sessions(ward).filter(ends_at__gt=timezone.now())


def _holds(ward: Ward, word: str) -> Q:
    found = Q()
    for spelled in dict.fromkeys((word, fold(word))):
        for field in (
            "activity__title",
            "activity__text",
            "activity__audience",
            "activity__host__name",
            "place",
        ):
            found |= Q(**{f"{field}__icontains": spelled})
    told = Q(title__icontains=word) | Q(text__icontains=word)
    translations = ActivityTranslation.objects.filter(told, ward=ward)
    return found | Q(activity__in=translations.values("activity"))


def _of_theme(ward: Ward, words: Sequence[str]) -> QuerySet[Activity]:
    """Activities that speak of one of the words themselves, or whose action of a published plan does."""
    own, of_item = Q(), Q()
    for word in words:
        own |= Q(title__icontains=word) | Q(text__icontains=word) | Q(audience__icontains=word)
        of_item |= Q(title__icontains=word) | Q(programme__icontains=word)
    items = ItemText.objects.filter(of_item, ward=ward, version__status=PlanStatus.PUBLISHED)
    return Activity.objects.filter(own | Q(item__in=items.values("item")), ward=ward)


def _with_places(ward: Ward, now: datetime) -> QuerySet[Intake]:
    """Intakes in which one can have a place now: not one where one could only wait."""
    free = Quota.objects.filter(intake=OuterRef("pk"), taken__lt=F("capacity"))
    waiting = Seat.objects.filter(intake=OuterRef("pk"), state=SeatState.WAITING)
    begun = Session.objects.filter(intake=OuterRef("pk"), starts_at__lte=now).exclude(
        state=SessionState.CALLED_OFF
    )
    takes = Intake.objects.filter(ward=ward, is_called_off=False, opens_at__lte=now, closes_at__gt=now)
    return takes.filter(~Exists(begun)).filter(Q(way=Way.LOTTERY) | (Exists(free) & ~Exists(waiting)))


def _at_midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
