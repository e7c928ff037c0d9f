"""An application's way: received once, accepted or waiting, offered what becomes free, changed or cancelled by its link."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.notices.operations import hash_of
from kusei.notices.sealing import seal, unseal
from kusei.notices.throttle import Attempt
from kusei.services.activities.blind import blind_key
from kusei.services.activities.enums import (
    ActivityVerb,
    Arrival,
    SeatState,
)
from kusei.services.activities.errors import NotFitting, SeatGone
from kusei.services.activities.models import Application, Intake, Seat
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.answering import Given
from kusei.services.activities.operations.holding import held, move, starts_at
from kusei.services.activities.operations.judging import Someone
from kusei.services.activities.operations.offering import offer_free_seats, record_of
from kusei.services.activities.operations.receiving import Coming, receive
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.telephone import key_of, read_telephone
from kusei.wards import permissions
from kusei.wards.models import Person


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whoever applied."""

    mail: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """An application as it was taken in, and the token of the link by which it is changed."""

    application: Application
    token: str


def apply_for(
    *,
    intake: Intake,
    ticket: UUID,
    people: Sequence[Someone],
    contact: Contact,
    together: bool = True,
    answers: Given | None = None,
    language: str = "ja",
    way: Arrival = Arrival.PAGE,
    note: str = "",
    actor: Person | None = None,
    attempt: Attempt | None = None,
    now: datetime | None = None,
) -> Applied:
    """Take an application in; the same `ticket` twice is one. First come: whoever fits is accepted, the others wait in order.
    Lottery: all wait for the draw.

    `actor` is staff who write down what came by telephone, fax or post: they may also after the window, as long as nothing
    is being drawn, may leave open what they did not ask, and with a `note` that says why take somebody for whom it is not.
    `attempt`: by which it is counted how often somebody applies.
    Raises NotOpen, NotFitting, TooOften, NotAllowed.
    """
    if actor is not None:
        permissions.require(may_host(permissions.rights_of(actor), intake.ward, host_ids(intake.activity)))
    token = secrets.token_urlsafe(24)
    telephone, mail = read_telephone(contact.telephone), contact.mail.strip()
    kept = {"people": [asdict(each) for each in people], "mail": mail, "telephone": telephone, "token": token}
    coming = Coming(
        ticket=ticket,
        people=people,
        blinds=[
            blind_key(intake.ward_id, name=each.name, kana=each.kana, telephone=telephone, mail=contact.mail)
            for each in people
        ],
        given=answers or Given(),
        together=together,
        sealed=seal(kept, purpose=telling.SEALED),
        token_hash=hash_of(token),
        telephone_key=key_of(telephone),
        has_mail=bool(mail),
        applicants_language=language,
        way=way,
        note=note.strip()[:200],
        actor=actor,
        moment=now or timezone.now(),
        attempt=attempt,
    )
    try:
        application = receive(intake, coming)
    except IntegrityError:  # the same form for another intake in the same moment
        if (before := _sent_before(intake, ticket)) is None:
            raise
        return before
    return _applied(intake, application)


@transaction.atomic
def cancel_seats(
    *,
    application: Application,
    seats: Sequence[int] | None = None,
    actor: Person | None = None,
    now: datetime | None = None,
) -> int:
    """Cancel all that is live of an application, or the `seats` named; how many. Whoever is next is offered what became free.

    By the applicant's link (`actor` None) or by those who host it. Cancelling twice changes nothing. Raises SeatGone after the
    first session has begun, NotAllowed.
    """
    moment = now or timezone.now()
    intake = held_for(application, actor)
    first = starts_at(intake)
    if actor is None and first is not None and first <= moment:
        raise SeatGone(
            _("始まった後は、ここからは取り消せません。来られないときは問い合わせ先に知らせてください。")
        )
    own = [each for each in application.seats.all() if seats is None or each.pk in set(seats)]
    moved = move(own, SeatState.CANCELLED)
    if moved:
        record_of(application, ActivityVerb.CANCELLED, actor, {"seats": (len(moved), 0)})
        telling.tell(application, "cancelled")
        offer_free_seats(intake, moment)
    return len(moved)


@transaction.atomic
def take_offer(*, application: Application, actor: Person | None = None, now: datetime | None = None) -> int:
    """Say yes to the seats that were offered; how many. Twice is once. Raises SeatGone where the time is over, NotAllowed."""
    moment = now or timezone.now()
    held_for(application, actor)
    own = list(application.seats.all())
    offered = [each for each in own if each.state == SeatState.OFFERED]
    if not offered:
        if any(each.state == SeatState.ACCEPTED for each in own):
            return 0
        raise SeatGone(_("この席の案内は終わりました。返事の期限が過ぎたか、取り消されています。"))
    if any(each.answer_by is not None and each.answer_by <= moment for each in offered):
        raise SeatGone(_("返事の期限が過ぎたため、席は次の人に案内します。"))
    move(offered, SeatState.ACCEPTED)
    record_of(application, ActivityVerb.OFFER_TAKEN, actor, {"seats": (0, len(offered))})
    telling.tell(application, "accepted")
    return len(offered)


@transaction.atomic
def leave_offer(*, application: Application, actor: Person | None = None, now: datetime | None = None) -> int:
    """Say no to the seats that were offered; how many. The next in line is offered them. Raises NotAllowed."""
    moment = now or timezone.now()
    intake = held_for(application, actor)
    moved = move(list(application.seats.filter(state=SeatState.OFFERED)), SeatState.DECLINED)
    if moved:
        record_of(application, ActivityVerb.OFFER_LEFT, actor, {"seats": (len(moved), 0)})
        offer_free_seats(intake, moment)
    return len(moved)


def expire_offers(*, now: datetime | None = None) -> int:
    """Take back offers that nobody answered in time and offer them to the next; how many seats. For the background worker."""
    moment = now or timezone.now()
    due = Seat.objects.filter(state=SeatState.OFFERED, answer_by__lte=moment)
    done = 0
    for number in sorted(set(due.values_list("intake", flat=True))):
        with transaction.atomic():
            intake = held(number)
            moved = move(list(due.filter(intake=intake)), SeatState.EXPIRED)
            for application in Application.objects.filter(pk__in={each.application_id for each in moved}):
                record_of(application, ActivityVerb.OFFER_EXPIRED, None, {})
                telling.tell(application, "expired")
            if moved:
                offer_free_seats(intake, moment)
            done += len(moved)
    return done


def token_of(application: Application) -> str:
    """The token of an application's link; empty once its personal data is deleted."""
    return str(unsealed(application).get("token", ""))


def unsealed(application: Application) -> dict[str, Any]:
    """What was sealed of an application; {} once it is deleted. For operations: whoever shows it asks and records first."""
    return dict(unseal(application.sealed, purpose=telling.SEALED)) if application.sealed else {}


def seen_by_applicant(application: Application) -> list[Someone]:
    """The people of an application, in the order of its seats, for whoever holds its link."""
    return [Someone(**each) for each in unsealed(application).get("people", [])]


def held_for(application: Application, actor: Person | None) -> Intake:
    """The intake, locked, for whoever may change this application. For operations of this room. Raises NotAllowed."""
    intake = held(application.intake_id)
    if actor is not None:
        permissions.require(may_host(permissions.rights_of(actor), intake.ward, host_ids(intake.activity)))
    return intake


def _sent_before(intake: Intake, ticket: UUID) -> Applied | None:
    """What the same form made when it was sent before. Raises NotFitting where that was for another intake."""
    before = Application.objects.filter(ticket=ticket).order_by().first()
    return _applied(intake, before) if before is not None else None


def _applied(intake: Intake, application: Application) -> Applied:
    """A form of another intake opens nothing of it."""
    if application.intake_id != intake.pk:
        raise NotFitting(_("この画面は前の申込みのものです。講座・催しのページから開き直してください。"))
    return Applied(application, token_of(application))
