"""Setting a rally up: its rules, its stations and their codes; ending it before its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityKind, ActivityState, RallyVerb
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Activity, Rally, RallyDay, Session, Station
from kusei.services.activities.operations.rally_days import post_days
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.rallies import MOST_STATIONS, STATION_LENGTH, new_code
from kusei.wards import audit, permissions
from kusei.wards.models import District, Person


@dataclass(frozen=True, slots=True)
class RallyRules:
    """How many stamps finish a card, and what for; `prize_total` None: as many prizes as finish."""

    needed: int
    prize: str = ""
    prize_place: str = ""
    prize_total: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """What people are told of a station."""

    name: str
    place: str = ""
    directions: str = ""
    hours: str = ""
    district: District | None = None
    position: int = 0
    is_closed: bool = False


@transaction.atomic
def set_up_rally(*, activity: Activity, rules: RallyRules, revision: int | None, actor: Person) -> Rally:
    """Make the rules of a rally, or change them (`revision` None: there are none yet). Who finished stays finished.

    Raises NotFitting, ChangedMeanwhile, NotAllowed.
    """
    _require(activity, actor)
    if activity.kind != ActivityKind.RALLY:
        raise NotFitting(_("種類を「スタンプラリー」にしてから決めてください。"))
    if not 1 <= rules.needed <= MOST_STATIONS:
        raise NotFitting(
            _("達成に要るスタンプの数は、1から%(most)dまでにしてください。") % {"most": MOST_STATIONS}
        )
    found = Rally.objects.select_for_update(no_key=True).filter(activity=activity).first()
    if (found.revision if found else None) != revision:
        raise _changed()
    rally = found or Rally(ward=activity.ward, activity=activity, revision=0)
    before = (rally.needed, rally.prize_total) if found else (None, None)
    rally.needed, rally.prize_total = rules.needed, rules.prize_total
    rally.prize, rally.prize_place = rules.prize.strip()[:120], rules.prize_place.strip()[:200]
    rally.revision += 1
    rally.save()
    audit.record(
        ward=activity.ward, actor=actor, verb=RallyVerb.SET_UP, target=activity,
        changes={"needed": (before[0], rules.needed), "prize_total": (before[1], rules.prize_total)},
    )  # fmt: skip
    return rally


@transaction.atomic
def add_station(*, rally: Rally, stop: Stop, actor: Person) -> Station:
    """One more station, with a code of its own. Raises NotFitting, NotAllowed."""
    rally = held_rally(rally, actor)
    _check(rally, stop)
    if rally.stations.count() >= MOST_STATIONS:
        raise NotFitting(_("スタンプの場所は%(most)dか所までです。") % {"most": MOST_STATIONS})
    position = stop.position or rally.stations.count() + 1
    station = Station.objects.create(
        ward=rally.ward, rally=rally, code=_free_code(rally), **{**_fields(stop), "position": position}
    )
    audit.record(
        ward=rally.ward, actor=actor, verb=RallyVerb.STATION_ADDED, target=rally.activity, label=station.name
    )
    return station


@transaction.atomic
def change_station(*, station: Station, stop: Stop, revision: int, actor: Person) -> Station:
    """Other words for a station, or closed for a while. In another district, the ledger's days follow.

    Raises NotFitting, ChangedMeanwhile, NotAllowed.
    """
    rally = held_rally(station.rally, actor)
    station = Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    if station.revision != revision:
        raise _changed()
    _check(rally, stop)
    fields = _fields(stop)
    before = {name: getattr(station, name) for name in fields}
    for name, value in fields.items():
        setattr(station, name, value)
    station.revision += 1
    station.save()
    changes = {
        name: (str(before[name] or ""), str(value or ""))
        for name, value in fields.items()
        if before[name] != value
    }
    audit.record(
        ward=rally.ward, actor=actor, verb=RallyVerb.STATION_CHANGED, target=rally.activity, label=station.name,
        changes=changes,
    )  # fmt: skip
    if "district" in changes:
        here = RallyDay.objects.filter(counts__station=station).values("pk")
        post_days(
            rally,
            list(RallyDay.objects.select_for_update(no_key=True).filter(pk__in=here).order_by("pk")),
            actor,
        )
    return station


@transaction.atomic
def rotate_code(*, station: Station, actor: Person, now: datetime | None = None) -> Station:
    """A new code: the poster with the one before stamps nothing any more. Raises NotAllowed."""
    rally = held_rally(station.rally, actor)
    station = Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    station.code, station.code_since = _free_code(rally), now or timezone.now()
    station.revision += 1
    station.save(update_fields=["code", "code_since", "revision"])
    audit.record(
        ward=rally.ward, actor=actor, verb=RallyVerb.CODE_CHANGED, target=rally.activity, label=station.name
    )
    return station


@transaction.atomic
def end_rally(*, rally: Rally, reason: str, actor: Person, now: datetime | None = None) -> Rally:
    """End it before its time: no more stamps; who finished still gets the prize. Raises NotFitting, NotAllowed."""
    rally = held_rally(rally, actor)
    if not reason.strip():
        raise NotFitting(_("早く終える理由を書いてください。住民のページに出ます。"))
    session = session_of(rally)
    moment = now or timezone.now()
    if rally.ended_at is not None or session is None or not session.starts_at <= moment < session.ends_at:
        raise NotFitting(_("行われているあいだだけ、早く終えられます。始まる前は「全部を中止する」を使ってください。"))  # fmt: skip
    rally.ended_at, rally.end_reason = moment, reason.strip()[:200]
    rally.revision += 1
    rally.save(update_fields=["ended_at", "end_reason", "revision"])
    audit.record(
        ward=rally.ward, actor=actor, verb=RallyVerb.ENDED, target=rally.activity, reason=rally.end_reason
    )
    return rally


@transaction.atomic
def reopen_rally(*, rally: Rally, actor: Person) -> Rally:
    """It was ended by mistake: it goes on until its session ends. Raises NotFitting, NotAllowed."""
    rally = held_rally(rally, actor)
    if rally.ended_at is None:
        raise NotFitting(_("早く終えたスタンプラリーではありません。"))
    rally.ended_at, rally.end_reason = None, ""
    rally.revision += 1
    rally.save(update_fields=["ended_at", "end_reason", "revision"])
    audit.record(ward=rally.ward, actor=actor, verb=RallyVerb.REOPENED, target=rally.activity)
    return rally


def held_rally(rally: Rally, actor: Person) -> Rally:
    """The rally, locked. For operations of this room. Raises NotAllowed, NotFitting where it was called off."""
    found = (
        Rally.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=rally.pk)
    )
    _require(found.activity, actor)
    if found.activity.state == ActivityState.CALLED_OFF:
        raise NotFitting(_("中止したスタンプラリーは変えられません。"))
    return found


def session_of(rally: Rally) -> Session | None:
    """The session that is its period; the first one that stands, where somebody made several."""
    return rally.activity.sessions.exclude(state="called_off").order_by("starts_at", "pk").first()


def _fields(stop: Stop) -> dict[str, object]:
    return {
        "name": stop.name.strip()[:80], "place": stop.place.strip()[:120], "directions": stop.directions.strip()[:300],
        "hours": stop.hours.strip()[:120], "district": stop.district, "position": stop.position,
        "is_closed": stop.is_closed,
    }  # fmt: skip


def _check(rally: Rally, stop: Stop) -> None:
    if not stop.name.strip():
        raise NotFitting(_("スタンプの場所の名前を書いてください。"))
    if stop.district is not None and stop.district.ward_id != rally.ward_id:
        raise NotFitting(_("同じ区の地区を選んでください。"))


def _free_code(rally: Rally) -> str:
    taken = set(rally.stations.values_list("code", flat=True))
    while (code := new_code(STATION_LENGTH)) in taken:
        continue
    return code


def _changed() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        _("開いているあいだに、ほかの人が書き換えました。いまの内容を確かめて、もう一度直してください。")
    )


def _require(activity: Activity, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
