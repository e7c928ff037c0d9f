"""Weather, infection, too few: a session or a whole activity is called off or moved, and everybody is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.sources import Source
from kusei.services.activities import dispatch_metrics
from kusei.services.activities.enums import (
    LIVE,
    ActivityState,
    ActivityVerb,
    Occasion,
    SeatState,
    SessionState,
)
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.metrics import SOURCE_KIND, lines_of, metric_ids
from kusei.services.activities.models import Activity, Application, Intake, Seat, Session
from kusei.services.activities.operations import sending, telling
from kusei.services.activities.operations.holding import held, move, starts_at
from kusei.services.activities.operations.offering import offer_free_seats
from kusei.services.activities.operations.visits import following
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.searching import tell_search
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


@transaction.atomic
def call_off_session(*, session: Session, reason: str, revision: int, actor: Person) -> telling.Told:
    """One session is not held; those who applied for it are told. The ledger counts it as called off.

    Raises NotFitting without a reason or for a session that was held, ChangedMeanwhile, NotAllowed.
    """
    intake = _hold_line(session)
    session = held_session(session, revision, actor)
    if session.state != SessionState.PLANNED:
        raise NotFitting(_("予定の回だけを中止にできます。"))
    session.state, session.reason = SessionState.CALLED_OFF, _reason(reason)
    save_session(session, ["state", "reason"])
    _record(session.activity, ActivityVerb.SESSION_CALLED_OFF, actor, day_of(session), session.reason)
    post_session(session, actor)
    told = tell_those_of(session, Occasion.CALLED_OFF, reason=session.reason)
    _offer(intake)
    return told


@transaction.atomic
def move_session(
    *, session: Session, starts_at: datetime, ends_at: datetime, place: str, online_url: str, reason: str,
    revision: int, actor: Person,
) -> telling.Told:  # fmt: skip
    """Another time or place, or online; those who applied for it are told.

    Raises NotFitting without a reason, for a session that was held, an end before the beginning, or nothing that changes;
    ChangedMeanwhile, NotAllowed.
    """
    intake = _hold_line(session)
    session = held_session(session, revision, actor)
    if session.state != SessionState.PLANNED:
        raise NotFitting(_("予定の回だけを変えられます。"))
    if ends_at <= starts_at:
        raise NotFitting(_("終わりは、始まりより後にしてください。"))
    before = (session.starts_at, session.ends_at, session.place, session.online_url)
    if before == (starts_at, ends_at, place.strip(), online_url.strip()):
        raise NotFitting(_("変わったところがありません。"))
    if before[0] != starts_at and session.replies.exists():
        raise NotFitting(
            _(
                "もうアンケートの答えがある回です。日時は変えられません。別の日に行うときは、回を加えてください。"
            )
        )
    session.starts_at, session.ends_at = starts_at, ends_at
    session.place, session.online_url = place.strip(), online_url.strip()
    session.reason = _reason(reason)
    save_session(session, ["starts_at", "ends_at", "place", "online_url", "reason"])
    audit.record(
        ward=session.ward, actor=actor, verb=ActivityVerb.SESSION_MOVED, target=session.activity,
        changes={"starts_at": (before[0], starts_at), "place": (before[2], session.place)}, reason=session.reason,
    )  # fmt: skip
    sending.when_moved(session, actor, session.reason)
    tell_search(session.activity)
    bound_offers(intake)
    told = tell_those_of(session, Occasion.MOVED, reason=session.reason)
    _offer(intake)
    return told


@transaction.atomic
def call_off_activity(
    *, activity: Activity, reason: str, actor: Person, now: datetime | None = None
) -> telling.Told:
    """Nothing of it that is still to come is held; all places are given back, and everybody who applied is told.
    What has begun stays, recorded or not. Raises NotFitting, NotAllowed."""
    moment = now or timezone.now()
    _require(activity, actor)
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    if activity.state != ActivityState.PUBLISHED:
        raise NotFitting(_("公開中のものだけを中止にできます。"))
    why = _reason(reason)
    told: dict[int, Application] = {}
    for intake in Intake.objects.filter(activity=activity).order_by("pk"):
        kept = held(intake.pk)
        kept.is_called_off = True
        kept.save(update_fields=["is_called_off"])
        live = Seat.objects.filter(intake=kept, state__in=LIVE)
        seats = list(live.select_related("application__intake__activity", "application__ward"))
        told |= {seat.application_id: seat.application for seat in move(seats, SeatState.CALLED_OFF)}
    groups, ended = following.end_requests(activity, why, actor, moment)
    planned = activity.sessions.select_for_update(no_key=True, of=("self",)).filter(
        state=SessionState.PLANNED, starts_at__gt=moment
    )
    sessions = list(planned.select_related("activity__host", "ward").order_by("pk"))
    for session in sessions:
        session.state, session.reason, session.is_off_with_all = SessionState.CALLED_OFF, why, True
        save_session(session, ["state", "reason", "is_off_with_all"])
    post_sessions(activity.ward, sessions, actor, also=ended)
    activity.state, activity.called_off_reason = ActivityState.CALLED_OFF, why
    activity.revision += 1
    activity.save(update_fields=["state", "called_off_reason", "revision"])
    _record(activity, ActivityVerb.CALLED_OFF, actor, activity.title, why)
    people = telling.tell_all(
        told.values(), Occasion.CALLED_OFF, activity=activity, about=f"called_off:all:{activity.revision}", reason=why
    )  # fmt: skip
    return telling.Told(people.by_mail + groups.by_mail, people.to_telephone + groups.to_telephone)


def held_session(session: Session, revision: int, actor: Person) -> Session:
    """The session, locked, as it was shown. For operations of this room. Raises ChangedMeanwhile, NotAllowed."""
    _require(session.activity, actor)
    following.hold_request_of(session)
    found = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=session.pk)
    )
    if found.revision != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、ほかの人がこの回を変えました。いまの内容を確かめてください。")
        )
    return found


def post_session(session: Session, actor: Person | None) -> None:
    """Make the ledger say what the (held) session says, of itself and of the people who were sent; the request of a visit and those
    who were asked to come follow it."""
    post_sessions(session.ward, [session], actor)


def post_sessions(
    ward: Ward, sessions: Sequence[Session], actor: Person | None, *, also: following.Records | None = None
) -> None:
    """`post_session` for many, and what other records say with it (`also`), posted at once: two who post the same figures one after
    the other could have them in two orders."""
    for session in sessions:
        if session.state == SessionState.CALLED_OFF:
            who = str(_("申し込んだ団体")) if session.visit_id is not None else ""
            sending.when_called_off(session, actor, session.reason, who=who)
    own, sent = metric_ids(), dispatch_metrics.metric_ids()
    records: following.Records = [*(also or []), *following.follow_sessions(sessions)]
    for session in sessions:
        records.append((Source(SOURCE_KIND, session.pk), lines_of(session, own)))
        records.append(
            (Source(dispatch_metrics.SOURCE_KIND, session.pk), dispatch_metrics.lines_of(session, sent))
        )
    if records:
        ledger.post_records(ward=ward, records=records, actor=actor)


def day_of(session: Session) -> str:
    """2026-06-10 10:00 健康づくり講座: what the trail calls a session."""
    return f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M} {session.activity.title}"


def save_session(session: Session, fields: list[str]) -> None:
    """Save some fields of a held session as its next revision. For operations of this room."""
    session.revision += 1
    session.save(update_fields=[*fields, "revision"])


def tell_those_of(session: Session, what: Occasion, *, reason: str) -> telling.Told:
    """Tell all who can still come to a session, those who wait and those whose lots are not drawn, too. For operations of this room."""
    if session.visit_id is not None:
        return following.tell_visited(session, what, reason=reason)
    if session.intake_id is None:
        return telling.Told()
    people = Application.objects.filter(intake=session.intake_id, seats__state__in=LIVE)
    return telling.tell_all(
        people.select_related("intake__activity", "ward").distinct().order_by("pk"),
        what, activity=session.activity, about=f"{what}:{session.pk}:{session.revision}", session=session, reason=reason,
    )  # fmt: skip


def _reason(reason: str) -> str:
    if not reason.strip():
        raise NotFitting(_("理由を書いてください。申し込んだ人にそのまま伝わります。"))
    return reason.strip()[:200]


def _require(activity: Activity, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))


def _hold_line(session: Session) -> Intake | None:
    """Whoever is just applying is waited for, and told like all others."""
    return held(session.intake_id) if session.intake_id is not None else None


def bound_offers(intake: Intake | None) -> None:
    """No offer of a held intake stands beyond its beginning, which may come sooner now. For operations of this room, before they tell."""
    first = starts_at(intake) if intake is not None else None
    if first is not None:
        late = Seat.objects.filter(intake=intake, state=SeatState.OFFERED, answer_by__gt=first)
        late.update(answer_by=first)


def _offer(intake: Intake | None) -> None:
    """Where what had begun is put off, places are given again: to those who wait."""
    if intake is not None:
        offer_free_seats(intake, timezone.now())


def _record(activity: Activity, verb: ActivityVerb, actor: Person, label: str, reason: str) -> None:
    audit.record(ward=activity.ward, actor=actor, verb=verb, target=activity, label=label, reason=reason)
