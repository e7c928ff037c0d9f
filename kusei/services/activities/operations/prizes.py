"""The prize at the counter: once for each card that was finished."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import Counted, RallyVerb
from kusei.services.activities.errors import NoSuchCode, NotFitting
from kusei.services.activities.models import Card, Rally
from kusei.services.activities.operations.rallies import held_rally
from kusei.services.activities.operations.rally_days import count_up, require_prizes_left
from kusei.services.activities.rallies import cleaned
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def give_prize(*, rally: Rally, finish_code: str, actor: Person, now: datetime | None = None) -> Card:
    """The prize for a finishing code, once: of two counters at once, one is told that it was given. Raises NoSuchCode, NotFitting,
    NotAllowed."""
    moment = now or timezone.now()
    rally = held_rally(rally, actor)
    card = _finished(rally, finish_code)
    if card.prize_at is not None:
        raise NotFitting(
            _("この達成コードの景品は、%(when)sにもう渡してあります。") % {"when": f"{timezone.localtime(card.prize_at):%Y-%m-%d %H:%M}"}
        )  # fmt: skip
    require_prizes_left(rally, 1)
    card.prize_at, card.prize_by = moment, actor
    card.save(update_fields=["prize_at", "prize_by"])
    count_up(rally, timezone.localdate(moment), Counted.PRIZES)
    audit.record(
        ward=rally.ward,
        actor=actor,
        verb=RallyVerb.PRIZE_GIVEN,
        target=rally.activity,
        label=card.finish_code,
    )
    return card


@transaction.atomic
def take_back_prize(*, rally: Rally, finish_code: str, actor: Person) -> Card:
    """It was marked by mistake: the code can be used again, and the day counts one prize less. Raises NoSuchCode, NotFitting, NotAllowed."""
    rally = held_rally(rally, actor)
    card = _finished(rally, finish_code)
    if card.prize_at is None:
        raise NotFitting(_("この達成コードの景品は、まだ渡していません。"))
    day = timezone.localdate(card.prize_at)
    card.prize_at, card.prize_by = None, None
    card.save(update_fields=["prize_at", "prize_by"])
    count_up(rally, day, Counted.PRIZES, by=-1)
    audit.record(
        ward=rally.ward, actor=actor, verb=RallyVerb.PRIZE_TAKEN_BACK, target=rally.activity, label=card.finish_code
    )  # fmt: skip
    return card


def _finished(rally: Rally, finish_code: str) -> Card:
    code = cleaned(finish_code)
    card = (
        Card.objects.select_for_update(no_key=True).filter(rally=rally, finish_code=code).first()
        if code
        else None
    )
    if card is None:
        raise NoSuchCode(_("この達成コードはありません。カードの画面のコードを、もう一度確かめてください。"))
    return card
