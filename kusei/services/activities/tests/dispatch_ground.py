"""People who can be sent and sessions that need them, for the tests of this room and of its pages."""

from __future__ import annotations

from datetime import timedelta

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import BOOKED, AskedBy, EnvoyRole
from kusei.services.activities.models import Activity, Assignment, Envoy, Need, Session
from kusei.services.activities.operations import EnvoyWords, Known, When
from kusei.services.activities.tests.ground import activity_of, in_days
from kusei.wards.models import Body


def envoy_of(
    ground: Ground, name: str = "見本 さち", *, mail: str = "", body: Body | None = None, **more
) -> Envoy:
    """An interpreter of Vietnamese in the register of 地域振興課."""
    words = {
        "roles": ("interpreter",),
        "languages": ("ベトナム語",),
        "fee_yen": 3000,
        "fee_per": "hour",
    } | more
    return activities.add_envoy(
        body=body or ground.cast.promotion,
        words=EnvoyWords(Known(name, "みほん さち", mail, "045-000-0000", "夕方に電話"), **words),  # type: ignore[arg-type]
        actor=ground.cast.partner if body == ground.cast.council else ground.cast.clerk,
    )


def session_in(ground: Ground, days: float, *, activity: Activity | None = None) -> Session:
    """Two hours, so many days from now."""
    return activities.add_sessions(
        activity=activity or activity_of(ground),
        whens=[When(in_days(days), in_days(days) + timedelta(hours=2), "区役所")],
        actor=ground.cast.clerk,
    )[0]


def need_of(ground: Ground, session: Session, count: int = 1, **more) -> Need:
    words = {"role": EnvoyRole.INTERPRETER, "language": "ベトナム語"} | more
    return activities.need_people(session=session, count=count, actor=ground.cast.clerk, **words)


def ask(ground: Ground, need: Need, envoy: Envoy, way: AskedBy = AskedBy.TELEPHONE, **more) -> Assignment:
    return activities.ask_envoy(need=need, envoy=envoy, way=way, actor=ground.cast.clerk, **more)


def complaints() -> list[str]:
    """What must never be: somebody booked twice at one time, more promises than are needed, a request where nothing is held."""
    found = []
    booked = Assignment.objects.filter(state__in=BOOKED).select_related("need__session")
    live = list(booked.exclude(need__session__state="called_off"))
    for place, one in enumerate(live):
        for other in live[place + 1 :]:
            a, b = one.need.session, other.need.session
            if one.envoy_id == other.envoy_id and a.starts_at < b.ends_at and b.starts_at < a.ends_at:
                found.append(f"{one.envoy_id} is booked twice")
    for need in Need.objects.all():
        if need.assignments.filter(state="accepted").count() > need.count:
            found.append(f"{need}: more than are needed")
    for each in booked.filter(need__session__state="called_off"):
        found.append(f"{each}: of a session that is called off")
    return found
