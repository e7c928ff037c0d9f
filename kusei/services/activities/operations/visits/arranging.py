"""The office's side of a request: taken on, asked back, other dates proposed, decided, declined, held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.notices.sealing import seal
from kusei.services.activities.enums import ActivityState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Session, VisitDate, VisitLine, VisitRequest
from kusei.services.activities.operations.calling_off import post_sessions
from kusei.services.activities.operations.counting import count_session
from kusei.services.activities.operations.telling import Told
from kusei.services.activities.operations.visits import keeping
from kusei.services.activities.operations.visits.asking import MOST_DATES, withdraw
from kusei.services.activities.operations.visits.following import (
    decline,
    post_request,
    records_of_groups,
    records_of_requests,
)
from kusei.services.activities.operations.visits.telling import SEALED, tell_group
from kusei.services.activities.visit_enums import DateAnswer, Side, Turn, VisitState, VisitVerb
from kusei.wards.models import District, Person


@transaction.atomic
def take_on(*, request: VisitRequest, person: Person, revision: int, actor: Person) -> VisitRequest:
    """Say who sees to a request. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    request = keeping.held_for(request, "take_on", revision, actor)
    request.taken_by = person
    if request.state == VisitState.RECEIVED:
        keeping.move(request, VisitState.IN_HAND, Turn.OFFICE, request.due_on, "taken_by")
    else:
        keeping.save(request, "taken_by")
    keeping.record(request, VisitVerb.TAKEN_ON, actor, {"taken_by": (None, person.display_name)})
    return request


@transaction.atomic
def ask_back(
    *, request: VisitRequest, text: str, answer_by: date | None = None, revision: int, actor: Person
) -> Told:
    """Ask the group something; it answers by its link until `answer_by`. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    request = keeping.held_for(request, "ask_back", revision, actor)
    if not text.strip():
        raise NotFitting(_("団体に尋ねることを書いてください。"))
    VisitLine.objects.create(
        ward=request.ward, request=request, side=Side.OFFICE, sealed=seal(text.strip()[:1000], purpose=SEALED),
        written_at=timezone.now(), written_by=actor,
    )  # fmt: skip
    _to_group(request, answer_by, actor)
    keeping.record(request, VisitVerb.ASKED_BACK, actor)
    return tell_group(request, "asked_back", text=text.strip()[:1000])


@transaction.atomic
def propose_dates(
    *,
    request: VisitRequest,
    dates: Sequence[tuple[datetime, datetime]],
    answer_by: date | None = None,
    revision: int,
    actor: Person,
    now: datetime | None = None,
) -> Told:
    """Offer other dates (begin, end) in place of those offered before; the group answers by its link until `answer_by`.

    Raises NotFitting, ChangedMeanwhile, NotAllowed.
    """
    request = keeping.held_for(request, "propose", revision, actor)
    if not 1 <= len(dates) <= MOST_DATES:
        raise NotFitting(_("案内する日を、一つから三つまで書いてください。"))
    for starts_at, ends_at in dates:
        if starts_at <= (now or timezone.now()):
            raise NotFitting(_("案内する日は、これからの日時にしてください。"))
        if ends_at <= starts_at:
            raise NotFitting(_("終わりは、始まりより後にしてください。"))
    before = request.dates.filter(side=Side.OFFICE, answer__in=[DateAnswer.NONE, DateAnswer.YES])
    before.update(answer=DateAnswer.REPLACED)
    made = VisitDate.objects.bulk_create(
        VisitDate(ward=request.ward, request=request, side=Side.OFFICE, starts_at=starts_at, ends_at=ends_at)
        for starts_at, ends_at in dates
    )
    _to_group(request, answer_by, actor)
    keeping.record(request, VisitVerb.PROPOSED, actor, {"starts_at": (None, dates[0][0])})
    return tell_group(request, "proposed", dates=made)


@transaction.atomic
def decide_visit(
    *,
    request: VisitRequest,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    district: District | None = None,
    who_comes: str = "",
    revision: int,
    actor: Person,
) -> Told:
    """Decide when and where the visit is: it becomes a session of the activity, for this group alone, and the group is told.

    Raises NotFitting, ChangedMeanwhile, NotAllowed.
    """
    request = keeping.held_for(request, "decide", revision, actor)
    _require_running(request)
    if ends_at <= starts_at:
        raise NotFitting(_("終わりは、始まりより後にしてください。"))
    if not place.strip():
        raise NotFitting(_("会場を書いてください。"))
    if district is not None and district.ward_id != request.ward_id:
        raise NotFitting(_("同じ区の地区を選んでください。"))
    request.dates.filter(side=Side.OFFICE, answer=DateAnswer.NONE).update(answer=DateAnswer.REPLACED)
    session = Session.objects.create(
        ward=request.ward, activity=request.activity, visit=request, starts_at=starts_at, ends_at=ends_at,
        place=place.strip()[:120], district=district,
    )  # fmt: skip
    request.place, request.district = session.place, district
    request.who_comes, request.taken_by = who_comes.strip()[:200], request.taken_by or actor
    keeping.move(
        request, VisitState.DECIDED, Turn.OFFICE, timezone.localdate(starts_at), "place", "district", "who_comes", "taken_by"
    )  # fmt: skip
    keeping.record(request, VisitVerb.DECIDED, actor, {"starts_at": (None, starts_at)})
    post_request(request, actor)
    if starts_at <= timezone.now():
        return Told()  # written down afterwards: there is nothing to tell
    return tell_group(request, "decided", session=session)


@transaction.atomic
def decline_visit(*, request: VisitRequest, reason: str, revision: int, actor: Person) -> Told:
    """The visit cannot be made; the group is told why. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    request = keeping.held_for(request, "decline", revision, actor)
    if not reason.strip():
        raise NotFitting(_("理由を書いてください。団体にそのまま伝わります。"))
    return decline(request, reason.strip()[:200], actor)


@transaction.atomic
def note_withdrawn(
    *, request: VisitRequest, reason: str, counts: bool = True, revision: int, actor: Person
) -> Told:
    """The group said by telephone that it no longer wants the visit; or (`counts` false) the request was written down twice,
    and is not counted. A session that was decided on is called off. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    request = keeping.held_for(request, "withdraw", revision, actor)
    withdraw(request, reason.strip()[:200] or _("団体から取下げの連絡があったため"), actor, counts=counts)
    return tell_group(request, "withdrawn") if counts else Told()


@transaction.atomic
def reopen_visit(*, request: VisitRequest, revision: int, actor: Person) -> Told:
    """What was declined or withdrawn by mistake is arranged again; the group is told. Raises NotFitting, ChangedMeanwhile,
    NotAllowed."""
    request = keeping.held_for(request, "reopen", revision, actor)
    _require_running(request)
    request.is_counted = True
    keeping.move(request, VisitState.IN_HAND, Turn.OFFICE, keeping.in_days(), "is_counted")
    keeping.record(request, VisitVerb.REOPENED, actor)
    post_request(request, actor)
    return tell_group(request, "reopened")


@transaction.atomic
def change_visit(
    *, request: VisitRequest, people: int, audience: str, place: str, district: District | None, revision: int, actor: Person,
) -> VisitRequest:  # fmt: skip
    """Correct what was asked for. The district goes to the session and the ledger, too; the place only before a date is decided
    (afterwards the session is moved, so that the group hears of it). Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    request = keeping.held_for(request, "take_on" if request.is_open else "hold", revision, actor)
    if people < 1 or not place.strip():
        raise NotFitting(_("人数と会場を書いてください。"))
    if district is not None and district.ward_id != request.ward_id:
        raise NotFitting(_("同じ区の地区を選んでください。"))
    session = keeping.live_session(request)
    if session is not None and place.strip() != request.place:
        raise NotFitting(
            _("日が決まった後の会場は、「日時・場所を変える」から変えてください。団体に伝わります。")
        )
    request.people, request.audience = people, audience.strip()[:200]
    request.place, request.district = place.strip()[:120], district
    keeping.save(request, "people", "audience", "place", "district")
    keeping.record(request, VisitVerb.TAKEN_ON, actor, {"people": (None, people)})
    changed = []
    if session is not None and session.district_id != (district.pk if district else None):
        session.district = district
        session.revision += 1
        session.save(update_fields=["district", "revision"])
        changed.append(session)
    said = [*records_of_requests([request]), *records_of_groups([request.group_id])]
    post_sessions(request.ward, changed, actor, also=said)
    return request


@transaction.atomic
def hold_visit(
    *,
    request: VisitRequest,
    heads: int | None,
    done: str,
    revision: int,
    actor: Person,
    now: datetime | None = None,
) -> VisitRequest:
    """The visit was made: how many came (None: nobody counted) and what was done; again to correct it. The ledger follows.

    Raises NotFitting before its day, ChangedMeanwhile, NotAllowed.
    """
    request = keeping.held_for(request, "hold", revision, actor)
    session = keeping.live_session(request)
    if session is None:
        raise NotFitting(_("日がまだ決まっていません。"))
    count_session(
        session=session, heads=heads, men=session.men, women=session.women, children=session.children,
        revision=session.revision, actor=actor, now=now,
    )  # fmt: skip
    request.refresh_from_db()  # it followed the session
    request.done = done.strip()[:2000]
    keeping.save(request, "done")
    keeping.record(request, VisitVerb.HELD, actor)
    return request


def _to_group(request: VisitRequest, answer_by: date | None, actor: Person) -> None:
    """It is the group's move now; whoever asked has taken the request on."""
    if answer_by is not None and answer_by < timezone.localdate():
        raise NotFitting(_("返事の期限は、今日より後の日にしてください。"))
    request.taken_by = request.taken_by or actor
    keeping.move(request, VisitState.IN_HAND, Turn.GROUP, answer_by or keeping.in_days(), "taken_by")


def _require_running(request: VisitRequest) -> None:
    request.activity.refresh_from_db(fields=["state"])  # whoever called it off may have been waited for
    if request.activity.state == ActivityState.CALLED_OFF:
        raise NotFitting(_("この出前講座は中止になっています。"))
