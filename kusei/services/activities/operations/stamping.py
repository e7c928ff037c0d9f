"""Cards and stamps of residents. Nobody is asked who they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kusei.notices.permissions import may_keep_notices
from kusei.services.activities.enums import ActivityState, Counted, RallyVerb
from kusei.services.activities.errors import NoSuchCode, NotOpen
from kusei.services.activities.models import Card, Rally, Stamp, Station
from kusei.services.activities.operations.rallies import session_of
from kusei.services.activities.operations.rally_days import count_up
from kusei.services.activities.rallies import (
    CARD_LENGTH,
    FINISH_LENGTH,
    Stage,
    cleaned,
    code_from,
    new_code,
    stage,
)
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

KEEP_CARDS_FOR = timedelta(days=365)
"""After the rally's end."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a station's code did: `is_new` is false where this card had its stamp already; `finished` where this stamp was the last that
    was needed."""

    card: Card
    station: Station
    is_new: bool
    finished: bool = False


def stage_of(rally: Rally, now: datetime) -> Stage:
    """Where the rally stands; one without a session is not to be begun yet."""
    if rally.activity.state == ActivityState.CALLED_OFF:
        return Stage.CALLED_OFF
    session = session_of(rally)
    if session is None:
        any_session = rally.activity.sessions.exists()
        return Stage.CALLED_OFF if any_session else Stage.SOON
    return stage(session.starts_at, session.ends_at, rally.ended_at, now)


@transaction.atomic
def start_card(*, rally: Rally, ticket: UUID, now: datetime | None = None) -> tuple[Card, str]:
    """(a card, its number). The number follows from the `ticket` of the form that was sent: sent twice, it is one card. Raises NotOpen."""
    moment = now or timezone.now()
    rally = Rally.objects.select_related("activity", "ward").get(pk=rally.pk)
    _require_on(rally, moment)
    number = code_from(salted_hmac("kusei.activities.card", f"{rally.pk}:{ticket}").digest(), CARD_LENGTH)
    token_hash = card_hash(number)
    card = Card.objects.filter(token_hash=token_hash).first()
    if card is not None:
        return card, number
    try:
        with transaction.atomic():
            card = Card.objects.create(ward=rally.ward, rally=rally, token_hash=token_hash, started_at=moment)
    except IntegrityError:  # two that clicked at once
        return Card.objects.get(token_hash=token_hash), number
    count_up(rally, timezone.localdate(moment), Counted.CARDS)
    return card, number


def card_hash(number: str) -> str:
    """What the database keeps of a card's number."""
    return hashlib.sha256(cleaned(number).encode()).hexdigest()


@transaction.atomic
def collect_stamp(*, card: Card, code: str, now: datetime | None = None) -> Stamped:
    """A station's code, from its poster: its stamp is on the card now. Raises NoSuchCode, NotOpen."""
    moment = now or timezone.now()
    card = Card.objects.select_for_update(no_key=True, of=("self",)).select_related("rally__activity", "rally__ward").get(pk=card.pk)  # fmt: skip
    rally = card.rally
    _require_on(rally, moment)
    station = Station.objects.filter(rally=rally, code=cleaned(code)).first()
    if station is None:
        raise NoSuchCode(
            _("このコードは使えません。ポスターのコードをもう一度確かめてください。新しいポスターに替わっていることもあります。")
        )  # fmt: skip
    if station.is_closed:
        raise NotOpen(_("この場所は、いまお休みしています。ほかの場所を回ってください。"))
    _stamp, is_new = Stamp.objects.get_or_create(
        card=card, station=station, defaults={"ward": card.ward, "at": moment}
    )
    if not is_new:
        return Stamped(card, station, False)
    day = timezone.localdate(moment)
    count_up(rally, day, Counted.STAMPS, station=station)
    if card.finished_at is not None or card.stamps.count() < rally.needed:
        return Stamped(card, station, True)
    card.finished_at, card.finish_code = moment, _free_finish_code(rally)
    card.save(update_fields=["finished_at", "finish_code"])
    count_up(rally, day, Counted.FINISHED)
    return Stamped(card, station, True, True)


def forget_cards(*, actor: Person, now: datetime | None = None) -> int:
    """Delete the cards, with their stamps, of rallies that ended a year ago, in all wards; how many. The counts of their days stay.
    Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    limit = (now or timezone.now()) - KEEP_CARDS_FOR
    done = 0
    for rally in Rally.objects.filter(cards__isnull=False).distinct().select_related("ward", "activity"):
        last = rally.activity.sessions.order_by("-ends_at").values_list("ends_at", flat=True).first()
        newest = rally.cards.order_by("-started_at").values_list("started_at", flat=True).first()
        if max(each for each in (last, newest) if each is not None) > limit:
            continue
        with transaction.atomic():
            count = rally.cards.count()
            rally.cards.all().delete()
            audit.record(
                ward=rally.ward, actor=actor, verb=RallyVerb.FORGOTTEN, target=rally.activity,
                changes={"cards": (count, 0)},
            )  # fmt: skip
            done += count
    return done


def card_of(ward: Ward, number: str) -> Card | None:
    """The card of a number; None for one that is none in this ward."""
    found = Card.objects.filter(
        ward=ward, token_hash=card_hash(number), rally__activity__published_at__isnull=False
    )
    return found.select_related("rally__activity__host", "rally__ward").first()


def _require_on(rally: Rally, moment: datetime) -> None:
    if rally.activity.state == ActivityState.DRAFT:
        raise NotOpen(_("このスタンプラリーはまだ公開されていません。"))
    match stage_of(rally, moment):
        case Stage.SOON:
            raise NotOpen(_("このスタンプラリーは、まだ始まっていません。"))
        case Stage.OVER:
            raise NotOpen(
                _("このスタンプラリーは終わりました。達成したカードの景品は、引換え場所で確かめてください。")
            )
        case Stage.CALLED_OFF:
            raise NotOpen(_("このスタンプラリーは中止になりました。"))


def _free_finish_code(rally: Rally) -> str:
    while Card.objects.filter(rally=rally, finish_code=(code := new_code(FINISH_LENGTH))).exists():
        continue
    return code
