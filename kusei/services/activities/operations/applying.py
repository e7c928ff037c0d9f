"""An application's way: received once, accepted or waiting, offered what becomes free, changed or cancelled by its link."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.notices.sealing import seal, unseal
from kusei.services.activities.blind import blind_key
from kusei.services.activities.eligibility import Rule, Why
from kusei.services.activities.enums import (
    ActivityState,
    ActivityVerb,
    Arrival,
    Reach,
    SeatState,
    Way,
)
from kusei.services.activities.errors import NotFitting, NotOpen, SeatGone
from kusei.services.activities.models import Activity, Application, Intake, Quota, Seat
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.answering import Given, keep_answers
from kusei.services.activities.operations.holding import fill, held, in_line, is_idle, move, starts_at
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.telephone import read_telephone
from kusei.services.activities.telephone_keys import telephone_key
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_NAME_AT_MOST = 80


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who would come, and in which quota. `age` in whole years where the activity asks for it."""

    name: str
    kana: str = ""
    age: int | None = None
    quota: int = 0


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
    now: datetime | None = None,
) -> Applied:
    """Take an application in; the same `ticket` twice is one. First come: whoever fits is accepted, the others wait in order.
    Lottery: all wait for the draw.

    `actor` is staff who write down what came by telephone, fax or post: they may also after the window, as long as nothing
    is being drawn, may leave open what they did not ask, and with a `note` that says why take somebody for whom it is not.
    Raises NotOpen, NotFitting, NotAllowed.
    """
    moment = now or timezone.now()
    if (before := _sent_before(intake, ticket)) is not None:
        return before
    if actor is not None:
        permissions.require(may_host(permissions.rights_of(actor), intake.ward, host_ids(intake.activity)))
    given = answers or Given()
    outside = outside_of(intake, checked_people(intake, people), given, by_staff=actor is not None)
    if outside and (actor is None or not note.strip()):
        raise NotFitting(outside if actor is None else _("%(why)s それでも受け付けるときは、メモに理由を書いてください。") % {"why": outside})  # fmt: skip
    token = secrets.token_urlsafe(24)
    telephone = read_telephone(contact.telephone)
    kept = {
        "people": [asdict(each) for each in people],
        "mail": contact.mail.strip(),
        "telephone": telephone,
        "token": token,
    }
    application = Application(
        ward=intake.ward,
        ticket=ticket,
        token_hash=hash_of(token),
        together=together,
        sealed=seal(kept, purpose=telling.SEALED),
        telephone_key=telephone_key(telephone),
        has_mail=bool(contact.mail.strip()),
        language=language,
        way=way,
        note=note.strip()[:200],
        received_at=moment,
        received_by=actor,
    )
    seats = [
        Seat(
            ward=intake.ward,
            application=application,
            blind=blind_key(
                intake.ward_id, name=person.name, kana=person.kana, telephone=telephone, mail=contact.mail
            ),
        )
        for person in people
    ]
    try:
        with in_line(intake.pk), transaction.atomic():
            intake = held(intake.pk)
            require_open(intake, moment, starts_at(intake), by_staff=actor is not None)
            _receive(intake, application, seats, people)
            keep_answers(application, seats, given, by_staff=actor is not None)
            record_of(application, ActivityVerb.APPLIED, actor, {"seats": (0, len(seats))})
            if outside:
                record_of(application, ActivityVerb.EXCEPTION, actor, {})
            if seats[0].state == SeatState.WAITING and any(
                each.quota.capacity > each.quota.taken for each in seats
            ):
                offer_free_seats(intake, moment, application=application.pk)
            telling.confirm_later(application)
    except IntegrityError:  # two that clicked at once: the same form is taken in already
        if (before := _sent_before(intake, ticket)) is None:
            raise
        return before
    return Applied(application, token)


def _receive(
    intake: Intake, application: Application, seats: Sequence[Seat], people: Sequence[Someone]
) -> None:
    """Write an application down with the next number and turns of a held intake."""
    quotas = list(Quota.objects.filter(intake=intake))
    state = SeatState.APPLIED if intake.way == Way.LOTTERY and is_undrawn(intake) else SeatState.WAITING
    for place, (seat, person) in enumerate(zip(seats, people, strict=True)):
        seat.intake, seat.quota, seat.state = intake, quota_of(person, quotas), state
        seat.turn = intake.next_turn + place
    application.intake, application.number = intake, intake.next_number
    application.save(force_insert=True)
    Seat.objects.bulk_create(seats)
    intake.next_number += 1
    intake.next_turn += len(seats)
    intake.save(update_fields=["next_number", "next_turn"])


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


def offer_free_seats(intake: Intake, moment: datetime, *, application: int | None = None) -> None:
    """Give what is free in a held intake to those who wait, and tell them. For operations of this room."""
    offered = fill(intake, moment, application=application)
    if not offered:
        return
    for each in Application.objects.filter(seats__in=offered).distinct().order_by("pk"):
        record_of(each, ActivityVerb.OFFERED, None, {})
        telling.tell(each, "offered")


def hash_of(token: str) -> str:
    """What the database keeps of a token to find it by."""
    return hashlib.sha256(token.encode()).hexdigest()


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
    """What the same form made when it was sent before. A form of another intake opens nothing of it."""
    before = Application.objects.filter(ticket=ticket).order_by().first()
    if before is None:
        return None
    if before.intake_id != intake.pk:
        raise NotFitting(_("この画面は前の申込みのものです。講座・催しのページから開き直してください。"))
    return Applied(before, token_of(before))


def require_open(intake: Intake, moment: datetime, first: datetime | None, *, by_staff: bool) -> None:
    """Whether people may be taken in now; `first` is when the first session begins. For operations of this room. Raises NotOpen."""
    if intake.is_called_off or intake.activity.state != ActivityState.PUBLISHED:
        raise NotOpen(_("この講座・催しは、いま申込みを受け付けていません。"))
    if moment < intake.opens_at and not by_staff:
        raise NotOpen(_("申込みはまだ始まっていません。"))
    if first is not None and first <= moment:
        raise NotOpen(_("もう始まっているため、申込みは終わりました。"))
    if first is None and is_idle(intake):
        raise NotOpen(_("この募集の回は全部中止になったため、申込みを受け付けていません。"))
    is_over = moment >= intake.closes_at
    if is_over and not by_staff:
        raise NotOpen(_("申込みの期間は終わりました。"))
    if is_over and intake.way == Way.LOTTERY and is_undrawn(intake):
        raise NotOpen(_("抽選の前なので、いまは受け付けられません。抽選のあとで、空いた席に申し込めます。"))


def is_undrawn(intake: Intake) -> bool:
    """Whether its lots are still to be drawn, where it has any."""
    draw = getattr(intake, "draw", None)
    return draw is None or draw.drawn_at is None


def checked_people(intake: Intake, people: Sequence[Someone]) -> Sequence[Someone]:
    """The people of an application, as far as they may be written so. For operations of this room. Raises NotFitting."""
    if not people:
        raise NotFitting(_("参加する人を一人は書いてください。"))
    if len(people) > intake.most_people:
        raise NotFitting(
            _("一度に申し込めるのは%(most)d人までです。分けて申し込むか、電話で相談してください。")
            % {"most": intake.most_people}
        )
    for each in people:
        if not each.name.strip():
            raise NotFitting(_("参加する人の名前を書いてください。"))
        if len(each.name) > _NAME_AT_MOST or len(each.kana) > _NAME_AT_MOST:
            raise NotFitting(
                _("名前が長すぎます。%(most)d文字までで書いてください。") % {"most": _NAME_AT_MOST}
            )
    return people


def outside_of(intake: Intake, people: Sequence[Someone], given: Given, *, by_staff: bool) -> str:
    """Why somebody of an application is not among those for whom the activity is, as people read it; empty where all are."""
    activity = intake.activity
    rule = Rule(activity.reach, activity.min_age, activity.max_age)
    for each in people:
        if why := rule.of_age(each.age, may_be_unknown=by_staff):
            return age_refused(activity, each.name, why)
    return reach_refused(activity.reach) if rule.of_belonging(given.belongs, may_be_unknown=by_staff) else ""


def age_refused(activity: Activity, name: str, why: Why) -> str:
    """What whoever is too young or too old, or did not say, is told."""
    if why is Why.AGE_UNKNOWN:
        return _("%(name)sさんの年齢を書いてください。") % {"name": name}
    ages = ages_said(activity.min_age, activity.max_age)
    return _("%(name)sさんは、対象の年齢（%(ages)s）ではありません。") % {"name": name, "ages": ages}


def reach_refused(reach: str) -> str:
    """What whoever is outside of the ward is told."""
    if reach == Reach.LIVING:
        return _("区内に住んでいる人のための講座・催しです。当てはまるときは、印を付けてください。当てはまらないときは、問い合わせ先に相談してください。")  # fmt: skip
    return _("区内に住んでいる、働いている、または通学している人のための講座・催しです。当てはまるときは、印を付けてください。当てはまらないときは、問い合わせ先に相談してください。")  # fmt: skip


def ages_said(low: int | None, high: int | None) -> str:
    """0歳から3歳まで."""
    parts = [_("%(age)d歳から") % {"age": low}] if low is not None else []
    parts += [_("%(age)d歳まで") % {"age": high}] if high is not None else []
    return "".join(parts)


def quota_of(person: Someone, quotas: Sequence[Quota]) -> Quota:
    """In which quota a person wants a seat. For operations of this room. Raises NotFitting."""
    if not person.quota and len(quotas) == 1:
        return quotas[0]
    found = next((each for each in quotas if each.pk == person.quota), None)
    if found is None:
        raise NotFitting(_("%(name)sさんの枠を選んでください。") % {"name": person.name})
    return found


def record_of(
    application: Application,
    verb: ActivityVerb,
    actor: Person | None,
    changes: dict[str, tuple[Any, Any]],
) -> None:
    """A line without anybody's name: who applied stands in what is sealed, and is deleted in time."""
    with translation.override("ja"):
        audit.record(
            ward=application.ward, actor=actor, actor_name="" if actor else str(_("申し込んだ人")), verb=verb,
            target=application.intake.activity,
            label=_("%(title)s 受付番号%(number)d") % {"title": application.intake.activity.title, "number": application.number},
            changes=changes,
        )  # fmt: skip
